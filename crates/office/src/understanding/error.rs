//! Why something about the understanding of the rules could not be done. No error holds a name.

use ledger::LedgerError;

use crate::agreements::AgreementsError;
use crate::people::PeopleError;
use crate::settings::SettingsError;

/// Why something about the understanding of the rules could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UnderstandingError {
    /// Not there, or not for this person: the two look alike.
    #[error("there is no such question here")]
    NotThere,
    /// Nothing is asked or answered, or too much.
    #[error("write what you want to say, in at most 1,000 letters")]
    NoText,
    /// It was answered already.
    #[error("somebody has answered it meanwhile; open it again")]
    Answered,
    /// A day on which it cannot have been.
    #[error("the day lies neither ahead nor before the rules were in force")]
    Day,
    /// There are no rules that could be understood.
    #[error("no rules for pupils are in force yet; put them into force first")]
    NoRules,
    /// All of them have understood already.
    #[error("choose at least one pupil who has not been chosen before")]
    Nobody,
    /// It was said already this school year.
    #[error("you have said so already this school year")]
    Declared,
    /// A stored value that this version cannot read.
    #[error("reading {what}: the database holds something that this version did not write; restore a backup, and tell the makers")]
    Stored {
        /// What.
        what: &'static str,
    },
    /// Who must sign what cannot be read.
    #[error(transparent)]
    Agreements(#[from] AgreementsError),
    /// What is known about people cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The records refuse, or somebody else was faster.
    #[error(transparent)]
    Records(#[from] LedgerError),
}
