//! How a deadline stands, in the words that people see.

use calendar::{Deadline, Done, Period, Rule, State};

use crate::support::{at, school};

fn deadline(period: &str, start: &str) -> Deadline {
    school().deadline(at(start), &period.parse::<Period>().expect("a period")).expect("within the calendar")
}

fn check(period: &str, start: &str, states: &[(&str, &str)]) {
    let deadline = deadline(period, start);
    for (now, expected) in states {
        assert_eq!(deadline.state(at(now), &school()).to_string(), *expected, "{period} from {start} at {now}");
    }
}

#[test]
fn hours() {
    check(
        "72 hours",
        "2026-11-24T10:00",
        &[
            ("2026-11-24T10:00", "due in 72 hours"),
            ("2026-11-26T21:59", "due in 12 hours"),
            ("2026-11-26T22:00", "due soon, in 12 hours"),
            ("2026-11-27T04:00", "due now, 6 hours left"),
            ("2026-11-27T09:30", "due now, 30 minutes left"),
            ("2026-11-27T10:00", "due now, less than a minute left"),
            ("2026-11-27T10:00:01", "overdue by less than a minute"),
            ("2026-11-27T10:45", "overdue by 45 minutes"),
            ("2026-11-28T16:30", "overdue by 30 hours"),
        ],
    );
}

#[test]
fn working_days() {
    check(
        "1 working day",
        "2026-11-27T15:00",
        &[
            ("2026-11-27T15:00", "due soon, in 1 working day"),
            ("2026-11-29T12:00", "due soon, in 1 working day"),
            ("2026-11-30T09:00", "due today"),
            ("2026-11-30T15:00", "due today"),
            ("2026-11-30T15:01", "overdue by less than a working day"),
            ("2026-12-01T09:00", "overdue by 1 working day"),
            ("2026-12-07T09:00", "overdue by 5 working days"),
        ],
    );
}

#[test]
fn school_days() {
    check(
        "10 school days, to the end of the day",
        "2026-10-20T10:00",
        &[
            ("2026-10-20T10:00", "due in 10 school days"),
            ("2026-10-28T10:00", "due in 7 school days"),
            ("2026-11-09T10:00", "due soon, in 1 school day"),
            ("2026-11-10T23:59", "due today"),
            ("2026-11-11T00:01", "overdue by 1 school day"),
            ("2026-12-20T00:01", "overdue by 28 school days"),
        ],
    );
}

#[test]
fn the_password_of_thirty_days_warns_at_twenty_five() {
    check(
        "30 days",
        "2026-11-01T00:00",
        &[
            ("2026-11-26T00:00", "due soon, in 5 days"),
            ("2026-11-25T12:00", "due in 6 days"),
            ("2026-12-01T12:00", "due today"),
            ("2026-12-03T12:00", "overdue by 2 days"),
        ],
    );
}

#[test]
fn school_time_counts_only_school_time() {
    check(
        "30 minutes of school time",
        "2026-11-24T15:05",
        &[("2026-11-24T15:06", "due in 29 minutes of school time"), ("2026-11-25T15:00", "overdue by 5 hours of school time")],
    );
}

#[test]
fn where_the_calendar_ends_lateness_is_told_in_days() {
    check(
        "2 school days",
        "2027-07-19T10:00",
        &[("2027-07-21T10:30", "overdue by less than a school day"), ("2027-08-01T10:00", "overdue by 11 days")],
    );
}

/// "A date in the past is never rolled forward silently": the report of 16 November is missed, and the ones after do not hide it.
#[test]
fn what_is_missed_stays_overdue() {
    let school = school();
    let weekly = school.deadline(at("2026-11-09T07:02"), &Rule::WeeklyReport.period()).expect("due");
    assert_eq!(weekly.due(), at("2026-11-16T07:00"));
    assert_eq!(weekly.state(at("2026-11-24T10:00"), &school).to_string(), "overdue by 8 days");
    let review = school.deadline(at("2025-09-10T10:00"), &Rule::FilteringReview.period()).expect("due");
    assert_eq!(review.state(at("2026-11-24T10:00"), &school).to_string(), "overdue by 75 days");
}

/// Twelve months from the last review that was finished, not from when it was due.
#[test]
fn a_late_review_counts_from_the_day_it_was_done() {
    let school = school();
    let year = Rule::FilteringReview.period();
    let first = school.deadline(at("2025-09-10T10:00"), &year).expect("due");
    let done = at("2026-11-24T10:00");
    assert_eq!(first.done(done, &school).to_string(), "75 days late");
    let next = school.deadline(done, &year).expect("due");
    assert_eq!(next.day().to_string(), "2027-11-24");
    assert!(matches!(next.done(at("2027-01-01T10:00"), &school), Done::InTime(_)));
}

#[test]
fn of_two_the_one_that_decides_gives_the_unit() {
    let foi = Rule::FreedomOfInformation.period();
    let deadline = school().deadline(at("2026-11-02T10:00"), &foi).expect("due");
    assert_eq!(deadline.period().to_string(), "20 school days, to the end of the day");
    assert_eq!(deadline.state(at("2026-11-03T10:00"), &school()).to_string(), "due in 19 school days");
    assert!(matches!(deadline.state(at("2026-11-30T23:00"), &school()), State::Due(_)));
    assert_eq!(deadline.day().to_string(), "2026-11-30", "midnight belongs to the day that it ends");
}
