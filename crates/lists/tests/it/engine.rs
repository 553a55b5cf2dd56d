//! The engine over built packs: order of judgement, ages, exceptions, windows, lifting.

use std::sync::Arc;

use crate::support::{self, *};
use filter::judge::Step;
use filter::overrides::{Effect, Override, Scope};
use filter::sealed::{SealedEntry, SealedList};
use filter::snapshot::{Gated, Parts, Person, SnapshotError};
use filter::timetable::Window;
use filter::{Action, ProfileIndex, Snapshot, Target, Who};
use ids::{GroupId, PersonId};

const ROWS: &[(&str, &str)] = &[
    ("gambling", "bets.example"),
    ("games", "bets.example"),
    ("jobs", "bets.example"),
    ("news", "daily.example"),
    ("pornography", "adult.example"),
    ("sex-education", "health.adult.example"),
    ("young-children-allow", "museum.example"),
    ("news", "museum.example"),
    ("games", "games.museum.example"),
    ("drugs", "blogs.example/smoke"),
    ("hate", "=only.example"),
    ("games", "play.example"),
    ("social-media", "friends.example"),
];

#[test]
fn each_age_gets_its_own_answer() {
    let snapshot = snapshot(ROWS);
    for pupil in ["early-years-ks1", "ks2", "ks3", "ks4"] {
        assert_eq!(as_profile(&snapshot, pupil, "http://bets.example/"), Action::Block, "{pupil}");
        assert_eq!(as_profile(&snapshot, pupil, "https://www.adult.example/x"), Action::Block, "{pupil}");
    }
    assert_eq!(as_profile(&snapshot, "ks2", "http://unlisted.example/"), Action::Allow);
    assert_eq!(as_profile(&snapshot, "early-years-ks1", "http://unlisted.example/"), Action::Ask);
    assert_ne!(as_profile(&snapshot, "early-years-ks1", "http://daily.example/"), Action::Allow, "listed, but not as fit for them");
    assert_eq!(as_profile(&snapshot, "early-years-ks1", "http://museum.example/"), Action::Allow);
}

#[test]
fn several_lists_may_name_one_host_and_the_gravest_category_decides() {
    let snapshot = snapshot(ROWS);
    let who = Who::profile(snapshot.profile_named("ks2").expect("profile"));
    let verdict = judge(&snapshot, who, "http://www.bets.example/");
    assert_eq!(verdict.category().map(filter::category::Category::slug), Some("gambling"));
    let target = Target::parse("http://www.bets.example/").expect("address");
    let explanation = filter::explain(&snapshot, filter::Request { who, target: &target, when: MONDAY.parse().expect("time") });
    let origins: Vec<_> = explanation.listings[0].entry.origins.iter().map(|origin| (origin.category.slug(), origin.line)).collect();
    assert_eq!(origins, [("gambling", 1), ("games", 2), ("jobs", 3)]);
    assert_eq!(explanation.listings[0].entry.origins[0].list, "test list");
}

#[test]
fn a_positive_list_lifts_only_what_is_no_more_exact_than_itself() {
    let snapshot = snapshot(ROWS);
    assert_eq!(as_profile(&snapshot, "ks4", "http://adult.example/"), Action::Block);
    assert_ne!(as_profile(&snapshot, "ks4", "http://health.adult.example/"), Action::Block, "lifted: named more exactly");
    let site = [("young-children-allow", "museum.example"), ("social-media", "museum.example"), ("social-media", "friends.museum.example")];
    let lifted = support::snapshot(&site);
    assert_eq!(as_profile(&lifted, "ks2", "http://museum.example/"), Action::Allow, "as exact: lifted");
    assert_eq!(as_profile(&lifted, "ks2", "http://friends.museum.example/"), Action::Block, "named more exactly than the lifter");
    assert_eq!(as_profile(&support::snapshot(&site[1..]), "ks2", "http://museum.example/"), Action::Block, "not lifted without it");
}

#[test]
fn an_entry_covers_what_its_kind_says() {
    let snapshot = snapshot(ROWS);
    let blocked = |address| as_profile(&snapshot, "ks2", address) == Action::Block;
    assert!(blocked("http://only.example/any"));
    assert!(!blocked("http://www.only.example/"));
    assert!(!blocked("http://notbets.example/"));
    assert!(blocked("http://blogs.example/smoke"));
    assert!(blocked("http://x.blogs.example/SMOKE/now?q=1"));
    assert!(blocked("http://blogs.example//x/../%73moke?a"));
    assert!(!blocked("http://blogs.example/smokehouse"));
    assert!(!blocked("http://blogs.example/"));
}

