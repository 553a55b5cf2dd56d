//! Dates as policies write them: "Autumn 2024", "September 2025". They mean the last day of that term or month.

use crate::phrase;
use crate::school::SchoolCalendar;
use crate::time::Date;

/// A date as a policy states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VagueDate {
    /// A day.
    Day(Date),
    /// A month: 1 to 12.
    Month {
        /// The year.
        year: i16,
        /// The month.
        month: i8,
    },
    /// A term, by its season.
    Term {
        /// The year in which it ends.
        year: i16,
        /// Which.
        season: Season,
    },
}

/// A third of a school year, as policies name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// September to December.
    Autumn,
    /// January to Easter.
    Spring,
    /// Easter to July.
    Summer,
}

impl VagueDate {
    /// Reads `2025-09-30`, `September 2025`, `Autumn 2024` or `Autumn term 2024`, in small letters too. "Insert date" is none.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = text.trim().parse() {
            return Some(Self::Day(day));
        }
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let (word, year) = match &words[..] {
            [word, year] => (word, year),
            [word, term, year] if term == "term" => (word, year),
            _ => return None,
        };
        let year = Some(year).filter(|year| year.len() == 4).and_then(|year| year.parse().ok()).filter(|year| *year >= 1900)?;
        match word.as_str() {
            "autumn" => Some(Self::Term { year, season: Season::Autumn }),
            "spring" => Some(Self::Term { year, season: Season::Spring }),
            "summer" => Some(Self::Term { year, season: Season::Summer }),
            month => Some(Self::Month { year, month: phrase::month(month)? }),
        }
    }

    /// The last day of it. Without that term in the calendar, the last day it can have: 31 December, 30 April, 31 August.
    pub fn last_day(self, calendar: &SchoolCalendar) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Month { year, month } => last_of(year, month),
            Self::Term { year, season } => {
                let (first, last) = season.months();
                let is_it = |term: &&crate::Term| term.to.civil().year() == year && (first..=last).contains(&term.to.civil().month());
                calendar.plan().terms.iter().rfind(is_it).map(|term| term.to).or_else(|| last_of(year, last))
            }
        }
    }
}

impl Season {
    /// The months in which such a term can end.
    const fn months(self) -> (i8, i8) {
        match self {
            Self::Autumn => (9, 12),
            Self::Spring => (1, 4),
            Self::Summer => (5, 8),
        }
    }
}

fn last_of(year: i16, month: i8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    Some(Date::of(first.civil().last_of_month()))
}
