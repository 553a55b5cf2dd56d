//! Who does something, in which role, on whose behalf, why, when and from where: nothing is changed or seen without it.

use std::fmt;
use std::net::IpAddr;

use calendar::Instant;
use ids::{OrganisationId, PersonId, RecordId, SiteId};

/// A short word of the program's own: a role, a purpose, an action, a kind of record. It stands in clear in the trail, so it is
/// fixed in code and can never be something a person typed. Made by [`code!`](crate::code).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

/// A [`Code`] from a literal of `a` to `z`, `0` to `9`, `.`, `-` and `_`, 1 to 40 characters. Anything else does not compile.
#[macro_export]
macro_rules! code {
    ($text:literal) => {
        const { $crate::Code::checked($text) }
    };
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody.
    Person(PersonId),
    /// The program itself: a job, a command of the machine's administrator.
    Program,
}

/// From where somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A browser or another program at this address.
    Address(IpAddr),
    /// A command at the machine itself.
    Command,
    /// Work that the program does by itself.
    Job,
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// What kind of record.
    pub kind: Code,
    /// Which one.
    pub id: RecordId,
}

/// Who does something, in which role, on whose behalf, why, when and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Whose records. A unit never reaches those of two organisations.
    pub organisation: OrganisationId,
    /// The site it concerns, if only one.
    pub site: Option<SiteId>,
    /// Who.
    pub actor: Actor,
    /// In which role.
    pub role: Code,
    /// For whom, if somebody acts in another's place.
    pub on_behalf_of: Option<PersonId>,
    /// Why, as a word of the program. Reasons in a person's own words are texts of the entry, and sealed.
    pub purpose: Code,
    /// When.
    pub at: Instant,
    /// From where.
    pub origin: Origin,
}

// === impl Actor ===

impl Actor {
    /// Who, if it is a person.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Program => None,
        }
    }
}

// === impl Code ===

impl Code {
    /// What [`code!`](crate::code) calls, always while compiling.
    #[doc(hidden)]
    pub const fn checked(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        assert!(!bytes.is_empty() && bytes.len() <= 40, "a code has 1 to 40 characters");
        let mut at = 0;
        while at < bytes.len() {
            assert!(matches!(bytes[at], b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'), "a code is of a-z, 0-9, . - and _");
            at += 1;
        }
        Self(text)
    }

    /// The word.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

// === impl Origin ===

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(formatter),
            Self::Command => formatter.write_str("command"),
            Self::Job => formatter.write_str("job"),
        }
    }
}
