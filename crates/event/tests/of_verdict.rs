//! Events made of verdicts: what they cite, and what they leave out.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use event::{Address, Circumstances, Event, Flags, Known, MAX_METHOD, MAX_PATH, SEALED, Seen, Via};
use filter::judge::Step;
use filter::overrides::{Effect, Override, Scope};
use filter::profile::shipped::Shipped;
use filter::sealed::{SealedEntry, SealedList};
use filter::snapshot::{Parts, Person, Protected};
use filter::{Action, Host, ProfileIndex, Request, Snapshot, Target, Who};
use ids::{EventId, PersonId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const SECRET: &str = "http://sealed-site.example/hidden/page?word=x";

fn host(text: &str) -> Host {
    Host::parse(text).expect("host")
}

fn snapshot() -> Snapshot {
    let exception = Override {
        effect: Effect::Block,
        scope: Scope::Everyone,
        host: host("school-closed.example"),
        path: Some("/forum".into()),
        reason: "a reason".into(),
        author: "DSL".into(),
        until: None,
    };
    let parts = Parts {
        sealed: vec![SealedList::seal([3; 16], [SealedEntry::parse("sealed-site.example").expect("entry")])],
        protected: vec![Protected { host: host("help.example"), name: "Help".into() }],
        packs: Vec::new(),
        profiles: Shipped::ALL.iter().map(|shipped| shipped.profile()).collect(),
        unknown: ProfileIndex(0),
        people: vec![(PersonId::named("ada"), Person { profile: ProfileIndex(3), groups: Vec::new(), gated: None })],
        overrides: vec![exception],
        windows: Vec::new(),
        zone: TimeZone::UTC,
    };
    Snapshot::new(parts).expect("snapshot")
}

fn event(who: Who, address: &str, method: &str) -> Event {
    let (snapshot, target) = (snapshot(), Target::parse(address).expect("address"));
    let request = Request { who, target: &target, when: Timestamp::UNIX_EPOCH };
    let circumstances = Circumstances {
        id: EventId::new(1, [1; 10]),
        via: Via::Http,
        source: "192.0.2.7".parse().expect("address"),
        device: None,
        known: Known::Nothing,
        listener: "room-4".into(),
        method: method.into(),
        seen: Seen::Plain,
        flags: Flags::default(),
    };
    Event::of_verdict(&snapshot, request, filter::judge(&snapshot, request), circumstances)
}

fn path(event: &Event) -> Option<&str> {
    match &event.address {
        Address::Shown { path, .. } => path.as_deref(),
        Address::Sealed => None,
    }
}

#[test]
fn a_sealed_hit_keeps_who_and_when_and_nothing_of_where() {
    let event = event(Who::person(PersonId::named("ada")), SECRET, "GET");
    assert_eq!((event.action, event.step, event.person), (Action::Block, Step::Sealed, Some(PersonId::named("ada"))));
    assert!(event.address == Address::Sealed);
    assert_eq!((event.category, event.list.as_deref(), event.rule.as_deref()), (None, Some(SEALED), None));
    assert!(!format!("{event:?} {:?}", event.address).contains("sealed-site"));
}

#[test]
fn the_query_is_never_kept() {
    let event = event(Who::UNKNOWN, "http://museum.example/search?q=my+secret+worry", "GET");
    assert_eq!(path(&event), Some("/search"));
}

#[test]
fn what_a_stranger_makes_long_is_kept_short() {
    let event = event(Who::UNKNOWN, &format!("http://museum.example/{}", "a".repeat(9000)), &"M".repeat(9000));
    assert_eq!((path(&event).map(str::len), event.method.len()), (Some(MAX_PATH), MAX_METHOD));
}

#[test]
fn the_rule_is_what_decided() {
    let rule = |address| event(Who::UNKNOWN, address, "GET").rule;
    assert_eq!(rule("http://www.help.example/talk").as_deref(), Some("help.example"));
    assert_eq!(rule("http://school-closed.example/forum/1").as_deref(), Some("school-closed.example/forum"));
    assert_eq!(rule("http://museum.example/"), None);
}

#[test]
fn the_profile_is_the_one_that_was_applied() {
    let (unknown, ada) =
        (event(Who::UNKNOWN, "http://a.example/", "GET"), event(Who::person(PersonId::named("ada")), "http://a.example/", "GET"));
    let profiles = snapshot().profiles().iter().map(|profile| profile.name().to_owned()).collect::<Vec<_>>();
    assert_eq!((&*unknown.profile, &*ada.profile), (&*profiles[0], &*profiles[3]));
}
