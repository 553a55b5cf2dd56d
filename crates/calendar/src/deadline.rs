//! A deadline and how it stands at a moment: time enough, soon, due, overdue. What people see is counted in the unit of the rule.

use std::fmt;

use jiff::civil::Date as Day;

use crate::due::NotKnown;
use crate::period::{Period, WorkingIn};
use crate::school::SchoolCalendar;
use crate::time::{Date, Instant};
use crate::zone;

/// When something is due, from when and by which rule. Its moment is fixed when it is made and passes by itself: it is never moved on.
/// What recurs is made anew from the day it was really done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    start: Instant,
    due: Instant,
    day: Date,
    /// The one that decided, never [`Period::Sooner`].
    period: Period,
}

/// How a deadline stands, in the order in which time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is time.
    Early(Amount),
    /// In the last sixth of the time, or on the last day that counts before the day it is due.
    DueSoon(Amount),
    /// On the day itself; in the last twelfth of what is counted in minutes.
    Due(Amount),
    /// Past, by so much.
    Overdue(Amount),
}

/// How something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// In time, with so much left.
    InTime(Amount),
    /// Late by so much.
    Late(Amount),
}

/// So much time, rounded down to whole units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// How many; 0 is less than one.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// What a deadline is counted in. Weeks, months and terms are counted in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Minutes by the clock.
    Minutes,
    /// Minutes while the school is open.
    SchoolMinutes,
    /// Days of the calendar.
    Days,
    /// Working days of the nation.
    WorkingDays,
    /// Working days of the whole United Kingdom.
    UkWorkingDays,
    /// Days on which there is school.
    SchoolDays,
}

// === impl SchoolCalendar ===

impl SchoolCalendar {
    /// The deadline of what began at `start` and may take `period`. For what recurs, `start` is when it was last done.
    ///
    /// # Errors
    /// As [`SchoolCalendar::due`].
    pub fn deadline(&self, start: Instant, period: &Period) -> Result<Deadline, NotKnown> {
        let due = self.due(start, period)?;
        let period = match period {
            Period::Sooner(both) if self.due(start, &both.0)? == due => both.0.clone(),
            Period::Sooner(both) => both.1.clone(),
            single => single.clone(),
        };
        Ok(Deadline { start, due, day: Date::of(zone::day_of(&self.plan().zone, due)), period })
    }

    /// Whole units between two moments, or days of the calendar where this calendar does not reach them.
    fn amount(&self, unit: Unit, from: Instant, to: Instant, days: (Day, Day)) -> Amount {
        let counted = match unit {
            Unit::Minutes => Some(to.since(from).as_mins()),
            Unit::SchoolMinutes => self.school_minutes_between(from, to),
            Unit::SchoolDays => self.school_days_between(days),
            Unit::WorkingDays => Some(self.working_days_between(days, WorkingIn::Nation)),
            Unit::UkWorkingDays => Some(self.working_days_between(days, WorkingIn::AnyOfUk)),
            Unit::Days => None,
        };
        let unit = if counted.is_some() { unit } else { Unit::Days };
        let count = counted.unwrap_or_else(|| days_between(days.0, days.1));
        Amount { count: u32::try_from(count.max(0)).unwrap_or(u32::MAX), unit }
    }

    /// School days after the first day, up to the second.
    fn school_days_between(&self, (first, last): (Day, Day)) -> Option<i64> {
        let upto = |day: Day| self.school_days().partition_point(|school_day| *school_day <= day);
        let is_known = self.reaches(first) && self.reaches(last);
        is_known.then(|| i64::try_from(upto(last).saturating_sub(upto(first))).unwrap_or(i64::MAX))
    }

    fn working_days_between(&self, (first, last): (Day, Day), of: WorkingIn) -> i64 {
        let days = std::iter::successors(first.tomorrow().ok(), |day| day.tomorrow().ok()).take_while(|day| *day <= last);
        i64::try_from(days.filter(|day| self.is_working(*day, of)).count()).unwrap_or(i64::MAX)
    }

    /// The last day before `day` that counts in `unit`.
    fn counted_before(&self, unit: Unit, day: Day) -> Option<Day> {
        let mut before = std::iter::successors(day.yesterday().ok(), |day| day.yesterday().ok());
        match unit {
            Unit::SchoolDays => {
                let at = self.school_days().partition_point(|school_day| *school_day < day);
                self.school_days().get(at.checked_sub(1)?).copied()
            }
            Unit::WorkingDays => before.find(|day| self.is_working(*day, WorkingIn::Nation)),
            Unit::UkWorkingDays => before.find(|day| self.is_working(*day, WorkingIn::AnyOfUk)),
            Unit::Minutes | Unit::SchoolMinutes | Unit::Days => before.next(),
        }
    }
}

