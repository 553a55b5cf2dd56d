//! Instants to the clock on the wall and back, so that order is kept on the days when the clock changes.
//!
//! In the hour that comes twice in autumn the wall clock runs back, and in the hour that is left out in spring a time has no instant. A
//! deadline worked out on the wall clock must not run back with it. So: the second time round, the repeated hour counts as its end; a
//! time that is left out is the moment of the change; a time that comes twice is the first.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::due::NotKnown;
use crate::time::Instant;

/// Europe/London, which is in the data that is built in.
pub(crate) fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC)
}

/// What the wall clock shows; the end of the repeated hour during its second time round.
pub(crate) fn local(zone: &TimeZone, instant: Instant) -> DateTime {
    let shown = zone.to_datetime(instant.timestamp());
    match zone.to_ambiguous_timestamp(shown).offset() {
        AmbiguousOffset::Fold { before, after } if zone.to_offset(instant.timestamp()) == after => {
            // Where the clock goes back at midnight the hour ends with its day.
            let end = changed_at(zone, instant.timestamp()).map_or(shown, |change| before.to_datetime(change));
            end.min(shown.date().to_datetime(Time::MAX))
        }
        _ => shown,
    }
}

/// The moment when the wall clock shows `wall`.
pub(crate) fn instant(zone: &TimeZone, wall: DateTime) -> Result<Instant, NotKnown> {
    let ambiguous = zone.to_ambiguous_timestamp(wall);
    let found = match ambiguous.offset() {
        AmbiguousOffset::Gap { before, .. } => {
            before.to_timestamp(wall).map(|after_change| changed_at(zone, after_change).unwrap_or(after_change))
        }
        _ => ambiguous.earlier(),
    };
    found.map(Instant::from).map_err(|_| NotKnown::TooFar)
}

/// The moment when `date` is over: midnight, shown as the end of `date` and not as the next day.
pub(crate) fn end_of(zone: &TimeZone, date: Date) -> Result<Instant, NotKnown> {
    let next = date.checked_add(1.day()).map_err(|_| NotKnown::TooFar)?;
    instant(zone, next.to_datetime(Time::midnight()))
}

/// The day that a deadline at `due` belongs to: at midnight, the day that is over.
pub(crate) fn day_of(zone: &TimeZone, due: Instant) -> Date {
    let before = due.checked_add(SignedDuration::from_micros(-1)).unwrap_or(due);
    zone.to_datetime(before.timestamp()).date()
}

/// The last change of the clock at or before `timestamp`.
fn changed_at(zone: &TimeZone, timestamp: Timestamp) -> Option<Timestamp> {
    let just_after = timestamp.checked_add(SignedDuration::from_nanos(1)).ok()?;
    zone.preceding(just_after).next().map(|change| change.timestamp())
}
