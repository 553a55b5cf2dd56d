//! The people of the school as the wire may know them.

use std::collections::HashMap;
use std::fmt;

use filter::profile::shipped::Shipped;
use filter::snapshot::Gated;
use ids::{GroupId, PersonId};

/// Everybody who is here today. The default is nobody.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Directory {
    people: Vec<Somebody>,
    names: HashMap<(NamedBy, String), PersonId>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Somebody {
    /// Who.
    pub person: PersonId,
    /// The profile; nothing where only the school's choice for unknown people will do.
    pub profile: Option<Shipped>,
    /// Classes and other groups of today.
    pub groups: Vec<GroupName>,
    /// Why the internet is shut to them, where it is.
    pub gated: Option<Gated>,
}

/// A group with its name.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupName {
    /// Which.
    pub id: GroupId,
    /// As the school calls it.
    pub name: String,
}

/// By which of their names the school's network calls people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NamedBy {
    /// The user name of the account.
    #[default]
    UserName,
    /// The mail address.
    Mail,
    /// The key in the system that people are imported from.
    Source,
}

// === impl Directory ===

impl Directory {
    /// Of these, with their names. A name that two of them have is nobody's.
    pub(super) fn new(mut people: Vec<Somebody>, names: impl IntoIterator<Item = (NamedBy, String, PersonId)>) -> Self {
        people.sort_by_key(|somebody| somebody.person);
        let mut known: HashMap<_, Option<PersonId>> = HashMap::new();
        for (by, name, person) in names {
            let held = known.entry((by, name.to_lowercase())).or_insert(Some(person));
            if *held != Some(person) {
                *held = None;
            }
        }
        Self { people, names: known.into_iter().filter_map(|(name, person)| Some((name, person?))).collect() }
    }

    /// Everybody, in the order of their ids.
    pub fn people(&self) -> &[Somebody] {
        &self.people
    }

    /// Who is called so, in small or capital letters.
    pub fn find(&self, by: NamedBy, name: &str) -> Option<PersonId> {
        self.names.get(&(by, name.trim().to_lowercase())).copied()
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Directory").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Somebody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Somebody").field("profile", &self.profile).finish_non_exhaustive()
    }
}

impl fmt::Debug for GroupName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("GroupName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_two_have_is_nobodys() {
        let (ada, bob) = (PersonId::named("ada"), PersonId::named("bob"));
        let names = [
            (NamedBy::Mail, "Family@hill.example", ada),
            (NamedBy::Mail, "family@hill.example", bob),
            (NamedBy::Mail, "FAMILY@hill.example", ada),
            (NamedBy::UserName, "ada", ada),
            (NamedBy::Source, "bob", bob),
        ];
        let directory = Directory::new(Vec::new(), names.map(|(by, name, person)| (by, name.to_owned(), person)));
        assert_eq!(directory.find(NamedBy::Mail, "family@hill.example"), None);
        assert_eq!(directory.find(NamedBy::UserName, " ADA "), Some(ada));
        assert_eq!((directory.find(NamedBy::UserName, "bob"), directory.find(NamedBy::Source, "bob")), (None, Some(bob)));
    }
}
