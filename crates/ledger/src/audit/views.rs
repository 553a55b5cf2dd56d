//! Looking is recorded too: view entries of many people go to the disk together, and each waits until its own is there.

use std::time::Duration;

use ids::EntryId;
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, TransactionTrait};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::entity::entry;
use super::{Kind, NewEntry, rows};
use crate::durable::Durable;
use crate::handle::immediate;
use crate::{Act, Code, LedgerError, Subject};

/// How long the first waits for company.
const COMPANY: Duration = Duration::from_millis(3);
/// Entries in one statement: 14 columns each, and SQLite takes 32,766 values.
const STATEMENT: usize = 500;
/// Entries in one transaction.
const BATCH: usize = 4 * STATEMENT;
/// People who wait to be taken into a batch; more wait to get here.
const QUEUE: usize = 4096;

/// Takes view entries.
#[derive(Debug)]
pub(crate) struct Views(mpsc::Sender<Looked>);

type Done = oneshot::Sender<Result<(), LedgerError>>;

#[derive(Debug)]
struct Looked {
    rows: Vec<entry::ActiveModel>,
    done: Done,
}

// === impl Views ===

impl Views {
    /// Starts the task that writes them. It ends when this is dropped.
    pub(crate) fn start(writer: DatabaseConnection, durable: Durable) -> Self {
        let (sender, mut inbox) = mpsc::channel::<Looked>(QUEUE);
        tokio::spawn(async move {
            while let Some(first) = inbox.recv().await {
                let batch = gather(first, &mut inbox).await;
                write(&writer, &durable, batch).await;
            }
        });
        Self(sender)
    }

    /// Records that somebody looked, and returns when it is on the disk.
    pub(crate) async fn record(&self, act: &Act, action: Code, subjects: &[Subject]) -> Result<Vec<EntryId>, LedgerError> {
        let entries = subjects.iter().map(|subject| NewEntry::new(act, Kind::View, *subject, action));
        let entries: Vec<NewEntry> = entries.collect::<Result<_, _>>()?;
        let ids = entries.iter().map(|entry| entry.id).collect();
        let (done, outcome) = oneshot::channel();
        let looked = Looked { rows: rows(act, entries).collect(), done };
        self.0.send(looked).await.map_err(|_| LedgerError::Closed)?;
        outcome.await.map_err(|_| LedgerError::Closed)??;
        Ok(ids)
    }
}

async fn gather(first: Looked, inbox: &mut mpsc::Receiver<Looked>) -> Vec<Looked> {
    let until = Instant::now() + COMPANY;
    let mut count = first.rows.len();
    let mut batch = vec![first];
    while count < BATCH {
        match timeout_at(until, inbox.recv()).await {
            Ok(Some(next)) => {
                count += next.rows.len();
                batch.push(next);
            }
            Ok(None) | Err(_) => break,
        }
    }
    batch
}

/// Commits a batch; the wait for the disk does not hold up the next. What the database refuses in one is not laid to the others.
async fn write(writer: &DatabaseConnection, durable: &Durable, batch: Vec<Looked>) {
    let all = batch.iter().flat_map(|looked| looked.rows.clone()).collect();
    match insert(writer, all).await {
        Ok(()) => confirm(durable, batch.into_iter().map(|looked| looked.done).collect()),
        Err(_) if batch.len() > 1 => {
            for looked in batch {
                Box::pin(write(writer, durable, vec![looked])).await;
            }
        }
        Err(error) => {
            let outcome = || Err(LedgerError::database("recording who looked")(error.clone()));
            answer(batch.into_iter().map(|looked| looked.done), outcome);
        }
    }
}

fn confirm(durable: &Durable, waiting: Vec<Done>) {
    let durable = durable.clone();
    tokio::spawn(async move {
        let outcome = durable.confirm().await.map_err(|error| error.kind());
        answer(waiting, || outcome.map_err(|kind| LedgerError::Unconfirmed { source: kind.into() }));
    });
}

fn answer(waiting: impl IntoIterator<Item = Done>, outcome: impl Fn() -> Result<(), LedgerError>) {
    for one in waiting {
        // Whoever no longer waits was cancelled, and shows nothing.
        let _ = one.send(outcome());
    }
}

async fn insert(writer: &DatabaseConnection, mut rows: Vec<entry::ActiveModel>) -> Result<(), DbErr> {
    let transaction = writer.begin_with_options(immediate()).await?;
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(STATEMENT));
        entry::Entity::insert_many(rows).exec_without_returning(&transaction).await?;
        rows = rest;
    }
    transaction.commit().await
}
