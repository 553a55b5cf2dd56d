//! A unit of work: what changes together, with its audit entries, or not at all.

use ids::EntryId;
use sea_orm::ActiveValue::Set;
use sea_orm::{DatabaseTransaction, EntityTrait};

use crate::audit::entity::{entry, text};
use crate::audit::{Kind, NewEntry, Side, chain, rows};
use crate::durable::Durable;
use crate::keys::SealedText;
use crate::{Act, Code, LedgerError, Subject};

/// What was done to a record.
#[derive(Debug, Clone)]
pub struct Change {
    /// The record.
    pub subject: Subject,
    /// What was done.
    pub action: Code,
    /// What people wrote, before and after, sealed by the record's key. Needs no unlocking.
    pub texts: Vec<Text>,
}

/// What a field of a record said, or says from now on.
#[derive(Debug, Clone)]
pub struct Text {
    /// Which field.
    pub field: Code,
    /// Before or after.
    pub side: Side,
    /// What it says: [`RecordSealer::seal`](crate::keys::RecordSealer::seal) under the name of the field.
    pub sealed: SealedText,
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
    texts: Vec<text::ActiveModel>,
}

// === impl Change ===

impl Change {
    /// Something was done, and no text tells of it.
    pub const fn new(subject: Subject, action: Code) -> Self {
        Self { subject, action, texts: Vec::new() }
    }
}

// === impl Unit ===

impl Unit {
    pub(crate) const fn new(act: Act, transaction: DatabaseTransaction, durable: Durable) -> Self {
        Self { act, transaction, durable, entries: Vec::new(), texts: Vec::new() }
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
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn record(&mut self, change: &Change) -> Result<EntryId, LedgerError> {
        let mut entry = NewEntry::new(&self.act, Kind::Change, change.subject, change.action)?;
        let id = entry.id;
        if !change.texts.is_empty() {
            let texts = change.texts.iter().map(|text| (text.field.as_str(), text.side.number(), text.sealed.as_bytes()));
            entry.text_hash = Some(chain::texts(texts));
        }
        self.texts.extend((0..).zip(&change.texts).map(|(position, text)| text::ActiveModel {
            organisation_id: Set(self.act.organisation.into()),
            entry_id: Set(id.into()),
            position: Set(position),
            field: Set(text.field.as_str().to_owned()),
            side: Set(text.side.number()),
            ciphertext: Set(text.sealed.as_bytes().to_vec()),
        }));
        self.entries.push(entry);
        Ok(id)
    }

    /// Makes it happen, and returns when it is on the disk. Refused without an entry.
    ///
    /// # Errors
    /// Each but [`LedgerError::Unconfirmed`] means that nothing has happened.
    pub async fn commit(self) -> Result<(), LedgerError> {
        let Self { act, transaction, durable, entries, texts } = self;
        if entries.is_empty() {
            return Err(LedgerError::NoEntry);
        }
        let failed = LedgerError::database("recording a change");
        if !texts.is_empty() {
            text::Entity::insert_many(texts).exec_without_returning(&transaction).await.map_err(&failed)?;
        }
        // Last, since the entry moves the organisation's revision, and on PostgreSQL that row of `revision` is ours alone from then on.
        entry::Entity::insert_many(rows(&act, entries)).exec_without_returning(&transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        durable.confirm().await.map_err(|source| LedgerError::Unconfirmed { source })
    }
}
