//! The internet is taken from somebody for a time: by the headteacher, with a reason, an end and a review (B-136).

use std::fmt;

use calendar::Date;
use ids::{PersonId, RecordId};
use ledger::keys::SealedText;

/// A suspension.
#[derive(Clone)]
pub struct Suspension {
    /// Which.
    pub id: RecordId,
    /// Of whom.
    pub person: PersonId,
    /// Why, sealed.
    pub reason: Option<SealedText>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// When it is looked at again.
    pub review: Date,
    /// Who ordered it.
    pub by: PersonId,
    /// The day on which it was lifted, where it was.
    pub ended: Option<Date>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

/// A suspension that is ordered.
#[derive(Debug, Clone, Copy)]
pub struct NewSuspension<'a> {
    /// Of whom.
    pub person: PersonId,
    /// Why.
    pub reason: &'a str,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// When it is looked at again.
    pub review: Date,
}

// === impl Suspension ===

impl Suspension {
    /// Whether it holds on a day. One that is lifted holds no longer on that very day.
    pub fn holds(&self, on: Date) -> bool {
        self.from <= on && on <= self.until && self.ended.is_none_or(|ended| on < ended)
    }
}

impl fmt::Debug for Suspension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Suspension")
            .field("id", &self.id)
            .field("from", &self.from)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}
