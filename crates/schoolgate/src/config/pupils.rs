//! `[pupils]`: where and when children sign in by themselves, and guests.

use std::net::{IpAddr, Ipv4Addr};

use calendar::{Date, Instant};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::reader::Section;
use super::timetable::DAYS;
use super::values;

/// `[pupils]`: where and when children sign in by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PupilsConfig {
    /// The addresses of the school's own devices. Default: all inner addresses but this machine's own.
    pub networks: Vec<IpNet>,
    /// The addresses from which visitors come in alone. Default none.
    pub guests: Vec<IpNet>,
    /// The days on which cards are good. Default Monday to Friday.
    pub days: Vec<Weekday>,
    /// The first minute. Default 07:30.
    pub from: Time,
    /// The first minute after it; midnight is the end of the day. Default 18:00.
    pub to: Time,
    /// Whose bank holidays are none of those days. Default England.
    pub bank_holidays: Option<calendar::Nation>,
}

/// The nations, by their words.
const NATIONS: [(&str, Option<calendar::Nation>); 5] = [
    ("england", Some(calendar::Nation::England)),
    ("wales", Some(calendar::Nation::Wales)),
    ("scotland", Some(calendar::Nation::Scotland)),
    ("northern-ireland", Some(calendar::Nation::NorthernIreland)),
    ("none", None),
];

// === impl PupilsConfig ===

impl PupilsConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("pupils"), Self::default());
        let networks = section.each("networks", values::network);
        let guests = section.each("guests", values::network);
        let days = section.each("days", |value| values::choice(value, &DAYS));
        let from = section.or("from", default.from, values::time);
        let to = section.or("to", default.to, values::time);
        if to <= from && to != Time::midnight() {
            section.mistake("to", "must be later than from; \"00:00\" is the end of the day");
        }
        let bank_holidays = section.or("bank_holidays", default.bank_holidays, |value| values::choice(value, &NATIONS));
        let networks = if section.has("networks") { networks } else { default.networks };
        let days = if section.has("days") { days } else { default.days };
        section.finish();
        Self { networks, guests, days, from, to, bank_holidays }
    }

    /// Whether a device at this address is the school's.
    pub fn is_of_school(&self, address: IpAddr) -> bool {
        is_in(&self.networks, address)
    }

    /// Whether visitors may come in alone from there.
    pub fn is_for_guests(&self, address: IpAddr) -> bool {
        is_in(&self.guests, address)
    }

    /// Whether an address is within the school, be it of its own devices or of those that guests bring.
    pub fn is_near(&self, address: IpAddr) -> bool {
        self.is_of_school(address) || self.is_for_guests(address)
    }

    /// Whether pupils are here on a day.
    fn is_open_on(&self, date: Date) -> bool {
        let is_holiday = self.bank_holidays.is_some_and(|nation| calendar::bank_holiday(nation, date).is_some());
        self.days.contains(&date.civil().weekday()) && !is_holiday
    }

    /// The last of so many school days after a day. A school that is never open counts every day.
    pub fn after(&self, day: Date, days: i64) -> Date {
        let next = |day: Date| day.civil().tomorrow().ok().and_then(|day| Date::try_from(day).ok());
        let (mut last, mut left) = (day, days);
        while left > 0 {
            let Some(day) = next(last) else { break };
            last = day;
            left -= i64::from(self.days.is_empty() || self.is_open_on(day));
        }
        last
    }

    /// When the school day ends that is going on at `now`; nothing outside of school hours.
    pub fn day_ends(&self, now: Instant, zone: &TimeZone) -> Option<Instant> {
        let wall = zone.to_datetime(now.timestamp());
        let date = Date::try_from(wall.date()).ok()?;
        let until_midnight = self.to == Time::midnight();
        let is_before_end = until_midnight || wall.time() < self.to;
        let is_open = self.is_open_on(date) && self.from <= wall.time() && is_before_end;
        let day = if until_midnight { wall.date().tomorrow().ok()? } else { wall.date() };
        let end = zone.to_timestamp(day.to_datetime(self.to)).ok()?;
        is_open.then(|| end.into())
    }
}

fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

