//! Reads the calendar file that a council or a school publishes (iCalendar, RFC 5545) into proposals for a [`Plan`].
//!
//! A small strict reader of our own, since the crates for this either bring `chrono` into the graph or do not say on which line
//! something stands. Of each `VEVENT` it reads `DTSTART`, `DTEND` and `SUMMARY`. What it does not understand it lists with the line
//! and the reason; it never guesses: a summary is taken only when every word of it is known.

mod lines;
mod plan;
mod words;

use jiff::civil::{Date as Day, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::check::YEARS;
use crate::time::Date;
use lines::Parsed;

#[cfg(doc)]
use crate::school::Plan;

/// Larger files are no school's calendar.
pub const LONGEST_FILE: usize = 4 * 1024 * 1024;

/// What a file says, and what of it was not understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// In the order of the file.
    pub proposals: Vec<Proposal>,
    /// In the order of the file.
    pub left: Vec<Left>,
}

/// One event whose words are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// What its words say.
    pub kind: Kind,
    /// Its first day.
    pub from: Date,
    /// Its last day, included.
    pub to: Date,
    /// Its summary, at most 200 characters.
    pub name: String,
}

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A whole term.
    Term,
    /// The first day of a term.
    TermBegins,
    /// The last day of a term.
    TermEnds,
    /// A half-term holiday.
    HalfTerm,
    /// Holidays between terms.
    Holiday,
    /// An INSET day, also called training, in-service or non-pupil day.
    Inset,
    /// A bank holiday.
    BankHoliday,
    /// A day on which the school is closed.
    Closure,
}

/// Something that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Why.
    pub why: &'static str,
    /// What stands there, at most 200 characters.
    pub text: String,
}

/// An event as far as it was read.
#[derive(Debug)]
struct Event {
    line: usize,
    start: Option<Moment>,
    end: Option<Moment>,
    summary: String,
    why_not: Option<&'static str>,
}

/// A day or a time on it.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Day(Day),
    Time(DateTime),
}

/// Reads a file. Times in UTC are told in the school's `zone`; times of another zone are not taken.
pub fn read(file: &[u8], zone: &TimeZone) -> Reading {
    let mut reading = Reading::default();
    if file.len() > LONGEST_FILE {
        reading.leave(1, "the file is larger than 4 MiB", "");
        return reading;
    }
    let mut components: Vec<String> = Vec::new();
    let mut event: Option<Event> = None;
    let mut is_calendar = false;
    for line in lines::unfold(file) {
        let Some(parsed) = line.parse() else {
            reading.leave(line.number, "not a line of a calendar file", &line.text());
            continue;
        };
        match (parsed.name.as_str(), parsed.value) {
            ("BEGIN", component) => {
                let component = component.to_ascii_uppercase();
                match (components.len(), component.as_str()) {
                    (0, "VCALENDAR") => is_calendar = true,
                    (1, "VEVENT") if is_calendar => event = Some(Event::new(line.number)),
                    (1, "VTIMEZONE") => {}
                    (0 | 1, _) => reading.leave(line.number, "neither a calendar nor an event", &component),
                    _ => {}
                }
                components.push(component);
            }
            ("END", component) => {
                if components.last().is_none_or(|open| !open.eq_ignore_ascii_case(component)) {
                    reading.leave(line.number, "ends what has not begun", component);
                    continue;
                }
                components.pop();
                if components.len() == 1
                    && let Some(event) = event.take()
                {
                    reading.take(&event);
                }
            }
            _ if components.len() == 2 => {
                if let Some(event) = event.as_mut() {
                    event.property(&parsed, zone);
                }
            }
            _ => {}
        }
    }
    if let Some(event) = event {
        reading.leave(event.line, "the file ends in the middle of this event", &event.summary);
    }
    if !is_calendar {
        reading.leave(1, "this is no calendar file: it has no BEGIN:VCALENDAR", "");
    }
    reading
}

// === impl Reading ===

impl Reading {
    fn leave(&mut self, line: usize, why: &'static str, text: &str) {
        self.left.push(Left { line, why, text: text.chars().take(200).collect() });
    }

    fn take(&mut self, event: &Event) {
        let (line, summary) = (event.line, event.summary.trim().to_owned());
        let found = event.days().and_then(|(from, to)| {
            let days = from.until(to).map_or(i32::MAX, |span| span.get_days()).saturating_add(1);
            Ok(Proposal { line, kind: words::kind(&summary, days)?, from: Date::of(from), to: Date::of(to), name: short(&summary) })
        });
        match found {
            Ok(proposal) => self.proposals.push(proposal),
            Err(why) => self.leave(line, why, &summary),
        }
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(200).collect()
}

// === impl Event ===

impl Event {
    const fn new(line: usize) -> Self {
        Self { line, start: None, end: None, summary: String::new(), why_not: None }
    }

