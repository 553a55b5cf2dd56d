//! Why something about people could not be done. No error holds a name.

use ledger::LedgerError;
use ledger::keys::{KeyError, KeysError};

use super::Role;

/// Why something about people could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// Not there, or not in this organisation or site: the two look alike.
    #[error("there is no such record here")]
    NotThere,
    /// No way to belong to the school.
    #[error("say what this person is to the school: staff, pupil, governor, parent, volunteer, contractor or visitor")]
    NoMembership,
    /// The day of the end lies before that of the start.
    #[error("the last day lies before the first one; look at both dates")]
    EndsBeforeStart,
    /// Somebody comes back who is here.
    #[error("this person has not left by that day, so they cannot come back on it; look at the last day")]
    HasNotLeft,
    /// An adult of their own, a child of a child.
    #[error("a responsible adult and a child are two people, and the child is a pupil here")]
    NotAdultAndChild,
    /// A contact that must not be confirmed. It does not say why: few may know.
    #[error("this contact cannot be confirmed; ask the headteacher or the DSL")]
    NotToConfirm,
    /// Somebody gives a role to themselves.
    #[error("nobody gives a role to themselves; ask the headteacher or the DSL")]
    OwnRole,
    /// A role that sees safeguarding data, given or ended by another than the headteacher or the DSL.
    #[error("the role \"{role}\" sees safeguarding data, so only the headteacher or the DSL gives or ends it")]
    NotYoursToGive {
        /// Which.
        role: Role,
    },
    /// The person is not of those who can hold it.
    #[error("the role \"{role}\" is for {} only; say first that the person is one of these", list(*role))]
    NotForThem {
        /// Which.
        role: Role,
    },
    /// A word that is no role and no term.
    #[error("there is no such role or term to give another name to")]
    NoSuchWord,
    /// A stored value that this version cannot read.
    #[error("reading {what}: the database holds something that this version did not write; restore a backup, and tell the makers")]
    Stored {
        /// What.
        what: &'static str,
    },
    /// Something protected cannot be written or read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database refuses, or somebody else was faster.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<KeyError> for PeopleError {
    fn from(error: KeyError) -> Self {
        Self::Keys(error.into())
    }
}

impl PeopleError {
    /// Somebody else has changed the record meanwhile.
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Ledger(LedgerError::Conflict))
    }
}

fn list(role: Role) -> String {
    role.of().iter().map(|membership| membership.as_str()).collect::<Vec<_>>().join(", ")
}
