//! People as a source gives them: plain data, whatever it came from.

use calendar::Date;

use crate::people::relation::Bond;
use crate::people::text::{Email, Short};
use crate::people::{Membership, Role, YearGroup};

/// What a source says. A CSV file is one; OneRoster, SCIM and LDAP make the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// The people, each once.
    pub entries: Vec<Entry>,
    /// What could not be read, and why.
    pub refused: Vec<Refused>,
    /// What should be known beside that.
    pub notes: Vec<Note>,
}

/// A person as a source gives them. What the source does not say stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line of the file, from 1; the heading has one too.
    pub line: u64,
    /// The person's key.
    pub source: Short,
    /// First name.
    pub given: Short,
    /// Family name.
    pub family: Short,
    /// What the person is called.
    pub known_as: Option<Short>,
    /// What the person is to the school.
    pub membership: Membership,
    /// Roles.
    pub roles: Vec<Role>,
    /// Mail address.
    pub email: Option<Email>,
    /// Language at home.
    pub language: Option<Short>,
    /// Year group.
    pub year: Option<YearGroup>,
    /// Class.
    pub class: Option<Short>,
    /// Tutor group.
    pub tutor: Option<Short>,
    /// First day.
    pub started: Option<Date>,
    /// Last day.
    pub ended: Option<Date>,
    /// The children of a responsible adult.
    pub children: Vec<Child>,
}

/// A child of a responsible adult.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The child's key.
    pub source: Short,
    /// What is between them.
    pub bond: Bond,
}

/// A line that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub line: u64,
    /// The person's key, where that could be read: whoever is refused is not taken for gone.
    pub source: Option<Short>,
    /// Why, in a sentence that says what to do.
    pub why: String,
}

/// Something that should be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// At which line, if at one.
    pub line: Option<u64>,
    /// What.
    pub text: String,
}
