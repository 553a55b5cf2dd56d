//! New starters: what each is given when they begin, the policy and what they or their parents sign (A-047, A-216, B-022, B-023).

use calendar::Date;
use ids::PersonId;
use jiff::ToSpan as _;

use super::Access;

/// So many days somebody counts as new.
pub(super) const NEW: i32 = 90;
/// Within so many days after the first one they have been given what is theirs.
pub(super) const WITHIN: i32 = 14;

/// Somebody who has begun lately.
#[derive(Debug, Clone)]
pub struct Starter {
    /// Who, and how what they sign stands.
    pub access: Access,
    /// The texts in force that are theirs: word of the policy, and number of its version.
    pub texts: Vec<(&'static str, i64)>,
    /// What they were given.
    pub given: Vec<Copy>,
}

/// A copy of a text that somebody was given: in the hand, in the bag of a child, by post or by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Of which policy, by its word.
    pub policy: String,
    /// Of which version.
    pub number: i64,
    /// To whom; of a pupil, to the parents.
    pub person: PersonId,
    /// When.
    pub on: Date,
}

// === impl Starter ===

impl Starter {
    /// The texts that they have no copy of, of whatever version.
    pub fn missing(&self) -> Vec<(&'static str, i64)> {
        self.texts.iter().copied().filter(|(policy, _)| self.given.iter().all(|copy| copy.policy != *policy)).collect()
    }

    /// Whether something is missing that they should have by now.
    pub fn is_late(&self, today: Date) -> bool {
        !self.missing().is_empty() && today.civil() > self.access.person.started.civil().saturating_add(WITHIN.days())
    }
}

/// Whether whoever began on a day is new on another.
pub(super) fn is_new(started: Date, today: Date) -> bool {
    started <= today && today.civil() <= started.civil().saturating_add(NEW.days())
}
