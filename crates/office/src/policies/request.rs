//! Somebody asks for a copy of a policy (B-214): when, in which form, by when it leaves, and when it did. Who asked is not kept.

use calendar::Date;
use ids::RecordId;

use super::PoliciesError;

/// In which form a copy is wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// On paper.
    Paper,
    /// In large print.
    Large,
    /// In another language.
    Language,
    /// By mail.
    Mail,
}

/// A copy that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRequest {
    /// Which.
    pub id: RecordId,
    /// Of which policy, by its word.
    pub policy: String,
    /// In which form.
    pub form: Wish,
    /// What else is to be known, without anybody's name: "Polish; is fetched at the office".
    pub note: String,
    /// When it was asked for.
    pub asked: Date,
    /// By when it leaves.
    pub due: Date,
    /// When it left.
    pub sent: Option<Date>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

// === impl CopyRequest ===

impl CopyRequest {
    /// Whether it should have left and has not.
    pub fn is_late(&self, today: Date) -> bool {
        self.sent.is_none() && self.due < today
    }
}

// === impl Wish ===

impl Wish {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Paper, Self::Large, Self::Language, Self::Mail];

    /// Its word in records and forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Large => "large",
            Self::Language => "language",
            Self::Mail => "mail",
        }
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Paper => "On paper",
            Self::Large => "In large print",
            Self::Language => "In another language",
            Self::Mail => "By mail",
        }
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }

    pub(super) fn stored(word: &str) -> Result<Self, PoliciesError> {
        Self::read(word).ok_or(PoliciesError::Stored { what: "in which form a copy is wished for" })
    }
}