    fn property(&mut self, parsed: &Parsed<'_>, zone: &TimeZone) {
        let why_not = match parsed.name.as_str() {
            "DTSTART" if self.start.is_some() => Some("it begins twice"),
            "DTEND" if self.end.is_some() => Some("it ends twice"),
            "DTSTART" => Moment::parse(parsed, zone).map(|moment| self.start = Some(moment)).err(),
            "DTEND" => Moment::parse(parsed, zone).map(|moment| self.end = Some(moment)).err(),
            "SUMMARY" if self.summary.is_empty() => {
                self.summary = lines::unescape(parsed.value);
                None
            }
            "DURATION" => Some("it has a length and no end"),
            "RRULE" | "RDATE" | "EXRULE" | "RECURRENCE-ID" => Some("it repeats"),
            "STATUS" if parsed.value.eq_ignore_ascii_case("CANCELLED") => Some("it is cancelled"),
            _ => None,
        };
        self.why_not = self.why_not.or(why_not);
    }

    /// First and last day. The end of an event is the first moment after it; without one it lasts its first day (section 3.6.1).
    fn days(&self) -> Result<(Day, Day), &'static str> {
        if let Some(why) = self.why_not {
            return Err(why);
        }
        let start = self.start.ok_or("it has no beginning")?;
        let from = start.day();
        let to = match (start, self.end) {
            (_, None) => from,
            (Moment::Day(_), Some(Moment::Day(end))) => end.saturating_sub(1.day()),
            (Moment::Time(start), Some(Moment::Time(end))) if end <= start => end.date(),
            (Moment::Time(_), Some(Moment::Time(end))) => end.saturating_sub(1.microsecond()).date(),
            (_, Some(_)) => return Err("it begins with a day and ends with a time, or the other way about"),
        };
        if to < from {
            return Err("it ends before it begins");
        }
        if !YEARS.contains(&from.year()) || !YEARS.contains(&to.year()) {
            return Err("it is not in the years 1900 to 2200");
        }
        Ok((from, to))
    }
}

// === impl Moment ===

impl Moment {
    fn day(self) -> Day {
        match self {
            Self::Day(day) => day,
            Self::Time(time) => time.date(),
        }
    }

    /// `20260901`, `20260901T090000`, `20260901T080000Z`, the last in the school's zone.
    fn parse(parsed: &Parsed<'_>, zone: &TimeZone) -> Result<Self, &'static str> {
        const NO_DATE: &str = "its date cannot be read";
        let of_zone = parsed.parameter("TZID").filter(|name| Some(*name) != zone.iana_name());
        if of_zone.is_some() {
            return Err("its time is that of another zone");
        }
        let value = parsed.value;
        if let Some(day) = digits::<8>(value) {
            return date(day).map(Self::Day).ok_or(NO_DATE);
        }
        let (local, is_utc) = value.strip_suffix('Z').map_or((value, false), |local| (local, true));
        let (day, time) = local.split_once('T').ok_or(NO_DATE)?;
        let (day, time) = (digits::<8>(day).and_then(date).ok_or(NO_DATE)?, digits::<6>(time).ok_or(NO_DATE)?);
        let part = |at: usize| time.get(at..at + 2).and_then(|part| part.parse::<i8>().ok()).ok_or(NO_DATE);
        // A leap second is the last of its minute.
        let time = jiff::civil::Time::new(part(0)?, part(2)?, part(4)?.min(59), 0).map_err(|_| NO_DATE)?;
        let local = day.to_datetime(time);
        if !is_utc {
            return Ok(Self::Time(local));
        }
        let utc: Timestamp = TimeZone::UTC.to_timestamp(local).map_err(|_| NO_DATE)?;
        // Outside this the zone's time might not exist.
        let is_inside = utc.checked_add(SignedDuration::from_hours(48)).is_ok();
        if is_inside { Ok(Self::Time(zone.to_datetime(utc))) } else { Err(NO_DATE) }
    }
}

fn digits<const COUNT: usize>(text: &str) -> Option<&str> {
    (text.len() == COUNT && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn date(digits: &str) -> Option<Day> {
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
