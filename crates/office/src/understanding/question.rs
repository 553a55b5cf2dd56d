//! A question about a text, and its answer.

use std::fmt;

use calendar::Date;
use ids::{PersonId, RecordId};

/// A question that somebody asked about a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// Which.
    pub id: RecordId,
    /// About which policy, by its word.
    pub policy: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// What.
    pub text: String,
    /// When.
    pub asked: Date,
    /// By when it is answered.
    pub due: Date,
    /// The answer: what, by whom, when.
    pub answer: Option<(String, PersonId, Date)>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

// === impl Question ===

impl Question {
    /// Whether it should have been answered and was not.
    pub fn is_late(&self, today: Date) -> bool {
        self.answer.is_none() && self.due < today
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Question").field("id", &self.id).field("policy", &self.policy).finish_non_exhaustive()
    }
}
