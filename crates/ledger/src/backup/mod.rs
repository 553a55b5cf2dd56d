//! Backups: the records of one moment, the vault and the configuration in one encrypted file, and back into either database.
//!
//! Begin reading at `form.rs`, which says what is in the file; `docs/adr/0013-backup.md` says why, and `docs/backup.md` what a school
//! does with it. A backup can be made while Schoolgate runs, and needs no key: it is encrypted to public ones.

mod archive;
pub(crate) mod catalog;
mod dump;
mod error;
mod form;
mod kept;
mod keys;
mod load;
mod make;
mod replay;
mod restore;
mod row;

#[cfg(test)]
mod tests;

pub use error::BackupError;
pub use form::{Closing, Column, Head, Kind, Opening, Table};
pub use kept::{Age, Erased, Kept};
pub use keys::{Identity, Recipients};
pub use make::{Made, Source, make};
pub use restore::{Seen, Target, is_unfinished, restore, verify, verify_inside};

/// Where the vault lies in the data folder, and in a backup.
const VAULT: &str = "vault";

/// What is being done, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Rows of a table were read.
    Rows {
        /// Which.
        table: &'a str,
        /// How many so far.
        rows: u64,
    },
    /// Files were read.
    Files {
        /// How many so far.
        done: u64,
        /// Of how many.
        all: u64,
        /// Their bytes so far.
        bytes: u64,
    },
    /// A part was read and checked.
    Checking {
        /// The table.
        what: &'a str,
    },
}
