//! How a need stands on a day.

use calendar::Date;
use ids::PersonId;

use super::need::Need;
use super::signature::Answer;

/// How many days before Key Stage 2 or a school year begins a signature counts for it already: forms go out in June.
const EARLY: i64 = 92;

/// What is in force of an agreement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The versions that everybody signs anew: their numbers, and since when, in order. Signatures of the last of them and of later versions count.
    pub asked: Vec<(i64, Date)>,
}

/// The last answer of one signer for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// Who.
    pub signer: PersonId,
    /// What.
    pub answer: Answer,
    /// On which day.
    pub on: Date,
    /// The number of the version.
    pub number: i64,
}

/// How a need stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Signed.
    Signed {
        /// When.
        on: Date,
    },
    /// An earlier text was signed, or the same one too long ago, and there is time until the end of this day.
    Grace {
        /// The last day.
        last: Date,
    },
    /// That time is over.
    Lapsed {
        /// Since the beginning of this day.
        since: Date,
    },
    /// Nobody has answered.
    Missing {
        /// Since this day.
        since: Date,
    },
    /// The answer was no.
    Declined {
        /// When.
        on: Date,
    },
    /// A yes was taken back.
    Withdrawn {
        /// When.
        on: Date,
    },
    /// There is nothing to sign yet.
    NoText,
}

// === impl Standing ===

impl Standing {
    /// Whether it keeps the internet shut where the school enforces it.
    pub const fn closes(self) -> bool {
        matches!(self, Self::Lapsed { .. } | Self::Missing { .. } | Self::Declined { .. } | Self::Withdrawn { .. })
    }

    /// Whether somebody is to sign.
    pub const fn asks(self) -> bool {
        self.closes() || matches!(self, Self::Grace { .. })
    }

    /// Since when it closes.
    pub const fn since(self) -> Option<Date> {
        match self {
            Self::Lapsed { since } | Self::Missing { since } => Some(since),
            Self::Declined { on } | Self::Withdrawn { on } => Some(on),
            Self::Signed { .. } | Self::Grace { .. } | Self::NoText => None,
        }
    }
}

/// How a need stands on a day. `answers`: the last one of each signer, for this person and policy; of several adults one yes is enough.
/// `started`: the person's first day. `grace`: days, 0 for none; whoever never signed has none (B-094, B-137), but
/// for what is asked of them only since a day on which they were here already.
pub fn stand(need: &Need, facts: Option<&Facts>, answers: &[Given], started: Date, grace: i64, today: Date) -> Standing {
    let Some((facts, (sign_number, sign_from))) = facts.and_then(|facts| Some((facts, *facts.asked.last()?))) else {
        return Standing::NoText;
    };
    let until = |event: Date| {
        let since = later(event, grace);
        if today < since { Standing::Grace { last: since.yesterday() } } else { Standing::Lapsed { since } }
    };
    let signed = || answers.iter().filter(|given| given.answer == Answer::Signed);
    let is_fresh = |given: &Given| need.fresh_from.is_none_or(|from| from <= later(given.on, EARLY));
    let is_good = |given: &&Given| given.number >= sign_number && is_fresh(given);
    if let Some(good) = signed().filter(is_good).max_by_key(|given| given.on) {
        return Standing::Signed { on: good.on };
    }
    if let Some(last) = signed().max_by_key(|given| (given.number, given.on)) {
        // What made it too old first: whoever let that time pass does not get it again with the next text.
        let version = facts.asked.iter().find(|(number, _)| *number > last.number).map(|(_, from)| *from);
        let fresh = need.fresh_from.filter(|_| !is_fresh(last));
        let event = [version, fresh].into_iter().flatten().min().unwrap_or(sign_from);
        return until(event);
    }
    match answers.iter().max_by_key(|given| given.on) {
        Some(Given { answer: Answer::Withdrawn, on, .. }) => Standing::Withdrawn { on: *on },
        Some(given) => Standing::Declined { on: given.on },
        // Somebody who was here before it was asked of them, such as a pupil who has come into Year 3, has the same time.
        None => match need.asked_from.filter(|from| started < *from && sign_from <= *from) {
            Some(from) => until(from),
            None => Standing::Missing { since: started.max(sign_from) },
        },
    }
}

