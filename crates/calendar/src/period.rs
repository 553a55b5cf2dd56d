//! How long something may take, in the words of laws and policies. `docs/deadlines.md` has the meaning of each with its source.

use std::num::NonZeroU16;

use jiff::civil::{Date as Day, Time, Weekday};

/// How long something may take, from a moment that is given. Its text ([`std::fmt::Display`], [`std::str::FromStr`]) stands in
/// settings and in published policies, so that the two cannot drift apart: "72 hours", "1 working day", "once a term".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Period {
    /// Minutes by the clock, through nights, weekends, holidays and changes of the clock: 72 hours are 72 hours.
    Minutes(u32),
    /// Minutes while the school is open: school hours on school days.
    SchoolMinutes(u32),
    /// To the end (midnight) of the day it begins, whatever day that is.
    SameDay,
    /// To the end of school hours; what begins after them, or on no school day, has until the end of the next school day.
    EndOfSchoolDay,
    /// Working days: Monday to Friday without bank holidays. School holidays count.
    WorkingDays {
        /// How many. The day it begins is not one of them.
        days: NonZeroU16,
        /// Whose bank holidays are left out.
        of: WorkingIn,
        /// At what time of the last of them it is due.
        at: At,
    },
    /// Days on which there is school: not weekends, holidays, INSET days or closures.
    SchoolDays {
        /// How many. The day it begins is not one of them.
        days: NonZeroU16,
        /// At what time of the last of them it is due.
        at: At,
    },
    /// Days of the calendar, to the end of the last; the day it begins is not one of them, so 0 is the same day.
    Days(u16),
    /// Months of the calendar, to the end of the day of the same number, or of the month's last day where there is none (31 January
    /// and a month: 28 February). Years are twelve months.
    Months {
        /// How many.
        months: u16,
        /// What holds when that day is a weekend or bank holiday.
        off_day: OffDay,
    },
    /// The next time it is this time on this day of the week, strictly after the beginning; in holidays too.
    Weekly {
        /// Which day.
        day: Weekday,
        /// By the clock on the wall.
        time: Time,
    },
    /// To the end of the next such day of a year; on that day itself, the same day.
    Annual(MonthDay),
    /// To the end of the last school day of the block that it begins in; in a holiday, of the next block.
    EndOf(Block),
    /// To the end of the last school day of the next block: what is done once in each block and was last done at the beginning. A
    /// holiday belongs to the block before it.
    OnceA(Block),
    /// To the end of the nth school day of the next block that begins after this day, or of its last when it is shorter.
    FirstDaysOfNext {
        /// How many; 5 is its first week.
        days: NonZeroU16,
        /// Of which block.
        block: Block,
    },
    /// The sooner of two. Neither is one of these again.
    Sooner(Box<(Self, Self)>),
}

/// At what time of its last day a period is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// The time it began: a working day is a whole one, from ten to ten. What began on no such day has to the end of the last day.
    SameTime,
    /// Midnight at the end of the day.
    EndOfDay,
    /// The end of school hours.
    Closing,
}

/// Whose bank holidays are no working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkingIn {
    /// The school's own nation's.
    Nation,
    /// Those of any of the four (Freedom of Information Act 2000, section 10(6)).
    AnyOfUk,
}

/// What holds when a month ends on a weekend or bank holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffDay {
    /// It is due that day.
    Counts,
    /// It is due on the next working day of the school's nation.
    MovesOn,
}

/// A stretch of school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Block {
    /// A term.
    Term,
    /// The half of a term before or after its half-term holiday; the whole term where it has none.
    HalfTerm,
}

/// A day of any year. 29 February is the 28th where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

/// A text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a period: write it as \"72 hours\", \"1 working day\", \"5 school days, to the end of the day\", \"30 days\", \"1 month\", \
     \"Monday 07:00\", \"30 June\" or \"once a term\"; docs/deadlines.md has them all"
)]
pub struct NotAPeriod;

// === impl Period ===

impl Period {
    /// So many hours by the clock.
    pub const fn hours(hours: u16) -> Self {
        Self::Minutes(hours as u32 * 60)
    }

    /// So many years by the calendar, due even on a day off.
    pub const fn years(years: u8) -> Self {
        Self::Months { months: years as u16 * 12, off_day: OffDay::Counts }
    }

    /// So many working days of the school's nation; none is taken for one.
    pub const fn working_days(days: u16, at: At) -> Self {
        Self::WorkingDays { days: at_least_one(days), of: WorkingIn::Nation, at }
    }

    /// So many school days; none is taken for one.
    pub const fn school_days(days: u16, at: At) -> Self {
        Self::SchoolDays { days: at_least_one(days), at }
    }
}

const fn at_least_one(days: u16) -> NonZeroU16 {
    match NonZeroU16::new(days) {
        Some(days) => days,
        None => NonZeroU16::MIN,
    }
}

// === impl MonthDay ===

impl MonthDay {
    /// Month 1 to 12 and a day that this month has in a leap year.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn new(month: i8, day: i8) -> Result<Self, NotAPeriod> {
        Day::new(2024, month, day).map(|_| Self { month, day }).map_err(|_| NotAPeriod)
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The day, 1 to 31.
    pub const fn day(self) -> i8 {
        self.day
    }

    /// That day in `year`; `None` past the years there are.
    pub(crate) fn in_year(self, year: i16) -> Option<Day> {
        let first = Day::new(year, self.month, 1).ok()?;
        Day::new(year, self.month, self.day.min(first.days_in_month())).ok()
    }
}
