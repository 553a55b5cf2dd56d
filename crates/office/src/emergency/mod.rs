//! It cannot wait: somebody sees for an hour what is otherwise not theirs, with a reason, and two others are told of it.
//!
//! Who may, and what they see then, stands in the policies (`in-an-emergency`); no never-rule gives way. Everything that is looked at in that hour
//! is recorded as for an emergency. Whoever is told says that they have seen it, and until then it stands on their first page. What is told in the
//! same way: that somebody was given a role which sees safeguarding data.

pub mod pages;
mod store;
mod view;

use calendar::Instant;
use ids::{PersonId, RecordId};
use jiff::SignedDuration;
use ledger::keys::SealedText;

use crate::people::Role;

pub use view::banner;

pub use store::{Announced, all, announced, declare, end, open_for, told, told_of};

/// How long an emergency opens what it opens.
pub const HOW_LONG: SignedDuration = SignedDuration::from_mins(60);
/// How many others must have said that they have seen it.
pub const WITNESSES: usize = 2;

/// Somebody has said that it cannot wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Which.
    pub id: RecordId,
    /// Who.
    pub person: PersonId,
    /// In which role; it opens nothing in another.
    pub role: Role,
    /// Why, sealed.
    pub reason: SealedText,
    /// When it began.
    pub began: Instant,
    /// Until when it opens anything.
    pub until: Instant,
    /// When they said that it is over, if they did.
    pub ended: Option<Instant>,
}

// === impl Emergency ===

impl Emergency {
    /// Whether it opens anything at a moment.
    pub fn is_open(&self, now: Instant) -> bool {
        self.ended.is_none() && now < self.until
    }

    /// When it was over, or will be.
    pub fn over(&self) -> Instant {
        self.ended.map_or(self.until, |ended| ended.min(self.until))
    }
}