// === impl Deadline ===

impl Deadline {
    /// When it began.
    pub const fn start(&self) -> Instant {
        self.start
    }

    /// The last moment that is in time.
    pub const fn due(&self) -> Instant {
        self.due
    }

    /// The day it is due; for midnight, the day that ends then.
    pub const fn day(&self) -> Date {
        self.day
    }

    /// The rule that decided: of two, the sooner.
    pub const fn period(&self) -> &Period {
        &self.period
    }

    /// What it is counted in.
    pub const fn unit(&self) -> Unit {
        match &self.period {
            Period::Minutes(_) => Unit::Minutes,
            Period::SchoolMinutes(_) => Unit::SchoolMinutes,
            Period::WorkingDays { of: WorkingIn::Nation, .. } => Unit::WorkingDays,
            Period::WorkingDays { of: WorkingIn::AnyOfUk, .. } => Unit::UkWorkingDays,
            Period::SchoolDays { .. } | Period::FirstDaysOfNext { .. } | Period::EndOfSchoolDay => Unit::SchoolDays,
            _ => Unit::Days,
        }
    }

    /// How it stands at `now`, for what is not done yet.
    pub fn state(&self, now: Instant, calendar: &SchoolCalendar) -> State {
        let (today, unit) = (calendar.date_at(now).civil(), self.unit());
        if now > self.due {
            return State::Overdue(calendar.amount(unit, self.due, now, (self.day.civil(), today)));
        }
        let left = calendar.amount(unit, now, self.due, (today, self.day.civil()));
        let day = self.day.civil();
        let (is_due, is_soon) = match unit {
            Unit::Minutes | Unit::SchoolMinutes => {
                let (time_left, whole) = (self.due.since(now), self.due.since(self.start));
                (time_left <= whole / 12, time_left <= whole / 6)
            }
            _ => {
                let days_left = days_between(today, day);
                let is_last_sixth = days_left * 6 <= days_between(calendar.date_at(self.start).civil(), day);
                let is_eve = calendar.counted_before(unit, day).is_some_and(|eve| today >= eve);
                (days_left <= 0, is_last_sixth || is_eve)
            }
        };
        match (is_due, is_soon) {
            (true, _) => State::Due(left),
            (false, true) => State::DueSoon(left),
            (false, false) => State::Early(left),
        }
    }

    /// How it was met by what was done at `at`.
    pub fn done(&self, at: Instant, calendar: &SchoolCalendar) -> Done {
        match self.state(at, calendar) {
            State::Early(left) | State::DueSoon(left) | State::Due(left) => Done::InTime(left),
            State::Overdue(by) => Done::Late(by),
        }
    }
}

fn days_between(first: Day, second: Day) -> i64 {
    first.until(second).map_or(0, |span| i64::from(span.get_days()))
}

// === impl State ===

/// "due in 5 school days", "due soon, in 1 working day", "due today", "overdue by 2 hours".
impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Early(left) => write!(formatter, "due in {left}"),
            Self::DueSoon(left) => write!(formatter, "due soon, in {left}"),
            Self::Due(left) if matches!(left.unit, Unit::Minutes | Unit::SchoolMinutes) => write!(formatter, "due now, {left} left"),
            Self::Due(_) => formatter.write_str("due today"),
            Self::Overdue(by) => write!(formatter, "overdue by {by}"),
        }
    }
}

/// "in time, with 2 school days left", "3 hours late".
impl fmt::Display for Done {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTime(left) => write!(formatter, "in time, with {left} left"),
            Self::Late(by) => write!(formatter, "{by} late"),
        }
    }
}

/// "30 hours", "less than a school day". Two hours and more are told in whole hours.
impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, one) = match self.unit {
            Unit::Minutes | Unit::SchoolMinutes if self.count >= 120 => (self.count / 60, "hour"),
            Unit::Minutes | Unit::SchoolMinutes => (self.count, "minute"),
            Unit::Days => (self.count, "day"),
            Unit::WorkingDays => (self.count, "working day"),
            Unit::UkWorkingDays => (self.count, "UK working day"),
            Unit::SchoolDays => (self.count, "school day"),
        };
        match count {
            0 => write!(formatter, "less than a {one}")?,
            1 => write!(formatter, "1 {one}")?,
            count => write!(formatter, "{count} {one}s")?,
        }
        formatter.write_str(if self.unit == Unit::SchoolMinutes { " of school time" } else { "" })
    }
}
