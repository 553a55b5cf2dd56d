//! Reading: exists only after unlocking.

use std::fmt;

use ids::{EpochId, OrganisationId, RecordId};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::pair::{PrivateHalf, PublicHalf};
use super::secret::{AeadKey, Secret};
use super::write::{EPOCH, FileKey, RecordPlace, SealedEpoch, SealedText, WrappedKey};

/// Opens what the organisation has written. Holds the private half, overwritten when dropped: to lock is to drop it.
pub struct Reader {
    pub(super) organisation: OrganisationId,
    pub(super) private: PrivateHalf,
}

/// Opens what was written in one epoch.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct EpochReader {
    organisation: OrganisationId,
    epoch: EpochId,
    key: AeadKey,
}

/// Opens what was written about one record in one epoch.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct RecordOpener {
    pub(super) place: RecordPlace,
    pub(super) key: Secret,
}

/// A text that was opened, overwritten when dropped.
#[expect(missing_debug_implementations, reason = "a protected text is never shown in a log")]
pub struct OpenedText(Zeroizing<Vec<u8>>);

// === impl Reader ===

impl Reader {
    /// Whose texts it opens.
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// Opens an epoch.
    ///
    /// # Errors
    /// Where it was sealed to another key, is of another organisation or epoch, or was changed.
    pub fn epoch(&self, epoch: EpochId, sealed: &SealedEpoch) -> Result<EpochReader, KeyError> {
        let key = self.epoch_key(epoch, sealed)?.to_aead()?;
        Ok(EpochReader { organisation: self.organisation, epoch, key })
    }

    /// Seals an epoch to another public half: what a change of keys does to every epoch. What it was sealed to before opens this no
    /// more.
    ///
    /// # Errors
    /// As [`Reader::epoch`].
    pub fn reseal(&self, epoch: EpochId, sealed: &SealedEpoch, to: &PublicHalf) -> Result<SealedEpoch, KeyError> {
        SealedEpoch::seal(self.organisation, epoch, &self.epoch_key(epoch, sealed)?, to)
    }

    fn epoch_key(&self, epoch: EpochId, sealed: &SealedEpoch) -> Result<Secret, KeyError> {
        let what = "the key of an epoch";
        let aad = SealedEpoch::aad(self.organisation, epoch);
        let plain = self.private.open(EPOCH, &aad, sealed.body()).ok_or(KeyError::Closed { what })?;
        Secret::copied(&plain).ok_or(KeyError::Form { what, why: "it has another length" })
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reader").field("organisation", &self.organisation).finish_non_exhaustive()
    }
}

// === impl EpochReader ===

impl EpochReader {
    /// Opens the key that a record got in this epoch.
    ///
    /// # Errors
    /// Where it is of another record or epoch, or was changed.
    pub fn record(&self, record: RecordId, wrapped: &WrappedKey) -> Result<RecordOpener, KeyError> {
        let place = RecordPlace { organisation: self.organisation, epoch: self.epoch, record };
        Ok(RecordOpener { place, key: wrapped.open(&self.key, &place)? })
    }
}

// === impl RecordOpener ===

impl RecordOpener {
    /// Whose texts it opens.
    pub const fn record(&self) -> RecordId {
        self.place.record
    }

    /// The key of a file of this record that begins with `header`.
    pub(crate) fn file_key(&self, header: &[u8]) -> Result<FileKey, KeyError> {
        self.place.file_key(&self.key, header)
    }

    /// Opens the text of a field.
    ///
    /// # Errors
    /// Where it is of another record, field or epoch, or was changed.
    pub fn open(&self, field: &str, sealed: &SealedText) -> Result<OpenedText, KeyError> {
        let plain = self.key.to_aead()?.open(&self.place.text_aad(field), sealed.body());
        let plain = plain.filter(|_| sealed.epoch == self.place.epoch);
        plain.map(OpenedText).ok_or(KeyError::Closed { what: "a sealed text" })
    }
}

// === impl OpenedText ===

impl OpenedText {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As text.
    ///
    /// # Errors
    /// Where it is none.
    pub fn as_str(&self) -> Result<&str, KeyError> {
        str::from_utf8(&self.0).map_err(|_| KeyError::Form { what: "a sealed text", why: "it is no text in UTF-8" })
    }
}
