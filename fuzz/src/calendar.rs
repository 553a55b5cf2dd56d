//! Any bytes as a calendar file: reading ends, what is proposed is a span of days, and the plan is taken or refused with reasons.

use calendar::ical;
use calendar::{Nation, SchoolCalendar};
use jiff::tz::TimeZone;

/// A whole file.
pub fn ical(bytes: &[u8]) {
    let Ok(zone) = TimeZone::get("Europe/London") else { return };
    let reading = ical::read(bytes, &zone);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    for proposal in &reading.proposals {
        assert!(proposal.from <= proposal.to, "{proposal:?}");
        assert!((1..=lines).contains(&proposal.line), "{proposal:?}");
        assert!(!proposal.name.is_empty() && proposal.name.chars().count() <= 200, "{proposal:?}");
    }
    // At most one for each line, and two that are about the whole file.
    assert!(reading.left.len() <= lines + 2, "{} of {lines} lines", reading.left.len());
    assert!(reading.left.iter().all(|left| (1..=lines).contains(&left.line) && !left.why.is_empty()));
    let (plan, _) = reading.into_plan(Nation::Scotland, zone);
    if let Err(mistakes) = SchoolCalendar::new(plan) {
        assert!(!mistakes.0.is_empty());
    }
}
