//! Who calls: a signed-in person in one role.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use calendar::{Date, Instant};
use ids::{PersonId, RecordId};
use ledger::{Act, Actor, Code, Origin, Subject, code};

use super::{Ask, Office, Problem};
use crate::access::{Action, Need, Proof, Thing, Who};
use crate::emergency::Emergency;
use crate::people::{Role, Titles};
use crate::signin::Token;

/// Somebody who is signed in, for one request. Handlers take it as an argument.
#[derive(Clone)]
pub struct Caller(Arc<Facts>);

pub(super) struct Facts {
    pub(super) office: Arc<Office>,
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) roles: Vec<Role>,
    pub(super) role: Role,
    pub(super) proof: Proof,
    pub(super) session: Token,
    pub(super) from: IpAddr,
    pub(super) now: Instant,
    pub(super) today: Date,
    pub(super) emergency: Option<Emergency>,
    pub(super) titles: Titles,
    pub(super) asked: AtomicBool,
}

// === impl Caller ===

impl Caller {
    pub(super) fn new(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// The records.
    pub fn office(&self) -> &Arc<Office> {
        &self.0.office
    }

    /// Who.
    pub fn person(&self) -> PersonId {
        self.0.person
    }

    /// What they are called.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// In which role they act.
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// All roles that they hold today.
    pub fn roles(&self) -> &[Role] {
        &self.0.roles
    }

    /// What roles are called here.
    pub fn titles(&self) -> &Titles {
        &self.0.titles
    }

    /// With what they signed in.
    pub fn proof(&self) -> Proof {
        self.0.proof
    }

    /// Their session.
    pub fn session(&self) -> &Token {
        &self.0.session
    }

    /// What a form of theirs must bring along, in a field called `word`.
    pub fn word(&self) -> String {
        self.0.session.form_word()
    }

    /// From where.
    pub fn from(&self) -> IpAddr {
        self.0.from
    }

    /// The moment of the request.
    pub fn now(&self) -> Instant {
        self.0.now
    }

    /// The day at the school.
    pub fn today(&self) -> Date {
        self.0.today
    }

    /// What they have said that it cannot wait for, in this role, while it is open.
    pub fn emergency(&self) -> Option<&Emergency> {
        self.0.emergency.as_ref()
    }

    /// Who asks, as the rules know them. To be used with [`Policies::sight`](crate::access::Policies::sight): it counts as asked.
    pub fn who(&self) -> Who {
        self.0.asked.store(true, Ordering::Relaxed);
        let need = if self.0.emergency.is_some() { Need::Emergency } else { Need::Ordinary };
        Who { person: self.0.person, role: self.0.role, proof: self.0.proof, need }
    }

    /// Whether they may do `action` to `thing`.
    pub fn may(&self, action: Action, thing: &Thing) -> bool {
        self.0.office.policies.decide(&self.who(), action, thing).is_allowed()
    }

    /// Goes on only if they may do `action` to `thing`.
    ///
    /// # Errors
    /// [`Problem::NotThere`] where they may not.
    pub fn must(&self, action: Action, thing: &Thing) -> Result<(), Problem> {
        if self.may(action, thing) { Ok(()) } else { Err(Problem::NotThere) }
    }

    /// Whether a route is open to them, as far as that is known before it is opened.
    pub fn may_open(&self, ask: Ask) -> bool {
        match ask {
            Ask::Nothing(_) | Ask::Thing(_) => true,
            Ask::Own => self.may(Action::ManageOwnSignIn, &self.own_account()),
            Ask::School(action) => self.may(action, &Thing::School),
        }
    }

    /// Whether they must set up a second factor before anything else.
    pub fn needs_second_factor(&self) -> bool {
        self.0.proof != Proof::SecondFactor && self.0.role.second_factor() == crate::people::SecondFactor::Needed
    }

    /// Their own account.
    pub fn own_account(&self) -> Thing {
        Thing::Account { owner: self.0.person, teachers: Vec::new(), roles: self.0.roles.clone() }
    }

    /// An act of theirs, for `purpose`.
    pub fn act(&self, purpose: Code) -> Act {
        Act {
            organisation: self.0.office.organisation,
            site: None,
            actor: Actor::Person(self.0.person),
            role: self.0.role.code(),
            on_behalf_of: None,
            purpose,
            at: self.0.now,
            origin: Origin::Address(self.0.from),
        }
    }

    /// Records that they have looked at these people. Await it before anything of them is shown.
    ///
    /// # Errors
    /// Where the records refuse: nothing is to be shown then.
    pub async fn looks_at(&self, action: Action, people: impl IntoIterator<Item = PersonId>) -> Result<(), Problem> {
        let subject = |person: PersonId| Subject { kind: code!("person"), id: RecordId::from_bytes(person.to_bytes()) };
        let subjects: Vec<Subject> = people.into_iter().map(subject).collect();
        if !subjects.is_empty() {
            // What is looked at in an emergency is found again by that.
            let purpose = if self.0.emergency.is_some() { code!("emergency") } else { action.code() };
            self.0.office.ledger.view(&self.act(purpose), action.code(), &subjects).await?;
        }
        Ok(())
    }

    pub(super) fn has_asked(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Caller").field("person", &self.0.person).field("role", &self.0.role).finish_non_exhaustive()
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The guard has put it there, but before routes that ask for nothing.
        parts.extensions.get::<Self>().cloned().ok_or(Problem::NotThere)
    }
}
