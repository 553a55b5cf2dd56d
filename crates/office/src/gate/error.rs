//! Why something about devices could not be done. No error holds a name.

use ledger::LedgerError;

use crate::people::PeopleError;

/// Why something about devices could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// No such class, or nobody is in it today.
    #[error("there is no such class here, or nobody is in it today")]
    NoSuchClass,
    /// Somebody who is not in the class.
    #[error("one of these pupils is not in this class today; look at the class list")]
    NotInClass,
    /// Somebody at two devices at once.
    #[error("one pupil was given two devices; choose one")]
    TwoDevices,
    /// A lesson that ends before it begins, or lasts too long.
    #[error("a lesson ends later than now, and lasts ten hours at most; look at the time of its end")]
    Lesson,
    /// Too short or too long.
    #[error("the time without a request is from one minute to ten hours")]
    Idle,
    /// More addresses than any school has.
    #[error("so many devices are in use that no more can be kept; nobody was signed in. Tell the IT team: something floods the network")]
    Full,
    /// A stored value that this version cannot read.
    #[error(
        "reading where a class sits: the database holds something that this version did not write; restore a backup, and tell the makers"
    )]
    Stored,
    /// The records refuse.
    #[error(transparent)]
    Records(#[from] LedgerError),
    /// What is known about people cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
}
