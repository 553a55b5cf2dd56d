//! Each finding both ways.

use filter::Snapshot;
use filter::profile::shipped::Shipped;
use jiff::ToSpan as _;

use super::*;
use crate::filtering::List;
use crate::filtering::controls_testing::{now, snapshot};
use crate::upkeep::Copies;

fn state(snapshot: &Snapshot, pupils: &[Shipped], illegal: IllegalSource, lists: Vec<List>, check: fn(&Context<'_>) -> Finding) -> State {
    let pupils = pupils.iter().map(|shipped| shipped.name().to_owned()).collect();
    let filter = InForce { snapshot, pupils, illegal, lists, stale_after_days: 7 };
    check(&Context { now: now(), filter, records: Err("they are not asked".to_owned()), copies: Copies::default() }).state
}

#[test]
fn an_empty_list_closes_nothing_and_that_is_found() {
    let filter = snapshot(&[Shipped::Ks3, Shipped::Staff], 0);
    let of = |pupils: &[Shipped], check| state(&filter, pupils, IllegalSource::None, Vec::new(), check);
    assert_eq!(of(&[Shipped::Ks3], harm_is_closed), State::Breached(None));
    assert_eq!(of(&[Shipped::Ks3], everyone_is_judged), State::Breached(None));
    assert_eq!(of(&[Shipped::Ks2], harm_is_closed), State::Unknown, "a profile that is not there");
    assert_eq!(of(&[], harm_is_closed), State::Unknown, "no pupils");
}

#[test]
fn one_set_of_rules_for_all_ages_is_found() {
    let filter = snapshot(&[Shipped::EarlyYearsKs1, Shipped::SixthForm], 0);
    let of = |pupils: &[Shipped]| state(&filter, pupils, IllegalSource::None, Vec::new(), age_decides);
    assert_eq!(of(&[Shipped::EarlyYearsKs1, Shipped::SixthForm]), State::Met);
    assert_eq!(of(&[Shipped::SixthForm]), State::Breached(None));
    assert_eq!(of(&[]), State::Unknown);
}

#[test]
fn whoever_is_not_known_and_gets_more_than_a_pupil_is_found() {
    for (unknown, expected) in [(0, State::Met), (1, State::Breached(None))] {
        let filter = snapshot(&[Shipped::EarlyYearsKs1, Shipped::Ks4], unknown);
        let pupils = [Shipped::EarlyYearsKs1, Shipped::Ks4];
        assert_eq!(state(&filter, &pupils, IllegalSource::None, Vec::new(), unknown_gets_the_strictest), expected);
    }
}

#[test]
fn a_source_of_illegal_material_that_cannot_be_seen_is_not_called_met() {
    let filter = snapshot(&[Shipped::Ks2], 0);
    for (source, expected) in [
        (IllegalSource::None, State::Breached(None)),
        (IllegalSource::Sealed, State::Breached(None)),
        (IllegalSource::Upstream, State::Unknown),
    ] {
        assert_eq!(state(&filter, &[], source, Vec::new(), illegal_comes_first), expected, "{source:?}");
    }
}

#[test]
fn a_list_that_is_stale_or_not_in_force_is_found() {
    let filter = snapshot(&[Shipped::Ks2], 0);
    let days_ago = |days: i64| now().checked_sub((days * 24).hours()).expect("a time");
    let list = |is_in_force, news| List { name: "county".to_owned(), is_in_force, news };
    for (lists, expected) in [
        (vec![], State::Breached(None)),
        (vec![list(true, Some(days_ago(6)))], State::Met),
        (vec![list(true, Some(days_ago(1))), list(true, Some(days_ago(7)))], State::Breached(Some(days_ago(7)))),
        (vec![list(true, Some(days_ago(1))), list(false, None)], State::Breached(None)),
        (vec![list(true, None)], State::Unknown),
    ] {
        let said = format!("{lists:?}");
        assert_eq!(state(&filter, &[], IllegalSource::None, lists, lists_are_fresh), expected, "{said}");
    }
}