#[test]
fn a_page_cannot_be_judged_where_only_the_host_is_seen() {
    let snapshot = snapshot(ROWS);
    let target = Target::of_host(host("blogs.example"), 443);
    let request = filter::Request {
        who: Who::profile(snapshot.profile_named("ks2").expect("profile")),
        target: &target,
        when: MONDAY.parse().expect("time"),
    };
    let explanation = filter::explain(&snapshot, request);
    assert_eq!(explanation.verdict.action, Action::Allow);
    assert!(explanation.limits.is_some_and(|limits| limits.contains("Only the host")));
}

#[test]
fn whoever_is_not_known_gets_the_strictest_profile() {
    let snapshot = snapshot(ROWS);
    assert_eq!(judge(&snapshot, Who::UNKNOWN, "http://unlisted.example/").action, Action::Ask);
    // A person the snapshot does not know is unknown, whatever the place they come from allows.
    let stranger = Who { person: Some(PersonId::named("nobody")), profile: snapshot.profile_named("staff"), is_led: false };
    assert_eq!(judge(&snapshot, stranger, "http://unlisted.example/").action, Action::Ask);
}

fn with(change: impl FnOnce(&mut Parts)) -> Snapshot {
    let mut parts = parts(vec![pack(ROWS)]);
    change(&mut parts);
    Snapshot::new(parts).expect("snapshot")
}

#[test]
fn the_order_of_judgement() {
    let (ada, bob) = (PersonId::named("ada"), PersonId::named("bob"));
    let sealed = SealedList::seal([1; 16], [SealedEntry::parse("http://childline.org.uk/sealed").expect("entry")]);
    let snapshot = with(|parts| {
        let ks2 = profile(parts, "ks2");
        parts.sealed = vec![sealed];
        let gated = |why| Person { profile: ks2, groups: Vec::new(), gated: Some(why) };
        parts.people = vec![(ada, gated(Gated::Unsigned)), (bob, gated(Gated::UnsignedUnlessLed))];
        parts.overrides =
            vec![exception(Effect::Block, Scope::Everyone, "childline.org.uk"), exception(Effect::Allow, Scope::Everyone, "bets.example")];
    });
    let step = |who, address| judge(&snapshot, who, address).step;
    let ada = Who::person(ada);
    assert_eq!(step(ada, "http://childline.org.uk/sealed"), Step::Sealed, "nothing opens sealed material");
    assert_eq!(step(ada, "http://childline.org.uk/"), Step::Protected, "a help line is open to all, gated or not, closed by nobody");
    assert_eq!(step(ada, "http://www.childline.org.uk/get-support"), Step::Protected);
    assert_eq!(step(ada, "http://bets.example/"), Step::Gate, "no exception opens anything before the agreement");
    assert_eq!(step(Who::led(PersonId::named("ada")), "http://bets.example/"), Step::Gate, "a teacher alone opens nothing");
    assert_eq!(step(Who::person(bob), "http://bets.example/"), Step::Gate, "nobody leads");
    assert_eq!(step(Who::led(bob), "http://bets.example/"), Step::Overrides, "the headteacher allows it in a lesson");
    let ks2 = Who::profile(snapshot.profile_named("ks2").expect("profile"));
    assert_eq!(step(ks2, "http://bets.example/"), Step::Overrides);
    assert_eq!(step(ks2, "http://adult.example/"), Step::Categories);
    assert_eq!(step(ks2, "http://unlisted.example/"), Step::Unlisted);
}

#[test]
fn a_sealed_hit_shows_nothing() {
    let snapshot = with(|parts| parts.sealed = vec![SealedList::seal([1; 16], [SealedEntry::parse("adult.example").expect("entry")])]);
    let target = Target::parse("http://adult.example/secret-page").expect("address");
    let request = filter::Request { who: Who::UNKNOWN, target: &target, when: MONDAY.parse().expect("time") };
    let explanation = filter::explain(&snapshot, request);
    assert!(explanation.verdict.is_sealed() && explanation.listings.is_empty());
    assert!(!format!("{explanation:?}").contains("adult.example"), "{explanation:?}");
}

