//! A signature, as it is kept for ever.

use std::fmt;

use calendar::{Date, Instant};
use ids::{PersonId, RecordId};
use ledger::{Code, code};

use crate::document::Language;

/// What somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Yes.
    Signed,
    /// No.
    Declined,
    /// A yes is taken back.
    Withdrawn,
}

/// How a signature came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The signer was signed in.
    SignedIn,
    /// On paper, and entered by somebody.
    Paper,
    /// Said before a witness, who entered it.
    Witnessed,
    /// A young child's mark, with an adult who helped.
    Mark,
}

/// A signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// Which.
    pub id: RecordId,
    /// The version of the text.
    pub version: RecordId,
    /// Its policy, by its word.
    pub policy: String,
    /// Who signed.
    pub signer: PersonId,
    /// For whom: the signer, or a child.
    pub for_person: PersonId,
    /// What they answered.
    pub answer: Answer,
    /// How.
    pub method: Method,
    /// SHA-256 of the English text of the version: that is what counts.
    pub hash: Vec<u8>,
    /// In which language it was shown.
    pub language: &'static Language,
    /// Where that was not English: which translation, and SHA-256 of its text.
    pub translation: Option<(RecordId, Vec<u8>)>,
    /// The full name as it was printed then.
    pub name: String,
    /// The role as it was printed then.
    pub role: String,
    /// Who helped, or was a witness.
    pub helper: Option<PersonId>,
    /// Who entered it; the signer where they did themselves.
    pub entered_by: PersonId,
    /// The day of the signature.
    pub on: Date,
    /// When it was entered.
    pub at: Instant,
}

/// A signature that is given.
#[derive(Debug, Clone)]
pub struct Signing<'a> {
    /// Of which policy, by its word.
    pub policy: &'a str,
    /// The version that was shown.
    pub version: RecordId,
    /// The translation of it that was shown; nothing where it was the English text.
    pub translation: Option<RecordId>,
    /// Who signs.
    pub signer: PersonId,
    /// For whom.
    pub for_person: PersonId,
    /// What they answer.
    pub answer: Answer,
    /// How.
    pub method: Method,
    /// The full name, as the signer writes it.
    pub name: &'a str,
    /// The role, as it is printed beside it.
    pub role: &'a str,
    /// Who helped, or was a witness.
    pub helper: Option<PersonId>,
    /// The day of the signature.
    pub on: Date,
    /// Today.
    pub today: Date,
}

// === impl Answer ===

impl Answer {
    const ALL: [Self; 3] = [Self::Signed, Self::Declined, Self::Withdrawn];

    /// Its word.
    pub const fn code(self) -> Code {
        match self {
            Self::Signed => code!("signed"),
            Self::Declined => code!("declined"),
            Self::Withdrawn => code!("withdrawn"),
        }
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Signed => "Signed",
            Self::Declined => "Said no",
            Self::Withdrawn => "Taken back",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code().as_str() == word)
    }
}

// === impl Method ===

impl Method {
    const ALL: [Self; 4] = [Self::SignedIn, Self::Paper, Self::Witnessed, Self::Mark];

    /// Its word.
    pub const fn code(self) -> Code {
        match self {
            Self::SignedIn => code!("signed_in"),
            Self::Paper => code!("paper"),
            Self::Witnessed => code!("witnessed"),
            Self::Mark => code!("mark"),
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code().as_str() == word)
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::SignedIn => "signed in here",
            Self::Paper => "on paper",
            Self::Witnessed => "said before a witness",
            Self::Mark => "a mark, with an adult’s help",
        }
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, policy, answer, method, .. } = self;
        formatter
            .debug_struct("Signature")
            .field("id", id)
            .field("policy", policy)
            .field("answer", answer)
            .field("method", method)
            .finish_non_exhaustive()
    }
}
