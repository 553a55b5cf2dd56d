//! Bank holidays against the lists that gov.uk published for 2019 to 2028.

use calendar::{Date, Nation, bank_holiday, bank_holidays};

use crate::support::date;

fn check(nation: Nation, year: i16, expected: &str) {
    let found: Vec<String> = bank_holidays(nation, year).iter().map(|holiday| holiday.date.to_string()).collect();
    let expected: Vec<String> = expected.split(' ').map(|day| format!("{year}-{day}")).collect();
    assert_eq!(found, expected, "{} {year}", nation.name());
}

#[test]
fn england_and_wales() {
    for nation in [Nation::England, Nation::Wales] {
        check(nation, 2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26");
        check(nation, 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28");
        check(nation, 2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28");
        check(nation, 2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27");
        check(nation, 2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26");
        check(nation, 2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26");
        check(nation, 2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26");
        check(nation, 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28");
        check(nation, 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28");
        check(nation, 2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26");
    }
}

#[test]
fn scotland() {
    check(Nation::Scotland, 2020, "01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28");
    check(Nation::Scotland, 2021, "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28");
    check(Nation::Scotland, 2022, "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27");
    check(Nation::Scotland, 2023, "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26");
    check(Nation::Scotland, 2024, "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26");
    check(Nation::Scotland, 2025, "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26");
    check(Nation::Scotland, 2026, "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28");
}

#[test]
fn northern_ireland() {
    check(Nation::NorthernIreland, 2020, "01-01 03-17 04-10 04-13 05-08 05-25 07-13 08-31 12-25 12-28");
    check(Nation::NorthernIreland, 2021, "01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28");
    check(Nation::NorthernIreland, 2022, "01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27");
    check(Nation::NorthernIreland, 2023, "01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26");
    check(Nation::NorthernIreland, 2024, "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26");
    check(Nation::NorthernIreland, 2025, "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26");
    check(Nation::NorthernIreland, 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28");
}

#[test]
fn a_substitute_says_what_it_stands_for() {
    let names: Vec<_> = bank_holidays(Nation::Scotland, 2023).iter().take(2).map(|holiday| (holiday.name, holiday.is_substitute)).collect();
    assert_eq!(names, [("2 January", false), ("New Year's Day", true)], "the act, schedule 1: a Sunday's goes to 3 January");
    let boxing_day = bank_holiday(Nation::England, date("2026-12-28")).expect("a holiday");
    assert_eq!((boxing_day.name, boxing_day.is_substitute), ("Boxing Day", true));
    assert_eq!(bank_holiday(Nation::England, date("2026-12-26")), None, "a Saturday, which the Monday stands for");
}

/// Easter Sundays of the almanacs; the earliest and latest that there are, and the two exceptions of the old rule.
#[test]
fn easter() {
    for (year, easter_monday) in [
        (2008, "03-24"),
        (2011, "04-25"),
        (2038, "04-26"),
        (2049, "04-19"),
        (2076, "04-20"),
        (2100, "03-29"),
        (2285, "03-23"),
        (2299, "04-17"),
    ] {
        let holidays = bank_holidays(Nation::England, year);
        let found = holidays.iter().find(|holiday| holiday.name == "Easter Monday").map(|holiday| holiday.date);
        assert_eq!(found, Some(date(&format!("{year}-{easter_monday}"))), "{year}");
    }
}

#[test]
fn holidays_are_weekdays_in_order_and_none_twice() {
    for nation in Nation::ALL {
        for year in 2007..2400 {
            let days: Vec<Date> = bank_holidays(nation, year).iter().map(|holiday| holiday.date).collect();
            assert!(days.is_sorted_by(|a, b| a < b), "{} {year}: {days:?}", nation.name());
            assert!(days.iter().all(|day| day.civil().weekday().to_monday_one_offset() <= 5), "{} {year}: {days:?}", nation.name());
            assert!(days.len() >= 8, "{} {year}", nation.name());
        }
    }
}