pub(super) fn later(day: Date, days: i64) -> Date {
    let span = jiff::Span::new().try_days(days).unwrap_or_default();
    day.civil().checked_add(span).ok().and_then(|day| Date::try_from(day).ok()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreements::Part;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn given(who: &str, answer: Answer, on: &str, number: i64) -> Given {
        Given { signer: PersonId::named(who), answer, on: day(on), number }
    }

    /// The third version is in force since 1 November, and the second was the last that everybody signs, since 1 October.
    fn on(today: &str, answers: &[Given], fresh_from: Option<&str>, grace: i64) -> Standing {
        let facts = Facts { asked: vec![(1, day("2026-01-01")), (2, day("2026-10-01"))] };
        let need = Need { policy: "x", part: Part::Adult, fresh_from: fresh_from.map(day), asked_from: None };
        stand(&need, Some(&facts), answers, day("2026-09-01"), grace, day(today))
    }

    #[test]
    fn grace_ends_at_the_end_of_its_last_day() {
        let old = [given("ada", Answer::Signed, "2026-01-10", 1)];
        assert_eq!(on("2026-10-14", &old, None, 14), Standing::Grace { last: day("2026-10-14") });
        assert_eq!(on("2026-10-15", &old, None, 14), Standing::Lapsed { since: day("2026-10-15") });
        assert_eq!(on("2026-10-01", &old, None, 0), Standing::Lapsed { since: day("2026-10-01") }, "none at all");
        assert_eq!(
            on("2026-12-01", &[given("ada", Answer::Signed, "2026-10-02", 2)], None, 14),
            Standing::Signed { on: day("2026-10-02") }
        );
    }

    #[test]
    fn none_of_no_answer_declined_and_withdrawn_is_a_yes() {
        assert_eq!(on("2026-12-01", &[], None, 14), Standing::Missing { since: day("2026-10-01") });
        let no = given("bob", Answer::Declined, "2026-11-02", 3);
        assert_eq!(on("2026-12-01", &[no], None, 14), Standing::Declined { on: day("2026-11-02") });
        let back = given("ada", Answer::Withdrawn, "2026-11-05", 3);
        assert_eq!(on("2026-12-01", &[back, no], None, 14), Standing::Withdrawn { on: day("2026-11-05") });
        let yes = given("cy", Answer::Signed, "2026-11-01", 3);
        assert_eq!(on("2026-12-01", &[back, no, yes], None, 14), Standing::Signed { on: day("2026-11-01") }, "one adult is enough");
        for standing in [on("2026-12-01", &[], None, 14), on("2026-12-01", &[no], None, 14), on("2026-12-01", &[back], None, 14)] {
            assert!(standing.closes() && standing.asks());
        }
    }

    #[test]
    fn key_stage_2_asks_anew_and_a_form_of_the_summer_before_counts() {
        let in_year_1 = given("ada", Answer::Signed, "2024-09-05", 2);
        let ask = |signed| on("2026-09-10", &[signed], Some("2026-09-01"), 14);
        assert_eq!(ask(in_year_1), Standing::Grace { last: day("2026-09-14") });
        let in_july = Given { on: day("2026-07-01"), ..in_year_1 };
        assert_eq!(ask(in_july), Standing::Signed { on: day("2026-07-01") });
    }

    #[test]
    fn the_next_text_gives_no_new_time_to_whoever_let_it_pass() {
        let facts = Facts { asked: vec![(1, day("2026-01-01")), (2, day("2026-10-01")), (3, day("2026-11-01"))] };
        let need = Need { policy: "x", part: Part::Own, fresh_from: None, asked_from: None };
        let at = |answer: Given, today| stand(&need, Some(&facts), &[answer], day("2025-09-01"), 14, day(today));
        assert_eq!(at(given("ada", Answer::Signed, "2026-01-10", 1), "2026-11-02"), Standing::Lapsed { since: day("2026-10-15") });
        assert_eq!(at(given("ada", Answer::Signed, "2026-10-10", 2), "2026-11-02"), Standing::Grace { last: day("2026-11-14") });
    }

    #[test]
    fn whoever_comes_into_the_year_has_time_and_whoever_joins_in_it_has_none() {
        let facts = Facts { asked: vec![(1, day("2026-01-01"))] };
        let need = Need { policy: "x", part: Part::Own, fresh_from: None, asked_from: Some(day("2026-09-01")) };
        let at = |started, today| stand(&need, Some(&facts), &[], day(started), 14, day(today));
        assert_eq!(at("2024-09-01", "2026-09-14"), Standing::Grace { last: day("2026-09-14") });
        assert_eq!(at("2024-09-01", "2026-09-15"), Standing::Lapsed { since: day("2026-09-15") });
        assert_eq!(at("2026-09-01", "2026-09-02"), Standing::Missing { since: day("2026-09-01") });
    }

    #[test]
    fn nothing_closes_while_there_is_nothing_to_sign() {
        let need = Need { policy: "x", part: Part::Own, fresh_from: None, asked_from: None };
        let standing = stand(&need, None, &[], day("2026-09-01"), 0, day("2026-09-02"));
        assert_eq!((standing, standing.closes(), standing.asks()), (Standing::NoText, false, false));
    }
}
