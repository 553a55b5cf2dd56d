//! Everything a verdict depends on, in one value that never changes.
//!
//! A new list, rule or person makes a new snapshot, and the wiring swaps it whole. [`Parts`] is what it is made from.

use std::collections::HashMap;
use std::sync::Arc;

use ids::{GroupId, PersonId};
use jiff::tz::TimeZone;

use crate::host::Host;
use crate::overrides::{Override, Scope};
use crate::own::OwnRules;
use crate::pack::Pack;
use crate::profile::Profile;
use crate::sealed::SealedList;
use crate::timetable::Window;

/// Number of a profile in its snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileIndex(pub u16);

/// What a snapshot is made from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Sealed lists, judged first.
    pub sealed: Vec<SealedList>,
    /// Hosts that nothing but a sealed list can close: help lines, report pages, the school's own sign-in.
    pub protected: Vec<Protected>,
    /// Compiled category lists.
    pub packs: Vec<Arc<Pack>>,
    /// Profiles; others refer to them by their number here.
    pub profiles: Vec<Profile>,
    /// The profile of whoever is not known: the strictest, unless the school chose another.
    pub unknown: ProfileIndex,
    /// Known people.
    pub people: Vec<(PersonId, Person)>,
    /// The school's exceptions.
    pub overrides: Vec<Override>,
    /// Timetable windows.
    pub windows: Vec<Window>,
    /// The school's time zone.
    pub zone: TimeZone,
}

/// A host that is never blocked and never gated, with everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// The host.
    pub host: Host,
    /// Whose it is, as a page shows it ("Childline").
    pub name: Box<str>,
}

/// What the engine knows of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Whose rules apply.
    pub profile: ProfileIndex,
    /// Classes and other groups.
    pub groups: Vec<GroupId>,
    /// Why the internet is shut to them, where it is.
    pub gated: Option<Gated>,
}

/// Why the internet is shut to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gated {
    /// The agreement that opens it is missing: never signed, declined, withdrawn or lapsed.
    Unsigned,
    /// The same, but in a class that its teacher leads they work on: the headteacher allows that.
    UnsignedUnlessLed,
    /// The headteacher has taken it for a time.
    Suspended,
}

/// Why parts do not make a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// A person, exception, window or the rule for unknown people names a profile that is not there.
    #[error("a {what} refers to a profile that does not exist")]
    NoSuchProfile {
        /// Which kind of thing.
        what: &'static str,
    },
    /// More of a kind than can be numbered.
    #[error("there are too many {what}")]
    TooMany {
        /// Which kind of thing.
        what: &'static str,
    },
}

/// Everything a verdict depends on. Made by [`Snapshot::new`], never edited.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) sealed: Vec<SealedList>,
    protected: Vec<Protected>,
    pub(crate) own: OwnRules,
    pub(crate) packs: Vec<Arc<Pack>>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) unknown: ProfileIndex,
    people: HashMap<PersonId, Person>,
    overrides: Vec<Override>,
    pub(crate) windows: Vec<Window>,
    pub(crate) zone: TimeZone,
}

impl Snapshot {
    /// Checks the parts against each other and indexes them.
    pub fn new(parts: Parts) -> Result<Self, SnapshotError> {
        check(&parts)?;
        let own = OwnRules::new(&parts.protected, &parts.overrides);
        Ok(Self {
            sealed: parts.sealed,
            protected: parts.protected,
            own,
            packs: parts.packs,
            profiles: parts.profiles,
            unknown: parts.unknown,
            people: parts.people.into_iter().collect(),
            overrides: parts.overrides,
            windows: parts.windows,
            zone: parts.zone,
        })
    }

    /// The same with other people, and nobody of those before.
    ///
    /// # Errors
    /// Where one of them has a profile that is not there.
    pub fn with_people(&self, people: Vec<(PersonId, Person)>) -> Result<Self, SnapshotError> {
        let exists = |person: &Person| usize::from(person.profile.0) < self.profiles.len();
        if !people.iter().all(|(_, person)| exists(person)) {
            return Err(SnapshotError::NoSuchProfile { what: "person" });
        }
        Ok(Self { people: people.into_iter().collect(), ..self.clone() })
    }

    /// The profiles, in the order of their numbers.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The number of the profile called `name`.
    pub fn profile_named(&self, name: &str) -> Option<ProfileIndex> {
        (0..).zip(&self.profiles).find(|(_, profile)| profile.name() == name).map(|(number, _)| ProfileIndex(number))
    }

    /// What is known of a person.
    pub fn person(&self, person: PersonId) -> Option<&Person> {
        self.people.get(&person)
    }

    /// The packs in force.
    pub fn packs(&self) -> &[Arc<Pack>] {
        &self.packs
    }

    /// Whether any sealed list is in force.
    pub fn has_sealed_list(&self) -> bool {
        self.sealed.iter().any(|list| !list.is_empty())
    }

    /// A protected host by its number.
    pub fn protected(&self, number: u16) -> Option<&Protected> {
        self.protected.get(usize::from(number))
    }

    /// Whether the host is one that nothing but a sealed list can close.
    pub fn is_protected(&self, host: &Host) -> bool {
        self.own.find(host).any(|rules| rules.protected.is_some())
    }

    /// An exception by its number.
    pub fn exception(&self, number: u32) -> Option<&Override> {
        self.overrides.get(number as usize)
    }
}

fn check(parts: &Parts) -> Result<(), SnapshotError> {
    let exists = |profile: ProfileIndex| usize::from(profile.0) < parts.profiles.len();
    let named = |what, all: bool| if all { Ok(()) } else { Err(SnapshotError::NoSuchProfile { what }) };
    named("rule for unknown people", exists(parts.unknown))?;
    named("person", parts.people.iter().all(|(_, person)| exists(person.profile)))?;
    named("timetable window", parts.windows.iter().all(|window| exists(window.profile)))?;
    let scopes = parts.overrides.iter().all(|item| match item.scope {
        Scope::Profile(profile) => exists(profile),
        Scope::Everyone | Scope::Group(_) | Scope::Person(_) => true,
    });
    named("exception", scopes)?;
    let counts = [
        ("sealed lists", parts.sealed.len()),
        ("protected hosts", parts.protected.len()),
        ("packs", parts.packs.len()),
        ("profiles", parts.profiles.len()),
    ];
    match counts.into_iter().find(|(_, count)| *count > usize::from(u16::MAX)) {
        Some((what, _)) => Err(SnapshotError::TooMany { what }),
        None => Ok(()),
    }
}
