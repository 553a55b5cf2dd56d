//! Why something about an agreement could not be done. No error holds a name.

use ledger::LedgerError;
use ledger::keys::{KeyError, KeysError};

use crate::people::PeopleError;
use crate::policies::PoliciesError;
use crate::settings::SettingsError;

/// Why something about an agreement could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AgreementsError {
    /// No such agreement, or not for this person: the two look alike.
    #[error("there is no such agreement here, or it is not for this person")]
    NotThere,
    /// The text that was shown holds no longer.
    #[error("the text has changed since this page was opened; read it again, and sign that")]
    OldText,
    /// No name.
    #[error("type the full name of whoever signs, with at most 100 letters")]
    NoName,
    /// Nothing was ticked.
    #[error("tick the box to say that you have read it")]
    NotRead,
    /// A text that whoever signs has not opened.
    #[error("you have not opened this text yet; read it above, tick the box, and sign then")]
    NotOpened,
    /// A day that has not come, or lies long before.
    #[error("the day on the paper cannot lie ahead, nor before the text was in force")]
    Day,
    /// Whoever does not answer for the child.
    #[error("only an adult who answers for the child by law, and may be told, signs for it")]
    NotTheirs,
    /// Days of a suspension that do not fit.
    #[error("a suspension begins before it ends, lasts 90 days at most, and is looked at again before it ends")]
    Days,
    /// No reason.
    #[error("say why, in at most 2,000 letters; the person may ask to read it")]
    NoReason,
    /// The gate would close for everybody.
    #[error("no text of this agreement is in force, so nobody could sign it; put one into force first")]
    NoText,
    /// A day on which nobody can have been given a copy.
    #[error("the day lies neither ahead nor more than a year before they began")]
    Given,
    /// A copy of everything was given already.
    #[error("they have been given everything that is theirs already")]
    HaveAll,
    /// A stored value that this version cannot read.
    #[error("reading {what}: the database holds something that this version did not write; restore a backup, and tell the makers")]
    Stored {
        /// What.
        what: &'static str,
    },
    /// The texts cannot be read.
    #[error(transparent)]
    Policies(#[from] PoliciesError),
    /// What is known about people cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Something protected cannot be written or read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The records refuse, or somebody else was faster.
    #[error(transparent)]
    Records(#[from] LedgerError),
}

impl From<KeyError> for AgreementsError {
    fn from(error: KeyError) -> Self {
        Self::Keys(error.into())
    }
}
