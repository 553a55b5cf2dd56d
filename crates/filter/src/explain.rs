//! The reasons of a verdict, in words: what `schoolgate why` prints and the block page's staff view shows.

use crate::categories::Hits;
use crate::category::CategorySet;
use crate::judge::{Case, ORDER, Step};
use crate::overrides::{Effect, Override, Scope};
use crate::pack::Entry;
use crate::profile::{Profile, Unlisted};
use crate::request::Request;
use crate::snapshot::Snapshot;
use crate::verdict::{Action, Ground, Verdict};

/// A verdict with every step that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The same verdict that [`crate::judge()`] gives.
    pub verdict: Verdict,
    /// The name of the profile that was applied.
    pub profile: String,
    /// Whether the profile is the one for unknown people because nobody is known.
    pub unknown: bool,
    /// The steps in their order.
    pub steps: Vec<StepTaken>,
    /// Every entry that covers the address, also those that did not decide. Empty for a sealed hit.
    pub listings: Vec<Listing>,
    /// What could not be judged, in a sentence (only the host was seen).
    pub limits: Option<String>,
}

/// One step of the judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTaken {
    /// Which.
    pub step: Step,
    /// Its title.
    pub title: &'static str,
    /// What it found, in a sentence.
    pub finding: String,
    /// Whether it decided.
    pub decided: bool,
}

/// An entry that covers the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The entry and where it stands.
    pub entry: Entry,
    /// What a positive list lifted from it.
    pub lifted: CategorySet,
}

/// Judges as [`crate::judge()`] does, by the same steps, and keeps what each of them said.
pub fn explain(snapshot: &Snapshot, request: Request<'_>) -> Explanation {
    let case = Case::new(snapshot, request);
    let verdict = case.judge();
    let hits = Hits::of(&snapshot.packs, request.target);
    let mut decided = false;
    let steps = ORDER.iter().map(|place| {
        let here = place.step == verdict.step;
        let finding = match (here, decided) {
            (true, _) => ground(&case, &verdict),
            (false, true) => "Not reached.".to_owned(),
            (false, false) => passed(&case, place.step, &hits),
        };
        decided |= here;
        StepTaken { step: place.step, title: place.title, finding, decided: here }
    });
    let steps = steps.collect();
    let listings = if verdict.is_sealed() { Vec::new() } else { listings(snapshot, &hits) };
    Explanation {
        verdict,
        profile: case.profile.map_or_else(String::new, |profile| profile.title().to_owned()),
        unknown: case.person.is_none() && case.index == snapshot.unknown && request.who.profile.is_none(),
        steps,
        listings,
        limits: limits(&verdict, request),
    }
}

fn limits(verdict: &Verdict, request: Request<'_>) -> Option<String> {
    let host_only =
        request.target.path().is_none() && matches!(verdict.ground, Ground::Listed { .. } | Ground::Unlisted | Ground::Override(_));
    host_only.then(|| "Only the host could be seen, so entries and exceptions for single pages were not applied.".to_owned())
}

fn listings(snapshot: &Snapshot, hits: &Hits) -> Vec<Listing> {
    let mut found: Vec<_> = hits
        .iter()
        .filter_map(|hit| {
            let entry = snapshot.packs.get(usize::from(hit.pack))?.entry(hit.entry)?;
            Some(Listing { entry, lifted: hit.lifted() })
        })
        .collect();
    found.sort_by(|left, right| {
        right.entry.pattern.len().cmp(&left.entry.pattern.len()).then_with(|| left.entry.pattern.cmp(&right.entry.pattern))
    });
    found
}

/// Why the deciding step decided.
fn ground(case: &Case<'_>, verdict: &Verdict) -> String {
    match verdict.ground {
        Ground::Sealed(_) => "On a sealed list. The address is not shown, stored or forwarded.".to_owned(),
        Ground::Protected(number) => {
            let name = case.snapshot.protected(number).map_or("", |item| &item.name);
            format!("This is {name}: never blocked and never gated, for anybody.")
        }
        Ground::Agreement => "The agreement that opens the internet has not been signed.".to_owned(),
        Ground::Suspension => "The headteacher has taken the internet from this person for a time.".to_owned(),
        Ground::Override(number) => case.snapshot.exception(number).map_or_else(String::new, |item| exception(case, item)),
        Ground::Listed { category, .. } => {
            let doing = match verdict.action {
                Action::Block => "blocked",
                Action::Warn => "shown after a warning",
                Action::Allow | Action::Ask | Action::Gate => "allowed",
            };
            format!("Listed as {} ({}), which is {doing} for {}.", category.title(), category.slug(), title(case))
        }
        Ground::Unlisted => match case.profile.map(|profile| profile.unlisted()) {
            Some(Unlisted::Allow) => format!("On no list that decides; for {} such sites are allowed and recorded.", title(case)),
            Some(Unlisted::Ask) => format!("Not on the list of sites chosen for {}: ask your teacher.", title(case)),
            None => "No profile could be found, so the answer is no.".to_owned(),
        },
    }
}

/// What a step said that did not decide.
fn passed(case: &Case<'_>, step: Step, hits: &Hits) -> String {
    match step {
        Step::Sealed if case.snapshot.has_sealed_list() => "Not on a sealed list.".to_owned(),
        Step::Sealed => "No sealed list is installed: suspected illegal material cannot be recognised.".to_owned(),
        Step::Protected => "Not a help line, report page or page of the school.".to_owned(),
        Step::Gate if case.person.is_some_and(|person| person.gated.is_some()) => {
            "The agreement is not signed; in a lesson the class works under its teacher.".to_owned()
        }
        Step::Gate if case.person.is_some() => "The agreement is signed.".to_owned(),
        Step::Gate => "Nobody is signed in, so no agreement is asked for here.".to_owned(),
        Step::Lifts => "Nothing is lifted for a time here.".to_owned(),
        Step::Overrides => "The school has no exception for this site.".to_owned(),
        Step::Categories if hits.iter().next().is_none() => "On no list.".to_owned(),
        Step::Categories => format!("Listed as {}, which does not decide for {}.", names(hits.categories()), title(case)),
        Step::Unlisted => String::new(),
    }
}

fn exception(case: &Case<'_>, item: &Override) -> String {
    let verb = match item.effect {
        Effect::Allow => "opened",
        Effect::Block => "closed",
    };
    let scope = match item.scope {
        Scope::Everyone => "everyone",
        Scope::Profile(_) => title(case),
        Scope::Group(_) => "a group this person is in",
        Scope::Person(_) => "this person",
    };
    let until = item
        .until
        .map(|until| format!(" until {}", case.snapshot.zone.to_datetime(until).strftime("%A %-d %B %Y, %H:%M")))
        .unwrap_or_default();
    let path = item.path.as_deref().unwrap_or_default();
    format!("{}{path} is {verb} for {scope}{until} by {}: {}", item.host, item.author, item.reason)
}

fn title<'a>(case: &Case<'a>) -> &'a str {
    case.profile.map_or("nobody", Profile::title)
}

fn names(categories: CategorySet) -> String {
    if categories.is_empty() {
        return "nothing that stands".to_owned();
    }
    categories.iter().map(|category| category.title()).collect::<Vec<_>>().join(", ")
}
