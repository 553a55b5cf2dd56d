//! Reminders to sign: for whom a letter may go at all, and when the next one is due.
//!
//! Asked are those whose own signature is awaited: staff, governors and helpers for themselves, and for a pupil the adults who answer for it. Who
//! has said no or taken a yes back has answered, and is left in peace. A pupil's own mark is asked for in class.

use calendar::Date;
use ids::PersonId;
use ledger::outbox::{MailAddress, OutboxKey};

use super::need::{Audience, Part};
use super::standing::{Standing, later};
use super::store::Access;
use crate::settings::Mode;

/// So many letters about the same go as often as the school has set. With one each school day the two weeks of the usual grace are over then.
const OFTEN: i64 = 10;
/// From then on there are at least so many school days between two: whom ten letters have not moved is to be spoken to.
const SELDOM: i64 = 5;

/// The last of so many school days after a day.
pub type SchoolDays<'a> = &'a (dyn Fn(Date, i64) -> Date + Send + Sync);

/// How letters are written.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a key")]
pub struct Letters<'a> {
    /// Under what they wait.
    pub key: &'a OutboxKey,
    /// The school's name.
    pub school: &'a str,
    /// How people reach the console, without a slash at the end.
    pub console: &'a str,
    /// When the school is open.
    pub school_days: SchoolDays<'a>,
}

/// Whom letters are for.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'a> {
    /// On a school day whoever is due, as often as the school has set.
    Due,
    /// Whoever is to sign for these, whom somebody has chosen, but once a day.
    These(&'a [PersonId]),
}

/// That letters reminded whoever is to sign for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminded {
    /// On which day the last time.
    pub last: Date,
    /// On how many days about the same.
    pub times: i64,
}

/// What came of it, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reminding {
    /// Letters that leave.
    pub letters: usize,
    /// People for whom they ask.
    pub people: usize,
    /// Those of whom somebody had a letter already on this day.
    pub told: usize,
    /// Those for whom nobody has an address that letters may go to: they need paper.
    pub paper: usize,
    /// Those for whom the answer was no, or a yes was taken back.
    pub answered: usize,
    /// Pupils of whom nothing but their own mark is missing.
    pub own: usize,
}

/// A letter that is to be written.
#[derive(Clone)]
pub(super) struct Letter {
    pub(super) to: MailAddress,
    /// For whom it asks, and whom: several children, and two who share an address.
    pub(super) asks: Vec<Asking>,
}

/// That somebody is asked to sign for a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asking {
    pub(super) of: PersonId,
    pub(super) to: PersonId,
    /// With this letter so often.
    pub(super) times: i64,
}

/// What a letter could do for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Open {
    /// Nothing is open, or nobody is asked.
    Nothing,
    /// It asks for a signature that has been awaited since this day.
    Since(Date),
    /// The answer was no.
    Answered,
    /// Only the pupil's own mark is missing.
    OwnMark,
}

/// What a letter could do for somebody. `grace`: that of the settings, in days.
pub(super) fn open(access: &Access, grace: i64) -> Open {
    if access.mode == Mode::Off {
        return Open::Nothing;
    }
    let asked = if access.audience == Audience::Pupils { Part::Adult } else { Part::Own };
    let of = |part: Part| access.needs.iter().filter(move |(need, _)| need.part == part).map(|(_, standing)| *standing);
    if let Some(since) = of(asked).filter_map(|standing| awaited(standing, grace)).min() {
        return Open::Since(since);
    }
    if of(asked).any(Standing::asks) {
        return Open::Answered;
    }
    // What is left is a pupil's own part.
    match access.needs.iter().find(|(_, standing)| standing.asks()) {
        None => Open::Nothing,
        Some((_, standing)) if awaited(*standing, grace).is_some() => Open::OwnMark,
        Some(_) => Open::Answered,
    }
}

/// Since when a signature is awaited; nothing where one is there, or an answer is.
fn awaited(standing: Standing, grace: i64) -> Option<Date> {
    match standing {
        Standing::Missing { since } => Some(since),
        Standing::Lapsed { since } => Some(later(since, -grace)),
        Standing::Grace { last } => Some(later(last, 1 - grace)),
        Standing::Signed { .. } | Standing::Declined { .. } | Standing::Withdrawn { .. } | Standing::NoText => None,
    }
}

/// Whether the next letter is due. `every`: so many school days.
pub(super) fn is_due(before: Option<Reminded>, every: i64, today: Date, school_days: SchoolDays<'_>) -> bool {
    let Some(Reminded { last, times }) = before else { return true };
    let rest = if times < OFTEN { every } else { every.max(SELDOM) };
    last < today && school_days(last, rest) <= today
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    /// Monday to Friday.
    fn week(from: Date, days: i64) -> Date {
        let (mut day, mut left) = (from.civil(), days);
        while left > 0 {
            day = day.tomorrow().expect("in range");
            left -= i64::from(day.weekday().to_monday_zero_offset() < 5);
        }
        day.try_into().expect("a day")
    }

    #[test]
    fn letters_come_each_school_day_and_after_ten_once_a_week() {
        let due = |last: &str, times, every, today: &str| is_due(Some(Reminded { last: day(last), times }), every, day(today), &week);
        assert!(is_due(None, 1, day("2026-11-24"), &week), "the first one");
        for (last, times, every, today, expected) in [
            ("2026-11-24", 1, 1, "2026-11-24", false),
            ("2026-11-24", 1, 1, "2026-11-25", true),
            ("2026-11-27", 9, 1, "2026-11-30", true),
            ("2026-11-24", 9, 3, "2026-11-26", false),
            ("2026-11-24", 9, 3, "2026-11-27", true),
            ("2026-11-24", 10, 1, "2026-11-30", false),
            ("2026-11-24", 10, 1, "2026-12-01", true),
            ("2026-11-24", 10, 10, "2026-12-01", false),
        ] {
            assert_eq!(due(last, times, every, today), expected, "{times} times, last on {last}, every {every}, on {today}");
        }
    }

    #[test]
    fn a_signature_is_awaited_from_the_day_it_was_asked_for_whatever_came_of_the_grace() {
        let (grace, asked) = (14, day("2026-11-10"));
        assert_eq!(awaited(Standing::Grace { last: day("2026-11-23") }, grace), Some(asked));
        assert_eq!(awaited(Standing::Lapsed { since: day("2026-11-24") }, grace), Some(asked));
        assert_eq!(awaited(Standing::Missing { since: asked }, grace), Some(asked));
        for answered in
            [Standing::Signed { on: asked }, Standing::Declined { on: asked }, Standing::Withdrawn { on: asked }, Standing::NoText]
        {
            assert_eq!(awaited(answered, grace), None, "{answered:?}");
        }
    }
}
