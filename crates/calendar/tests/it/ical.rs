//! Calendar files: what is proposed, and what is left with its line.

use calendar::ical::{self, Reading};
use calendar::{Nation, SchoolCalendar};
use jiff::tz::TimeZone;

use crate::support::date;

fn zone() -> TimeZone {
    TimeZone::get("Europe/London").expect("zone")
}

fn read(file: &str) -> Reading {
    ical::read(file.as_bytes(), &zone())
}

fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

/// One event that is proposed as `kind from to`.
fn proposes(lines: &str, expected: &str) {
    let reading = read(&event(lines));
    let found: Vec<_> = reading.proposals.iter().map(|found| format!("{:?} {} {}", found.kind, found.from, found.to)).collect();
    assert_eq!(found, [expected], "{lines}: {:?}", reading.left);
    assert_eq!(reading.left, []);
}

/// One event that is left, from its first line on.
fn leaves(lines: &str, why: &str) {
    let reading = read(&event(lines));
    let found: Vec<_> = reading.left.iter().map(|left| (left.line, left.why)).collect();
    assert_eq!(found, [(3, why)], "{lines}: {:?}", reading.proposals);
}

fn on_day(summary: &str) -> String {
    format!("DTSTART;VALUE=DATE:20261102\r\nSUMMARY:{summary}")
}

fn for_week(summary: &str) -> String {
    format!("DTSTART;VALUE=DATE:20261026\r\nDTEND;VALUE=DATE:20261031\r\nSUMMARY:{summary}")
}

#[test]
fn words_that_are_known() {
    for (summary, kind) in [
        ("INSET Day 1", "Inset"),
        ("Inset day - school closed to pupils", "Inset"),
        ("Staff training day", "Inset"),
        ("In-service day", "Inset"),
        ("Non-pupil day", "Inset"),
        ("School development day", "Inset"),
        ("Autumn term begins", "TermBegins"),
        ("First day of term", "TermBegins"),
        ("Term 2 starts", "TermBegins"),
        ("Last day of the Spring Term", "TermEnds"),
        ("End of term", "TermEnds"),
        ("Good Friday", "BankHoliday"),
        ("New Year\u{2019}s Day 2027", "BankHoliday"),
        ("Early May bank holiday", "BankHoliday"),
        ("School closed", "Closure"),
        ("Half-term", "HalfTerm"),
    ] {
        proposes(&on_day(summary), &format!("{kind} 2026-11-02 2026-11-02"));
    }
    for (summary, kind) in [
        ("Half Term", "HalfTerm"),
        ("October half-term holiday", "HalfTerm"),
        ("Autumn Half Term - school closed", "HalfTerm"),
        ("Easter holidays", "Holiday"),
        ("Spring term 2026/27", "Term"),
        ("Christmas break", "Holiday"),
    ] {
        proposes(&for_week(summary), &format!("{kind} 2026-10-26 2026-10-30"));
    }
}

#[test]
fn words_that_are_not_known_are_left() {
    for summary in [
        "End of term reports to office",
        "INSET lunch orders",
        "Parents evening",
        "Year 6 half term project due",
        "Term of office of a governor",
    ] {
        leaves(&on_day(summary), "not all of its words are known");
    }
    leaves(&on_day("Autumn term"), "a term of one day: does it begin or end then?");
    leaves(&on_day("Half term begins"), "its words do not say what kind of day it is");
    leaves(&on_day("Summer holidays start"), "its words do not say what kind of day it is");
    leaves(&on_day("Term starts and ends"), "its words do not say what kind of day it is");
    leaves(&on_day("School"), "its words do not say what kind of day it is");
    leaves(&for_week("End of term"), "it should be one day and lasts longer");
    leaves("DTSTART:20261102\r\nDTEND:20261201\r\nSUMMARY:Half term", "a half-term holiday of more than 16 days");
    leaves("DTSTART:20261102", "it has no summary");
}

#[test]
fn dates_and_times() {
    proposes("DTSTART:20261102\nSUMMARY:INSET", "Inset 2026-11-02 2026-11-02");
    proposes("dtstart;value=date:20261102\nDTEND;VALUE=DATE:20261104\nSummary;LANGUAGE=en-GB:INSET days", "Inset 2026-11-02 2026-11-03");
    proposes(
        "DTSTART;TZID=Europe/London:20261102T090000\nDTEND;TZID=\"Europe/London\":20261102T150000\nSUMMARY:INSET",
        "Inset 2026-11-02 2026-11-02",
    );
    proposes("DTSTART:20261102T000000\nDTEND:20261103T000000\nSUMMARY:INSET", "Inset 2026-11-02 2026-11-02");
    // Outlook writes a day of British summer time as eleven at night in UTC.
    proposes("DTSTART:20270606T230000Z\nDTEND:20270607T230000Z\nSUMMARY:INSET", "Inset 2027-06-07 2027-06-07");
    for (lines, why) in [
        ("DTSTART;TZID=America/New_York:20261102T090000", "its time is that of another zone"),
        ("DTSTART:20261131", "its date cannot be read"),
        ("DTSTART:2026-11-02", "its date cannot be read"),
        ("DTSTART:99991231T235959Z", "its date cannot be read"),
        ("DTSTART:18991231", "it is not in the years 1900 to 2200"),
        ("DTSTART:20261102\nDTEND:20261102", "it ends before it begins"),
        ("DTSTART:20261102\nDTEND:20261103T000000", "it begins with a day and ends with a time, or the other way about"),
        ("DTSTART:20261102\nDURATION:P1D", "it has a length and no end"),
        ("DTSTART:20261102\nRRULE:FREQ=YEARLY", "it repeats"),
        ("DTSTART:20261102\nSTATUS:CANCELLED", "it is cancelled"),
        ("DTSTART:20261102\nDTSTART:20261103", "it begins twice"),
        ("DTEND:20261102", "it has no beginning"),
    ] {
        leaves(&format!("{lines}\nSUMMARY:INSET"), why);
    }
}

