//! Who asks, and what about.

use ids::PersonId;

use super::action::Kind;
use crate::people::Role;
use crate::permissions::Matter;

/// With what somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// Pictures, a card, or a pass for guests: good at one device, for what the least of the person's roles may.
    Picture,
    /// A link in a letter: good for what is a parent's.
    Mailed,
    /// A password alone.
    Password,
    /// A second factor beside it.
    SecondFactor,
}

/// Whether somebody has said that it cannot wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// As always.
    Ordinary,
    /// With a reason, and two others are told.
    Emergency,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The person.
    pub person: PersonId,
    /// The role in which they act. That they hold it today is the caller's to know.
    pub role: Role,
    /// With what they signed in.
    pub proof: Proof,
    /// Whether it cannot wait.
    pub need: Need,
}

/// What it is about, and who is tied to it how. What is left out ties nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// The school as a whole.
    School,
    /// What is known of a person.
    Person {
        /// Of whom.
        who: PersonId,
        /// Who teach or look after their class now.
        teachers: Vec<PersonId>,
        /// Who answer for them by law and may be told.
        carers: Vec<PersonId>,
    },
    /// A role that somebody gets or loses.
    Holding {
        /// Who.
        to: PersonId,
        /// Which.
        role: Role,
    },
    /// A class.
    Class {
        /// Who teach or look after it now.
        teachers: Vec<PersonId>,
    },
    /// With what somebody signs in.
    Account {
        /// Whose.
        owner: PersonId,
        /// Who teach or look after their class now.
        teachers: Vec<PersonId>,
        /// What roles they hold now.
        roles: Vec<Role>,
    },
    /// A report.
    Report {
        /// Who made it, if they gave a name.
        author: Option<PersonId>,
        /// Who is said to have done it.
        alleged: Vec<PersonId>,
        /// Whether it is about online safety and nothing wider.
        online_safety: bool,
    },
    /// A case.
    Case {
        /// Who is said to have done it.
        alleged: Vec<PersonId>,
        /// Whether the headteacher is one of them.
        about_headteacher: bool,
        /// Whether it is about online safety and nothing wider.
        online_safety: bool,
    },
    /// A proposed change of the filter.
    FilterChange {
        /// Who proposed it.
        proposer: PersonId,
    },
    /// A version of a policy that is not in force yet.
    Draft {
        /// Who have written it.
        writers: Vec<PersonId>,
    },
    /// Something that somebody asked to be allowed.
    Permission {
        /// Who asked.
        asker: PersonId,
        /// What it is about.
        matter: Matter,
        /// Whether whoever asked is the headteacher.
        of_headteacher: bool,
    },
}

// === impl Thing ===

impl Thing {
    /// What kind it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::School => Kind::School,
            Self::Person { .. } => Kind::Person,
            Self::Holding { .. } => Kind::Holding,
            Self::Class { .. } => Kind::Class,
            Self::Account { .. } => Kind::Account,
            Self::Report { .. } => Kind::Report,
            Self::Case { .. } => Kind::Case,
            Self::FilterChange { .. } => Kind::FilterChange,
            Self::Draft { .. } => Kind::Draft,
            Self::Permission { .. } => Kind::Permission,
        }
    }
}
