//! Small packs and snapshots for tests.

use std::sync::Arc;

use filter::overrides::{Effect, Override, Scope};
use filter::profile::shipped::Shipped;
use filter::snapshot::{Parts, Protected};
use filter::{Action, Host, Pack, ProfileIndex, Request, Snapshot, Target, Verdict, Who};
use jiff::tz::TimeZone;
use lists::build::{Builder, Built};
use lists::mapping::Mapping;
use lists::parse::Pattern;

/// A Monday in term, at ten in the morning in London.
pub(crate) const MONDAY: &str = "2026-11-23T10:00:00Z";

pub(crate) fn host(text: &str) -> Host {
    Host::parse(text).expect("host")
}

/// `=host` for that host only, `/regex/` for an expression over the address, `host/path` for pages, else a domain.
pub(crate) fn pattern(text: &str) -> Pattern {
    if let Some(name) = text.strip_prefix('=') {
        Pattern::Exact(host(name))
    } else if let Some(regex) = text.strip_prefix('/').and_then(|text| text.strip_suffix('/')) {
        Pattern::UrlExpression(regex.to_owned())
    } else if text.contains('/') {
        Pattern::UrlBelow(filter::target::UrlPrefix::parse(text).expect("prefix"))
    } else {
        Pattern::Suffix(host(text))
    }
}

pub(crate) fn build(rows: &[(&str, &str)]) -> Built {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("test list");
    builder.begin_file("rows", "", "test", false);
    for (line, (label, text)) in (1..).zip(rows) {
        builder.entry(line, &[label], &pattern(text)).expect("entry");
    }
    builder.end_list();
    builder.finish(&mut |_, _| {}).expect("pack")
}

pub(crate) fn pack(rows: &[(&str, &str)]) -> Arc<Pack> {
    Arc::new(Pack::parse(&build(rows).bytes.into()).expect("pack"))
}

/// The shipped profiles with these packs; unknown people get the strictest.
pub(crate) fn parts(packs: Vec<Arc<Pack>>) -> Parts {
    let profiles: Vec<_> = Shipped::ALL.iter().map(|shipped| shipped.profile()).collect();
    Parts {
        sealed: Vec::new(),
        protected: vec![Protected { host: host("childline.org.uk"), name: "Childline".into() }],
        packs,
        unknown: index(&profiles, "early-years-ks1"),
        profiles,
        people: Vec::new(),
        overrides: Vec::new(),
        windows: Vec::new(),
        zone: TimeZone::get("Europe/London").expect("zone"),
    }
}

fn index(profiles: &[filter::profile::Profile], name: &str) -> ProfileIndex {
    ProfileIndex(profiles.iter().position(|profile| profile.name() == name).and_then(|at| u16::try_from(at).ok()).expect("profile"))
}

pub(crate) fn profile(parts: &Parts, name: &str) -> ProfileIndex {
    index(&parts.profiles, name)
}

pub(crate) fn snapshot(rows: &[(&str, &str)]) -> Snapshot {
    Snapshot::new(parts(vec![pack(rows)])).expect("snapshot")
}

pub(crate) fn exception(effect: Effect, scope: Scope, site: &str) -> Override {
    let (name, path) = site.split_once('/').map_or((site, None), |(name, path)| (name, Some(format!("/{path}").into())));
    Override { effect, scope, host: host(name), path, reason: "a reason".into(), author: "DSL".into(), until: None }
}

pub(crate) fn judge(snapshot: &Snapshot, who: Who, address: &str) -> Verdict {
    judge_at(snapshot, who, address, MONDAY)
}

pub(crate) fn judge_at(snapshot: &Snapshot, who: Who, address: &str, when: &str) -> Verdict {
    let target = Target::parse(address).expect("address");
    let request = Request { who, target: &target, when: when.parse().expect("time") };
    let verdict = filter::judge(snapshot, request);
    assert_eq!(filter::explain(snapshot, request).verdict, verdict, "explaining judges as judging does");
    verdict
}

pub(crate) fn as_profile(snapshot: &Snapshot, profile: &str, address: &str) -> Action {
    let who = Who::profile(snapshot.profile_named(profile).expect("profile"));
    judge(snapshot, who, address).action
}
