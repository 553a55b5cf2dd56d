//! Whom somebody may see, asked of the policies once for a list and not once for each row.

use ids::PersonId;

use super::action::Action;
use super::policies::Policies;
use super::thing::{Thing, Who};
use crate::people::{Held, Sight, Ties};

impl Policies {
    /// By which ties `who` sees people ([`Action::SeePerson`]).
    pub fn sight(&self, who: &Who) -> Sight {
        self.sight_of(who, Action::SeePerson)
    }

    /// By which ties `who` may do `action`, which is done to people: the policies are asked about a stranger, a pupil of the own class, an own
    /// child and oneself. Tests prove that a list cut to this is what they say of each row.
    pub fn sight_of(&self, who: &Who, action: Action) -> Sight {
        // An id that nobody has: the only thing that ties is what is said.
        let nobody = PersonId::from_bytes([0; 16]);
        let sees = |of: PersonId, teachers: Vec<PersonId>, carers: Vec<PersonId>| {
            let seen = self.decide(who, action, &Thing::Person { who: of, teachers, carers });
            if seen.is_allowed() { Held::Yes } else { Held::No }
        };
        Sight {
            viewer: who.person,
            strangers: sees(nobody, Vec::new(), Vec::new()),
            own_class: sees(nobody, vec![who.person], Vec::new()),
            own_child: sees(nobody, Vec::new(), vec![who.person]),
            oneself: sees(who.person, Vec::new(), Vec::new()),
        }
    }

    /// Whether `who` sees this person, with what ties them.
    pub fn sees(&self, who: &Who, of: PersonId, ties: &Ties) -> bool {
        let thing = Thing::Person { who: of, teachers: ties.teachers.clone(), carers: ties.carers.clone() };
        self.decide(who, Action::SeePerson, &thing).is_allowed()
    }
}
