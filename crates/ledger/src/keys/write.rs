//! Writing: always possible, and never opens anything.

use ids::{EpochId, OrganisationId, RecordId};

use super::context;
use super::error::KeyError;
use super::pair::{PublicHalf, SEALED_OVERHEAD};
use super::secret::{AeadKey, KEY_LEN, OVERHEAD, Secret};

pub(super) const EPOCH: &str = "schoolgate v1 epoch";
pub(super) const RECORD_KEY: &str = "schoolgate v1 record key";
pub(super) const TEXT: &str = "schoolgate v1 text";
const FILE: &str = "schoolgate v1 vault file";
/// The first byte of each form.
pub(super) const FORM: u8 = 1;
const ID_LEN: usize = 16;

/// Seals what is written from this start on. It holds the epoch's key, which opens record keys of this epoch; that is why nothing here
/// gives out what it opened but as something that seals.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct Writer {
    organisation: OrganisationId,
    epoch: EpochId,
    key: AeadKey,
}

/// Seals the texts of one record.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct RecordSealer {
    pub(super) place: RecordPlace,
    pub(super) key: Secret,
}

/// The key of an epoch, sealed to the organisation. 81 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEpoch(pub(super) Vec<u8>);

/// The key of a record, wrapped under that of an epoch. 61 bytes. Deleting every copy of it erases what the record said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey(pub(super) Vec<u8>);

/// A text, sealed under the key of a record. 45 bytes longer than the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedText {
    pub(super) epoch: EpochId,
    pub(super) bytes: Vec<u8>,
}

/// The key of one file of the vault.
pub(crate) struct FileKey(Secret);

/// Where a record key belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RecordPlace {
    pub(super) organisation: OrganisationId,
    pub(super) epoch: EpochId,
    pub(super) record: RecordId,
}

// === impl Writer ===

impl Writer {
    /// Begins an epoch: a key that exists in memory, and sealed to the organisation's public half, which is to be stored before anything
    /// is written with it.
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn begin(organisation: OrganisationId, to: &PublicHalf, epoch: EpochId) -> Result<(Self, SealedEpoch), KeyError> {
        let key = Secret::random()?;
        let sealed = SealedEpoch::seal(organisation, epoch, &key, to)?;
        Ok((Self { organisation, epoch, key: key.to_aead()? }, sealed))
    }

    /// The epoch that it writes in: record keys are kept by record and epoch.
    pub const fn epoch(&self) -> EpochId {
        self.epoch
    }

    /// Whose texts it seals.
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// A key for a record that has none in this epoch yet. The wrapped key is to be stored in the same transaction as the text.
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn new_key(&self, record: RecordId) -> Result<(RecordSealer, WrappedKey), KeyError> {
        let (key, place) = (Secret::random()?, self.place(record));
        let sealed = self.key.seal(vec![FORM], &place.aad(), key.bytes())?;
        Ok((RecordSealer { place, key }, WrappedKey(sealed)))
    }

    /// Goes on with the key that a record got earlier in this epoch.
    ///
    /// # Errors
    /// Where the wrapped key is of another record or epoch, or was changed.
    pub fn resume(&self, record: RecordId, wrapped: &WrappedKey) -> Result<RecordSealer, KeyError> {
        let place = self.place(record);
        Ok(RecordSealer { place, key: wrapped.open(&self.key, &place)? })
    }

    const fn place(&self, record: RecordId) -> RecordPlace {
        RecordPlace { organisation: self.organisation, epoch: self.epoch, record }
    }
}

// === impl RecordSealer ===

impl RecordSealer {
    /// Seals the text of a field. `field` is the column's name in code; a text opens under that name only.
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn seal(&self, field: &str, text: &[u8]) -> Result<SealedText, KeyError> {
        let mut head = Vec::with_capacity(1 + ID_LEN + text.len() + OVERHEAD);
        head.push(FORM);
        head.extend_from_slice(&self.place.epoch.to_bytes());
        let bytes = self.key.to_aead()?.seal(head, &self.place.text_aad(field), text)?;
        Ok(SealedText { epoch: self.place.epoch, bytes })
    }

    /// Whose texts it seals.
    pub const fn record(&self) -> RecordId {
        self.place.record
    }