#[test]
fn the_more_particular_exception_wins() {
    let (ada, group) = (PersonId::named("ada"), GroupId::named("6B"));
    let make = |overrides: &[(Effect, u8, &str)]| {
        with(|parts| {
            let ks2 = profile(parts, "ks2");
            parts.people = vec![(ada, Person { profile: ks2, groups: vec![group], gated: None })];
            let scope = |number: u8| match number {
                0 => Scope::Everyone,
                1 => Scope::Profile(ks2),
                2 => Scope::Group(group),
                _ => Scope::Person(ada),
            };
            parts.overrides = overrides.iter().map(|(effect, number, site)| exception(*effect, scope(*number), site)).collect();
        })
    };
    let action = |overrides: &[(Effect, u8, &str)], address| judge(&make(overrides), Who::person(ada), address).action;
    use Effect::{Allow, Block};
    for scope in 0..3 {
        assert_eq!(action(&[(Block, scope, "a.example"), (Allow, scope + 1, "a.example")], "http://a.example/"), Action::Allow, "{scope}");
        assert_eq!(action(&[(Allow, scope, "a.example"), (Block, scope + 1, "example")], "http://a.example/"), Action::Block, "{scope}");
        assert_eq!(action(&[(Block, scope, "example"), (Allow, scope, "a.example")], "http://b.a.example/"), Action::Allow, "longer");
        assert_eq!(
            action(&[(Allow, scope, "a.example"), (Block, scope, "a.example")], "http://a.example/"),
            Action::Block,
            "as long: closing"
        );
    }
    assert_eq!(action(&[(Block, 0, "a.example/chat")], "http://a.example/chat/room"), Action::Block);
    assert_eq!(action(&[(Block, 0, "a.example/chat")], "http://a.example/chatter"), Action::Allow);
}

#[test]
fn a_lift_ends_and_binds_only_its_class() {
    let group = GroupId::named("6B");
    let (ada, bob) = (PersonId::named("ada"), PersonId::named("bob"));
    let snapshot = with(|parts| {
        let ks2 = profile(parts, "ks2");
        let person = |groups| Person { profile: ks2, groups, gated: None };
        parts.people = vec![(ada, person(vec![group])), (bob, person(Vec::new()))];
        let until = Some("2026-11-23T11:00:00Z".parse().expect("time"));
        parts.overrides = vec![
            Override { until, ..exception(Effect::Allow, Scope::Group(group), "friends.example") },
            exception(Effect::Block, Scope::Person(ada), "friends.example"),
        ];
    });
    let at = |who, when| judge_at(&snapshot, Who::person(who), "http://friends.example/", when);
    assert_eq!(at(ada, "2026-11-23T10:59:59Z").step, Step::Lifts, "a lift stands above lasting exceptions");
    assert_eq!(at(ada, "2026-11-23T11:00:00Z").step, Step::Overrides, "and has ended at its end");
    assert_eq!(at(bob, "2026-11-23T10:30:00Z").action, Action::Block);
}

#[test]
fn a_window_holds_in_school_time_summer_and_winter() {
    let snapshot = with(|parts| {
        parts.windows = vec![Window {
            profile: profile(parts, "ks2"),
            days: vec![jiff::civil::Weekday::Monday],
            from: "12:00".parse().expect("time"),
            to: "13:00".parse().expect("time"),
            allow: [filter::category::Category::SocialMedia].into_iter().collect(),
            warn: Default::default(),
            block: [filter::category::Category::News, filter::category::Category::Terrorism].into_iter().collect(),
            why: "wet play".into(),
        }];
    });
    let ks2 = Who::profile(snapshot.profile_named("ks2").expect("profile"));
    let open = |when| judge_at(&snapshot, ks2, "http://friends.example/", when).action == Action::Allow;
    assert!(open("2026-11-23T12:30:00Z"), "GMT");
    assert!(!open("2026-11-23T11:30:00Z"));
    assert!(open("2026-06-22T11:30:00Z"), "BST");
    assert!(!open("2026-06-22T12:30:00Z"));
    assert_eq!(judge_at(&snapshot, ks2, "http://daily.example/", "2026-11-23T12:30:00Z").action, Action::Block);
}

#[test]
fn a_snapshot_with_a_missing_profile_is_refused() {
    let mut parts = parts(Vec::new());
    parts.unknown = ProfileIndex(99);
    assert!(matches!(Snapshot::new(parts), Err(SnapshotError::NoSuchProfile { .. })));
}

#[test]
fn expressions_give_their_category_and_more_packs_add_up() {
    let snapshot =
        Snapshot::new(parts(vec![pack(ROWS), pack(&[("pornography", "/(^|[-_.\\/])lewd([-_.\\/?]|$)/"), ("gambling", "daily.example")])]))
            .expect("snapshot");
    assert_eq!(as_profile(&snapshot, "ks2", "http://any.example/x/LEWD-pictures"), Action::Block);
    assert_eq!(as_profile(&snapshot, "ks2", "http://any.example/lewdness"), Action::Allow);
    assert_eq!(as_profile(&snapshot, "ks2", "http://daily.example/"), Action::Block);
    assert_eq!(Arc::strong_count(&snapshot.packs()[0]), 1);
}
