//! Larkfield, an invented primary school: somebody in every role, seven classes, families of several kinds.
//!
//! The demonstration shows it, and tests are written about it. Everybody is made from the tables here, with no chance but in the ids, in one
//! unit: all of the school is there or nothing of it. That takes no keys; [`protect()`] adds afterwards what is kept sealed. The contact of whoever lives with a child and answers for it by law is confirmed, no other. Nobody has an account.

mod agreements;
mod families;
mod fill;
mod permissions;
mod protect;
mod table;
mod understanding;

use std::collections::HashMap;

use ids::{GroupId, OrganisationId, PersonId, SiteId};
use ledger::Ledger;

use crate::agreements::AgreementsError;
use crate::people::{self, Find, Membership, PeopleError, Role, SchoolYear, Scope};
use crate::permissions::PermissionsError;
use crate::understanding::UnderstandingError;
pub use agreements::sign;
pub use fill::fill;
pub use permissions::permissions;
pub use protect::protect;
pub use understanding::understanding;

/// What it is called.
pub const NAME: &str = "Larkfield Primary School (demo)";

/// The school with the ids of its people and classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSchool {
    people: HashMap<String, PersonId>,
    classes: Vec<(String, GroupId)>,
}

/// Why there is no such school.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There are people already, and they are not Larkfield's.
    #[error("filling the invented school: there are people in these records already, and invented ones are never put beside them")]
    NotEmpty,
    /// The tables of this folder have a mistake. A test proves that this does not happen.
    #[error("filling the invented school: its {what} cannot be kept; this build of Schoolgate is broken, install another")]
    Table {
        /// What.
        what: &'static str,
    },
    /// The records refuse.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// What was to be understood, asked or said cannot be kept.
    #[error(transparent)]
    Understanding(#[from] UnderstandingError),
    /// What was to be allowed cannot be.
    #[error(transparent)]
    Permissions(#[from] PermissionsError),
    /// What was to be signed cannot be.
    #[error(transparent)]
    Agreements(#[from] AgreementsError),
}

/// The school, if it is there.
///
/// # Errors
/// Where the database refuses.
pub async fn find(ledger: &Ledger, organisation: OrganisationId, site: Option<SiteId>) -> Result<Option<DemoSchool>, DemoError> {
    let (reader, scope) = (ledger.reader(), Scope { organisation, site });
    let all = people::all(reader, scope, &Find { words: KEY.to_owned(), ..Find::default() }).await?;
    // The visitor came on the day on which the school was filled.
    let visitor = table::ADULTS.iter().find(|adult| adult.membership == Membership::Visitor);
    let visitor = visitor.map(|adult| key(adult.family, adult.given));
    let filled = all.iter().find(|person| person.details.source.as_ref().map(people::Short::as_str) == visitor.as_deref());
    let Some(year) = filled.and_then(|person| SchoolYear::of(person.started)) else { return Ok(None) };
    let people = all.iter().filter_map(|person| Some((person.details.source.as_ref()?.to_string(), person.id))).collect();
    let classes = people::groups(reader, scope, year).await?.into_iter().map(|group| (group.name.to_string(), group.id)).collect();
    Ok(Some(DemoSchool { people, classes }))
}

/// With this the keys of all its people begin.
const KEY: &str = "larkfield-";

/// A person's key: `larkfield-teasel-wren`.
fn key(family: &str, given: &str) -> String {
    format!("{KEY}{}-{}", family.to_lowercase(), given.to_lowercase())
}

// === impl DemoSchool ===

impl DemoSchool {
    /// Somebody who holds a role: always the same one, and one who holds no other where the school has such a person.
    pub fn person_of(&self, role: Role) -> Option<PersonId> {
        let given = table::ADULTS.iter().find(|adult| adult.roles.contains(&role)).map(|adult| (adult.family, adult.given));
        let more = || table::MORE.iter().find(|more| more.role == Some(role)).map(|more| (more.family, more.given));
        let (family, given) = given.or_else(more).or_else(|| member(role))?;
        self.person(given, family)
    }

    /// Each role with somebody who holds it, in the order of [`Role::ALL`].
    pub fn roles(&self) -> impl Iterator<Item = (Role, PersonId)> {
        Role::ALL.iter().filter_map(|role| Some((*role, self.person_of(*role)?)))
    }

    /// Somebody by their first name and family name: Pip Mallow of 1 Wrens, Rowan Ragwort and Juniper Yarrow of 5 Kites.
    pub fn person(&self, given: &str, family: &str) -> Option<PersonId> {
        self.people.get(&key(family, given)).copied()
    }

    /// A class by its name: `R Robins` and `2 Larks` have thirty pupils, `1 Wrens`, `3 Owls`, `4 Swifts`, `5 Kites` and `6 Herons` about ten.
    pub fn class(&self, name: &str) -> Option<GroupId> {
        self.classes.iter().find(|(called, _)| called == name).map(|(_, id)| *id)
    }

    /// The classes by name.
    pub fn classes(&self) -> &[(String, GroupId)] {
        &self.classes
    }

    /// How many people there are.
    pub fn size(&self) -> usize {
        self.people.len()
    }
}

/// Somebody whose role comes with what they are to the school.
fn member(role: Role) -> Option<(&'static str, &'static str)> {
    let membership = Membership::ALL.into_iter().find(|membership| membership.role() == role)?;
    let adult = table::ADULTS.iter().find(|adult| adult.membership == membership && adult.roles.is_empty() && adult.class.is_none());
    let adult = adult.or_else(|| table::ADULTS.iter().find(|adult| adult.membership == membership));
    // Of the class that an older child would show: the parents of Rowan.
    let family = families::FAMILIES.iter().find(|family| family.name == "Ragwort")?;
    match membership {
        Membership::Pupil => family.children.first().map(|(given, _)| (family.name, *given)),
        Membership::Parent => family.adults.first().map(|(given, _, _)| (family.name, *given)),
        _ => adult.map(|adult| (adult.family, adult.given)),
    }
}
