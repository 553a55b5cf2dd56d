//! Why something about a policy could not be done.

use ledger::LedgerError;

use crate::document::DocumentError;
use crate::people::PeopleError;
use crate::settings::SettingsError;

/// Why something about a policy could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PoliciesError {
    /// Not there.
    #[error("there is no such policy or version here")]
    NotThere,
    /// The text cannot be shown.
    #[error(transparent)]
    Text(#[from] DocumentError),
    /// A version that is past being changed in this way.
    #[error("this version is not at the point where that can be done; open it again and look how far it is")]
    NotNow,
    /// Placeholders without a value, or left over from writing.
    #[error("it cannot be put into force while something in it is open: {0}")]
    Open(String),
    /// The author says yes to their own text.
    #[error("whoever wrote a policy does not approve it")]
    OwnText,
    /// Somebody puts right alone what they have written.
    #[error("whoever wrote it does not put it into force as a typing mistake; somebody else who writes policies looks at it and does")]
    AloneAtIt,
    /// Names in a text that anybody may read.
    #[error("everybody can read this text, so it names roles and not people: write {{{{role.…}}}} in place of {{{{holder.…}}}}")]
    Names,
    /// A day that has not come.
    #[error("the day of approval cannot lie ahead, nor before the day on which the text was written last")]
    Approval,
    /// No minute.
    #[error("say where the approval is minuted, such as \"Full governing body, 12 November 2026, item 7\"")]
    NoMinute,
    /// Nobody says what is new.
    #[error("say what is new, in a sentence or two of at most 500 letters")]
    NoChange,
    /// Nothing is said of why a policy is looked at early, or stays as it is.
    #[error("say what happened, or why nothing changes, in at most 1,000 letters and without names")]
    NoCause,
    /// An early review that would come after the usual one.
    #[error("the day lies between today and the usual review, which is by {0}")]
    NotSooner(calendar::Date),
    /// Nothing is said, or by nobody.
    #[error("say who was asked and what they said, in at most 4,000 letters")]
    NoComment,
    /// A placeholder that the English does not have.
    #[error("the English text has no {{{{{0}}}}}, so its translation has none; write what the English says")]
    Placeholder(String),
    /// A mark of a clause that the English does not have.
    #[error("the English text does not state {0}, so its translation cannot; a translation promises no more and no less")]
    Clause(String),
    /// The English text would be filled in otherwise today.
    #[error(
        "names or numbers in the records have changed since the English came into force; write what the English says in place of placeholders"
    )]
    Drifted,
    /// Somebody says of their own translation that it says the same.
    #[error("whoever wrote a translation does not check it; somebody else who knows the language does")]
    OwnTranslation,
    /// A note on a copy that is too long.
    #[error("write at most 200 letters")]
    LongNote,
    /// A day on which a copy cannot have left.
    #[error("a copy leaves after it was asked for, and not on a day that lies ahead")]
    Sent,
    /// A stored value that this version cannot read.
    #[error("reading {what}: the database holds something that this version did not write; restore a backup, and tell the makers")]
    Stored {
        /// What.
        what: &'static str,
    },
    /// The settings cannot be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The records refuse, or somebody else was faster.
    #[error(transparent)]
    Records(#[from] LedgerError),
    /// What is known about people cannot be read.
    #[error(transparent)]
    People(#[from] PeopleError),
}
