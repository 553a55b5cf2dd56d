//! From configuration and packs to the snapshot that the engine judges by, and what is missing for it to be a school's filter.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use filter::overrides::{Override, Scope};
use filter::profile::shipped::Shipped;
use filter::sealed::SealedList;
use filter::snapshot::{Gated, Parts, Person, Protected};
use filter::{Pack, ProfileIndex, Snapshot, Target};
use ids::{GroupId, PersonId};
use lists::build::{Builder, Report};
use lists::import;
use lists::mapping::Mapping;
use office::gate::{Directory, NamedBy};

use crate::config::{Agreement, Config, For, IllegalContent, OverrideConfig, PersonConfig};
use crate::refresh::ListState;

/// A list of the program's own: its name, and for each category, by its slug, a text with one host a line.
pub type OwnList = (&'static str, &'static [(&'static str, &'static str)]);

/// Makes the snapshot.
pub fn snapshot(config: &Config, packs: Vec<Arc<Pack>>, sealed: Vec<SealedList>) -> Result<Snapshot> {
    let parts = Parts {
        sealed,
        protected: protected(config)?,
        packs,
        profiles: config.profiles.clone(),
        unknown: config.default_profile,
        people: people(config, &Directory::default()),
        overrides: config.overrides.iter().map(exception).collect(),
        windows: config.windows.clone(),
        zone: config.time_zone.clone(),
    };
    Snapshot::new(parts).context("making the rules from the configuration")
}

/// The pack of the starter list alone, built in memory: what is in force until a list has been fetched.
pub fn starter_pack() -> Result<Pack> {
    Ok(starter(&[])?.0)
}

/// The same with the report of its build, and with lists of the program's own beside it: for each a name, and texts by category.
pub fn starter(others: &[OwnList]) -> Result<(Pack, Report)> {
    let mapping = Mapping::shipped().context("reading the shipped mapping of categories")?;
    let mut builder = Builder::new(&mapping);
    import::add_starter(&mut builder).context("building the starter list")?;
    for (name, files) in others {
        import::add_texts(&mut builder, name, files).context("building a list that comes with the program")?;
    }
    let built = builder.finish(&mut |_, _| {}).context("building the starter list")?;
    let pack = Pack::parse(&built.bytes.into()).context("reading the starter list")?;
    Ok((pack, built.report))
}

/// The same as [`missing`], and the lists that are set up and are not there: what a list would close is open without it.
pub fn missing_now(config: &Config, lists: &[ListState]) -> Vec<String> {
    let mut missing = missing(config);
    for list in lists.iter().filter(|list| list.entries.is_none()) {
        missing.push(format!(
            "The list {:?} is set up, but not in force: what it names is not closed by it. If that stays so, `schoolgate lists \
             update` with the same --config says why.",
            list.name
        ));
    }
    missing
}

/// What is missing before this may be a school's only filter, a sentence each with what to do. Empty when nothing is. Every face
/// of the product shows it in red.
pub fn missing(config: &Config) -> Vec<String> {
    let mut missing = Vec::new();
    if config.sources.is_empty() {
        missing
            .push("No full category list is set up: only the small starter list is used. Add a [[list]] to the configuration.".to_owned());
    }
    if config.illegal_content == IllegalContent::None {
        missing.push(
            "No source of illegal material (IWF, CTIRU) is set up: use a sealed feed, or a filter further up the line that applies them, \
             and set [illegal_content]."
                .to_owned(),
        );
    }
    missing
}

fn protected(config: &Config) -> Result<Vec<Protected>> {
    let lines = lists::starter::helplines().map_err(|mistakes| anyhow!("reading the shipped help lines: {} mistakes", mistakes.len()))?;
    let lines = lines.into_iter().map(|line| Protected { host: line.host, name: line.name });
    let own =
        config.protect.hosts.iter().map(|host| Protected { host: host.clone(), name: format!("{}'s own page", config.school).into() });
    // The school's own sign-in: whoever is gated signs there.
    let console = config.console_address().and_then(|address| Target::parse(&address).ok());
    let console = console.map(|target| Protected { host: target.host, name: format!("{}'s own sign-in", config.school).into() });
    Ok(lines.chain(own).chain(console).collect())
}

/// Those whom the engine knows: of the configuration and of the records.
pub fn people(config: &Config, records: &Directory) -> Vec<(PersonId, Person)> {
    let index = |shipped: Option<Shipped>| {
        let named = shipped.and_then(|shipped| config.profiles.iter().position(|profile| profile.name() == shipped.name()));
        named.and_then(|at| u16::try_from(at).ok()).map_or(config.default_profile, ProfileIndex)
    };
    let of_records = records.people().iter().map(|somebody| {
        // A group of the records counts for exceptions of the configuration by its name too.
        let groups = somebody.groups.iter().flat_map(|group| [group.id, GroupId::named(&group.name)]).collect();
        (somebody.person, Person { profile: index(somebody.profile), groups, gated: somebody.gated })
    });
    config.people.iter().map(person).chain(of_records).collect()
}

/// What clashes because people come from the records too, a sentence each.
pub fn missing_for_records(config: &Config, records: &Directory) -> Vec<String> {
    let mut missing = Vec::new();
    let clashes = config.people.iter().filter(|person| records.find(NamedBy::UserName, &person.name).is_some()).count();
    if clashes > 0 {
        missing.push(format!(
            "{clashes} [[person]] of the configuration {} called like an account in the records. At the proxy the name means the \
             configuration's; give one of the two another name.",
            if clashes == 1 { "is" } else { "are" }
        ));
    }
    missing
}

fn person(person: &PersonConfig) -> (PersonId, Person) {
    let groups = person.groups.iter().map(|group| GroupId::named(group)).collect();
    (
        PersonId::named(&person.name),
        Person { profile: person.profile, groups, gated: (person.agreement != Agreement::Signed).then_some(Gated::Unsigned) },
    )
}

fn exception(item: &OverrideConfig) -> Override {
    let scope = match &item.scope {
        For::Everyone => Scope::Everyone,
        For::Profile(profile) => Scope::Profile(*profile),
        For::Group(group) => Scope::Group(GroupId::named(group)),
        For::Person(person) => Scope::Person(PersonId::named(person)),
    };
    Override {
        effect: item.effect,
        scope,
        host: item.host.clone(),
        path: item.path.clone(),
        reason: item.reason.as_str().into(),
        author: item.author.as_str().into(),
        until: item.until,
    }
}
