//! A school with all lists at once: what must never be blocked is not, and what must be is.

use std::sync::{Arc, OnceLock};

use filter::category::Category;
use filter::profile::shipped::Shipped;
use filter::snapshot::{Parts, Protected};
use filter::{Action, Explanation, Pack, ProfileIndex, Request, Snapshot, Target, Who};
use lists::build::{Builder, Report};
use lists::import;
use lists::mapping::Mapping;
use lists::source::{Limits, SourceSpec};

use crate::folder;

/// Every list there is, by the name that reports use.
const SOURCES: [(&str, &str); 8] = [
    ("ut1", "ut1/blacklists.tar.gz"),
    ("ut1-plain", "ut1/plain"),
    ("v2fly", "v2fly/domain-list-community.tar.gz"),
    ("blocklistproject", "blocklistproject"),
    ("adblock", "adblock"),
    ("services", "services/adguard-services.json"),
    ("rpz", "rpz/ut1-drogue.rpz"),
    ("rpz-unbound", "rpz"),
];

/// All lists of the folder and the starter list, with the rules that are shipped.
pub(crate) struct School {
    snapshot: Snapshot,
    pub(crate) report: Report,
}

impl School {
    /// Built once for all tests of a process.
    pub(crate) fn open() -> &'static Self {
        static SCHOOL: OnceLock<School> = OnceLock::new();
        SCHOOL.get_or_init(Self::build)
    }

    fn build() -> Self {
        let mapping = Mapping::shipped().expect("the shipped mapping");
        let mut builder = Builder::new(&mapping);
        for (name, path) in SOURCES {
            let spec = SourceSpec { path: folder().join("1-blocklists").join(path), ..SourceSpec::default() };
            import::add(&mut builder, name, &spec, &Limits::default(), &mut |_| {}).expect(name);
        }
        import::add_starter(&mut builder).expect("the starter list");
        let built = builder.finish(&mut |_, _| {}).expect("a pack");
        println!(
            "{} bytes, {} entries, {:.1} bytes an entry",
            built.bytes.len(),
            built.report.entries,
            built.bytes.len() as f64 / built.report.entries as f64
        );
        let pack = Pack::parse(&built.bytes.into()).expect("a pack that reads back");
        let helplines = lists::starter::helplines().expect("the help lines");
        let parts = Parts {
            sealed: Vec::new(),
            protected: helplines.into_iter().map(|line| Protected { host: line.host, name: line.name }).collect(),
            packs: vec![Arc::new(pack)],
            profiles: Shipped::ALL.map(Shipped::profile).into(),
            unknown: ProfileIndex(0),
            people: Vec::new(),
            overrides: Vec::new(),
            windows: Vec::new(),
            zone: jiff::tz::TimeZone::UTC,
        };
        Self { snapshot: Snapshot::new(parts).expect("a snapshot"), report: built.report }
    }

    /// What somebody of this profile gets, with every step.
    pub(crate) fn ask(&self, profile: Shipped, address: &str) -> Explanation {
        let target = Target::parse(address).expect(address);
        let who = Who::profile(self.snapshot.profile_named(profile.name()).expect("a profile"));
        filter::explain(&self.snapshot, Request { who, target: &target, when: jiff::Timestamp::UNIX_EPOCH })
    }
}

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn help_and_news_are_blocked_for_nobody() {
    for host in ["childline.org.uk", "samaritans.org", "talktofrank.com", "nhs.uk", "mind.org.uk", "bbc.co.uk"] {
        for profile in Shipped::ALL {
            let explanation = School::open().ask(profile, host);
            assert_ne!(explanation.verdict.action, Action::Block, "{host} for {}: {explanation:#?}", profile.name());
        }
    }
    for helpline in lists::starter::helplines().expect("the help lines") {
        for profile in Shipped::ALL {
            assert!(School::open().ask(profile, helpline.host.as_str()).verdict.is_allowed(), "{} for {}", helpline.host, profile.name());
        }
    }
}

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn what_must_be_blocked_is_blocked_by_its_category() {
    for address in ["pornhub.com", "https://testfiltering.pornhub.com/"] {
        for profile in Shipped::PUPILS {
            let explanation = School::open().ask(profile, address);
            assert_eq!(explanation.verdict.category(), Some(Category::Pornography), "{address} for {}", profile.name());
            assert_eq!(explanation.verdict.action, Action::Block, "{address} for {}", profile.name());
            let lists = explanation.listings.iter().flat_map(|listing| &listing.entry.origins).map(|origin| origin.list.as_str());
            assert!(lists.into_iter().any(|list| list == "v2fly"), "the starter list is not needed for it");
        }
    }
    let verdict = School::open().ask(Shipped::Ks2, "bet365.com").verdict;
    assert_eq!((verdict.action, verdict.category()), (Action::Block, Some(Category::Gambling)));
}

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn a_white_list_blocks_nothing() {
    for host in ["ox.ac.uk", "legislation.gov.uk", "wikipedia.org", "scratch.mit.edu", "kahoot.it"] {
        let explanation = School::open().ask(Shipped::Ks3, host);
        assert_ne!(explanation.verdict.action, Action::Block, "{host}: {explanation:#?}");
    }
}
