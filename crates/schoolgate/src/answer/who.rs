//! For whom a question is asked: from the name that a person writes to whom the engine knows.

use filter::{ProfileIndex, Snapshot, Who};
use ids::PersonId;
use serde::{Deserialize, Serialize};

use super::QuestionError;
use crate::config::Config;

/// Most letters in which a misspelt name may differ from the one that was meant.
const MAX_SLIPS: usize = 3;
/// Longest name that is looked for among the near ones, in bytes: a comparison costs the product of both lengths.
const MAX_NAME: usize = 100;

/// For whom a question is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asker {
    /// Somebody of whom nothing is known.
    #[default]
    Unknown,
    /// Anybody with the profile of this name.
    Profile(String),
    /// The person of this name.
    Person(String),
    /// The profile of this name or, where there is none, the person.
    Named(String),
}

/// Who asks, as the engine and as people know it.
pub(super) struct Known {
    pub(super) who: Who,
    pub(super) index: ProfileIndex,
    pub(super) name: String,
}

// === impl Asker ===

impl Asker {
    /// From what a person writes: `user:NAME` or `person:NAME`, `profile:NAME`, or a name alone.
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some(("user" | "person", name)) => Self::Person(name.to_owned()),
            Some(("profile", name)) => Self::Profile(name.to_owned()),
            _ => Self::Named(text.to_owned()),
        }
    }
}

// === impl Known ===

impl Known {
    pub(super) fn find(config: &Config, snapshot: &Snapshot, asker: &Asker) -> Result<Self, QuestionError> {
        match asker {
            Asker::Unknown => {
                let name = format!("somebody unknown (judged as {})", title(config, config.default_profile));
                Ok(Self { who: Who::UNKNOWN, index: config.default_profile, name })
            }
            Asker::Profile(name) => {
                let hint = || format!("the profiles are {}", profiles(config).collect::<Vec<_>>().join(", "));
                Self::profile(config, snapshot, name).ok_or_else(|| no_such("profile", name, profiles(config), hint))
            }
            Asker::Person(name) => {
                let hint = || "people stand in the configuration under [[person]]".to_owned();
                Self::person(config, name).ok_or_else(|| no_such("person", name, people(config), hint))
            }
            Asker::Named(name) => {
                let hint =
                    || format!("the profiles are {}; people stand in the configuration", profiles(config).collect::<Vec<_>>().join(", "));
                let known = Self::profile(config, snapshot, name).or_else(|| Self::person(config, name));
                known.ok_or_else(|| no_such("profile or person", name, profiles(config).chain(people(config)), hint))
            }
        }
    }

    fn profile(config: &Config, snapshot: &Snapshot, name: &str) -> Option<Self> {
        let index = snapshot.profile_named(name)?;
        Some(Self { who: Who::profile(index), index, name: title(config, index) })
    }

    fn person(config: &Config, name: &str) -> Option<Self> {
        let person = config.people.iter().find(|person| person.name == name)?;
        let name = format!("{} ({})", person.name, title(config, person.profile));
        Some(Self { who: Who::person(PersonId::named(&person.name)), index: person.profile, name })
    }
}

fn title(config: &Config, index: ProfileIndex) -> String {
    config.profile(index).map_or_else(|| "no profile".to_owned(), |profile| profile.title().to_owned())
}

fn profiles(config: &Config) -> impl Iterator<Item = &str> {
    config.profiles.iter().map(filter::profile::Profile::name)
}

fn people(config: &Config) -> impl Iterator<Item = &str> {
    config.people.iter().map(|person| person.name.as_str())
}

/// The error for a name that nothing has: with the nearest name that there is, else with `hint`.
fn no_such<'c>(what: &'static str, name: &str, names: impl Iterator<Item = &'c str>, hint: impl FnOnce() -> String) -> QuestionError {
    let slips = names
        .filter(|candidate| name.len() <= MAX_NAME && candidate.len() <= MAX_NAME)
        .map(|candidate| (strsim::osa_distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate));
    let hint = match slips.filter(|(slips, candidate)| *slips <= MAX_SLIPS.min(candidate.len() / 2)).min() {
        Some((_, nearest)) => format!("did you mean {nearest:?}?"),
        None => hint(),
    };
    QuestionError::NoSuch { what, name: name.chars().take(MAX_NAME).collect(), hint }
}
