//! Days as people write them. Which of two numbers is the day is a question of the whole column, never of one row.

use calendar::Date;

/// Which number stands first in `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 3 April: as in Britain.
    DayFirst,
    /// 4 March: as in America.
    MonthFirst,
}

/// A day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// One day only.
    Day(Date),
    /// Two numbers and a year.
    Numbers(i8, i8, i16),
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads what may be a day. A time after it is left out. A year has four digits: `26` may be a day as well.
pub(super) fn read(text: &str) -> Option<Written> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next().filter(|day| day.contains(['-', '/', '.'])).unwrap_or(text);
    let parts: Vec<&str> = day.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    // "-1/9/2026" is no day.
    if day.starts_with(['-', '/', '.', ',']) {
        return None;
    }
    let [first, second, third] = parts.as_slice() else { return None };
    let number = |part: &str, most: usize| {
        (part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<i16>().ok()).flatten()
    };
    let small = |part: &str| number(part, 2).and_then(|number| i8::try_from(number).ok());
    let year = |part: &str| if part.len() == 4 { number(part, 4) } else { None };
    if let Some(year) = year(first) {
        return Date::new(year, small(second)?, small(third)?).ok().map(Written::Day);
    }
    let year = year(third)?;
    if let Some(month) = month(second) {
        return Date::new(year, month, small(first)?).ok().map(Written::Day);
    }
    if let Some(month) = month(first) {
        return Date::new(year, month, small(second)?).ok().map(Written::Day);
    }
    Some(Written::Numbers(small(first)?, small(second)?, year))
}

fn month(text: &str) -> Option<i8> {
    let text = text.to_ascii_lowercase();
    let start = text.get(..3)?;
    let at = MONTHS.iter().position(|month| *month == start)?;
    text.bytes().all(|byte| byte.is_ascii_alphabetic()).then(|| i8::try_from(at + 1).ok()).flatten()
}

// === impl Written ===

impl Written {
    /// The day, in this order.
    pub(super) fn day(self, order: DateOrder) -> Option<Date> {
        match (self, order) {
            (Self::Day(day), _) => Some(day),
            (Self::Numbers(day, month, year), DateOrder::DayFirst) | (Self::Numbers(month, day, year), DateOrder::MonthFirst) => {
                Date::new(year, month, day).ok()
            }
        }
    }

    /// Whether both orders give a day, and not the same.
    pub(super) fn is_ambiguous(self) -> bool {
        let (one, other) = (self.day(DateOrder::DayFirst), self.day(DateOrder::MonthFirst));
        one.is_some() && other.is_some() && one != other
    }
}

/// In which order a column is written: as its days allow. Where both are possible, or neither, day first; `true` says that it is certain.
pub(super) fn order_of(days: &(impl Iterator<Item = Written> + Clone)) -> (DateOrder, bool) {
    let only = |order, other| days.clone().any(|day: Written| day.day(order).is_some() && day.day(other).is_none());
    match (only(DateOrder::DayFirst, DateOrder::MonthFirst), only(DateOrder::MonthFirst, DateOrder::DayFirst)) {
        (true, false) => (DateOrder::DayFirst, true),
        (false, true) => (DateOrder::MonthFirst, true),
        _ => (DateOrder::DayFirst, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Option<String> {
        read(text).and_then(|written| written.day(DateOrder::DayFirst)).map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in [
            "2026-09-01",
            "01/09/2026",
            "1/9/2026",
            "01.09.2026",
            "1 Sep 2026",
            "01-Sep-2026",
            "1 September 2026",
            "Sep 1, 2026",
            "2026-09-01T00:00:00Z",
            "01/09/2026 00:00:00",
        ] {
            assert_eq!(first(text).as_deref(), Some("2026-09-01"), "{text}");
        }
        for text in [
            "",
            "soon",
            "31/02/2026",
            "2026-13-01",
            "01/09/26",
            "1/9",
            "00/00/2026",
            "45901",
            "2026-09",
            "1 Sem 2026",
            "-1/9/2026",
            "١/٩/٢٠٢٦",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }

    #[test]
    fn the_column_says_which_number_is_the_day() {
        let order = |texts: &[&str]| order_of(&texts.iter().filter_map(|text| read(text)).collect::<Vec<_>>().into_iter());
        assert_eq!(order(&["03/04/2026", "25/12/2026"]), (DateOrder::DayFirst, true));
        assert_eq!(order(&["03/04/2026", "12/25/2026"]), (DateOrder::MonthFirst, true));
        assert_eq!(order(&["03/04/2026"]), (DateOrder::DayFirst, false));
        assert_eq!(order(&["25/12/2026", "12/25/2026"]), (DateOrder::DayFirst, false));
        assert!(read("03/04/2026").expect("a day").is_ambiguous() && !read("04/04/2026").expect("a day").is_ambiguous());
    }
}
