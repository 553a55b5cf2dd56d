//! Who is at which device, as time goes by.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::net::IpAddr;

use ids::PersonId;
use jiff::{SignedDuration, Timestamp};
use presence::{At, Before, MAX_ADDRESSES, Presence, SignIn, Source};

const TABLET: &str = "10.0.0.7";

fn address(text: &str) -> IpAddr {
    text.parse().expect("address")
}

/// Minutes after ten o'clock.
fn at(minutes: i64) -> Timestamp {
    "2026-11-23T10:00:00Z".parse::<Timestamp>().expect("time") + SignedDuration::from_mins(minutes)
}

/// Until eleven, and 20 minutes idle.
fn lesson(name: &str, source: Source) -> SignIn {
    SignIn { person: PersonId::named(name), source, until: at(60), idle: SignedDuration::from_mins(20) }
}

fn one(name: &str, source: Source) -> At {
    At::One(PersonId::named(name), source)
}

struct School(Presence);

impl School {
    fn new() -> Self {
        Self(Presence::default())
    }

    fn sign_in(&self, name: &str, source: Source, before: Before, minute: i64) {
        self.0.sign_in(&[(address(TABLET), lesson(name, source))], before, at(minute)).expect("room");
    }

    fn sign_out(&self, name: &str, minute: i64) {
        self.0.end_at(address(TABLET), at(minute), |sign_in| sign_in.person == PersonId::named(name));
    }

    fn check(&self, minute: i64, expected: At) {
        assert!(self.0.at(address(TABLET), at(minute)) == expected, "at minute {minute}: {:?}", self.0.list(at(minute)));
    }
}

#[test]
fn somebody_is_known_at_their_own_address_and_nowhere_else() {
    let school = School::new();
    school.check(0, At::Nobody);
    school.sign_in("ada", Source::Own, Before::Stay, 0);
    school.check(0, one("ada", Source::Own));
    assert_eq!(school.0.at(address("10.0.0.8"), at(0)), At::Nobody);
    assert!(school.0.at(address("::ffff:10.0.0.7"), at(0)) == one("ada", Source::Own), "the same address, carried in another");
}

#[test]
fn a_lesson_ends() {
    let school = School::new();
    school.sign_in("ada", Source::Class, Before::Stay, 50);
    school.check(59, one("ada", Source::Class));
    school.check(60, At::Nobody);
}

#[test]
fn whoever_asks_nothing_for_twenty_minutes_is_gone_for_good() {
    let school = School::new();
    school.sign_in("ada", Source::Class, Before::Stay, 0);
    school.check(20, one("ada", Source::Class));
    school.check(40, one("ada", Source::Class));
    assert_eq!(school.0.at(address(TABLET), at(40) + SignedDuration::from_mins(20) + SignedDuration::from_millis(1)), At::Nobody);
    school.check(61, At::Nobody);
    let again = School::new();
    again.sign_in("ada", Source::Class, Before::Stay, 0);
    again.check(21, At::Nobody);
    again.check(22, At::Nobody);
}

#[test]
fn a_clock_that_is_put_back_makes_nobody_idle() {
    let school = School::new();
    school.sign_in("ada", Source::Class, Before::Stay, 30);
    school.check(0, one("ada", Source::Class));
    school.check(31, one("ada", Source::Class));
}

#[test]
fn two_people_on_one_tablet_are_nobody_until_both_have_gone() {
    let school = School::new();
    school.sign_in("ada", Source::Own, Before::Stay, 0);
    school.sign_in("bob", Source::Own, Before::Stay, 1);
    school.check(2, At::Shared);
    school.sign_out("bob", 3);
    school.check(4, At::Shared);
    school.sign_in("bob", Source::Own, Before::Stay, 5);
    school.check(5, At::Shared);
    school.sign_out("ada", 6);
    school.sign_out("bob", 6);
    school.check(6, At::Nobody);
    school.sign_in("carol", Source::Own, Before::Stay, 7);
    school.check(7, one("carol", Source::Own));
}

