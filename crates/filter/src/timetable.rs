//! Timetable windows: at these hours, for this profile, these categories are treated otherwise (games at wet play).

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use crate::category::CategorySet;
use crate::profile::Profile;
use crate::snapshot::ProfileIndex;

/// One window, in the school's own time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Whom it is for.
    pub profile: ProfileIndex,
    /// On which days it begins.
    pub days: Vec<Weekday>,
    /// First minute.
    pub from: Time,
    /// First minute after it; at or before `from` means on the next day.
    pub to: Time,
    /// Opened meanwhile.
    pub allow: CategorySet,
    /// Shown with a warning meanwhile.
    pub warn: CategorySet,
    /// Closed meanwhile.
    pub block: CategorySet,
    /// Why, in the school's words.
    pub why: Box<str>,
}

/// What a profile does at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) block: CategorySet,
    pub(crate) warn: CategorySet,
}

impl Window {
    /// Whether `now`, in the school's time, is within the window.
    fn is_open(&self, now: civil::DateTime) -> bool {
        let (today, time) = (now.weekday(), now.time());
        if self.from < self.to {
            return self.days.contains(&today) && self.from <= time && time < self.to;
        }
        (self.days.contains(&today) && self.from <= time) || (self.days.contains(&today.previous()) && time < self.to)
    }
}

impl Table {
    /// The profile's table with the windows that are open at `when`. Later windows win; illegal categories stay closed.
    pub(crate) fn at(profile: &Profile, index: ProfileIndex, windows: &[Window], zone: &TimeZone, when: Timestamp) -> Self {
        let mut table = Self { block: profile.blocked(), warn: profile.warned() };
        if windows.iter().all(|window| window.profile != index) {
            return table;
        }
        let now = zone.to_datetime(when);
        for window in windows.iter().filter(|window| window.profile == index && window.is_open(now)) {
            let opened = window.allow.union(window.warn);
            table.block = table.block.minus(opened).union(window.block);
            table.warn = table.warn.minus(window.allow.union(window.block)).union(window.warn);
        }
        table.block = table.block.union(CategorySet::of_kind(crate::category::Kind::Illegal));
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(days: &[Weekday], from: &str, to: &str, now: &str) -> bool {
        let window = Window {
            profile: ProfileIndex(0),
            days: days.to_vec(),
            from: from.parse().expect("time"),
            to: to.parse().expect("time"),
            allow: CategorySet::EMPTY,
            warn: CategorySet::EMPTY,
            block: CategorySet::EMPTY,
            why: "".into(),
        };
        window.is_open(now.parse().expect("date and time"))
    }

    #[test]
    fn a_window_holds_from_its_first_minute_to_before_its_last() {
        let monday = [Weekday::Monday];
        assert!(open(&monday, "12:00", "13:00", "2026-11-23T12:00"));
        assert!(open(&monday, "12:00", "13:00", "2026-11-23T12:59:59"));
        assert!(!open(&monday, "12:00", "13:00", "2026-11-23T13:00"));
        assert!(!open(&monday, "12:00", "13:00", "2026-11-24T12:30"));
    }

    #[test]
    fn a_window_may_pass_midnight() {
        let monday = [Weekday::Monday];
        assert!(open(&monday, "21:00", "06:00", "2026-11-23T23:00"));
        assert!(open(&monday, "21:00", "06:00", "2026-11-24T05:59"));
        assert!(!open(&monday, "21:00", "06:00", "2026-11-23T05:59"));
        assert!(open(&monday, "00:00", "00:00", "2026-11-23T23:59"));
    }
}
