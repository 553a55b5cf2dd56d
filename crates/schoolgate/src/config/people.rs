//! `[[person]]`: known people, for schools that keep them in the configuration.

use filter::snapshot::ProfileIndex;

use super::profiles::Profiles;
use super::reader::Section;
use super::values;

/// `[[person]]`: one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonConfig {
    /// The name to sign in with. Never shown in messages.
    pub name: String,
    /// Whose rules apply.
    pub profile: ProfileIndex,
    /// Classes and other groups. Default none.
    pub groups: Vec<String>,
    /// Whether the acceptable use agreement is signed. Default missing.
    pub agreement: Agreement,
}

/// How it stands with somebody's acceptable use agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Agreement {
    /// Signed: the internet is open.
    Signed,
    /// Not signed yet: gated.
    #[default]
    Missing,
    /// Declined: gated.
    Declined,
}

/// All people, with the names that exceptions may refer to.
pub(super) struct People {
    pub(super) all: Vec<PersonConfig>,
    names: Vec<(String, usize)>,
    groups: Vec<String>,
}

/// All `[[person]]` sections.
pub(super) fn read(root: &Section<'_>, profiles: &Profiles) -> People {
    let mut people = People { all: Vec::new(), names: Vec::new(), groups: Vec::new() };
    for section in root.tables("person") {
        if let Some(person) = person(&section, profiles, &mut people) {
            people.all.push(person);
        }
    }
    people
}

fn person(section: &Section<'_>, profiles: &Profiles, people: &mut People) -> Option<PersonConfig> {
    let words = [("signed", Agreement::Signed), ("missing", Agreement::Missing), ("declined", Agreement::Declined)];
    let name = section.required("name", |value| values::claim(&mut people.names, values::line(value)?, section.line(value)));
    let profile = section.required("profile", |value| profiles.find(value));
    let groups = section.each("groups", values::line);
    let agreement = section.or("agreement", Agreement::default(), |value| values::choice(value, &words));
    section.finish();
    // Kept even of a person with mistakes: an exception for the group is none of them.
    people.groups.extend(groups.iter().cloned());
    Some(PersonConfig { name: name?, profile: profile?, groups, agreement })
}

// === impl People ===

impl People {
    /// Whether there is such a person.
    pub(super) fn has_person(&self, name: &str) -> bool {
        self.names.iter().any(|(known, _)| known == name)
    }

    /// Whether anybody is in such a group.
    pub(super) fn has_group(&self, name: &str) -> bool {
        self.groups.iter().any(|known| known == name)
    }
}
