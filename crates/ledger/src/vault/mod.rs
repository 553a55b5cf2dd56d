//! Attachments and scans: one encrypted file for each, its row in the database (docs/adr/0008).
//!
//! Each object is a record of its own, with its own key: erasing it deletes the key, and what is left of the file, here and in every
//! backup, opens never again. The file is written first, then its row commits; a power cut in between leaves a file without a row,
//! which nothing can open and [`Folder::compare`] finds.

mod entity;
mod folder;
mod store;
mod stream;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;

pub use folder::{Compared, Folder, Stored};
pub use store::{Facts, Incoming, Object, Readable, all, erase, find, into_custody, of_record, take_in};
pub use stream::Header;

use crate::LedgerError;
use crate::keys::{KeyError, KeysError};

/// Why an object could not be stored or read. Nothing of it was given out that was not found whole.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The disk refuses.
    #[error("{doing} {}: what was stored before is whole; see whether the disk is full, and whether this account may write there", path.display())]
    Disk {
        /// The operation.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Where it came from or was going to broke off.
    #[error("{doing} the object: the other side broke off; nothing was stored")]
    Stream {
        /// The operation.
        doing: &'static str,
        /// What it says.
        source: io::Error,
    },
    /// More than may be stored.
    #[error("store the object: it has more than {limit} bytes; nothing was stored")]
    TooLarge {
        /// The most, in bytes.
        limit: u64,
    },
    /// There is no file.
    #[error("read the object: its file is missing from the vault; restore it from a backup")]
    Missing,
    /// Not a file of the vault, or of a later version.
    #[error("read the object: its file is not one of this vault's, or was written by a later version")]
    NotOurs,
    /// The file of another object stands in its place.
    #[error("read the object: the file in its place is another object's; restore it from a backup")]
    Swapped,
    /// The file ends too soon.
    #[error("read the object: its file is cut off; restore it from a backup")]
    CutOff,
    /// A bit is wrong, or pieces were moved.
    #[error("read the object: its file was changed (piece {piece}); restore it from a backup")]
    Changed {
        /// The first piece that does not open, from 0, each of 64 KiB.
        piece: u32,
    },
    /// The key is missing or another.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Locked, erased, or no keys were made.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database refuses.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
