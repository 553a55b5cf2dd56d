//! When a period that begins at a moment is over. Every rule here keeps order: what begins later is never due earlier.

use jiff::civil::{Date as Day, DateTime, Time};
use jiff::{SignedDuration, ToSpan as _};

use crate::check::YEARS;
use crate::holidays::{self, Nation};
use crate::period::{At, Block, MonthDay, OffDay, Period, WorkingIn};
use crate::school::SchoolCalendar;
use crate::time::{Date, Instant};
use crate::zone;

/// Why a deadline cannot be worked out. Nothing is guessed: the school enters its dates, and then it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotKnown {
    /// No term is entered.
    #[error("working out a deadline in school days: no terms are entered yet; enter this year's term dates")]
    NoTerms,
    /// It begins before the calendar does.
    #[error("working out a deadline in school days: the calendar begins on {from}; enter the terms before it")]
    Before {
        /// The first day the calendar speaks of.
        from: Date,
    },
    /// It would end after the calendar does.
    #[error("working out a deadline in school days: the calendar ends on {to}; enter the terms after it")]
    After {
        /// Its last day.
        to: Date,
    },
    /// Outside the years 1900 to 2200, or so long that it ends after year 9999.
    #[error("working out a deadline: it begins outside the years 1900 to 2200, or ends after year 9999")]
    TooFar,
}

impl SchoolCalendar {
    /// The last moment of `period` when it begins at `start`. That moment is still in time. Midnight is the end of the day before.
    ///
    /// # Errors
    /// When the calendar does not reach as far, or the years are beyond what is counted.
    pub fn due(&self, start: Instant, period: &Period) -> Result<Instant, NotKnown> {
        let wall = self.wall(start)?;
        let day = wall.date();
        match period {
            Period::Minutes(minutes) => later(start, *minutes),
            Period::SchoolMinutes(minutes) => self.school_minutes(start, day, *minutes),
            Period::SameDay => self.end(day),
            Period::EndOfSchoolDay => self.end_of_school_day(start, day),
            Period::WorkingDays { days, of, at } => {
                let day = last_begun(wall, *at);
                let is_counted = self.is_working(day, *of);
                self.at(self.nth_working(day, days.get(), *of)?, *at, wall.time(), is_counted)
            }
            Period::SchoolDays { days, at } => {
                self.is_known(day)?;
                let day = last_begun(wall, *at);
                let is_counted = self.school_days().binary_search(&day).is_ok();
                self.at(self.nth_school(day, days.get())?, *at, wall.time(), is_counted)
            }
            Period::Days(days) => self.end(day.checked_add(i64::from(*days).days()).map_err(|_| NotKnown::TooFar)?),
            Period::Months { months, off_day } => self.months(day, *months, *off_day),
            Period::Weekly { day: weekday, time } => self.weekly(start, day, *weekday, *time),
            Period::Annual(of_year) => self.annual(day, *of_year),
            Period::EndOf(block) => self.end_of_block(day, *block),
            Period::OnceA(block) => {
                let next = self.next_block(day, *block)?;
                self.end(self.blocks(*block).get(next).ok_or_else(|| self.after())?.to)
            }
            Period::FirstDaysOfNext { days, block } => self.first_days(day, days.get(), *block),
            Period::Sooner(both) => Ok(self.due(start, &both.0)?.min(self.due(start, &both.1)?)),
        }
    }

    /// What the wall clock shows, in the years that are counted.
    pub(crate) fn wall(&self, instant: Instant) -> Result<DateTime, NotKnown> {
        let wall = zone::local(&self.plan().zone, instant);
        if YEARS.contains(&wall.date().year()) { Ok(wall) } else { Err(NotKnown::TooFar) }
    }

    pub(crate) fn is_working(&self, day: Day, of: WorkingIn) -> bool {
        let is_holiday = |nation: &Nation| holidays::bank_holiday(*nation, Date::of(day)).is_some();
        let nations = if of == WorkingIn::AnyOfUk { &Nation::ALL[..] } else { std::slice::from_ref(&self.plan().nation) };
        !holidays::is_weekend(day) && !nations.iter().any(is_holiday)
    }

    /// How many school minutes lie between two moments; `None` when the calendar does not reach them.
    pub(crate) fn school_minutes_between(&self, from: Instant, to: Instant) -> Option<i64> {
        let (first, last) = (self.wall(from).ok()?.date(), self.wall(to).ok()?.date());
        if !self.reaches(first) || !self.reaches(last) {
            return None;
        }
        let days = self.school_days();
        let within = days.get(days.partition_point(|day| *day < first)..days.partition_point(|day| *day <= last))?;
        let minutes = within.iter().map(|day| {
            let (open, close) = self.open_hours(*day).ok()?;
            Some(close.min(to).since(open.max(from)).max(SignedDuration::ZERO).as_mins())
        });
        minutes.sum()
    }

    fn end(&self, day: Day) -> Result<Instant, NotKnown> {
        zone::end_of(&self.plan().zone, day)
    }

    /// On `day`, the last of a period of days. What began on a day that does not count has all of it.
    fn at(&self, day: Day, at: At, time: Time, is_counted: bool) -> Result<Instant, NotKnown> {
        match at {
            At::SameTime if is_counted && time != Time::midnight() => zone::instant(&self.plan().zone, day.to_datetime(time)),
            At::SameTime | At::EndOfDay => self.end(day),
            At::Closing => zone::instant(&self.plan().zone, day.to_datetime(self.plan().hours.to)),
        }
    }

