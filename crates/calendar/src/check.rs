//! What is wrong with a plan: everything at once, each with what to do.

use std::fmt;

use jiff::ToSpan as _;

use crate::holidays::{self, is_weekend};
use crate::school::{Plan, Term};
use crate::time::Date;

/// Years that a plan may name.
pub(crate) const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// More is no term: a year was mistyped.
const LONGEST_TERM: i32 = 25 * 7;

/// More is no holiday: a term or a year is missing. The longest summer holidays (Northern Ireland, independent schools) are ten weeks.
const LONGEST_HOLIDAY: i32 = 15 * 7;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// A day far away.
    #[error("{what}: {date} is not in the years 1900 to 2200")]
    Year {
        /// Of what.
        what: String,
        /// The day.
        date: Date,
    },
    /// Days in the wrong order.
    #[error("{what} ends on {to}, before it begins on {from}")]
    Backwards {
        /// What.
        what: String,
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
    /// School hours in the wrong order.
    #[error("school hours must end after they begin, on the same day")]
    Hours,
    /// A term without a name.
    #[error("the term that begins on {from} has no name")]
    NoName {
        /// Its first day.
        from: Date,
    },
    /// A term that goes on for too long.
    #[error("{what} is longer than 25 weeks: is a year mistyped?")]
    TooLong {
        /// What.
        what: String,
    },
    /// Two terms at once.
    #[error("{second} begins before {first} has ended")]
    Overlap {
        /// The one that begins first.
        first: String,
        /// The other.
        second: String,
    },
    /// Too long a holiday.
    #[error("between {first} and {second} are more than 15 weeks: is a term missing?")]
    Missing {
        /// The one before.
        first: String,
        /// The one after.
        second: String,
    },
    /// A half-term holiday somewhere else.
    #[error("the half-term holiday of {term}, {from} to {to}, must lie within it, with school before and after")]
    HalfTerm {
        /// Which term.
        term: String,
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
    /// A term in which nobody is taught.
    #[error("{term} has no school day left: look at its INSET days and closures")]
    Empty {
        /// Which.
        term: String,
    },
    /// An INSET day or closure where no term is near.
    #[error("{what} lies more than a week outside every term: is a year mistyped?")]
    Outside {
        /// What.
        what: String,
    },
    /// A day off anyway.
    #[error("the INSET day {date} is {why} and would not be one")]
    OffAnyway {
        /// The day.
        date: Date,
        /// Why it is off.
        why: &'static str,
    },
    /// The same twice.
    #[error("the INSET day {date} is entered twice")]
    Twice {
        /// The day.
        date: Date,
    },
    /// It speaks from a day after its first term has begun.
    #[error("the calendar is said to be known from {from} on, after {term} has begun")]
    KnownFrom {
        /// The day.
        from: Date,
        /// The first term.
        term: String,
    },
}

/// Everything that is wrong with a plan; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("reading the school calendar:")?;
        self.0.iter().try_for_each(|mistake| write!(formatter, "\n- {mistake}"))
    }
}

impl std::error::Error for Mistakes {}

/// Looks at a plan whose terms are in order.
pub(crate) fn plan(plan: &Plan) -> Result<(), Mistakes> {
    let mut found = Vec::new();
    if plan.hours.from >= plan.hours.to {
        found.push(Mistake::Hours);
    }
    ranges(plan, &mut found);
    if found.is_empty() {
        terms(plan, &mut found);
        days_off(plan, &mut found);
    }
    if found.is_empty() { Ok(()) } else { Err(Mistakes(found)) }
}

pub(crate) fn title(term: &Term) -> String {
    if term.name.trim().is_empty() { format!("the term from {}", term.from) } else { term.name.clone() }
}

/// Every pair of days, so that what follows may count on order and on years that can be counted.
fn ranges(plan: &Plan, found: &mut Vec<Mistake>) {
    let terms = plan.terms.iter().map(|term| (title(term), term.from, term.to));
    let halves = plan.terms.iter().filter_map(|term| term.half_term.map(|(from, to)| (format!("half term of {}", title(term)), from, to)));
    let closures = plan.closures.iter().map(|closure| (format!("the closure \"{}\"", closure.why), closure.from, closure.to));
    let inset = plan.inset.iter().map(|day| ("an INSET day".to_owned(), *day, *day));
    let known = plan.known_from.iter().map(|day| ("the first day of the calendar".to_owned(), *day, *day));
    for (what, from, to) in terms.chain(halves).chain(closures).chain(inset).chain(known) {
        if let Some(date) = [from, to].into_iter().find(|date| !YEARS.contains(&date.civil().year())) {
            found.push(Mistake::Year { what, date });
        } else if to < from {
            found.push(Mistake::Backwards { what, from, to });
        }
    }
}

fn terms(plan: &Plan, found: &mut Vec<Mistake>) {
    for term in &plan.terms {
        if term.name.trim().is_empty() {
            found.push(Mistake::NoName { from: term.from });
        }
        if days_between(term.from, term.to) >= LONGEST_TERM {
            found.push(Mistake::TooLong { what: title(term) });
        }
        if let Some((from, to)) = term.half_term.filter(|(from, to)| *from <= term.from || term.to <= *to) {
            found.push(Mistake::HalfTerm { term: title(term), from, to });
        }
    }
    for (before, after) in plan.terms.iter().zip(plan.terms.iter().skip(1)) {
        let (first, second) = (title(before), title(after));
        if after.from <= before.to {
            found.push(Mistake::Overlap { first, second });
        } else if days_between(before.to, after.from) > LONGEST_HOLIDAY {
            found.push(Mistake::Missing { first, second });
        }
    }
    if let (Some(from), Some(term)) = (plan.known_from, plan.terms.first())
        && term.from < from
    {
        found.push(Mistake::KnownFrom { from, term: title(term) });
    }
}

fn days_off(plan: &Plan, found: &mut Vec<Mistake>) {
    let is_near = |from: Date, to: Date| {
        let near = |term: &Term| {
            from.civil() <= term.to.civil().saturating_add(7.days()) && term.from.civil().saturating_sub(7.days()) <= to.civil()
        };
        plan.terms.iter().any(near)
    };
    for (at, day) in plan.inset.iter().enumerate() {
        if plan.inset.iter().take(at).any(|earlier| earlier == day) {
            found.push(Mistake::Twice { date: *day });
        } else if is_weekend(day.civil()) {
            found.push(Mistake::OffAnyway { date: *day, why: "at a weekend" });
        } else if holidays::bank_holiday(plan.nation, *day).is_some() {
            found.push(Mistake::OffAnyway { date: *day, why: "a bank holiday" });
        } else if !is_near(*day, *day) {
            found.push(Mistake::Outside { what: format!("the INSET day {day}") });
        }
    }
    for closure in plan.closures.iter().filter(|closure| !is_near(closure.from, closure.to)) {
        found.push(Mistake::Outside { what: format!("the closure \"{}\" from {}", closure.why, closure.from) });
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.civil().until(to.civil()).map_or(i32::MAX, |span| span.get_days())
}
