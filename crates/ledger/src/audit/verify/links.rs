//! The links, page by page, in several runs at once: each begins with the stored link before it, which the run before checks.

use calendar::Instant;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryResult, Statement, TryGetable};
use tokio::sync::mpsc::{self, UnboundedSender};

use super::report::Broken;
use crate::Id;
use crate::audit::Head;
use crate::audit::chain::{self, Hash};
use crate::audit::entity::{entry, link};

/// Links read at once.
const PAGE: i64 = 4000;
/// Runs at once: one less than the connections that read.
const RUNS: i64 = 3;
/// An entry may be so many microseconds earlier than the one before it: what is written at once is linked in either order.
const SLACK: i64 = 60_000_000;

const SQL: &str = "SELECT l.seq, l.entry_id, l.hash, e.id, e.kind, e.at, e.subject_id, e.site_id, e.actor_id, e.behalf_id,
        e.role, e.purpose, e.origin, e.subject_kind, e.action, e.text_hash
    FROM audit_link l LEFT JOIN audit_entry e ON e.organisation_id = l.organisation_id AND e.id = l.entry_id
    WHERE l.organisation_id = $1 AND l.seq >= $2 AND l.seq < $3 ORDER BY l.seq";

/// What a walk along the links found.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Links that hold.
    pub(super) count: u64,
    pub(super) clock_went_back: u64,
    pub(super) broken: Option<Broken>,
}

/// Walks the chain of an organisation up to `head`. `progress` is given the links looked at.
pub(super) async fn walk(
    database: &DatabaseConnection,
    organisation: Id,
    head: Option<Head>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Links, DbErr> {
    let end = head.map_or(1, |head| head.seq + 1);
    let each = (end / RUNS).max(PAGE) + 1;
    let (sender, mut inbox) = mpsc::unbounded_channel();
    let mut runs = Vec::new();
    for from in (1..end).step_by(usize::try_from(each).unwrap_or(usize::MAX)) {
        let run = Run::new(organisation, from, (from + each).min(end));
        runs.push(tokio::spawn(run.walk(database.clone(), sender.clone())));
    }
    drop(sender);
    let mut seen = 0;
    while let Some(more) = inbox.recv().await {
        seen += more;
        progress(seen);
    }
    let mut all = Links::default();
    for run in runs {
        let run = run.await.map_err(|error| DbErr::Custom(format!("a walk along the chain ended early: {error}")))??;
        if all.broken.is_none() {
            all.count += run.count;
            all.clock_went_back += run.clock_went_back;
            all.broken = run.broken;
        }
    }
    Ok(all)
}

/// A stretch of the chain.
#[derive(Debug)]
struct Run {
    organisation: Id,
    /// The place to look at next.
    seq: i64,
    /// The first place that is another run's.
    end: i64,
    before: Hash,
    at: i64,
    buffer: Vec<u8>,
    found: Links,
}

// === impl Run ===

impl Run {
    fn new(organisation: Id, seq: i64, end: i64) -> Self {
        let before = chain::start(organisation);
        Self { organisation, seq, end, before, at: i64::MIN, buffer: Vec::new(), found: Links::default() }
    }

    async fn walk(mut self, database: DatabaseConnection, progress: UnboundedSender<u64>) -> Result<Links, DbErr> {
        if self.seq > 1 {
            match stored(&database, self.organisation, self.seq - 1).await? {
                Some(hash) => self.before = hash,
                // The run before finds that it is missing.
                None => return Ok(self.found),
            }
        }
        while self.seq < self.end && self.found.broken.is_none() {
            let (from, to) = (self.seq, (self.seq + PAGE).min(self.end));
            let values = [self.organisation.into(), from.into(), to.into()];
            let rows = database.query_all_raw(Statement::from_sql_and_values(database.get_database_backend(), SQL, values)).await?;
            for row in &rows {
                self.found.broken = self.check(row)?;
                if self.found.broken.is_some() {
                    return Ok(self.found);
                }
            }
            if self.seq < to {
                self.found.broken = Some(Broken::Gap { seq: self.seq });
            }
            // Nobody listens any more when the whole walk was cancelled.
            let _ = progress.send((self.seq - from).unsigned_abs());
        }
        Ok(self.found)
    }

    /// The next link: is it the one that is expected, is its entry there, and does it hold?
    fn check(&mut self, row: &QueryResult) -> Result<Option<Broken>, DbErr> {
        let seq: i64 = row.try_get_by_index(0)?;
        if seq != self.seq {
            return Ok(Some(Broken::Gap { seq: self.seq }));
        }
        let entry: Id = row.try_get_by_index(1)?;
        if row.try_get_by_index::<Option<Vec<u8>>>(3)?.is_none() {
            return Ok(Some(Broken::EntryMissing { seq, entry: entry.into() }));
        }
        let changed = |at: Option<i64>| {
            let at = at.and_then(|at| Instant::from_micros(at).ok());
            Some(Broken::EntryChanged { seq, entry: entry.into(), at })
        };
        // A column of another type than it was written with was changed, too.
        let Ok(model) = model(self.organisation, row) else { return Ok(changed(None)) };
        let hash = chain::link(&self.before, seq, &model, &mut self.buffer);
        let linked: Vec<u8> = row.try_get_by_index(2)?;
        if linked != hash {
            return Ok(changed(Some(model.at)));
        }
        if model.at < self.at.saturating_sub(SLACK) {
            self.found.clock_went_back += 1;
        }
        (self.before, self.at) = (hash, model.at);
        self.seq += 1;
        self.found.count += 1;
        Ok(None)
    }
}

async fn stored(database: &DatabaseConnection, organisation: Id, seq: i64) -> Result<Option<Hash>, DbErr> {
    let link = link::Entity::find().filter(link::Column::OrganisationId.eq(organisation)).filter(link::Column::Seq.eq(seq));
    Ok(link.one(database).await?.and_then(|link| link.hash.try_into().ok()))
}

fn model(organisation_id: Id, row: &QueryResult) -> Result<entry::Model, DbErr> {
    fn get<T: TryGetable>(row: &QueryResult, index: usize) -> Result<T, DbErr> {
        row.try_get_by_index(index)
    }
    Ok(entry::Model {
        organisation_id,
        id: get(row, 3)?,
        kind: get(row, 4)?,
        at: get(row, 5)?,
        subject_id: get(row, 6)?,
        site_id: get(row, 7)?,
        actor_id: get(row, 8)?,
        behalf_id: get(row, 9)?,
        role: get(row, 10)?,
        purpose: get(row, 11)?,
        origin: get(row, 12)?,
        subject_kind: get(row, 13)?,
        action: get(row, 14)?,
        text_hash: get(row, 15)?,
    })
}
