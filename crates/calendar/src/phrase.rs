//! Periods as text and back. What is written is read again as the same period.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

use jiff::civil::{Time, Weekday};

use crate::period::{At, Block, MonthDay, NotAPeriod, OffDay, Period, WorkingIn};

const OR: &str = " or ";
const WHICHEVER: &str = ", whichever is sooner";
const MOVES_ON: &str = ", or the next working day";
const END_OF_DAY: &str = ", to the end of the day";
const CLOSING: &str = ", to the end of school hours";

const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
    (Weekday::Sunday, "Sunday"),
];

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// Those that have no number in them.
const FIXED: [(&str, Period); 6] = [
    ("the same day", Period::SameDay),
    ("the end of the school day", Period::EndOfSchoolDay),
    ("the end of term", Period::EndOf(Block::Term)),
    ("the end of the half term", Period::EndOf(Block::HalfTerm)),
    ("once a term", Period::OnceA(Block::Term)),
    ("once a half term", Period::OnceA(Block::HalfTerm)),
];

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(minutes) => clock(formatter, *minutes),
            Self::SchoolMinutes(minutes) => {
                clock(formatter, *minutes)?;
                formatter.write_str(" of school time")
            }
            Self::WorkingDays { days, of, at } => {
                let of = if *of == WorkingIn::AnyOfUk { "UK " } else { "" };
                write!(formatter, "{days} {of}working day{}{}", plural(days.get()), suffix(*at))
            }
            Self::SchoolDays { days, at } => write!(formatter, "{days} school day{}{}", plural(days.get()), suffix(*at)),
            Self::Days(days) => write!(formatter, "{days} day{}", plural(*days)),
            Self::Months { months, off_day } => {
                let moves_on = if *off_day == OffDay::MovesOn { MOVES_ON } else { "" };
                match months / 12 {
                    years @ 1.. if months % 12 == 0 => write!(formatter, "{years} year{}{moves_on}", plural(years)),
                    _ => write!(formatter, "{months} month{}{moves_on}", plural(*months)),
                }
            }
            Self::Weekly { day, time } => {
                let name = WEEKDAYS.iter().find(|(weekday, _)| weekday == day).map_or("", |(_, name)| name);
                write!(formatter, "{name} {}", time.strftime("%H:%M"))
            }
            Self::Annual(day) => {
                let month = usize::try_from(day.month() - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
                write!(formatter, "{} {month}", day.day())
            }
            Self::FirstDaysOfNext { days, block } => {
                let block = if *block == Block::Term { "term" } else { "half term" };
                match days.get() {
                    1 => write!(formatter, "the first school day of the next {block}"),
                    days => write!(formatter, "the first {days} school days of the next {block}"),
                }
            }
            Self::Sooner(both) => write!(formatter, "{}{OR}{}{WHICHEVER}", both.0, both.1),
            Self::SameDay | Self::EndOfSchoolDay | Self::EndOf(_) | Self::OnceA(_) => {
                formatter.write_str(FIXED.iter().find(|(_, period)| period == self).map_or("", |(text, _)| text))
            }
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let Some(both) = text.strip_suffix(WHICHEVER) else { return single(text).ok_or(NotAPeriod) };
        // The text that joins them may stand within one of them ("or the next working day"): the place is where both sides are periods.
        let parts = both.match_indices(OR).find_map(|(at, _)| Some((single(both.get(..at)?)?, single(both.get(at + OR.len()..)?)?)));
        parts.map(|both| Self::Sooner(Box::new(both))).ok_or(NotAPeriod)
    }
}

fn clock(formatter: &mut fmt::Formatter<'_>, minutes: u32) -> fmt::Result {
    match minutes / 60 {
        1 if minutes == 60 => formatter.write_str("1 hour"),
        hours @ 2.. if minutes.is_multiple_of(60) => write!(formatter, "{hours} hours"),
        _ => write!(formatter, "{minutes} minute{}", if minutes == 1 { "" } else { "s" }),
    }
}

const fn plural(count: u16) -> &'static str {
    if count == 1 { "" } else { "s" }
}

const fn suffix(at: At) -> &'static str {
    match at {
        At::SameTime => "",
        At::EndOfDay => END_OF_DAY,
        At::Closing => CLOSING,
    }
}

fn single(text: &str) -> Option<Period> {
    let fixed = FIXED.iter().find(|(name, _)| *name == text).map(|(_, period)| period.clone());
    fixed.or_else(|| first_days(text)).or_else(|| dated(text)).or_else(|| counted(text))
}

fn first_days(text: &str) -> Option<Period> {
    let (days, block) = text.strip_prefix("the first ")?.split_once(" of the next ")?;
    let block = match block {
        "term" => Block::Term,
        "half term" => Block::HalfTerm,
        _ => return None,
    };
    let days = if days == "school day" { NonZeroU16::MIN } else { days.strip_suffix(" school days")?.parse().ok()? };
    Some(Period::FirstDaysOfNext { days, block })
}

/// "Monday 07:00", "30 June".
fn dated(text: &str) -> Option<Period> {
    let (first, second) = text.split_once(' ')?;
    if let Some((day, _)) = WEEKDAYS.iter().find(|(_, name)| *name == first) {
        let (hour, minute) = second.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
        let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
        return Some(Period::Weekly { day: *day, time });
    }
    let month = MONTHS.iter().position(|month| *month == second)?;
    MonthDay::new(i8::try_from(month + 1).ok()?, first.parse().ok()?).ok().map(Period::Annual)
}

/// A month by its full name, in small letters: 1 to 12.
pub(crate) fn month(name: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|month| month.to_lowercase() == name)?;
    i8::try_from(at + 1).ok()
}

/// A number, a unit and perhaps what is said of the last day.
fn counted(text: &str) -> Option<Period> {
    let (number, rest) = text.split_once(' ')?;
    let (unit, says) = rest.find(',').map_or((rest, ""), |at| rest.split_at(at));
    let at = [At::SameTime, At::EndOfDay, At::Closing].into_iter().find(|at| suffix(*at) == says);
    let off_day = [("", OffDay::Counts), (MOVES_ON, OffDay::MovesOn)].into_iter().find(|(text, _)| *text == says).map(|(_, off)| off);
    let minutes = |each: u32| number.parse::<u32>().ok()?.checked_mul(each).filter(|_| says.is_empty());
    let months = |each: u16| {
        let months = number.parse::<u16>().ok()?.checked_mul(each)?;
        Some(Period::Months { months, off_day: off_day? })
    };
    let working = |of| Some(Period::WorkingDays { days: number.parse().ok()?, of, at: at? });
    Some(match unit {
        "minute" | "minutes" => Period::Minutes(minutes(1)?),
        "hour" | "hours" => Period::Minutes(minutes(60)?),
        "minute of school time" | "minutes of school time" => Period::SchoolMinutes(minutes(1)?),
        "hour of school time" | "hours of school time" => Period::SchoolMinutes(minutes(60)?),
        "working day" | "working days" => working(WorkingIn::Nation)?,
        "UK working day" | "UK working days" => working(WorkingIn::AnyOfUk)?,
        "school day" | "school days" => Period::SchoolDays { days: number.parse().ok()?, at: at? },
        "day" | "days" if says.is_empty() => Period::Days(number.parse().ok()?),
        "month" | "months" => months(1)?,
        "year" | "years" => months(12)?,
        _ => return None,
    })
}