#[test]
fn folded_lines_and_escapes() {
    // The fold stands within the two bytes of one letter.
    let mut file = b"\xef\xbb\xbfBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:202\r\n 61102\r\nSUMMARY:Caf\xc3\r\n \xa9\\, closed\r\nBEGIN:VALARM\r\nSUMMARY:INSET\r\nEND:VALARM\r\nEND:VEVENT\r\n".to_vec();
    file.extend_from_slice(b"END:VCALENDAR\r\n");
    let reading = ical::read(&file, &zone());
    assert_eq!(reading.proposals, []);
    let left: Vec<_> = reading.left.iter().map(|left| (left.line, left.why, left.text.as_str())).collect();
    assert_eq!(left, [(2, "not all of its words are known", "Caf\u{e9}, closed")]);
}

#[test]
fn broken_files_say_where() {
    let whys = |file: &str| read(file).left.into_iter().map(|left| (left.line, left.why)).collect::<Vec<_>>();
    assert_eq!(whys("<!doctype html>"), [(1, "not a line of a calendar file"), (1, "this is no calendar file: it has no BEGIN:VCALENDAR")]);
    assert_eq!(whys("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:INSET\n"), [(2, "the file ends in the middle of this event")]);
    assert_eq!(
        whys("BEGIN:VCALENDAR\nEND:VEVENT\nBEGIN:VJOURNAL\nEND:VJOURNAL\n"),
        [(2, "ends what has not begun"), (3, "neither a calendar nor an event")]
    );
    assert_eq!(whys("BEGIN:VCALENDAR\nno colon\nEND:VCALENDAR"), [(2, "not a line of a calendar file")]);
    let large = vec![b'\n'; ical::LONGEST_FILE + 1];
    assert_eq!(ical::read(&large, &zone()).left[0].why, "the file is larger than 4 MiB");
}

/// As councils publish a year: first and last days, holidays, INSET and bank holidays; and one thing that is the school's own.
#[test]
fn a_year_becomes_a_plan() {
    let days = [
        ("20260901", "20260902", "INSET day"),
        ("20260902", "20260903", "Autumn term starts"),
        ("20261026", "20261031", "October half term"),
        ("20261218", "20261219", "End of autumn term"),
        ("20261221", "20270102", "Christmas holidays"),
        ("20270104", "20270105", "Spring Term begins"),
        ("20270215", "20270220", "Half term"),
        ("20270325", "20270326", "Last day of Spring term"),
        ("20270326", "20270327", "Good Friday"),
        ("20270412", "20270722", "Summer term"),
        ("20270531", "20270605", "Half term"),
        ("20270531", "20270601", "Spring bank holiday"),
        ("20270603", "20270604", "Queen's jubilee bank holiday"),
        ("20270604", "20270605", "Bank holiday"),
        ("20270714", "20270715", "Sports day"),
    ];
    let events = days
        .iter()
        .map(|(from, to, name)| format!("BEGIN:VEVENT\nDTSTART;VALUE=DATE:{from}\nDTEND;VALUE=DATE:{to}\nSUMMARY:{name}\nEND:VEVENT\n"));
    let file = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", events.collect::<String>());
    let (plan, reading) = read(&file).into_plan(Nation::England, zone());
    let left: Vec<_> = reading.left.iter().map(|left| (left.text.as_str(), left.why)).collect();
    assert_eq!(
        left,
        [
            ("Queen's jubilee bank holiday", "not all of its words are known"),
            ("Bank holiday", "no bank holiday that is known here; enter it as a closure if the school is closed"),
            ("Sports day", "not all of its words are known"),
        ]
    );
    let names: Vec<_> = plan.terms.iter().map(|term| term.name.as_str()).collect();
    assert_eq!(names, ["Autumn term", "Spring Term", "Summer term"]);
    let school = SchoolCalendar::new(plan).expect("a plan without mistakes");
    for (day, expected) in [("2026-09-02", true), ("2026-10-30", false), ("2027-02-19", false), ("2027-07-21", true)] {
        assert_eq!(school.is_school_day(date(day)), Some(expected), "{day}");
    }
}

#[test]
fn terms_that_do_not_pair_are_told() {
    let of = |names: &[(&str, &str)]| {
        let events = names.iter().map(|(day, name)| format!("BEGIN:VEVENT\nDTSTART:{day}\nSUMMARY:{name}\nEND:VEVENT\n"));
        let (plan, reading) =
            read(&format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", events.collect::<String>())).into_plan(Nation::England, zone());
        (plan.terms.len(), reading.left.into_iter().map(|left| (left.line, left.why)).collect::<Vec<_>>())
    };
    assert_eq!(of(&[("20261218", "End of term")]), (0, vec![(2, "a term ends and has not begun")]));
    assert_eq!(of(&[("20260902", "Term starts")]), (0, vec![(2, "a term begins and does not end")]));
    assert_eq!(
        of(&[("20260902", "Term starts"), ("20261102", "Term starts"), ("20261218", "Term ends")]),
        (1, vec![(2, "a term begins and does not end before the next begins")])
    );
    assert_eq!(of(&[("20261026", "Half term")]), (0, vec![(2, "a half-term holiday that lies within no term")]));
}
