//! Texts of records: sealed in the unit that stores them, opened while unlocked.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use ids::{EpochId, RecordId};
use sea_orm::ConnectionTrait;

use super::store;
use super::{EpochReader, KeyError, Keys, KeysError, OpenedText, Reader, RecordOpener, RecordSealer, SealedText, WrappedKey};
use crate::Unit;

/// The right to read, with the epochs opened so far. To lock is to let go of it; whoever is in the middle of a page keeps it until the
/// page is done.
pub struct Unlocked {
    reader: Reader,
    epochs: RwLock<HashMap<EpochId, Arc<EpochReader>>>,
}

/// Opens everything that was written about one record.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct RecordTexts(HashMap<EpochId, RecordOpener>);

// === impl Keys ===

impl Keys {
    /// Seals texts of a record, in the unit in which they are stored. The record's key of this epoch is made if there is none.
    ///
    /// # Errors
    /// Where no keys were made, the record was erased, or the database refuses.
    pub async fn sealer(&self, unit: &Unit, record: RecordId) -> Result<RecordSealer, KeysError> {
        let (writer, organisation) = (self.writer()?, self.organisation());
        if unit.act().organisation != organisation {
            return Err(KeysError::Organisation);
        }
        let known = store::keys_of(unit.connection(), organisation, &[record]).await?;
        if let Some((_, _, wrapped)) = known.iter().find(|(_, epoch, _)| *epoch == writer.epoch()) {
            return Ok(writer.resume(record, wrapped)?);
        }
        // A restored backup erases again what was erased, so nothing may be written there anew.
        if known.is_empty() && store::is_erased(unit.connection(), organisation, record).await? {
            return Err(KeysError::Erased);
        }
        let (sealer, wrapped) = writer.new_key(record)?;
        store::insert_key(unit, record, writer.epoch(), &wrapped).await?;
        Ok(sealer)
    }

    /// Opens the texts of records. One that was erased is there, and opens nothing.
    ///
    /// # Errors
    /// Where nobody has unlocked, or the database refuses.
    pub async fn texts(&self, from: &impl ConnectionTrait, records: &[RecordId]) -> Result<HashMap<RecordId, RecordTexts>, KeysError> {
        let unlocked = self.unlocked()?;
        let mut texts: HashMap<_, _> = records.iter().map(|record| (*record, RecordTexts(HashMap::new()))).collect();
        for (record, epoch, wrapped) in store::keys_of(from, self.organisation(), records).await? {
            let opener = unlocked.record(from, record, epoch, &wrapped).await?;
            texts.entry(record).and_modify(|texts| drop(texts.0.insert(epoch, opener)));
        }
        Ok(texts)
    }
}

// === impl Unlocked ===

impl Unlocked {
    pub(super) fn new(reader: Reader) -> Self {
        Self { reader, epochs: RwLock::default() }
    }

    async fn record(
        &self,
        from: &impl ConnectionTrait,
        record: RecordId,
        epoch: EpochId,
        wrapped: &WrappedKey,
    ) -> Result<RecordOpener, KeysError> {
        let known = self.epochs.read().unwrap_or_else(PoisonError::into_inner).get(&epoch).cloned();
        let opened = match known {
            Some(opened) => opened,
            None => {
                let sealed = store::load_epoch(from, self.reader.organisation(), epoch).await?;
                let opened = Arc::new(self.reader.epoch(epoch, &sealed.ok_or(KeyError::Closed { what: "the key of an epoch" })?)?);
                self.epochs.write().unwrap_or_else(PoisonError::into_inner).insert(epoch, Arc::clone(&opened));
                opened
            }
        };
        Ok(opened.record(record, wrapped)?)
    }
}

// === impl RecordTexts ===

impl RecordTexts {
    /// Opens the text of a field.
    ///
    /// # Errors
    /// Where the record was erased, or the text was changed or moved.
    pub fn open(&self, field: &str, sealed: &SealedText) -> Result<OpenedText, KeysError> {
        Ok(self.opener(sealed.epoch())?.open(field, sealed)?)
    }

    /// Whether no key of the record is left.
    pub fn is_erased(&self) -> bool {
        self.0.is_empty()
    }

    /// What opens what was written in an epoch, such as a file of the vault.
    ///
    /// # Errors
    /// Where the record was erased.
    pub fn opener(&self, epoch: EpochId) -> Result<&RecordOpener, KeysError> {
        self.0.get(&epoch).ok_or(KeysError::Erased)
    }
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Unlocked").finish_non_exhaustive()
    }
}
