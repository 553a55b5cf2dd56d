//! Each control asks the filter that is in force, as a reader would. None of them needs a request on the wire, and none is recorded.

use filter::category::Category;
use filter::judge::{judge, profile_of};
use filter::profile::{Action, Unlisted};
use filter::request::{Request, Who};
use filter::target::Target;
use filter::verdict::Action as Outcome;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use super::{IllegalSource, InForce};
use crate::control::{Basis, Context, Control, Finding, State};

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "filtering.harm-is-closed",
        title: "Sites known to be harmful are closed to pupils; some open for the oldest, after a warning.",
        clauses: &["A-182", "B-107"],
        basis: Basis::Measured,
        check: |context| now(harm_is_closed(context)),
    },
    Control {
        id: "filtering.everyone-is-judged",
        title: "Pupils, staff, guests and whoever is not known each get a decision of the filter.",
        clauses: &["A-188"],
        basis: Basis::Measured,
        check: |context| now(everyone_is_judged(context)),
    },
    Control {
        id: "filtering.age-decides",
        title: "The same address can open for older pupils and stay closed for younger ones.",
        clauses: &["B-069", "B-108"],
        basis: Basis::Measured,
        check: |context| now(age_decides(context)),
    },
    Control {
        id: "filtering.unknown-gets-the-strictest",
        title: "A device or person that is not known gets the strictest rules.",
        clauses: &["A-189", "A-195"],
        basis: Basis::Measured,
        check: |context| now(unknown_gets_the_strictest(context)),
    },
    Control {
        id: "filtering.illegal-comes-first",
        title: "Illegal material is closed to everybody, first of all, and no rule of the school can open it.",
        clauses: &["B-105"],
        basis: Basis::Measured,
        check: |context| now(illegal_comes_first(context)),
    },
    Control {
        id: "filtering.lists-are-fresh",
        title: "Every list that is set up is in force and has had news lately.",
        clauses: &["A-183"],
        basis: Basis::Measured,
        check: |context| now(lists_are_fresh(context)),
    },
];

/// Known to be harmful, one address a category. They are asked of the engine, never of the internet.
const PROBES: [(Category, &str); 5] = [
    (Category::Pornography, "pornhub.com"),
    (Category::Gambling, "bet365.com"),
    (Category::SelfHarm, "sanctioned-suicide.net"),
    (Category::Drugs, "leafly.com"),
    (Category::Weapons, "gunbroker.com"),
];

fn now(finding: Finding) -> BoxFuture<'static, Finding> {
    ready(finding).boxed()
}

fn harm_is_closed(context: &Context<'_>) -> Finding {
    let filter = &context.filter;
    let mut asked = 0;
    for name in &filter.pupils {
        let Some(who) = filter.snapshot.profile_named(name).map(Who::profile) else {
            return Finding::unknown(format!("There is no profile {name}, so nothing was asked for it."));
        };
        for (category, host) in PROBES {
            match outcome(context, who, host) {
                Some(Outcome::Block | Outcome::Ask | Outcome::Gate | Outcome::Warn) => asked += 1,
                Some(Outcome::Allow) => {
                    return Finding::breached(format!("For {name}, {host} ({}) opens without a word.", category.title().to_lowercase()));
                }
                None => return Finding::unknown(format!("{host} could not be asked for.")),
            }
        }
    }
    match asked {
        0 => Finding::unknown("No profile is for pupils."),
        asked => Finding::met(format!("{asked} known addresses were asked for as pupils of each age, and none opened without a word.")),
    }
}

fn everyone_is_judged(context: &Context<'_>) -> Finding {
    let snapshot = context.filter.snapshot;
    let profiles = snapshot.profiles();
    let known = profiles.iter().filter_map(|profile| snapshot.profile_named(profile.name())).map(Who::profile);
    let outcomes: Option<Vec<Outcome>> = known.chain([Who::UNKNOWN]).map(|who| outcome(context, who, PROBES[0].1)).collect();
    let Some(outcomes) = outcomes else { return Finding::unknown(format!("{} could not be asked for.", PROBES[0].1)) };
    match outcomes.into_iter().filter(|outcome| *outcome == Outcome::Allow).count() {
        0 => Finding::met(format!(
            "A pornographic site was asked for under each of the {} profiles and by somebody who is not known: nobody gets it unasked.",
            profiles.len()
        )),
        open => Finding::breached(format!("For {open} profiles a pornographic site opens without a word.")),
    }
}

