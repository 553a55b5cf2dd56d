//! A primary school in England in 2026/27, made up; its dates are such as councils publish.

use calendar::{Date, Instant, Nation, Plan, SchoolCalendar, Term};
use jiff::civil::DateTime;

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|_| panic!("{text} is a day"))
}

/// A moment by the clock on the wall in London.
pub(crate) fn at(text: &str) -> Instant {
    let wall: DateTime = text.parse().unwrap_or_else(|_| panic!("{text} is a time"));
    let zone = jiff::tz::TimeZone::get("Europe/London").expect("zone");
    zone.to_ambiguous_timestamp(wall).unambiguous().expect("a time that comes once").into()
}

pub(crate) fn term(name: &str, from: &str, to: &str, half_term: Option<(&str, &str)>) -> Term {
    let half_term = half_term.map(|(from, to)| (date(from), date(to)));
    Term { name: name.to_owned(), from: date(from), to: date(to), half_term }
}

pub(crate) fn plan() -> Plan {
    Plan {
        known_from: Some(date("2026-08-01")),
        terms: vec![
            term("Autumn term", "2026-09-01", "2026-12-18", Some(("2026-10-26", "2026-10-30"))),
            term("Spring term", "2027-01-04", "2027-03-25", Some(("2027-02-15", "2027-02-19"))),
            term("Summer term", "2027-04-12", "2027-07-21", Some(("2027-05-31", "2027-06-04"))),
        ],
        inset: vec![date("2026-09-01"), date("2027-01-04")],
        ..Plan::new(Nation::England)
    }
}

pub(crate) fn school() -> SchoolCalendar {
    SchoolCalendar::new(plan()).expect("a plan without mistakes")
}
