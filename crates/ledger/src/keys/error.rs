//! Why a key operation failed. No secret and no text is ever part of an error.

use super::ring::RingError;
use crate::LedgerError;

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The system gives no random numbers.
    #[error("make a key: the system gives no random numbers; nothing was written")]
    Chance,
    /// The cryptographic library refuses: memory, or a text of more than 64 GiB.
    #[error("{doing}: the cryptographic library refuses; nothing was written")]
    Refused {
        /// The operation.
        doing: &'static str,
    },
    /// Not of the form that this program writes.
    #[error("read {what}: {why}; the row or file is damaged, or was written by a later version")]
    Form {
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// The key is another, the row was moved or a bit has changed. Which of them, nobody can tell.
    #[error("open {what}: it does not open here; it was changed, moved to another record, or sealed with another key")]
    Closed {
        /// What should have opened.
        what: &'static str,
    },
}

/// Why the keys in the database could not be used or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// No keys yet.
    #[error("no keys were made yet, so nothing that is protected can be written or read: run `schoolgate keys init`")]
    NotMade,
    /// Keys exist.
    #[error("make keys: there are keys already; `schoolgate keys rotate` changes them, and nothing that was written is lost")]
    Made,
    /// Nobody has unlocked.
    #[error("protected text is locked: a holder unlocks it with `schoolgate keys unlock`; writing goes on meanwhile")]
    Locked,
    /// The key is deleted.
    #[error("what this record said was erased; the record of the erasure says when and why")]
    Erased,
    /// A row of another.
    #[error(
        "read the keys: the row in the database is another organisation's, or was changed; restore it from a backup, and find out who can write to the database"
    )]
    Exchanged,
    /// A unit of another.
    #[error("seal a text: the unit is of another organisation; this is a fault of the program, and nothing was written")]
    Organisation,
    /// The ring does not open.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// A key operation failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database refuses.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
