//! The file of an object: a header, then pieces of 64 KiB, each encrypted and authenticated by itself with its number and whether it is
//! the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
//!
//! The key is made for this one file, from the record's key and the whole header, so that numbers can serve as nonces and a changed
//! header opens nothing.

use std::io::{self, Read, Write};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, rand};
use ids::{EpochId, RecordId};
use zeroize::Zeroizing;

use super::VaultError;
use crate::keys::{FileKey, KeyError, RecordOpener, RecordSealer};

/// Plain bytes of each piece but the last.
pub(super) const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const SALT: usize = 16;
const MAGIC: &[u8; 8] = b"SGVAULT\x01";

/// What a file begins with. 56 bytes, all of which may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    object: RecordId,
    epoch: EpochId,
    salt: [u8; SALT],
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) plain: u64,
    pub(super) size: u64,
    pub(super) hash: [u8; 32],
}

/// A writer that counts and hashes what goes through.
struct Counted<'a> {
    to: &'a mut dyn Write,
    size: u64,
    hash: digest::Context,
}

// === impl Header ===

impl Header {
    /// Bytes of a header.
    pub const LENGTH: usize = MAGIC.len() + 16 + 16 + SALT;

    /// From the first bytes of a file. Nothing where they are of something else.
    pub fn parse(bytes: &[u8; Self::LENGTH]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (object, rest) = rest.split_first_chunk()?;
        let (epoch, rest) = rest.split_first_chunk()?;
        Some(Self { object: RecordId::from_bytes(*object), epoch: EpochId::from_bytes(*epoch), salt: rest.try_into().ok()? })
    }

    /// As written.
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let parts = [MAGIC.as_slice(), &self.object.to_bytes(), &self.epoch.to_bytes(), &self.salt].concat();
        let mut bytes = [0; Self::LENGTH];
        bytes.copy_from_slice(&parts);
        bytes
    }

    /// Whose file it says it is.
    pub const fn object(&self) -> RecordId {
        self.object
    }

    /// Under which of the object's keys it was written.
    pub const fn epoch(&self) -> EpochId {
        self.epoch
    }
}

/// Encrypts `from` to `to`, at most `limit` bytes of it.
pub(super) fn seal(sealer: &RecordSealer, from: &mut dyn Read, to: &mut dyn Write, limit: u64) -> Result<Written, VaultError> {
    let mut salt = [0; SALT];
    rand::fill(&mut salt).map_err(|_| KeyError::Chance)?;
    let header = Header { object: sealer.record(), epoch: sealer.epoch(), salt }.to_bytes();
    let key = key(&sealer.file_key(&header)?)?;
    let mut to = Counted { to, size: 0, hash: digest::Context::new(&digest::SHA256) };
    let writing = |source| VaultError::Stream { doing: "store", source };
    to.write_all(&header).map_err(writing)?;
    let (mut piece, mut plain) = (next(from, PIECE)?, 0_u64);
    for number in 0.. {
        let following = if piece.len() == PIECE { next(from, PIECE)? } else { Zeroizing::new(Vec::new()) };
        plain += piece.len() as u64;
        if plain > limit {
            return Err(VaultError::TooLarge { limit });
        }
        let nonce = nonce(number, following.is_empty())?;
        let refused = |_| KeyError::Refused { doing: "encrypt the object" };
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut *piece).map_err(refused)?;
        to.write_all(&piece).map_err(writing)?;
        if following.is_empty() {
            break;
        }
        piece = following;
    }
    let hash = to.hash.finish().as_ref().try_into().unwrap_or_default();
    Ok(Written { plain, size: to.size, hash })
}

/// Decrypts the file of `opener`'s record to `to`: piece by piece, each only when found whole. Returns how many bytes.
pub(super) fn open(opener: &RecordOpener, from: &mut dyn Read, to: &mut dyn Write) -> Result<u64, VaultError> {
    let header = header(from)?;
    if header.object != opener.record() {
        return Err(VaultError::Swapped);
    }
    let key = key(&opener.file_key(&header.to_bytes())?)?;
    let (mut piece, mut plain) = (next(from, PIECE + TAG)?, 0_u64);
    for number in 0.. {
        let following = if piece.len() == PIECE + TAG { next(from, PIECE + TAG)? } else { Zeroizing::new(Vec::new()) };
        let is_last = following.is_empty();
        let opened = open_piece(&key, number, is_last, &piece)?;
        to.write_all(&opened).map_err(|source| VaultError::Stream { doing: "read", source })?;
        plain += opened.len() as u64;
        if is_last {
            break;
        }
        piece = following;
    }
    Ok(plain)
}

/// The header of a file.
pub(super) fn header(from: &mut dyn Read) -> Result<Header, VaultError> {
    let mut bytes = [0; Header::LENGTH];
    from.read_exact(&mut bytes).map_err(|source| match source.kind() {
        io::ErrorKind::UnexpectedEof => VaultError::NotOurs,
        _ => VaultError::Stream { doing: "read", source },
    })?;
    Header::parse(&bytes).ok_or(VaultError::NotOurs)
}

fn open_piece(key: &LessSafeKey, number: u32, is_last: bool, piece: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let attempt = |is_last| -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
        let mut piece = Zeroizing::new(piece.to_vec());
        let Ok(length) = key.open_in_place(nonce(number, is_last)?, Aad::empty(), &mut piece).map(|plain| plain.len()) else {
            return Ok(None);
        };
        piece.truncate(length);
        Ok(Some(piece))
    };
    match attempt(is_last)? {
        Some(opened) => Ok(opened),
        // Whole, but not the last: what should follow is gone.
        None if is_last && (piece.is_empty() || attempt(false)?.is_some()) => Err(VaultError::CutOff),
        None => Err(VaultError::Changed { piece: number }),
    }
}

/// As many bytes as there are, up to `most`.
fn next(from: &mut dyn Read, most: usize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    // Room for the tag from the start: growing would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(PIECE + TAG));
    let reading = |source| VaultError::Stream { doing: "take in", source };
    from.take(most as u64).read_to_end(&mut bytes).map_err(reading)?;
    Ok(bytes)
}

fn key(key: &FileKey) -> Result<LessSafeKey, KeyError> {
    let key = UnboundKey::new(&AES_256_GCM, key.bytes()).map_err(|_| KeyError::Refused { doing: "take a key" })?;
    Ok(LessSafeKey::new(key))
}

/// Seven zeros, the number, and whether it is the last: no two pieces of a file have the same.
fn nonce(number: u32, is_last: bool) -> Result<Nonce, KeyError> {
    let mut bytes = [0; NONCE_LEN];
    let parts = [&[0; 7], number.to_be_bytes().as_slice(), &[u8::from(is_last)]].concat();
    bytes.copy_from_slice(&parts);
    Nonce::try_assume_unique_for_key(&bytes).map_err(|_| KeyError::Refused { doing: "count the pieces" })
}

// === impl Counted ===

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
