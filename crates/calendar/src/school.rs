//! The school's own calendar: which days it teaches and when. Built whole from plain data, with all mistakes told at once.

use jiff::civil::{Date as Day, Time, time};
use jiff::tz::TimeZone;

use crate::check::{self, Mistake, Mistakes};
use crate::holidays::{self, Nation};
use crate::period::Block;
use crate::time::{Date, Instant};
use crate::zone;

/// What a school enters. Its week is Monday to Friday.
#[derive(Debug, Clone)]
pub struct Plan {
    /// It decides the bank holidays.
    pub nation: Nation,
    /// Where the clock on the wall hangs. Default: Europe/London.
    pub zone: TimeZone,
    /// When pupils are there. Default: 08:45 to 15:15, which makes the 32.5 hours of a week that the DfE expects in England.
    pub hours: SchoolHours,
    /// From which day on this calendar speaks. Default: the first day of the first term. With 1 September, the days before term are
    /// known to be no school days.
    pub known_from: Option<Date>,
    /// The terms, in any order.
    pub terms: Vec<Term>,
    /// Days on which staff are there and pupils are not.
    pub inset: Vec<Date>,
    /// Other days without pupils: snow, elections, local holidays.
    pub closures: Vec<Closure>,
}

/// The hours of a school day, by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolHours {
    /// The first minute.
    pub from: Time,
    /// The first minute after it.
    pub to: Time,
}

/// A term, both days included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As the school calls it: "Autumn term 2026".
    pub name: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// First and last day of its half-term holiday, weekdays at least.
    pub half_term: Option<(Date, Date)>,
}

/// Days on which the school is closed, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Why, in the school's words.
    pub why: String,
}

/// The days and hours of a school. Fixed: a changed plan makes another.
#[derive(Debug, Clone)]
pub struct SchoolCalendar {
    plan: Plan,
    known_from: Option<Day>,
    /// All school days, in order.
    days: Vec<Day>,
    terms: Vec<Span>,
    halves: Vec<Span>,
}

/// From the first to the last school day of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Day,
    pub(crate) to: Day,
}

// === impl Plan ===

impl Plan {
    /// A plan with the defaults and no terms yet: working days and hours can be told from it, school days cannot.
    pub fn new(nation: Nation) -> Self {
        Self {
            nation,
            zone: zone::london(),
            hours: SchoolHours { from: time(8, 45, 0, 0), to: time(15, 15, 0, 0) },
            known_from: None,
            terms: Vec::new(),
            inset: Vec::new(),
            closures: Vec::new(),
        }
    }
}

// === impl SchoolCalendar ===

impl SchoolCalendar {
    /// Checks a plan and works out its school days.
    ///
    /// # Errors
    /// All mistakes of the plan at once.
    pub fn new(mut plan: Plan) -> Result<Self, Mistakes> {
        plan.terms.sort_by_key(|term| (term.from, term.to));
        check::plan(&plan)?;
        let (mut days, mut terms, mut halves, mut empty) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for term in &plan.terms {
            let taught: Vec<Day> = each(term.from.civil(), term.to.civil()).filter(|day| is_taught(&plan, term, *day)).collect();
            let middle = term.half_term.map_or(term.to, |(from, _)| from).civil();
            let (first, second) = taught.split_at(taught.partition_point(|day| *day <= middle));
            if first.is_empty() || (second.is_empty() && term.half_term.is_some()) {
                empty.push(Mistake::Empty { term: check::title(term) });
            }
            terms.extend(span(&taught));
            halves.extend([first, second].into_iter().filter_map(span));
            days.extend(taught);
        }
        if !empty.is_empty() {
            return Err(Mistakes(empty));
        }
        let known_from = plan.known_from.or_else(|| plan.terms.first().map(|term| term.from)).map(Date::civil);
        Ok(Self { plan, known_from, days, terms, halves })
    }

    /// What it was built from; terms in order.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Whether pupils are taught that day; `None` when the calendar does not reach it.
    pub fn is_school_day(&self, date: Date) -> Option<bool> {
        self.reaches(date.civil()).then(|| self.days.binary_search(&date.civil()).is_ok())
    }

    /// Monday to Friday and no bank holiday of the school's nation.
    pub fn is_working_day(&self, date: Date) -> bool {
        !holidays::is_weekend(date.civil()) && holidays::bank_holiday(self.plan.nation, date).is_none()
    }

    /// Whether pupils are there at that moment; `None` when the calendar does not reach it.
    pub fn is_school_time(&self, now: Instant) -> Option<bool> {
        let wall = self.plan.zone.to_datetime(now.timestamp());
        let is_open = self.plan.hours.from <= wall.time() && wall.time() < self.plan.hours.to;
        self.is_school_day(Date::of(wall.date())).map(|is_school_day| is_school_day && is_open)
    }

    /// The day at the school at that moment.
    pub fn date_at(&self, now: Instant) -> Date {
        Date::of(self.plan.zone.to_datetime(now.timestamp()).date())
    }

    /// The term that a day lies in, half-term holiday included.
    pub fn term_at(&self, date: Date) -> Option<&Term> {
        self.plan.terms.iter().find(|term| (term.from..=term.to).contains(&date))
    }

    /// Whether all is known of a day: from [`Plan::known_from`] to the last day of the last term.
    pub(crate) fn reaches(&self, day: Day) -> bool {
        self.known_from.is_some_and(|from| from <= day) && self.plan.terms.last().is_some_and(|term| day <= term.to.civil())
    }

    pub(crate) const fn known_from(&self) -> Option<Day> {
        self.known_from
    }

    pub(crate) fn school_days(&self) -> &[Day] {
        &self.days
    }

    pub(crate) fn blocks(&self, block: Block) -> &[Span] {
        match block {
            Block::Term => &self.terms,
            Block::HalfTerm => &self.halves,
        }
    }
}

fn is_taught(plan: &Plan, term: &Term, day: Day) -> bool {
    let date = Date::of(day);
    !holidays::is_weekend(day)
        && !term.half_term.is_some_and(|(from, to)| (from..=to).contains(&date))
        && !plan.inset.contains(&date)
        && !plan.closures.iter().any(|closure| (closure.from..=closure.to).contains(&date))
        && holidays::bank_holiday(plan.nation, date).is_none()
}

fn span(days: &[Day]) -> Option<Span> {
    Some(Span { from: *days.first()?, to: *days.last()? })
}

/// Each day, both included.
pub(crate) fn each(from: Day, to: Day) -> impl Iterator<Item = Day> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day <= to)
}
