//! When periods end, by the clock on the wall in London. Each row is a moment, what may take how long, and the last moment.

use calendar::{Date, NotKnown, Period};

use crate::support::{at, date, school};

/// `expected` as the wall clock shows it; 24:00 is the midnight that ends that day.
fn check(period: &str, start: &str, expected: &str) {
    let period: Period = period.parse().unwrap_or_else(|_| panic!("{period:?} is a period"));
    let due = school().due(at(start), &period).unwrap_or_else(|error| panic!("{period} from {start}: {error}"));
    let expected = match expected.strip_suffix("T24:00") {
        Some(day) => at(&format!("{}T00:00", date(day).civil().tomorrow().expect("a day"))),
        None => at(expected),
    };
    assert_eq!(due, expected, "{period} from {start}");
}

#[test]
fn hours_go_through_nights_weekends_and_changes_of_the_clock() {
    check("72 hours", "2026-11-27T16:40", "2026-11-30T16:40");
    check("72 hours", "2026-12-24T23:59", "2026-12-27T23:59");
    // Clocks go back on 25 October 2026 and forward on 28 March 2027.
    check("72 hours", "2026-10-23T12:00", "2026-10-26T11:00");
    check("72 hours", "2027-03-26T12:00", "2027-03-29T13:00");
    check("15 minutes", "2027-03-28T00:50", "2027-03-28T02:05");
}

#[test]
fn a_working_day_goes_to_the_same_time_of_the_next() {
    check("1 working day", "2026-11-24T10:00", "2026-11-25T10:00");
    check("1 working day", "2026-11-27T16:30", "2026-11-30T16:30");
    check("1 working day", "2026-11-27T23:59", "2026-11-30T23:59");
    // In a school holiday work goes on.
    check("1 working day", "2026-10-27T10:00", "2026-10-28T10:00");
    // Over Christmas 2026: Friday and Monday are bank holidays.
    check("1 working day", "2026-12-24T15:00", "2026-12-29T15:00");
    // What comes on a weekend has the whole of the next working day.
    check("1 working day", "2026-11-28T09:00", "2026-11-30T24:00");
    check("1 working day", "2026-12-25T12:00", "2026-12-29T24:00");
    // Midnight belongs to the day that it ends.
    check("1 working day", "2026-11-27T00:00", "2026-11-27T24:00");
    check("1 working day", "2026-11-30T00:00", "2026-11-30T24:00");
    check("5 working days, to the end of the day", "2026-11-24T23:59", "2026-12-01T24:00");
    check("1 working day, to the end of school hours", "2026-11-27T10:00", "2026-11-30T15:15");
}

#[test]
fn school_days_leave_out_holidays_inset_and_weekends() {
    check("5 school days, to the end of the day", "2026-10-22T11:00", "2026-11-05T24:00");
    check("1 school day, to the end of the day", "2026-12-18T17:00", "2027-01-05T24:00");
    check("10 school days, to the end of the day", "2027-07-01T12:00", "2027-07-15T24:00");
    // May Day 2027 is 3 May.
    check("2 school days", "2027-04-30T09:15", "2027-05-05T09:15");
    check("1 school day", "2026-08-20T12:00", "2026-09-02T24:00");
}

#[test]
fn the_same_day_and_the_end_of_the_school_day() {
    check("the same day", "2026-11-24T00:00", "2026-11-24T24:00");
    check("the same day", "2026-11-24T23:59", "2026-11-24T24:00");
    check("the end of the school day", "2026-11-24T09:00", "2026-11-24T15:15");
    check("the end of the school day", "2026-11-24T15:15", "2026-11-25T15:15");
    check("the end of the school day", "2026-11-27T18:00", "2026-11-30T15:15");
    check("the end of the school day", "2026-12-18T15:14", "2026-12-18T15:15");
    check("the end of the school day", "2026-12-18T15:16", "2027-01-05T15:15");
}

#[test]
fn school_time_stands_still_when_the_school_is_closed() {
    check("30 minutes of school time", "2026-11-24T10:00", "2026-11-24T10:30");
    check("30 minutes of school time", "2026-11-24T15:00", "2026-11-25T09:00");
    check("30 minutes of school time", "2026-11-27T20:00", "2026-11-30T09:15");
    check("30 minutes of school time", "2026-11-24T06:00", "2026-11-24T09:15");
    check("13 hours of school time", "2026-11-24T08:45", "2026-11-25T15:15");
}

