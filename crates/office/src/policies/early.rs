//! A review before its time: an incident, a threat or something new asks for the policy to be looked at sooner (A-018, A-019, A-020, B-013).

use calendar::Date;
use ids::{PersonId, RecordId};

use super::PoliciesError;

/// What asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Something happened.
    Incident,
    /// A new danger online.
    Threat,
    /// Technology that the school has begun to use, or that pupils use.
    Technology,
    /// A law or guidance has changed.
    Guidance,
}

/// A review that was called for before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyReview {
    /// Which.
    pub id: RecordId,
    /// Of which policy, by its word.
    pub policy: String,
    /// What asks for it.
    pub cause: Cause,
    /// What happened or is new, without anybody's name.
    pub happened: String,
    /// By when the policy is looked at.
    pub due: Date,
    /// Who called for it.
    pub called_by: PersonId,
    /// When.
    pub called_on: Date,
    /// What came of it; open as long as nothing has.
    pub decision: Option<Decision>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

/// What came of an early review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether a new version came into force. If not, the policy stays as it is, for the reason given.
    pub is_changed: bool,
    /// Why; of a new version, what is new in it.
    pub why: String,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

/// The day by which a policy is looked at again: that of its approval or of what asks for it sooner, whichever comes first (B-013).
pub fn review_by(usual: Date, called_for: &[EarlyReview], policy: &str) -> Date {
    let open = called_for.iter().filter(|review| review.policy == policy && review.decision.is_none());
    open.map(|review| review.due).min().map_or(usual, |due| due.min(usual))
}

// === impl Cause ===

impl Cause {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Incident, Self::Threat, Self::Technology, Self::Guidance];

    /// Its word in records and forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Threat => "threat",
            Self::Technology => "technology",
            Self::Guidance => "guidance",
        }
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Incident => "Something happened",
            Self::Threat => "A new danger online",
            Self::Technology => "New technology",
            Self::Guidance => "Law or guidance has changed",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, PoliciesError> {
        Self::ALL.into_iter().find(|cause| cause.word() == word).ok_or(PoliciesError::Stored { what: "why a policy is reviewed early" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_of_two_days_governs() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let at = RecordId::from_bytes([1; 16]);
        let called = |policy: &str, due: &str, decision: Option<Decision>| EarlyReview {
            id: at,
            policy: policy.to_owned(),
            cause: Cause::Incident,
            happened: String::new(),
            due: day(due),
            called_by: PersonId::named("somebody"),
            called_on: day("2026-11-01"),
            decision,
            version: 0,
        };
        let usual = day("2027-01-01");
        let done = || Some(Decision { is_changed: false, why: String::new(), by: PersonId::named("somebody"), on: day("2026-11-02") });
        assert_eq!(review_by(usual, &[], "a"), usual);
        assert_eq!(review_by(usual, &[called("a", "2026-12-01", None), called("a", "2026-12-24", None)], "a"), day("2026-12-01"));
        assert_eq!(review_by(usual, &[called("a", "2026-12-01", done())], "a"), usual, "it was decided");
        assert_eq!(review_by(usual, &[called("b", "2026-12-01", None)], "a"), usual, "another policy");
        assert_eq!(review_by(usual, &[called("a", "2028-12-01", None)], "a"), usual, "never later");
    }
}
