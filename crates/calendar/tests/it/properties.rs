//! What holds for every period, start, zone and calendar: over changes of the clock, year ends, leap days and gaps.

use std::num::NonZeroU16;

use calendar::{
    At, Block, Closure, Date, Instant, MonthDay, Nation, NotKnown, OffDay, Period, Plan, SchoolCalendar, State, Term, VagueDate, WorkingIn,
};
use jiff::civil::{Weekday, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, civil};
use proptest::prelude::*;

/// Zones whose clocks change at different hours; Santiago's at midnight, Lord Howe's by half an hour.
const ZONES: [&str; 5] = ["Europe/London", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "UTC"];

fn nation() -> impl Strategy<Value = Nation> {
    prop::sample::select(Nation::ALL.to_vec())
}

fn at_strategy() -> impl Strategy<Value = At> {
    prop::sample::select(vec![At::SameTime, At::EndOfDay, At::Closing])
}

fn days(most: u16) -> impl Strategy<Value = NonZeroU16> {
    (1..=most).prop_filter_map("not zero", NonZeroU16::new)
}

fn block() -> impl Strategy<Value = Block> {
    prop::sample::select(vec![Block::Term, Block::HalfTerm])
}

fn simple() -> impl Strategy<Value = Period> {
    let weekdays = [Weekday::Monday, Weekday::Wednesday, Weekday::Saturday, Weekday::Sunday];
    let off_day = prop::sample::select(vec![OffDay::Counts, OffDay::MovesOn]);
    let of = prop::sample::select(vec![WorkingIn::Nation, WorkingIn::AnyOfUk]);
    prop_oneof![
        (0_u32..10_000).prop_map(Period::Minutes),
        (1_u32..3_000).prop_map(Period::SchoolMinutes),
        Just(Period::SameDay),
        Just(Period::EndOfSchoolDay),
        (days(70), of, at_strategy()).prop_map(|(days, of, at)| Period::WorkingDays { days, of, at }),
        (days(70), at_strategy()).prop_map(|(days, at)| Period::SchoolDays { days, at }),
        (0_u16..800).prop_map(Period::Days),
        (0_u16..60, off_day).prop_map(|(months, off_day)| Period::Months { months, off_day }),
        (prop::sample::select(weekdays.to_vec()), 0_i8..24, 0_i8..60)
            .prop_map(|(day, hour, minute)| Period::Weekly { day, time: time(hour, minute, 0, 0) }),
        (1_i8..=12, 1_i8..=31).prop_filter_map("a day", |(month, day)| MonthDay::new(month, day).ok()).prop_map(Period::Annual),
        block().prop_map(Period::EndOf),
        block().prop_map(Period::OnceA),
        (days(10), block()).prop_map(|(days, block)| Period::FirstDaysOfNext { days, block }),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    prop_oneof![4 => simple(), 1 => (simple(), simple()).prop_map(|both| Period::Sooner(Box::new(both)))]
}

/// Four to seven terms from September 2023 on (a leap year), with holidays of all lengths, closures and INSET days between.
fn school() -> impl Strategy<Value = SchoolCalendar> {
    let term = (20_i64..100, 1_i64..60, prop::option::of((8_i64..12, 0_i64..7)), prop::option::of(2_i64..6));
    (nation(), prop::sample::select(ZONES.to_vec()), prop::collection::vec(term, 4..8)).prop_filter_map(
        "a plan",
        |(nation, zone, terms)| {
            let mut plan = Plan { zone: TimeZone::get(zone).ok()?, ..Plan::new(nation) };
            let mut from = date(2023, 9, 4);
            for (at, (length, holiday, half_term, closed)) in terms.into_iter().enumerate() {
                let day = |offset: i64| Date::try_from(from.checked_add(offset.days()).expect("near")).expect("near");
                let half_term = half_term.filter(|_| length > 24).map(|(first, length)| (day(first), day(first + length)));
                plan.terms.push(Term { name: format!("Term {at}"), from: day(0), to: day(length), half_term });
                if let Some(closed) = closed {
                    plan.closures.push(Closure { from: day(closed), to: day(closed + 1), why: "storm".to_owned() });
                }
                from = from.checked_add((length + holiday).days()).expect("near");
            }
            SchoolCalendar::new(plan).ok()
        },
    )
}

/// Moments around changes of the clock and ends of years, and any others.
fn moment() -> impl Strategy<Value = Instant> {
    let changes = [
        "2023-10-29T01:00Z",
        "2024-03-31T01:00Z",
        "2023-11-05T06:00Z",
        "2024-04-07T03:00Z",
        "2023-12-31T23:59Z",
        "2024-02-29T12:00Z",
        "2024-04-06T15:00Z",
    ];
    let near = (prop::sample::select(changes.to_vec()), -200_i64..200)
        .prop_map(|(change, minutes)| change.parse::<Timestamp>().expect("a time").checked_add(minutes.minutes()).expect("near").into());
    let any = (0_i64..900 * 24 * 60).prop_map(|minutes| {
        let first: Timestamp = "2023-08-25T00:00Z".parse().expect("a time");
        first.checked_add(minutes.minutes()).expect("near").into()
    });
    prop_oneof![near, any]
}

const fn rank(state: State) -> u8 {
    match state {
        State::Early(_) => 0,
        State::DueSoon(_) => 1,
        State::Due(_) => 2,
        State::Overdue(_) => 3,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_later_start_is_never_due_earlier(school in school(), period in period(), one in moment(), other in moment()) {
        let (early, late) = (one.min(other), one.max(other));
        if let (Ok(first), Ok(second)) = (school.due(early, &period), school.due(late, &period)) {
            prop_assert!(first <= second, "{period}: {early} -> {first}, {late} -> {second}");
        }
    }

    /// The same within one night, where the clock on the wall may run back.
    #[test]
    fn nor_within_one_night(school in school(), period in simple(), start in moment(), minutes in 1_i64..180) {
        let late: Instant = start.timestamp().checked_add(minutes.minutes()).expect("near").into();
        if let (Ok(first), Ok(second)) = (school.due(start, &period), school.due(late, &period)) {
            prop_assert!(first <= second, "{period}: {start} -> {first}, {late} -> {second}");
        }
    }

    /// The clock in Cairo goes back at midnight after a Thursday, a working day here, so that 23:00 to 24:00 comes twice.
    #[test]
    fn nor_in_an_hour_that_comes_twice(days in days(9), first in -90_i64..90, second in -90_i64..90) {
        let zone = TimeZone::get("Africa/Cairo").expect("zone");
        let school = SchoolCalendar::new(Plan { zone, ..Plan::new(Nation::England) }).expect("a plan");
        let change: Timestamp = "2023-10-26T21:00Z".parse().expect("a time");
        let due = |minutes: i64| {
            let start = change.checked_add(minutes.minutes()).expect("near").into();
            school.due(start, &Period::WorkingDays { days, of: WorkingIn::Nation, at: At::SameTime }).expect("working days")
        };
        prop_assert!(due(first.min(second)) <= due(first.max(second)));
    }

    #[test]
    fn nothing_is_due_before_it_begins(school in school(), period in period(), start in moment()) {
        if let Ok(due) = school.due(start, &period) {
            prop_assert!(start <= due, "{period}: {start} -> {due}");
        }
    }

    #[test]
    fn only_the_end_of_the_calendar_stops_it(school in school(), period in period(), start in moment()) {
        match school.due(start, &period) {
            Ok(_) => {}
            Err(NotKnown::After { to }) => prop_assert_eq!(Some(to), school.plan().terms.last().map(|term| term.to)),
            Err(NotKnown::Before { from }) => prop_assert!(school.date_at(start) < from),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn school_days_are_due_on_school_days(school in school(), days in days(40), at in at_strategy(), start in moment()) {
        if let Ok(deadline) = school.deadline(start, &Period::SchoolDays { days, at }) {
            prop_assert_eq!(school.is_school_day(deadline.day()), Some(true));
        }
    }

    #[test]
    fn so_many_working_days_lie_between(school in school(), days in days(40), start in moment()) {
        let period = Period::WorkingDays { days, of: WorkingIn::Nation, at: At::EndOfDay };
        let deadline = school.deadline(start, &period).expect("working days are always known");
        let after = std::iter::successors(school.date_at(start).civil().tomorrow().ok(), |day: &civil::Date| day.tomorrow().ok());
        let counted = after.take_while(|day| *day <= deadline.day().civil()).filter(|day| school.is_working_day(Date::try_from(*day).expect("day")));
        prop_assert_eq!(counted.count(), usize::from(days.get()));
    }

    #[test]
    fn a_state_only_moves_on(school in school(), period in period(), start in moment(), hours in 0_i64..2000, more in 0_i64..500) {
        if let Ok(deadline) = school.deadline(start, &period) {
            let now = start.timestamp().checked_add(hours.hours()).expect("near");
            let (now, then) = (now.into(), now.checked_add(more.hours()).expect("near").into());
            let (first, second) = (deadline.state(now, &school), deadline.state(then, &school));
            prop_assert!(rank(first) <= rank(second), "{period}: {first} at {now}, {second} at {then}");
            prop_assert_eq!(rank(first) == 3, now > deadline.due(), "overdue after the last moment and not before");
        }
    }

    #[test]
    fn a_period_is_read_as_it_is_written(period in period()) {
        prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period.clone()), "{}", period);
    }

    #[test]
    fn any_text_is_a_period_or_none(text in ".{0,60}") {
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }
        let _ = VagueDate::parse(&text);
    }

    #[test]
    fn instants_and_days_keep_their_value(micros in -377_705_023_201_000_000_i64..253_402_207_200_000_000, day in 0_i32..3_652_000) {
        let instant = Instant::from_micros(micros).expect("in range");
        prop_assert_eq!(instant.micros(), micros);
        prop_assert_eq!(Instant::from(instant.timestamp()), instant);
        prop_assert_eq!(instant.to_string().parse::<Instant>(), Ok(instant));
        let day = Date::try_from(date(0, 1, 1).checked_add(day.days()).expect("in range")).expect("in range");
        prop_assert_eq!(day.to_string().parse::<Date>(), Ok(day));
    }
}