#[test]
fn days_and_months_of_the_calendar() {
    check("30 days", "2026-11-24T10:00", "2026-12-24T24:00");
    check("0 days", "2026-11-24T10:00", "2026-11-24T24:00");
    check("14 days", "2026-12-20T10:00", "2027-01-03T24:00");
    check("730 days", "2026-11-24T10:00", "2028-11-23T24:00");
    check("1 month", "2027-01-31T10:00", "2027-02-28T24:00");
    check("1 month", "2028-01-31T10:00", "2028-02-29T24:00");
    check("1 year", "2028-02-29T10:00", "2029-02-28T24:00");
    check("1 year", "2026-11-24T10:00", "2027-11-24T24:00");
    // The ICO's example: from 3 September to 3 October; here that is a Saturday, so the Monday.
    check("1 month, or the next working day", "2026-09-03T10:00", "2026-10-05T24:00");
    check("1 month, or the next working day", "2026-11-25T10:00", "2026-12-29T24:00");
    check("30 June", "2026-09-02T10:00", "2027-06-30T24:00");
    check("30 June", "2027-06-30T10:00", "2027-06-30T24:00");
    check("30 June", "2027-07-01T10:00", "2028-06-30T24:00");
    check("29 February", "2026-11-24T10:00", "2027-02-28T24:00");
}

#[test]
fn each_week_also_in_holidays() {
    check("Monday 07:00", "2026-11-23T07:00", "2026-11-30T07:00");
    check("Monday 07:00", "2026-11-23T06:59", "2026-11-23T07:00");
    check("Monday 07:00", "2026-12-21T09:00", "2026-12-28T07:00");
    // A time that the change of the clock leaves out is the moment of the change.
    check("Sunday 01:30", "2027-03-27T12:00", "2027-03-28T02:00");
}

#[test]
fn terms_and_half_terms() {
    check("the end of term", "2026-09-10T10:00", "2026-12-18T24:00");
    check("the end of term", "2026-12-21T10:00", "2027-03-25T24:00");
    check("the end of the half term", "2026-09-10T10:00", "2026-10-23T24:00");
    check("the end of the half term", "2026-10-26T10:00", "2026-12-18T24:00");
    check("once a term", "2026-09-10T10:00", "2027-03-25T24:00");
    check("once a term", "2026-12-18T10:00", "2027-03-25T24:00");
    check("once a term", "2026-12-22T10:00", "2027-03-25T24:00");
    check("once a half term", "2026-09-10T10:00", "2026-12-18T24:00");
    check("once a half term", "2026-11-02T10:00", "2027-02-12T24:00");
    check("the first 5 school days of the next term", "2026-12-18T10:00", "2027-01-11T24:00");
    check("the first 5 school days of the next half term", "2026-10-20T10:00", "2026-11-06T24:00");
    check("the first school day of the next term", "2026-09-10T10:00", "2027-01-05T24:00");
    check("once a term or 119 days, whichever is sooner", "2026-09-10T10:00", "2027-01-07T24:00");
}

/// 20 school days end first where the calendar is known; 15 working days over Christmas end
/// before them, though 4 January is off in Scotland.
#[test]
fn freedom_of_information_takes_the_sooner() {
    let rule = calendar::Rule::FreedomOfInformation.period().to_string();
    check(&rule, "2026-11-02T10:00", "2026-11-30T24:00");
    check(&rule, "2026-12-01T10:00", "2027-01-13T24:00");
    check(
        "20 school days, to the end of the day or 15 UK working days, to the end of the day, whichever is sooner",
        "2026-12-10T10:00",
        "2027-01-06T24:00",
    );
}

#[test]
fn what_the_calendar_does_not_reach_is_not_guessed() {
    let school = school();
    let refused = |period: &str, start: &str| school.due(at(start), &period.parse().expect("a period")).expect_err(period);
    let (first, last): (Date, Date) = (date("2026-08-01"), date("2027-07-21"));
    assert_eq!(refused("5 school days", "2027-07-20T10:00"), NotKnown::After { to: last });
    assert_eq!(refused("once a term", "2027-05-20T10:00"), NotKnown::After { to: last });
    assert_eq!(refused("the end of term", "2027-07-22T10:00"), NotKnown::After { to: last });
    assert_eq!(refused("the end of the school day", "2027-07-21T15:15"), NotKnown::After { to: last });
    assert_eq!(refused("2000 hours of school time", "2026-11-24T10:00"), NotKnown::After { to: last });
    assert_eq!(refused("1 school day", "2026-07-31T10:00"), NotKnown::Before { from: first });
    assert_eq!(refused("once a term or 17 days, whichever is sooner", "2027-07-20T10:00"), NotKnown::After { to: last });
    assert_eq!(refused("1 working day", "2201-01-01T10:00"), NotKnown::TooFar);
}
