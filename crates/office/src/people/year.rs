//! Year groups and key stages of England, and the school year.

use std::fmt;

use calendar::Date;

/// A year group: nursery, reception, year 1 to 13. Ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct YearGroup(i8);

/// A key stage (Education Act 2002, section 82; early years: Childcare Act 2006, section 39).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyStage {
    /// Nursery and reception.
    EarlyYears,
    /// Years 1 and 2.
    One,
    /// Years 3 to 6. It begins on 1 September of year 3 (B-025).
    Two,
    /// Years 7 to 9.
    Three,
    /// Years 10 and 11.
    Four,
    /// Years 12 and 13.
    Five,
}

/// A school year, named after the year in which its September lies: 2026 is 1 September 2026 to 31 August 2027.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchoolYear(i16);

// === impl YearGroup ===

impl YearGroup {
    /// The first nursery year, for children of two.
    pub const YOUNGEST: Self = Self(-2);
    /// Nursery.
    pub const NURSERY: Self = Self(-1);
    /// Reception.
    pub const RECEPTION: Self = Self(0);
    /// The last year of a primary school.
    pub const SIX: Self = Self(6);
    /// The last.
    pub const OLDEST: Self = Self(13);

    /// From its number: -2 and -1 are nursery, 0 is reception.
    pub const fn new(number: i8) -> Option<Self> {
        if number >= Self::YOUNGEST.0 && number <= Self::OLDEST.0 { Some(Self(number)) } else { None }
    }

    /// Its number.
    pub const fn number(self) -> i8 {
        self.0
    }

    /// The year after; nothing after year 13.
    pub const fn next(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }

    /// Its key stage.
    pub const fn key_stage(self) -> KeyStage {
        match self.0 {
            ..=0 => KeyStage::EarlyYears,
            1..=2 => KeyStage::One,
            3..=6 => KeyStage::Two,
            7..=9 => KeyStage::Three,
            10..=11 => KeyStage::Four,
            12.. => KeyStage::Five,
        }
    }

    /// As people write it: `3`, `Year 3`, `Y3`, `Yr 3`, `R`, `Reception`, `N1`, `N2`, `Nursery`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        match text.as_str() {
            "r" | "rec" | "reception" | "year r" | "yr" | "y0" | "0" => return Some(Self::RECEPTION),
            "n" | "n2" | "nursery" | "nursery 2" => return Some(Self::NURSERY),
            "n1" | "nursery 1" => return Some(Self::YOUNGEST),
            _ => {}
        }
        let rest = ["year", "yr", "y"].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text).trim_start();
        let is_number = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { rest.parse().ok().filter(|number| *number > 0).and_then(Self::new) } else { None }
    }
}

impl fmt::Display for YearGroup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ..=-2 => formatter.write_str("Nursery 1"),
            -1 => formatter.write_str("Nursery"),
            0 => formatter.write_str("Reception"),
            number => write!(formatter, "Year {number}"),
        }
    }
}

// === impl SchoolYear ===

impl SchoolYear {
    /// The school year that begins in September of `year`; nothing outside 1900 to 2200.
    pub const fn beginning(year: i16) -> Option<Self> {
        if year >= 1900 && year <= 2200 { Some(Self(year)) } else { None }
    }

    /// The one in which a day lies.
    pub fn of(day: Date) -> Option<Self> {
        let day = day.civil();
        Self::beginning(if day.month() >= 9 { day.year() } else { day.year() - 1 })
    }

    /// The year in which it begins.
    pub const fn number(self) -> i16 {
        self.0
    }

    /// Its first day, 1 September.
    pub fn first_day(self) -> Option<Date> {
        Date::new(self.0, 9, 1).ok()
    }

    /// Its last day, 31 August.
    pub fn last_day(self) -> Option<Date> {
        Date::new(self.0 + 1, 8, 31).ok()
    }
}

impl fmt::Display for KeyStage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::EarlyYears => "Early years",
            Self::One => "Key stage 1",
            Self::Two => "Key stage 2",
            Self::Three => "Key stage 3",
            Self::Four => "Key stage 4",
            Self::Five => "Key stage 5",
        })
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_groups_are_read_as_people_write_them() {
        let cases = [
            ("3", Some(3)),
            ("Year 3", Some(3)),
            ("Y3", Some(3)),
            ("yr 10", Some(10)),
            (" R ", Some(0)),
            ("Reception", Some(0)),
            ("YR", Some(0)),
            ("N1", Some(-2)),
            ("nursery", Some(-1)),
            ("13", Some(13)),
            ("14", None),
            ("-1", None),
            ("+3", None),
            ("", None),
            ("year", None),
            ("3B", None),
            ("999999", None),
        ];
        for (text, number) in cases {
            assert_eq!(YearGroup::parse(text).map(YearGroup::number), number, "{text:?}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for number in -2..=13 {
            let year = YearGroup::new(number).expect("a year");
            assert_eq!(YearGroup::parse(&year.to_string()), Some(year));
        }
    }

    #[test]
    fn a_school_year_begins_in_september() {
        let of = |text: &str| SchoolYear::of(text.parse().expect("a day")).map(|year| year.to_string());
        assert_eq!(of("2026-08-31").as_deref(), Some("2025/26"));
        assert_eq!(of("2026-09-01").as_deref(), Some("2026/27"));
        assert_eq!(of("1999-12-31").as_deref(), Some("1999/00"));
        assert_eq!(of("0001-01-01"), None);
    }
}