fn age_decides(context: &Context<'_>) -> Finding {
    let filter = &context.filter;
    let of = |name: &String| filter.snapshot.profile_named(name).and_then(|index| filter.snapshot.profiles().get(usize::from(index.0)));
    let (Some(youngest), Some(oldest)) = (filter.pupils.first().and_then(of), filter.pupils.last().and_then(of)) else {
        return Finding::unknown("No profile is for pupils.");
    };
    let opened: Vec<&str> = Category::ALL
        .iter()
        .filter(|category| youngest.action(**category) == Action::Block && oldest.action(**category) != Action::Block)
        .map(|category| category.title())
        .collect();
    let asks = youngest.unlisted() == Unlisted::Ask && oldest.unlisted() == Unlisted::Allow;
    match (opened.len(), asks) {
        (0, false) => Finding::breached(format!("{} and {} get the same answers.", youngest.title(), oldest.title())),
        (count, asks) => Finding::met(format!(
            "{count} categories that are closed to {} are not closed to {}.{}",
            youngest.title(),
            oldest.title(),
            if asks { " The youngest also open only what somebody has looked at." } else { "" }
        )),
    }
}

fn unknown_gets_the_strictest(context: &Context<'_>) -> Finding {
    let snapshot = context.filter.snapshot;
    let Some(unknown) = profile_of(snapshot, Who::UNKNOWN) else {
        return Finding::breached("Whoever is not known has no rules.");
    };
    let milder = |name: &String| {
        let profile = snapshot.profile_named(name).and_then(|index| snapshot.profiles().get(usize::from(index.0)))?;
        let opens = Category::ALL.iter().find(|category| unknown.action(**category) < profile.action(**category));
        let lists = profile.unlisted() == Unlisted::Ask && unknown.unlisted() == Unlisted::Allow;
        (opens.is_some() || lists).then(|| profile.title().to_owned())
    };
    match context.filter.pupils.iter().find_map(milder) {
        Some(stricter) => Finding::breached(format!("Whoever is not known gets {}; {stricter} is stricter.", unknown.title())),
        None => Finding::met(format!("Whoever is not known gets {}; no profile for pupils is stricter in anything.", unknown.title())),
    }
}

fn illegal_comes_first(context: &Context<'_>) -> Finding {
    let InForce { snapshot, illegal, .. } = &context.filter;
    match (illegal, snapshot.has_sealed_list()) {
        (IllegalSource::Sealed, true) => {
            Finding::met("A sealed feed of illegal addresses is in force. It is judged before everything else and cannot be switched off.")
        }
        (IllegalSource::Sealed, false) => Finding::breached("A sealed feed is set up and is not in force."),
        (IllegalSource::Upstream, _) => {
            Finding::unknown("A filter further up the line is said to close illegal material. That cannot be seen from here.")
        }
        (IllegalSource::None, _) => {
            Finding::breached("No source of illegal material is set up, so this must not be the school's only filter.")
        }
    }
}

fn lists_are_fresh(context: &Context<'_>) -> Finding {
    let InForce { lists, stale_after_days, .. } = &context.filter;
    if lists.is_empty() {
        return Finding::breached("No full list is set up; the small starter list is all there is.");
    }
    if let Some(list) = lists.iter().find(|list| !list.is_in_force) {
        return Finding::breached(format!("The list {} is set up and is not in force.", list.name));
    }
    let oldest = lists.iter().filter_map(|list| Some((list.news?, list))).min_by_key(|(news, _)| *news);
    let Some((news, list)) = oldest else {
        return Finding::unknown("All lists lie on this machine, and nobody can tell whether they are the newest.");
    };
    let days = context.now.duration_since(news).as_hours() / 24;
    if days >= *stale_after_days {
        return Finding {
            state: State::Breached(Some(news)),
            sentence: format!("The list {} has had no news for {days} days.", list.name),
        };
    }
    Finding::met(format!("{} lists are in force; the oldest had news {days} days ago.", lists.len()))
}

fn outcome(context: &Context<'_>, who: Who, host: &str) -> Option<Outcome> {
    let target = Target::parse(host).ok()?;
    Some(judge(context.filter.snapshot, Request { who, target: &target, when: context.now }).action)
}

#[cfg(test)]
mod tests;
