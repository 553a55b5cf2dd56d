//! Bank holidays by rule for the four nations, and the table of those that were moved or added once.
//!
//! Source: Banking and Financial Dealings Act 1971, section 1 and schedule 1; the days that have since been added or moved each
//! year by proclamation (New Year's Day, early May, substitutes for Saturdays); St Andrew's Day Bank Holiday (Scotland) Act 2007.
//! Christmas Day and Good Friday are days off by custom in England and Wales and stand in the list all the same.

use jiff::ToSpan as _;
use jiff::civil::{Date as Day, Weekday, date};

use crate::time::Date;

/// Where the school is: it decides the bank holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nation {
    /// England.
    England,
    /// Wales: as England.
    Wales,
    /// Scotland. Many councils keep other local holidays; those go into the plan as closures.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

/// A day on which banks are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankHoliday {
    /// The day off itself.
    pub date: Date,
    /// What it is for.
    pub name: &'static str,
    /// Whether it stands in for a day that fell on a weekend.
    pub is_substitute: bool,
}

/// Proclamations up to this day are in the table of exceptions. A later year has its days by rule; one that is added or moved once
/// after this day is not known until the table is (a school can enter it as a closure at once, which leaves working days as they were).
pub const KNOWN_TO: &str = "2026-02-28";

/// A holiday moved, or added, for one year.
struct Exception {
    whom: &'static [Nation],
    /// The day that rule gives and that is none this year.
    instead_of: Option<Day>,
    date: Day,
    name: &'static str,
}

use Nation::{England, NorthernIreland, Scotland, Wales};

const EVERYWHERE: &[Nation] = &Nation::ALL;

const EXCEPTIONS: &[Exception] = &[
    Exception { whom: EVERYWHERE, instead_of: None, date: date(2011, 4, 29), name: "Royal wedding" },
    Exception { whom: EVERYWHERE, instead_of: Some(date(2012, 5, 28)), date: date(2012, 6, 4), name: SPRING },
    Exception { whom: EVERYWHERE, instead_of: None, date: date(2012, 6, 5), name: "Queen's Diamond Jubilee" },
    Exception { whom: EVERYWHERE, instead_of: Some(date(2020, 5, 4)), date: date(2020, 5, 8), name: "Early May bank holiday (VE day)" },
    Exception { whom: EVERYWHERE, instead_of: Some(date(2022, 5, 30)), date: date(2022, 6, 2), name: SPRING },
    Exception { whom: EVERYWHERE, instead_of: None, date: date(2022, 6, 3), name: "Queen's Platinum Jubilee" },
    Exception { whom: EVERYWHERE, instead_of: None, date: date(2022, 9, 19), name: "State funeral of Queen Elizabeth II" },
    Exception { whom: EVERYWHERE, instead_of: None, date: date(2023, 5, 8), name: "Coronation of King Charles III" },
    Exception { whom: &[Scotland], instead_of: None, date: date(2026, 6, 15), name: "World Cup bank holiday" },
];

const SPRING: &str = "Spring bank holiday";

impl Nation {
    /// All four.
    pub const ALL: [Self; 4] = [England, Wales, Scotland, NorthernIreland];

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            England => "England",
            Wales => "Wales",
            Scotland => "Scotland",
            NorthernIreland => "Northern Ireland",
        }
    }
}

/// The bank holidays of a year, in order. By rule for 2007 (when St Andrew's Day was added) and later; a year before that or after
/// 9000 has none.
pub fn bank_holidays(nation: Nation, year: i16) -> Vec<BankHoliday> {
    if !(2007..=9000).contains(&year) {
        return Vec::new();
    }
    let mut days = Days { taken: Vec::new() };
    fixed(nation, year, &mut days);
    moving(nation, year, &mut days);
    for exception in EXCEPTIONS.iter().filter(|exception| exception.date.year() == year && exception.whom.contains(&nation)) {
        days.taken.retain(|holiday| Some(holiday.date.civil()) != exception.instead_of);
        days.add(exception.date, exception.name);
    }
    days.taken.sort_by_key(|holiday| holiday.date);
    days.taken
}

/// The bank holiday on `day`, if it is one.
pub fn bank_holiday(nation: Nation, day: Date) -> Option<BankHoliday> {
    // No holiday and no substitute falls into another year than its own.
    bank_holidays(nation, day.civil().year()).into_iter().find(|holiday| holiday.date == day)
}

struct Days {
    taken: Vec<BankHoliday>,
}

impl Days {
    fn add(&mut self, date: Day, name: &'static str) {
        self.taken.push(BankHoliday { date: Date::of(date), name, is_substitute: false });
    }

    /// Holidays with a date. Those on working days first: they keep their day, and a substitute goes to the next free one after it (the
    /// act's schedule gives 3 January, not 2 January, for a New Year's Day on a Sunday in Scotland, and 27 December likewise).
    fn add_dated(&mut self, holidays: &[(Day, &'static str)]) {
        let (weekend, working): (Vec<_>, Vec<_>) = holidays.iter().partition(|(day, _)| is_weekend(*day));
        for (day, name) in working {
            self.add(day, name);
        }
        for (day, name) in weekend {
            let mut substitute = day;
            while is_weekend(substitute) || self.taken.iter().any(|holiday| holiday.date.civil() == substitute) {
                let Ok(next) = substitute.tomorrow() else { return };
                substitute = next;
            }
            self.taken.push(BankHoliday { date: Date::of(substitute), name, is_substitute: true });
        }
    }
}

fn fixed(nation: Nation, year: i16, days: &mut Days) {
    let mut dated = vec![(date(year, 1, 1), "New Year's Day")];
    match nation {
        England | Wales => {}
        Scotland => dated.extend([(date(year, 1, 2), "2 January"), (date(year, 11, 30), "St Andrew's Day")]),
        NorthernIreland => {
            dated.extend([(date(year, 3, 17), "St Patrick's Day"), (date(year, 7, 12), "Battle of the Boyne (Orangemen's Day)")]);
        }
    }
    dated.extend([(date(year, 12, 25), "Christmas Day"), (date(year, 12, 26), "Boxing Day")]);
    days.add_dated(&dated);
}

fn moving(nation: Nation, year: i16, days: &mut Days) {
    let easter = easter_sunday(year);
    days.add(easter.saturating_sub(2.days()), "Good Friday");
    if nation != Scotland {
        days.add(easter.saturating_add(1.day()), "Easter Monday");
    }
    let summer = if nation == Scotland { (8, 1) } else { (8, -1) };
    for ((month, nth), name) in [((5, 1), "Early May bank holiday"), ((5, -1), SPRING), (summer, "Summer bank holiday")] {
        // There are a first and a last Monday in every month.
        days.taken.extend(date(year, month, 1).nth_weekday_of_month(nth, Weekday::Monday).map(|monday| BankHoliday {
            date: Date::of(monday),
            name,
            is_substitute: false,
        }));
    }
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter 8).
fn easter_sunday(year: i16) -> Day {
    let year = i32::from(year);
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let moon = (century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 19 * golden + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    // Days after 22 March: 0 to 34.
    date(i16::try_from(year).unwrap_or(i16::MAX), 3, 22).saturating_add((moon + weekday - 7 * late).days())
}

pub(crate) fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
