//! Whom somebody may see, as far as ties go: what a list is cut to, in the database, before it is counted and paged.

use ids::PersonId;

use super::relation::Held;

/// Whom a viewer sees. Made from the policies by [`Policies::sight`](crate::access::Policies::sight), never by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// Who looks.
    pub viewer: PersonId,
    /// People to whom nothing ties them: everybody.
    pub strangers: Held,
    /// The pupils of the classes that they teach, tutor or help in on the day.
    pub own_class: Held,
    /// The children for whom they answer by law on the day, once the contact is confirmed.
    pub own_child: Held,
    /// Themselves.
    pub oneself: Held,
}

/// Who is tied to a person on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties {
    /// Who teach, tutor or help in a class of theirs.
    pub teachers: Vec<PersonId>,
    /// Who answer for them by law, and may be told.
    pub carers: Vec<PersonId>,
}

// === impl Sight ===

impl Sight {
    /// Whether they see nobody at all.
    pub fn is_blind(&self) -> bool {
        [self.strangers, self.own_class, self.own_child, self.oneself].iter().all(|held| *held == Held::No)
    }
}
