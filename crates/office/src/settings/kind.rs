//! What a setting counts, and how a value of it is said.

use crate::people::YearGroup;

/// What a setting counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Minutes.
    Minutes,
    /// Hours, nights and weekends included.
    Hours,
    /// Days of the calendar.
    Days,
    /// Days on which the school is open.
    SchoolDays,
    /// How often something comes, counted in days on which the school is open; 0 for never.
    EverySchoolDays,
    /// Monday to Friday but for bank holidays.
    WorkingDays,
    /// Weeks.
    Weeks,
    /// Months.
    Months,
    /// How often in a term.
    PerTerm,
    /// A day of the week, from Monday as 1; what comes then is there by 07:00.
    Weekday,
    /// A day of each year: its month times 100, and its day.
    DayOfYear,
    /// People, meetings, anything that is counted.
    Count,
    /// A year group by its number: 0 is Reception.
    Year,
    /// Yes is 1, no is 0.
    YesNo,
    /// A [`Mode`].
    Mode,
}

/// How strictly the internet hangs on the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Nobody is asked.
    Off,
    /// Whoever has not signed is reminded, and goes through.
    Advise,
    /// Whoever has not signed does not go through.
    Enforce,
}

// === impl Kind ===

impl Kind {
    /// A value as people say it: "14 days", "Year 3", "yes".
    pub fn words(self, value: i64) -> String {
        let of = |one: &str, many: &str| if value == 1 { format!("1 {one}") } else { format!("{value} {many}") };
        match self {
            Self::Minutes => of("minute", "minutes"),
            Self::Hours => of("hour", "hours"),
            Self::Days => of("day", "days"),
            Self::SchoolDays => of("school day", "school days"),
            Self::EverySchoolDays => match value {
                0 => "never".to_owned(),
                1 => "on each school day".to_owned(),
                more => format!("every {more} school days"),
            },
            Self::WorkingDays => of("working day", "working days"),
            Self::Weeks => of("week", "weeks"),
            Self::Months if value % 12 == 0 && value > 0 => of_years(value / 12),
            Self::Months => of("month", "months"),
            Self::PerTerm => match value {
                1 => "once a term".to_owned(),
                2 => "twice a term".to_owned(),
                more => format!("{more} times a term"),
            },
            Self::Weekday => {
                let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
                let name = usize::try_from(value - 1).ok().and_then(|at| names.get(at).copied()).unwrap_or_default();
                format!("on {name} by 07:00")
            }
            Self::DayOfYear => day_of_year(value).map(|day| day.strftime("%-d %B").to_string()).unwrap_or_default(),
            Self::Count => value.to_string(),
            Self::Year => i8::try_from(value).ok().and_then(YearGroup::new).map(|year| year.to_string()).unwrap_or_default(),
            Self::YesNo => if value == 1 { "yes" } else { "no" }.to_owned(),
            Self::Mode => Mode::of(value).word().to_owned(),
        }
    }

    /// What stands behind the field in which it is typed.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::SchoolDays => "school days",
            Self::EverySchoolDays => "school days; 0 for never",
            Self::WorkingDays => "working days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::PerTerm => "times a term",
            Self::Weekday | Self::DayOfYear | Self::Count | Self::Year | Self::YesNo | Self::Mode => "",
        }
    }
}

fn of_years(years: i64) -> String {
    if years == 1 { "1 year".to_owned() } else { format!("{years} years") }
}

/// A day of a year that is no leap year.
fn day_of_year(value: i64) -> Option<jiff::civil::Date> {
    let (month, day) = (i8::try_from(value / 100).ok()?, i8::try_from(value % 100).ok()?);
    jiff::civil::Date::new(2026, month, day).ok()
}

// === impl Mode ===

impl Mode {
    /// All, from the mildest.
    pub const ALL: [Self; 3] = [Self::Off, Self::Advise, Self::Enforce];

    /// Of a stored number; what is unknown asks nobody, and lets nobody's access hang on it.
    pub const fn of(number: i64) -> Self {
        match number {
            1 => Self::Advise,
            2 => Self::Enforce,
            _ => Self::Off,
        }
    }

    /// Its number.
    pub const fn number(self) -> i64 {
        match self {
            Self::Off => 0,
            Self::Advise => 1,
            Self::Enforce => 2,
        }
    }

    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Advise => "advise",
            Self::Enforce => "enforce",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_said_as_people_say_them() {
        for (kind, value, words) in [
            (Kind::Days, 1, "1 day"),
            (Kind::SchoolDays, 5, "5 school days"),
            (Kind::EverySchoolDays, 0, "never"),
            (Kind::EverySchoolDays, 1, "on each school day"),
            (Kind::EverySchoolDays, 3, "every 3 school days"),
            (Kind::Year, 3, "Year 3"),
            (Kind::YesNo, 0, "no"),
            (Kind::Mode, 2, "enforce"),
            (Kind::Count, 3, "3"),
            (Kind::Months, 12, "1 year"),
            (Kind::Months, 18, "18 months"),
            (Kind::PerTerm, 1, "once a term"),
            (Kind::Weekday, 1, "on Monday by 07:00"),
            (Kind::DayOfYear, 630, "30 June"),
            (Kind::DayOfYear, 632, ""),
        ] {
            assert_eq!(kind.words(value), words);
        }
    }
}
