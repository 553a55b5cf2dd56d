//! The links, page by page, in several runs at once: each begins with the stored link before it, which the run before checks.

use calendar::Instant;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};
use tokio::sync::mpsc::{self, UnboundedSender};

use super::page::{self, Link, NoEntry, Page};
use super::report::Broken;
use crate::Id;
use crate::audit::Head;
use crate::audit::chain::{self, Hash};
use crate::audit::entity::link;

/// Links read at once.
const PAGE: i64 = 4000;
/// Runs at once: one less than the connections that read.
const RUNS: i64 = 3;
/// An entry may be so many microseconds earlier than the one before it: what is written at once is linked in either order.
const SLACK: i64 = 60_000_000;

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
        let sql = page::sql(database.get_database_backend());
        while self.seq < self.end && self.found.broken.is_none() {
            let (from, to) = (self.seq, (self.seq + PAGE).min(self.end));
            let page = Page::read(&database, &sql, self.organisation, from, to).await?;
            for link in page.links() {
                self.found.broken = self.check(&link?);
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
    fn check(&mut self, link: &Link<'_>) -> Option<Broken> {
        let seq = link.seq;
        if seq != self.seq {
            return Some(Broken::Gap { seq: self.seq });
        }
        let changed = |at: Option<i64>| {
            let at = at.and_then(|at| Instant::from_micros(at).ok());
            Some(Broken::EntryChanged { seq, entry: link.entry_id.into(), at })
        };
        let entry = match &link.entry {
            Err(NoEntry::Missing) => return Some(Broken::EntryMissing { seq, entry: link.entry_id.into() }),
            Err(NoEntry::Strange) => return changed(None),
            Ok(entry) => entry,
        };
        let hash = chain::link(&self.before, seq, entry, &mut self.buffer);
        if link.hash != Some(hash) {
            return changed(Some(entry.at));
        }
        if entry.at < self.at.saturating_sub(SLACK) {
            self.found.clock_went_back += 1;
        }
        (self.before, self.at) = (hash, entry.at);
        self.seq += 1;
        self.found.count += 1;
        None
    }
}

async fn stored(database: &DatabaseConnection, organisation: Id, seq: i64) -> Result<Option<Hash>, DbErr> {
    let link = link::Entity::find().filter(link::Column::OrganisationId.eq(organisation)).filter(link::Column::Seq.eq(seq));
    Ok(link.one(database).await?.and_then(|link| link.hash.try_into().ok()))
}