#[test]
fn a_shared_tablet_in_use_does_not_stay_shared_for_that() {
    let school = School::new();
    school.sign_in("ada", Source::Own, Before::Stay, 0);
    school.sign_in("bob", Source::Class, Before::Stay, 0);
    school.check(15, At::Shared);
    school.check(21, At::Nobody);
    school.sign_in("carol", Source::Own, Before::Stay, 21);
    school.check(22, one("carol", Source::Own));
}

#[test]
fn after_a_sign_out_the_tablet_belongs_to_the_next() {
    let school = School::new();
    school.sign_in("ada", Source::Own, Before::Stay, 0);
    school.sign_out("ada", 1);
    school.check(1, At::Nobody);
    school.sign_in("bob", Source::Own, Before::Stay, 2);
    school.check(2, one("bob", Source::Own));
}

#[test]
fn a_source_that_knows_of_the_change_moves_its_own_and_no_others() {
    let school = School::new();
    school.sign_in("ada", Source::Network, Before::Ended, 0);
    school.sign_in("bob", Source::Network, Before::Ended, 1);
    school.check(1, one("bob", Source::Network));
    school.sign_in("carol", Source::Class, Before::Ended, 2);
    school.check(2, At::Shared);
}

#[test]
fn two_sources_that_agree_hold_until_the_last_of_them_ends() {
    let school = School::new();
    school.sign_in("ada", Source::Network, Before::Ended, 0);
    school.sign_in("ada", Source::Class, Before::Stay, 1);
    school.check(2, one("ada", Source::Network));
    school.0.end(at(3), |_, sign_in| sign_in.source == Source::Network);
    school.check(3, one("ada", Source::Class));
    school.0.clear(address(TABLET), at(4));
    school.check(4, At::Nobody);
}

#[test]
fn signing_in_again_lasts_longer_and_is_no_other_person() {
    let school = School::new();
    for minute in 0..200 {
        let until = SignIn { until: at(minute + 60), ..lesson("ada", Source::Network) };
        school.0.sign_in(&[(address(TABLET), until)], Before::Ended, at(minute)).expect("room");
    }
    school.check(210, one("ada", Source::Network));
    let list = school.0.list(at(211));
    assert_eq!((list.len(), list[0].since, list[0].used, list[0].is_shared), (1, at(0), at(210), false));
}

#[test]
fn what_no_longer_holds_takes_no_room() {
    let presence = Presence::default();
    let new: Vec<_> = (0..1000_u16)
        .map(|number| (IpAddr::from([10, 1, number.to_be_bytes()[0], number.to_be_bytes()[1]]), lesson("ada", Source::Own)))
        .collect();
    presence.sign_in(&new, Before::Stay, at(0)).expect("room");
    presence.sign_in(&[(address(TABLET), SignIn { until: at(180), ..lesson("bob", Source::Own) })], Before::Stay, at(100)).expect("room");
    assert!(format!("{presence:?}").contains("addresses: 1"), "{presence:?}");
}

#[test]
fn a_flood_of_addresses_is_refused_whole_and_takes_nobody_away() {
    let presence = Presence::default();
    presence.sign_in(&[(address(TABLET), lesson("ada", Source::Own))], Before::Stay, at(0)).expect("room");
    let flood = (0..MAX_ADDRESSES as u128).map(|number| (IpAddr::from(number.to_be_bytes()), lesson("bob", Source::Network)));
    assert!(presence.sign_in(&flood.collect::<Vec<_>>(), Before::Ended, at(0)).is_err());
    assert!(presence.at(address(TABLET), at(1)) == one("ada", Source::Own));
    assert_eq!(presence.list(at(1)).len(), 1);
}

#[test]
fn nothing_personal_is_shown_for_logs() {
    let school = School::new();
    school.sign_in("ada", Source::Own, Before::Stay, 0);
    let shown = format!("{:?} {:?} {:?}", school.0, school.0.list(at(0)), school.0.at(address(TABLET), at(0)));
    assert!(!shown.contains("10.0.0.7") && !shown.contains(&PersonId::named("ada").to_string()), "{shown}");
}
