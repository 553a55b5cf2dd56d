//! What is judged: who asks for what, and when.

use ids::PersonId;
use jiff::Timestamp;

use crate::snapshot::ProfileIndex;
use crate::target::Target;

/// One question to the engine. The time is given, never read.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub who: Who,
    /// What for.
    pub target: &'a Target,
    /// When.
    pub when: Timestamp,
}

/// Who asks, as far as it is known. Whoever is not known gets the snapshot's profile for unknown people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Who {
    /// The person, where one is signed in.
    pub person: Option<PersonId>,
    /// The profile of the place the request came in by (a listener, a range of addresses), used where no person is known.
    pub profile: Option<ProfileIndex>,
    /// Whether a teacher has signed the person in with the class, and leads it now.
    pub is_led: bool,
}

impl Who {
    /// A known person.
    pub const fn person(person: PersonId) -> Self {
        Self { person: Some(person), profile: None, is_led: false }
    }

    /// A known person in a class that its teacher leads.
    pub const fn led(person: PersonId) -> Self {
        Self { person: Some(person), profile: None, is_led: true }
    }

    /// Somebody of whom only the profile is known.
    pub const fn profile(profile: ProfileIndex) -> Self {
        Self { person: None, profile: Some(profile), is_led: false }
    }

    /// Nobody known.
    pub const UNKNOWN: Self = Self { person: None, profile: None, is_led: false };
}
