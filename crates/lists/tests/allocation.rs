//! A judgement asks the allocator for nothing: it runs for every request, and its time must not depend on the state of the heap.
//! Only where an expression matches, a byte for each expression of the pack is asked for.

#![expect(clippy::expect_used, reason = "a test that cannot set itself up has failed")]

use std::hint::black_box;
use std::sync::Arc;

use filter::category::{Category, CategorySet};
use filter::judge::Step;
use filter::overrides::{Effect, Override, Scope};
use filter::pack::EntryRef;
use filter::profile::shipped::Shipped;
use filter::sealed::{SealedEntry, SealedList};
use filter::snapshot::{Gated, Parts, Person, Protected};
use filter::timetable::Window;
use filter::verdict::Ground;
use filter::{Host, Pack, ProfileIndex, Request, Snapshot, Target, Who};
use ids::{GroupId, PersonId};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use lists::build::Builder;
use lists::mapping::Mapping;
use lists::parse::Pattern;

/// Packs in force.
const PACKS: u64 = 2;
/// Expressions in each of them.
const EXPRESSIONS: u64 = 2;
/// A Monday in term, at ten in the morning in London.
const MONDAY: &str = "2026-11-23T10:00:00Z";

fn host(text: &str) -> Host {
    Host::parse(text).expect("host")
}

fn pack() -> Arc<Pack> {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("test list");
    builder.begin_file("rows", "", "test", false);
    let page = |text| Pattern::url_below(filter::target::UrlPrefix::parse(text).expect("prefix"));
    let rows = [
        ("gambling", Pattern::Suffix(host("bets.example"))),
        ("games", Pattern::Suffix(host("bets.example"))),
        ("news", Pattern::Exact(host("daily.example"))),
        ("pornography", Pattern::Suffix(host("adult.example"))),
        ("sex-education", Pattern::Suffix(host("health.adult.example"))),
        ("young-children-allow", Pattern::Suffix(host("museum.example"))),
        ("drugs", page("blogs.example/smoke")),
        ("malware", Pattern::Exact(host("192.0.2.1"))),
        ("hate", Pattern::UrlExpression("(^|[/_-])lewd".to_owned())),
        ("scams", Pattern::HostExpression("^win[0-9]+".to_owned())),
    ];
    for (line, (label, pattern)) in (1..).zip(rows) {
        builder.entry(line, &[label], &pattern).expect("entry");
    }
    builder.end_list();
    Arc::new(Pack::parse(&builder.finish(&mut |_, _| {}).expect("pack").bytes.into()).expect("pack"))
}

fn snapshot() -> Snapshot {
    let (ks2, group) = (ProfileIndex(1), GroupId::named("6B"));
    let item = |effect, scope, name, path: Option<&str>, until: Option<&str>| Override {
        effect,
        scope,
        host: host(name),
        path: path.map(Into::into),
        reason: "a reason".into(),
        author: "DSL".into(),
        until: until.map(|until| until.parse().expect("time")),
    };
    let person = |gated| Person { profile: ks2, groups: vec![group], gated: if gated { Some(Gated::Unsigned) } else { None } };
    Snapshot::new(Parts {
        sealed: vec![SealedList::seal([7; 16], [SealedEntry::parse("sealed.example").expect("entry")])],
        protected: vec![Protected { host: host("help.example"), name: "A help line".into() }],
        packs: vec![pack(), pack()],
        profiles: Shipped::ALL.map(Shipped::profile).into(),
        unknown: ProfileIndex(0),
        people: vec![(PersonId::named("ada"), person(false)), (PersonId::named("bob"), person(true))],
        overrides: vec![
            item(Effect::Allow, Scope::Group(group), "bets.example", None, Some("2026-11-23T11:00:00Z")),
            item(Effect::Block, Scope::Everyone, "blogs.example", Some("/chat"), None),
            item(Effect::Allow, Scope::Person(PersonId::named("ada")), "friends.example", None, None),
        ],
        windows: vec![Window {
            profile: ks2,
            days: vec![Weekday::Monday],
            from: Time::MIN,
            to: Time::midnight(),
            allow: CategorySet::from(Category::Games),
            warn: CategorySet::EMPTY,
            block: CategorySet::from(Category::News),
            why: "wet play".into(),
        }],
        zone: TimeZone::get("Europe/London").expect("zone"),
    })
    .expect("snapshot")
}

#[test]
fn judging_allocates_nothing() {
    let snapshot = snapshot();
    let when: Timestamp = MONDAY.parse().expect("time");
    let ks2 = Who::profile(ProfileIndex(1));
    let (ada, bob) = (Who::person(PersonId::named("ada")), Who::person(PersonId::named("bob")));
    for (who, address, step) in [
        (ks2, "http://sealed.example/a", Step::Sealed),
        (bob, "http://www.help.example/", Step::Protected),
        (bob, "http://bets.example/", Step::Gate),
        (ada, "http://www.bets.example/", Step::Lifts),
        (ada, "http://friends.example/wall", Step::Overrides),
        (ks2, "http://blogs.example/chat/room?q=1", Step::Overrides),
        (ks2, "http://bets.example/", Step::Categories),
        (ks2, "http://blogs.example/smoke/now?q=1", Step::Categories),
        (ks2, "http://daily.example/", Step::Categories),
        (ks2, "http://health.adult.example/x", Step::Categories),
        (ks2, "http://192.0.2.1/", Step::Categories),
        (ks2, "http://any.example/a/lewd-picture", Step::Categories),
        (ks2, "http://win7.example/", Step::Categories),
        (Who::UNKNOWN, "http://museum.example/", Step::Categories),
        (Who::UNKNOWN, "http://a.b.c.d.e.f.g.h.i.j.k.example/very/long/path/that/no/list/names?query=1&more=2", Step::Unlisted),
        (ks2, "http://unlisted.example/", Step::Unlisted),
    ] {
        let target = Target::parse(address).expect(address);
        for target in [&target, &Target::of_host(target.host.clone(), 443)] {
            let request = Request { who, target, when };
            // The first time, the engine of the expressions makes its own workspace.
            let verdict = filter::judge(&snapshot, request);
            assert!(target.path().is_none() || verdict.step == step, "{address}: {verdict:?}");
            let counted = allocation_counter::measure(|| {
                black_box(filter::judge(&snapshot, black_box(request)));
            });
            let expected = if is_expression(verdict) { PACKS } else { 0 };
            assert_eq!(counted.count_total, expected, "{address}");
            assert!(counted.bytes_total <= expected * EXPRESSIONS, "{address}: {} bytes", counted.bytes_total);
        }
    }
}

fn is_expression(verdict: filter::Verdict) -> bool {
    matches!(verdict.ground, Ground::Listed { entry: EntryRef::Expression(_), .. })
}
