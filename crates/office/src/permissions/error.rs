//! Why something about a permission could not be done. No error holds a name.

use ledger::LedgerError;
use ledger::keys::{KeyError, KeysError};

use crate::people::PeopleError;
use crate::settings::SettingsError;

/// Why something about a permission could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PermissionsError {
    /// Not there, or not for this person: the two look alike.
    #[error("there is no such permission here")]
    NotThere,
    /// It does not stand at the point where that can be done.
    #[error("that cannot be done any more; open it again and look how it stands")]
    NotNow,
    /// Nothing is said, or too much.
    #[error("say what it is about and what for, in at most 1,000 letters")]
    NoText,
    /// Days that do not fit.
    #[error("it begins before it ends, does not end before today, and lasts a year at most")]
    Days,
    /// The promise was not made.
    #[error("tick the box to promise it; without that it cannot be asked for")]
    NoPromise,
    /// No reason for a no.
    #[error("say why not, in at most 500 letters; whoever asked reads it")]
    NoReason,
    /// A longer time than was asked for.
    #[error("it can be allowed for a shorter time than was asked for, and not for a longer one")]
    Longer,
    /// Whoever asks does not decide.
    #[error("whoever asks does not decide")]
    Own,
    /// A stored value that this version cannot read.
    #[error("reading {what}: the database holds something that this version did not write; restore a backup, and tell the makers")]
    Stored {
        /// What.
        what: &'static str,
    },
    /// What is known about people cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Something sealed cannot be written or read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The records refuse, or somebody else was faster.
    #[error(transparent)]
    Records(#[from] LedgerError),
}

impl From<KeyError> for PermissionsError {
    fn from(error: KeyError) -> Self {
        Self::Keys(error.into())
    }
}
