//! The sealer: links the entries that have come, organisation by organisation, within a second.
//!
//! Entries commit unlinked: a chain inside each change would let only one change happen at a time. Until it is sealed an entry is
//! the tail, which `verify` reports.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement, TransactionTrait};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::chain::{self, Hash};
use super::entity::{entry, link, unsealed};
use crate::Id;
use crate::handle::immediate;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(250);
/// Entries at once: the longest that a change waits behind it is the time for these, some 20 ms.
const BATCH: u64 = 1000;

/// The task. It ends, with everything sealed, when told.
#[derive(Debug)]
pub(crate) struct Sealer {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

// === impl Sealer ===

impl Sealer {
    /// Starts it.
    pub(crate) fn start(writer: DatabaseConnection) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut failing = false;
            loop {
                let last = tokio::select! {
                    _ = ticks.tick() => false,
                    _ = stopped.changed() => true,
                };
                let outcome = seal_all(&writer).await;
                if let (false, Err(error)) = (failing, &outcome) {
                    tracing::warn!(%error, "the audit trail cannot be sealed; it is tried again, and `audit verify` shows the tail");
                }
                failing = outcome.is_err();
                if last {
                    return;
                }
            }
        });
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Seals what is there, and ends.
    pub(crate) async fn finish(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // It listens until it ends, and ends early only in a panic: then there is nothing to wait for.
            let _ = self.stop.send(true);
            let _ = task.await;
        }
    }
}

async fn seal_all(writer: &DatabaseConnection) -> Result<(), DbErr> {
    while seal(writer).await? == BATCH {}
    Ok(())
}

/// An entry that waits, with its place in the queue.
#[derive(Debug, FromQueryResult)]
struct Waiting {
    position: i64,
}

/// Links the entries that have waited longest, and says how many.
async fn seal(writer: &DatabaseConnection) -> Result<u64, DbErr> {
    let transaction = writer.begin_with_options(immediate()).await?;
    let sql = "SELECT u.position, e.* FROM audit_unsealed u
               JOIN audit_entry e ON e.organisation_id = u.organisation_id AND e.id = u.entry_id
               ORDER BY u.position LIMIT $1";
    let backend = sea_orm::ConnectionTrait::get_database_backend(&transaction);
    let statement = Statement::from_sql_and_values(backend, sql, [BATCH.into()]);
    let rows = sea_orm::ConnectionTrait::query_all_raw(&transaction, statement).await?;
    let mut waiting: BTreeMap<Id, Vec<entry::Model>> = BTreeMap::new();
    let mut positions = Vec::with_capacity(rows.len());
    for row in &rows {
        positions.push(Waiting::from_query_result(row, "")?.position);
        let entry = entry::Model::from_query_result(row, "")?;
        waiting.entry(entry.organisation_id).or_default().push(entry);
    }
    if positions.is_empty() {
        return Ok(0);
    }
    for (organisation, entries) in waiting {
        let (seq, hash) = head(&transaction, organisation).await?;
        link::Entity::insert_many(links(organisation, seq, hash, &entries)).exec_without_returning(&transaction).await?;
    }
    let count = positions.len() as u64;
    unsealed::Entity::delete_many().filter(unsealed::Column::Position.is_in(positions)).exec(&transaction).await?;
    transaction.commit().await?;
    Ok(count)
}

fn links(organisation: Id, mut seq: i64, mut hash: Hash, entries: &[entry::Model]) -> Vec<link::ActiveModel> {
    let mut buffer = Vec::new();
    let mut links = Vec::with_capacity(entries.len());
    for entry in entries {
        seq += 1;
        hash = chain::link(&hash, seq, &entry.into(), &mut buffer);
        links.push(link::ActiveModel {
            organisation_id: Set(organisation),
            seq: Set(seq),
            entry_id: Set(entry.id),
            hash: Set(hash.to_vec()),
        });
    }
    links
}

/// The last link of an organisation, or what stands before the first.
async fn head(connection: &impl sea_orm::ConnectionTrait, organisation: Id) -> Result<(i64, Hash), DbErr> {
    let last =
        link::Entity::find().filter(link::Column::OrganisationId.eq(organisation)).order_by_desc(link::Column::Seq).one(connection).await?;
    let Some(last) = last else { return Ok((0, chain::start(organisation))) };
    let hash = last.hash.try_into().map_err(|_| DbErr::Type("a link has 32 bytes".to_owned()))?;
    Ok((last.seq, hash))
}