impl Default for PupilsConfig {
    fn default() -> Self {
        let v4 = |a, b, length| Ipv4Net::new(Ipv4Addr::new(a, b, 0, 0), length).map(IpNet::from);
        let v6 = |first, length| Ipv6Net::new([first, 0, 0, 0, 0, 0, 0, 0].into(), length).map(IpNet::from);
        let inner = [v4(10, 0, 8), v4(172, 16, 12), v4(192, 168, 16), v4(169, 254, 16), v6(0xfc00, 7), v6(0xfe80, 10)];
        Self {
            networks: inner.into_iter().flatten().collect(),
            guests: Vec::new(),
            days: vec![Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday],
            from: Time::constant(7, 30, 0, 0),
            to: Time::constant(18, 0, 0, 0),
            bank_holidays: Some(calendar::Nation::England),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_of_the_school_has_an_inner_address_unless_said_otherwise() {
        let config = PupilsConfig::default();
        for (address, expected) in [
            ("10.1.2.3", true),
            ("192.168.7.7", true),
            ("172.31.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("fd00::1", true),
            ("172.32.0.1", false),
            ("198.51.100.7", false),
            ("127.0.0.1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(config.is_of_school(address.parse().expect("an address")), expected, "{address}");
        }
    }

    #[test]
    fn school_days_leave_out_weekends_and_bank_holidays() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let config = PupilsConfig::default();
        for (from, days, last) in [
            ("2026-11-24", 0, "2026-11-24"),
            ("2026-11-24", 3, "2026-11-27"),
            ("2026-11-27", 1, "2026-11-30"),
            ("2026-11-28", 1, "2026-11-30"),
            ("2026-12-24", 1, "2026-12-29"),
        ] {
            assert_eq!(config.after(day(from), days), day(last), "{days} after {from}");
        }
        let never = PupilsConfig { days: Vec::new(), ..PupilsConfig::default() };
        assert_eq!(never.after(day("2026-11-27"), 2), day("2026-11-29"));
    }

    #[test]
    fn what_guests_bring_is_near_and_not_of_the_school() {
        let guests = vec!["2001:db8:7::/64".parse().expect("a network")];
        let config = PupilsConfig { guests, ..PupilsConfig::default() };
        for (address, near, of_school) in [("fe80::7", true, true), ("2001:db8:7::1", true, false), ("2001:db8:8::1", false, false)] {
            let address = address.parse().expect("an address");
            assert_eq!((config.is_near(address), config.is_of_school(address)), (near, of_school), "{address}");
        }
    }

    #[test]
    fn a_school_may_be_open_until_midnight() {
        let config = PupilsConfig { from: Time::midnight(), to: Time::midnight(), ..PupilsConfig::default() };
        let moment = |text: &str| text.parse::<Instant>().expect("a moment");
        assert_eq!(config.day_ends(moment("2026-11-24T23:59:59Z"), &TimeZone::UTC), Some(moment("2026-11-25T00:00:00Z")));
        assert_eq!(config.day_ends(moment("2026-11-24T00:00:00Z"), &TimeZone::UTC), Some(moment("2026-11-25T00:00:00Z")));
    }

    #[test]
    fn cards_are_good_in_school_hours_by_the_clock_on_the_wall() {
        let (config, london) = (PupilsConfig::default(), TimeZone::get("Europe/London").expect("a zone"));
        for (now, end) in [
            ("2026-11-24T07:29:59Z", None),
            ("2026-11-24T07:30:00Z", Some("2026-11-24T18:00:00Z")),
            ("2026-11-24T17:59:59Z", Some("2026-11-24T18:00:00Z")),
            ("2026-11-24T18:00:00Z", None),
            ("2026-11-28T10:00:00Z", None),                         // a Saturday
            ("2026-12-25T10:00:00Z", None),                         // a bank holiday
            ("2026-06-24T06:30:00Z", Some("2026-06-24T17:00:00Z")), // in summer time
        ] {
            let moment = |text: &str| text.parse::<Instant>().expect("a moment");
            assert_eq!(config.day_ends(moment(now), &london), end.map(moment), "{now}");
        }
    }
}
