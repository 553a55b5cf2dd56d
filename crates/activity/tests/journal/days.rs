//! Days: where they begin, and how long they are kept.

use std::fs;

use activity::journal::{days, path_of};

use crate::support::{Place, day, event, event_at, write};

async fn check(instants: &[(&str, &str)]) {
    let place = Place::new();
    let (recorder, journal) = place.open();
    write(&recorder, (0..).zip(instants).map(|(number, (at, _))| event_at(number, at))).await;
    journal.stop().expect("stop");
    for (number, (at, expected)) in (0..).zip(instants) {
        let there = place.read(day(expected)).iter().any(|kept| kept.id == event(number).id);
        assert!(there, "{at} belongs to {expected}");
    }
}

#[tokio::test]
async fn a_day_ends_at_the_schools_midnight() {
    check(&[("2026-11-23T23:59:59.999Z", "2026-11-23"), ("2026-11-24T00:00:00Z", "2026-11-24")]).await;
    // In summer the school is an hour ahead of UTC.
    check(&[("2026-06-30T22:59:59.999Z", "2026-06-30"), ("2026-06-30T23:00:00Z", "2026-07-01")]).await;
    // The days on which the clocks change have 23 and 25 hours.
    check(&[("2026-03-29T00:00:00Z", "2026-03-29"), ("2026-03-29T22:59:59Z", "2026-03-29"), ("2026-03-29T23:00:00Z", "2026-03-30")]).await;
    check(&[("2026-10-24T23:00:00Z", "2026-10-25"), ("2026-10-25T23:59:59Z", "2026-10-25"), ("2026-10-26T00:00:00Z", "2026-10-26")]).await;
}

#[tokio::test]
async fn events_that_come_late_go_to_their_own_day() {
    check(&[
        ("2026-11-24T00:00:01Z", "2026-11-24"),
        ("2026-11-23T23:59:59Z", "2026-11-23"),
        ("2026-11-24T00:00:02Z", "2026-11-24"),
        ("2026-11-23T23:59:58Z", "2026-11-23"),
    ])
    .await;
}

#[tokio::test]
async fn thirty_days_are_kept_and_no_more() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    let instants = ["2026-10-23T12:00:00Z", "2026-10-24T12:00:00Z", "2026-11-22T12:00:00Z"];
    write(&recorder, (0..).zip(instants).map(|(number, at)| event_at(number, at))).await;
    journal.stop().expect("stop");
    let other = place.folder().join("2020-01-01.jsonl.old");
    fs::write(&other, "somebody's own").expect("file");
    let (_recorder, journal) = place.open();
    journal.stop().expect("stop");
    assert_eq!(days(&place.folder()).expect("days"), [day("2026-10-24"), day("2026-11-22")]);
    assert!(other.exists(), "what has no day's name is not ours to delete");
}

#[tokio::test]
async fn old_days_go_at_midnight_without_a_restart() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    let place = Place::new();
    let now = Arc::new(AtomicI64::new(crate::support::time("2026-11-23T23:59:00Z").as_second()));
    let clock = Arc::clone(&now);
    let (recorder, inbox) = event::Recorder::channel(16);
    let settings = activity::journal::Settings::new(jiff::tz::TimeZone::get("Europe/London").expect("zone"));
    let time = move || jiff::Timestamp::from_second(clock.load(Ordering::SeqCst)).expect("time");
    let journal = activity::journal::Journal::open(&place.folder(), settings, time, inbox).expect("journal");
    write(&recorder, [event_at(0, "2026-10-24T12:00:00Z"), event_at(1, "2026-11-23T23:59:00Z")]).await;
    let old = path_of(&place.folder(), day("2026-10-24"));
    assert!(old.exists());
    now.store(crate::support::time("2026-11-24T00:00:05Z").as_second(), Ordering::SeqCst);
    // It looks before it takes a batch: once the second of these is written, it has looked after the first.
    write(&recorder, [event_at(2, "2026-11-24T00:00:05Z")]).await;
    write(&recorder, [event_at(3, "2026-11-24T00:00:06Z")]).await;
    assert!(!old.exists());
    journal.stop().expect("stop");
}