    fn open_hours(&self, day: Day) -> Result<(Instant, Instant), NotKnown> {
        let hours = self.plan().hours;
        let at = |time| zone::instant(&self.plan().zone, day.to_datetime(time));
        Ok((at(hours.from)?, at(hours.to)?))
    }

    fn nth_working(&self, after: Day, days: u16, of: WorkingIn) -> Result<Day, NotKnown> {
        let mut day = after;
        for _ in 0..days {
            day = self.next_working(day.tomorrow().map_err(|_| NotKnown::TooFar)?, of)?;
        }
        Ok(day)
    }

    /// `day` itself or the first working day after it.
    fn next_working(&self, mut day: Day, of: WorkingIn) -> Result<Day, NotKnown> {
        while !self.is_working(day, of) {
            day = day.tomorrow().map_err(|_| NotKnown::TooFar)?;
        }
        Ok(day)
    }

    fn nth_school(&self, after: Day, days: u16) -> Result<Day, NotKnown> {
        let first = self.school_days().partition_point(|day| *day <= after);
        self.school_days().get(first + usize::from(days) - 1).copied().ok_or_else(|| self.after())
    }

    /// Whether the calendar speaks of the days before `day`. That it ends is found where a day is looked for.
    fn is_known(&self, day: Day) -> Result<(), NotKnown> {
        let from = self.known_from().filter(|_| !self.school_days().is_empty()).ok_or(NotKnown::NoTerms)?;
        if day < from { Err(NotKnown::Before { from: Date::of(from) }) } else { Ok(()) }
    }

    fn after(&self) -> NotKnown {
        self.plan().terms.last().map_or(NotKnown::NoTerms, |term| NotKnown::After { to: term.to })
    }

    /// The school days from `day` on.
    fn days_from(&self, day: Day) -> Result<&[Day], NotKnown> {
        self.is_known(day)?;
        let days = self.school_days();
        days.get(days.partition_point(|school_day| *school_day < day)..).ok_or_else(|| self.after())
    }

    fn school_minutes(&self, start: Instant, day: Day, minutes: u32) -> Result<Instant, NotKnown> {
        let mut left = SignedDuration::from_mins(i64::from(minutes));
        for day in self.days_from(day)? {
            let (open, close) = self.open_hours(*day)?;
            let begin = open.max(start);
            let until_close = close.since(begin);
            if left <= until_close {
                return begin.checked_add(left).map_err(|_| NotKnown::TooFar);
            }
            left -= until_close.max(SignedDuration::ZERO);
        }
        Err(self.after())
    }

    fn end_of_school_day(&self, start: Instant, day: Day) -> Result<Instant, NotKnown> {
        // At the most one of them, today's, is over already.
        for day in self.days_from(day)? {
            let (_, close) = self.open_hours(*day)?;
            if start < close {
                return Ok(close);
            }
        }
        Err(self.after())
    }

    fn months(&self, day: Day, months: u16, off_day: OffDay) -> Result<Instant, NotKnown> {
        let same = day.checked_add(i64::from(months).months()).map_err(|_| NotKnown::TooFar)?;
        self.end(match off_day {
            OffDay::Counts => same,
            OffDay::MovesOn => self.next_working(same, WorkingIn::Nation)?,
        })
    }

    fn weekly(&self, start: Instant, day: Day, weekday: jiff::civil::Weekday, time: Time) -> Result<Instant, NotKnown> {
        let ahead = weekday.since(day.weekday());
        for weeks in 0..=1 {
            let on = day.checked_add((i64::from(ahead) + 7 * weeks).days()).map_err(|_| NotKnown::TooFar)?;
            let due = zone::instant(&self.plan().zone, on.to_datetime(time))?;
            if start < due {
                return Ok(due);
            }
        }
        Err(NotKnown::TooFar)
    }

    fn annual(&self, day: Day, of_year: MonthDay) -> Result<Instant, NotKnown> {
        let years = [day.year(), day.year() + 1];
        let next = years.into_iter().filter_map(|year| of_year.in_year(year)).find(|on| day <= *on);
        self.end(next.ok_or(NotKnown::TooFar)?)
    }

    fn end_of_block(&self, day: Day, block: Block) -> Result<Instant, NotKnown> {
        self.is_known(day)?;
        let span = self.blocks(block).iter().find(|span| day <= span.to);
        self.end(span.ok_or_else(|| self.after())?.to)
    }

    /// The place of the first block that begins after `day`.
    fn next_block(&self, day: Day, block: Block) -> Result<usize, NotKnown> {
        self.is_known(day)?;
        Ok(self.blocks(block).partition_point(|span| span.from <= day))
    }

    fn first_days(&self, day: Day, days: u16, block: Block) -> Result<Instant, NotKnown> {
        let next = self.next_block(day, block)?;
        let span = self.blocks(block).get(next).ok_or_else(|| self.after())?;
        let nth = self.days_from(span.from)?.get(usize::from(days) - 1).copied();
        self.end(nth.map_or(span.to, |nth| nth.min(span.to)))
    }
}

/// The day that something begins on. For whole days from time to time, midnight belongs to the day that it ends: from Thursday 24:00 a
/// day lasts to Friday 24:00, and not to Monday 0:00.
fn last_begun(wall: DateTime, at: At) -> Day {
    let is_midnight = at == At::SameTime && wall.time() == Time::midnight();
    if is_midnight { wall.date().yesterday().unwrap_or(wall.date()) } else { wall.date() }
}

fn later(start: Instant, minutes: u32) -> Result<Instant, NotKnown> {
    start.checked_add(SignedDuration::from_mins(i64::from(minutes))).map_err(|_| NotKnown::TooFar)
}