    /// In which epoch.
    pub const fn epoch(&self) -> EpochId {
        self.place.epoch
    }

    /// The key of a file of this record that begins with `header`.
    pub(crate) fn file_key(&self, header: &[u8]) -> Result<FileKey, KeyError> {
        self.place.file_key(&self.key, header)
    }
}

// === impl SealedEpoch ===

impl SealedEpoch {
    const LENGTH: usize = 1 + KEY_LEN + SEALED_OVERHEAD;

    /// From its stored bytes.
    ///
    /// # Errors
    /// Where they have not the form of a sealed epoch.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        check("the key of an epoch", bytes, Self::LENGTH..=Self::LENGTH).map(Self)
    }

    /// As stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn seal(organisation: OrganisationId, epoch: EpochId, key: &Secret, to: &PublicHalf) -> Result<Self, KeyError> {
        let mut bytes = vec![FORM];
        bytes.append(&mut to.seal(EPOCH, &Self::aad(organisation, epoch), key.bytes())?);
        Ok(Self(bytes))
    }

    pub(super) fn aad(organisation: OrganisationId, epoch: EpochId) -> Vec<u8> {
        context::of(EPOCH, &[&organisation.to_bytes(), &epoch.to_bytes()])
    }

    pub(super) fn body(&self) -> &[u8] {
        self.0.get(1..).unwrap_or_default()
    }
}

// === impl WrappedKey ===

impl WrappedKey {
    const LENGTH: usize = 1 + KEY_LEN + OVERHEAD;

    /// From its stored bytes.
    ///
    /// # Errors
    /// Where they have not the form of a wrapped key.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        check("the key of a record", bytes, Self::LENGTH..=Self::LENGTH).map(Self)
    }

    /// As stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn open(&self, key: &AeadKey, place: &RecordPlace) -> Result<Secret, KeyError> {
        let what = "the key of a record";
        let plain = key.open(&place.aad(), self.0.get(1..).unwrap_or_default()).ok_or(KeyError::Closed { what })?;
        Secret::copied(&plain).ok_or(KeyError::Form { what, why: "it has another length" })
    }
}

// === impl SealedText ===

impl SealedText {
    const HEAD: usize = 1 + ID_LEN;

    /// From its stored bytes.
    ///
    /// # Errors
    /// Where they have not the form of a sealed text.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let what = "a sealed text";
        let bytes = check(what, bytes, Self::HEAD + OVERHEAD..=usize::MAX)?;
        let epoch = bytes.get(1..Self::HEAD).and_then(|id| id.try_into().ok()).map(EpochId::from_bytes);
        let epoch = epoch.ok_or(KeyError::Form { what, why: "it has no epoch" })?;
        Ok(Self { epoch, bytes })
    }

    /// As stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// In which epoch it was written, and so under which of the record's keys.
    pub const fn epoch(&self) -> EpochId {
        self.epoch
    }

    pub(super) fn body(&self) -> &[u8] {
        self.bytes.get(Self::HEAD..).unwrap_or_default()
    }
}

// === impl RecordPlace ===

impl RecordPlace {
    pub(super) fn aad(&self) -> Vec<u8> {
        context::of(RECORD_KEY, &[&self.organisation.to_bytes(), &self.epoch.to_bytes(), &self.record.to_bytes()])
    }

    pub(super) fn text_aad(&self, field: &str) -> Vec<u8> {
        context::of(TEXT, &[&self.organisation.to_bytes(), &self.epoch.to_bytes(), &self.record.to_bytes(), field.as_bytes()])
    }

    pub(super) fn file_key(&self, key: &Secret, header: &[u8]) -> Result<FileKey, KeyError> {
        let salt = context::of(FILE, &[&self.organisation.to_bytes(), header]);
        Secret::derived(key.bytes(), &salt, FILE).map(FileKey)
    }
}

// === impl FileKey ===

impl FileKey {
    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        self.0.bytes()
    }
}

fn check(what: &'static str, bytes: &[u8], lengths: std::ops::RangeInclusive<usize>) -> Result<Vec<u8>, KeyError> {
    let why = match bytes.first() {
        _ if !lengths.contains(&bytes.len()) => "it has another length",
        Some(&FORM) => return Ok(bytes.to_vec()),
        _ => "it has another form",
    };
    Err(KeyError::Form { what, why })
}
