//! Instants and days to text and numbers and back; clocks.

use calendar::{Clock, Date, Instant, SettableClock};
use jiff::{SignedDuration, Timestamp};

use crate::support::{at, date};

#[test]
fn days_are_written_and_read_in_one_way() {
    assert_eq!(date("2026-11-24").to_string(), "2026-11-24");
    assert_eq!(date("0000-02-29").to_string(), "0000-02-29");
    for wrong in [
        "2026-11-31",
        "2026-2-3",
        "20261124",
        "2026-11-24T10:00",
        " 2026-11-24",
        "2026-11-2x",
        "2026/11/24",
        "",
        "+026-11-24",
        "-026-11-24",
    ] {
        assert!(wrong.parse::<Date>().is_err(), "{wrong}");
    }
    assert!(Date::new(-1, 1, 1).is_err());
}

#[test]
fn instants_are_microseconds_rounded_down() {
    for (nanos, micros) in [(0, 0), (999, 0), (1000, 1), (-1, -1), (-1000, -1), (-1001, -2)] {
        let instant: Instant = Timestamp::from_nanosecond(nanos).expect("a time").into();
        assert_eq!(instant.micros(), micros, "{nanos}");
    }
    assert_eq!(Instant::from(Timestamp::MIN).timestamp(), Timestamp::MIN);
    assert!(Instant::from(Timestamp::MAX).timestamp() <= Timestamp::MAX);
    assert!(Instant::from_micros(i64::MAX).is_err());
    assert_eq!(at("2026-11-24T10:00").to_string(), "2026-11-24T10:00:00Z");
}

#[test]
fn a_set_clock_stands_until_it_is_moved() {
    let settable = SettableClock::at(at("2026-11-24T10:00"));
    let clock: Clock = settable.clock();
    assert_eq!(clock.now(), at("2026-11-24T10:00"));
    settable.advance(SignedDuration::from_hours(2)).expect("in range");
    assert_eq!(clock.now(), at("2026-11-24T12:00"));
    assert!(settable.advance(SignedDuration::MAX).is_err());
    assert_eq!(clock.now(), at("2026-11-24T12:00"), "as it was");
}
