//! Why something about devices could not be done. No error holds a name.

use ledger::LedgerError;

use crate::people::PeopleError;

/// Why something about devices could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// The records refuse.
    #[error(transparent)]
    Records(#[from] LedgerError),
    /// What is known about people cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
}
