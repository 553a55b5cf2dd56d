//! A unit of work: what changes together, with its audit entries, or not at all.

use ids::EntryId;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::audit::entity::entry;
use crate::audit::{Kind, NewEntry, rows};
use crate::durable::Durable;
use crate::{Act, Code, LedgerError, Subject};

/// What was done to a record.
#[derive(Debug, Clone)]
pub struct Change {
    /// The record.
    pub subject: Subject,
    /// What was done.
    pub action: Code,
}

/// Changes that belong together. Dropped without [`commit`](Self::commit), nothing of it has happened.
///
/// On SQLite there is one at a time, and the next waits up to 10 s for its turn: do nothing slow while you hold one.
#[derive(Debug)]
#[must_use = "nothing is changed until it is committed"]
pub struct Unit {
    act: Act,
    transaction: DatabaseTransaction,
    durable: Durable,
    entries: Vec<NewEntry>,
}

// === impl Unit ===

impl Unit {
    pub(crate) fn new(act: Act, transaction: DatabaseTransaction, durable: Durable) -> Self {
        Self { act, transaction, durable, entries: Vec::new() }
    }

    /// Who does it, and why.
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// What stores write through.
    pub const fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Says what was done. The entry is written with the commit.
    pub fn record(&mut self, change: &Change) -> Result<EntryId, LedgerError> {
        let entry = NewEntry::new(&self.act, Kind::Change, change.subject, change.action)?;
        let id = entry.id;
        self.entries.push(entry);
        Ok(id)
    }

    /// Makes it happen, and returns when it is on the disk. Refused without an entry.
    pub async fn commit(self) -> Result<(), LedgerError> {
        let Self { act, transaction, durable, entries } = self;
        if entries.is_empty() {
            return Err(LedgerError::NoEntry);
        }
        let failed = LedgerError::database("recording a change");
        // Last, since the entry moves the organisation's revision, and on PostgreSQL that row is ours alone from then on.
        entry::Entity::insert_many(rows(&act, entries)).exec_without_returning(&transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        durable.confirm().await.map_err(|source| LedgerError::Unconfirmed { source })
    }
}
