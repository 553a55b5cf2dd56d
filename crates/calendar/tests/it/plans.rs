//! Plans: what is taken, what is refused, and all of it at once.

use calendar::{Closure, Nation, Plan, SchoolCalendar, VagueDate};
use jiff::civil::time;

use crate::support::{at, date, plan, school, term};

fn mistakes(change: impl FnOnce(&mut Plan)) -> Vec<String> {
    let mut plan = plan();
    change(&mut plan);
    SchoolCalendar::new(plan).expect_err("a mistake").0.iter().map(ToString::to_string).collect()
}

fn check(change: impl FnOnce(&mut Plan), expected: &str) {
    assert_eq!(mistakes(change), [expected]);
}

#[test]
fn school_days_of_a_year() {
    let school = school();
    for (day, expected) in [
        ("2026-09-01", Some(false)),
        ("2026-09-02", Some(true)),
        ("2026-09-05", Some(false)),
        ("2026-10-26", Some(false)),
        ("2026-11-02", Some(true)),
        ("2027-05-03", Some(false)),
        ("2027-05-04", Some(true)),
        ("2026-08-15", Some(false)),
        ("2026-07-31", None),
        ("2027-07-22", None),
    ] {
        assert_eq!(school.is_school_day(date(day)), expected, "{day}");
    }
    assert_eq!(school.is_school_time(at("2026-11-24T08:45")), Some(true));
    assert_eq!(school.is_school_time(at("2026-11-24T15:15")), Some(false));
    assert_eq!(school.is_school_time(at("2027-06-01T10:00")), Some(false), "half-term holiday");
    assert_eq!(school.term_at(date("2027-02-16")).map(|term| term.name.as_str()), Some("Spring term"));
    assert_eq!(school.plan().zone.iana_name(), Some("Europe/London"));
}

#[test]
fn a_day_in_a_summer_night_is_the_schools_day() {
    let midnight_in_utc = "2027-06-09T23:30:00Z".parse().expect("a time");
    assert_eq!(school().date_at(midnight_in_utc), date("2027-06-10"));
}

#[test]
fn a_snow_day_is_no_school_day_but_a_working_day() {
    let mut plan = plan();
    plan.closures.push(Closure { from: date("2027-01-19"), to: date("2027-01-20"), why: "snow".to_owned() });
    let school = SchoolCalendar::new(plan).expect("a plan");
    assert_eq!(school.is_school_day(date("2027-01-20")), Some(false));
    assert!(school.is_working_day(date("2027-01-20")));
}

#[test]
fn each_mistake_says_what_it_is() {
    check(|plan| plan.hours.to = time(8, 0, 0, 0), "school hours must end after they begin, on the same day");
    check(|plan| plan.terms[0].to = date("2026-08-18"), "Autumn term ends on 2026-08-18, before it begins on 2026-09-01");
    check(|plan| plan.terms[2].name.clear(), "the term that begins on 2027-04-12 has no name");
    check(|plan| plan.terms[1].from = date("2026-12-18"), "Spring term begins before Autumn term has ended");
    check(
        |plan| plan.terms[1].half_term = Some((date("2027-03-22"), date("2027-03-26"))),
        "the half-term holiday of Spring term, 2027-03-22 to 2027-03-26, must lie within it, with school before and after",
    );
    check(
        |plan| {
            plan.terms.remove(1);
            plan.inset.pop();
        },
        "between Autumn term and Summer term are more than 15 weeks: is a term missing?",
    );
    check(|plan| plan.inset.push(date("2026-09-01")), "the INSET day 2026-09-01 is entered twice");
    check(|plan| plan.inset.push(date("2026-10-03")), "the INSET day 2026-10-03 is at a weekend and would not be one");
    check(|plan| plan.inset.push(date("2027-05-03")), "the INSET day 2027-05-03 is a bank holiday and would not be one");
    check(
        |plan| plan.inset.push(date("2025-09-01")),
        "the INSET day 2025-09-01 lies more than a week outside every term: is a year mistyped?",
    );
    check(|plan| plan.inset.push(date("1026-09-01")), "an INSET day: 1026-09-01 is not in the years 1900 to 2200");
    check(
        |plan| plan.closures.push(Closure { from: date("2027-01-05"), to: date("2027-02-14"), why: "flood".to_owned() }),
        "Spring term has no school day left: look at its INSET days and closures",
    );
    check(
        |plan| plan.known_from = Some(date("2026-09-02")),
        "the calendar is said to be known from 2026-09-02 on, after Autumn term has begun",
    );
}

#[test]
fn all_mistakes_come_at_once() {
    let found = mistakes(|plan| {
        plan.terms[0].name = " ".to_owned();
        plan.terms[1].from = date("2026-12-18");
        plan.inset.push(date("2026-10-03"));
    });
    assert_eq!(found.len(), 3, "{found:#?}");
}

#[test]
fn without_terms_working_days_are_known_and_school_days_are_not() {
    let empty = SchoolCalendar::new(Plan::new(Nation::England)).expect("a plan");
    assert!(empty.due(at("2026-11-24T10:00"), &"1 working day".parse().expect("a period")).is_ok());
    let error = empty.due(at("2026-11-24T10:00"), &"1 school day".parse().expect("a period")).expect_err("no terms");
    assert!(error.to_string().contains("no terms are entered yet"), "{error}");
}

#[test]
fn six_terms_have_halves_of_their_own() {
    let terms = vec![term("Term 1", "2026-09-02", "2026-10-16", None), term("Term 2", "2026-11-02", "2026-12-18", None)];
    let school = SchoolCalendar::new(Plan { terms, ..Plan::new(Nation::England) }).expect("a plan");
    for block in ["the end of term", "the end of the half term"] {
        let due = school.deadline(at("2026-09-10T10:00"), &block.parse().expect("a period")).expect("due");
        assert_eq!(due.day(), date("2026-10-16"), "{block}");
    }
}

#[test]
fn vague_dates_mean_their_last_day() {
    for (text, expected) in [
        ("2025-09-30", Some("2025-09-30")),
        ("September 2025", Some("2025-09-30")),
        ("february 2028", Some("2028-02-29")),
        ("Autumn 2026", Some("2026-12-18")),
        ("Spring term 2027", Some("2027-03-25")),
        ("Autumn 2024", Some("2024-12-31")),
        ("Insert date", None),
        ("Autumn", None),
        ("Autumn 24", None),
    ] {
        let found = VagueDate::parse(text).map(|date| date.last_day(&school()).expect("a day"));
        assert_eq!(found, expected.map(date), "{text}");
    }
}
