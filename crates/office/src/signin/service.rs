//! The one door: signing in and out, choosing a password, turning the second factor on, resetting.

use std::net::IpAddr;
use std::sync::Arc;

use calendar::{Date, Instant};
use ids::{OrganisationId, PersonId};
use jiff::tz::TimeZone;
use ledger::{Act, Actor, Code, Ledger, Origin, Unit, by_program, code};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::account::UserName;
use super::error::SignInError;
use super::guest::Alone;
use super::key::MachineKey;
use super::password::{Cost, NewPassword, PasswordHash};
use super::second::Seed;
use super::session::{Sessions, Signed};
use super::store;
use super::throttle::{Buckets, Device, Near, Spot, Throttle, Try};
use super::token::Token;
use crate::access::Proof;
use crate::people::{self, Scope};

/// How many passwords are checked at once, at 64 MiB each; the next waits.
const AT_ONCE: usize = 2;

/// Accounts, and who is signed in with them. One for each process.
#[expect(missing_debug_implementations, reason = "it holds the machine's key")]
pub struct SignIns {
    pub(super) ledger: Ledger,
    pub(super) organisation: OrganisationId,
    pub(super) key: MachineKey,
    pub(super) cost: Cost,
    pub(super) throttle: Throttle,
    pub(super) sessions: Sessions,
    pub(super) alone: Alone,
    checking: Arc<Semaphore>,
    /// Letters with links are written one after the other.
    pub(super) mailing: tokio::sync::Mutex<()>,
    near: Near,
    pub(super) zone: TimeZone,
}

/// What somebody typed. Name, password and code come together: nobody is told which of them was wrong.
#[expect(missing_debug_implementations, reason = "it holds a password")]
pub struct Attempt<'a> {
    /// The user name.
    pub name: &'a str,
    /// The password.
    pub password: Zeroizing<String>,
    /// The code of the second factor, or a recovery code; empty where they have none.
    pub code: &'a str,
    /// From where.
    pub from: IpAddr,
    /// The word that the device brought, if any.
    pub device: Option<&'a Device>,
}

/// What came of it.
#[expect(missing_debug_implementations, reason = "it holds what opens a session")]
pub enum Outcome {
    /// Signed in.
    In {
        /// Who.
        person: PersonId,
        /// For the cookie of the session.
        session: Token,
        /// For the cookie of the device.
        device: Device,
        /// With what.
        proof: Proof,
    },
    /// Name, password or code is wrong.
    Wrong,
    /// Too many wrong tries; nothing was looked at.
    Wait {
        /// Until when.
        until: Instant,
    },
}

/// Somebody tried and was refused.
pub(super) struct Wrong {
    /// Whose sign-in it was, where it is somebody's.
    pub(super) whose: Option<PersonId>,
    pub(super) number: Try,
    pub(super) from: IpAddr,
}

// === impl SignIns ===

impl SignIns {
    /// For the records of `organisation`. `cost` is what a new password gets, and what an unknown name takes.
    pub fn new(ledger: &Ledger, organisation: OrganisationId, key: MachineKey, cost: Cost) -> Self {
        Self {
            ledger: ledger.clone(),
            organisation,
            key,
            cost,
            throttle: Throttle::default(),
            sessions: Sessions::default(),
            alone: Alone::default(),
            checking: Arc::new(Semaphore::new(AT_ONCE)),
            mailing: tokio::sync::Mutex::default(),
            near: Arc::new(|_| false),
            zone: TimeZone::UTC,
        }
    }

    /// With what says which addresses are the school's, whose devices are told from each other by IPv6 too. Without, none is.
    #[must_use]
    pub fn at_school(mut self, near: Near) -> Self {
        self.near = near;
        self
    }

    /// Where a try from this address counts.
    pub(super) fn spot(&self, from: IpAddr) -> Spot {
        Spot::of(from, &self.near)
    }

    /// With the school's time zone: a leaver's account is closed from midnight there. Without, from midnight in UTC.
    #[must_use]
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// Who is signed in with `session`, if they belong to the school today; whoever has left is signed out everywhere.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn look(&self, session: &Token, now: Instant) -> Result<Option<Signed>, SignInError> {
        let Some(signed) = self.sessions.look(session, now) else { return Ok(None) };
        if self.has_left(signed.person, now).await? {
            self.sessions.end_all(signed.person);
            return Ok(None);
        }
        if !self.goes_on(&signed, now).await? {
            self.sessions.end(session);
            return Ok(None);
        }
        Ok(Some(signed))
    }

    /// Who is signed in.
    pub const fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Signs somebody in. An unknown name takes as long as a wrong password.
    ///
    /// # Errors
    /// Where the records or the system refuse.
    pub async fn sign_in(&self, attempt: Attempt<'_>, now: Instant) -> Result<Outcome, SignInError> {
        let counted: UserName = attempt.name.parse().unwrap_or_else(|_| UserName::of_nobody());
        let buckets = Buckets::of(&self.key, &counted, attempt.device, &self.spot(attempt.from))?;
        let number = match self.throttle.begin(buckets, now) {
            Ok(number) => number,
            Err(until) => return Ok(Outcome::Wait { until }),
        };
        let row = store::by_name(self.ledger.reader(), self.organisation, &counted).await?;
        let kept = row.as_ref().and_then(|row| row.password.as_deref()).and_then(PasswordHash::from_bytes);
        let is_right = self.check(kept.unwrap_or_else(|| PasswordHash::of_nobody(self.cost)), attempt.password).await?;
        let whose = row.as_ref().map(|row| PersonId::from(row.person_id));
        let wrong = Wrong { whose, number, from: attempt.from };
        let Some(row) = row.filter(|_| is_right) else { return self.wrong(wrong, now).await };
        let person = PersonId::from(row.person_id);
        if self.has_left(person, now).await? {
            return self.wrong(wrong, now).await;
        }
        let mut unit = self.ledger.begin(self.act(person, attempt.from, now)).await?;
        let Some((proof, how)) = self.second(&unit, &row, attempt.code, now).await? else {
            drop(unit);
            return self.wrong(wrong, now).await;
        };
        store::signed_in(&mut unit, person, how).await?;
        unit.commit().await?;
        self.throttle.was_right(buckets, now);
        let device = Device::marked(&self.key, counted.as_str(), attempt.device)?;
        Ok(Outcome::In { person, session: self.sessions.begin(person, proof, attempt.from, now)?, device, proof })
    }

    /// Says in the trail that somebody guesses: once at the beginning of a row of wrong tries and once when it is long enough to be stopped.
    /// A name that nobody has is not written down, since people type passwords into the wrong field.
    pub(super) async fn wrong(&self, wrong: Wrong, now: Instant) -> Result<Outcome, SignInError> {
        if wrong.number.is_told() {
            let act =
                Act { origin: Origin::Address(wrong.from), purpose: code!("sign-in"), ..by_program(self.organisation, now, Origin::Job) };
            let mut unit = self.ledger.begin(act).await?;
            store::failed(&mut unit, wrong.whose)?;
            unit.commit().await?;
        }
        Ok(Outcome::Wrong)
    }

    /// The second factor, if the account has one: the code of now, or one from paper. Each is good once.
    async fn second(&self, unit: &Unit, row: &store::Row, code: &str, now: Instant) -> Result<Option<(Proof, Code)>, SignInError> {
        let Some(sealed) = &row.seed else { return Ok(Some((Proof::Password, code!("signed-in.password")))) };
        let person = row.person_id.into();
        let seed = Seed::unseal(&self.key, self.organisation, person, sealed)?;
        if let Some(step) = seed.step_of(code, now) {
            let fresh = store::use_step(unit, person, step).await?;
            return Ok(fresh.then_some((Proof::SecondFactor, code!("signed-in.code"))));
        }
        let used = store::use_code(unit, person, code).await?;
        Ok(used.then_some((Proof::SecondFactor, code!("signed-in.recovery-code"))))
    }

    /// Signs out, and says so in the trail.
    ///
    /// # Errors
    /// Where the records refuse; the session is ended all the same.
    pub async fn sign_out(&self, session: &Token, from: IpAddr, now: Instant) -> Result<(), SignInError> {
        let Some(signed) = self.sessions.look(session, now) else { return Ok(()) };
        self.sessions.end(session);
        let mut unit = self.ledger.begin(self.act(signed.person, from, now)).await?;
        store::signed_out(&mut unit, signed.person)?;
        Ok(unit.commit().await?)
    }

    /// Makes an account, and the link by which its person chooses a password. To be handed over in person.
    ///
    /// # Errors
    /// Where the name is taken, the person has one, or the records refuse.
    pub async fn make(&self, act: Act, person: PersonId, name: &UserName) -> Result<Token, SignInError> {
        let mut unit = self.ledger.begin(act).await?;
        let link = store::make(&mut unit, person, name).await?;
        unit.commit().await?;
        Ok(link)
    }

    /// The same within a unit that does more.
    ///
    /// # Errors
    /// Where the name is taken, the person has one, or the records refuse.
    pub async fn make_within(unit: &mut Unit, person: PersonId, name: &UserName) -> Result<Token, SignInError> {
        store::make(unit, person, name).await
    }

    /// Whose account is called so, if it has not ended.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn person_called(&self, name: &UserName) -> Result<Option<PersonId>, SignInError> {
        let row = store::by_name(self.ledger.reader(), self.organisation, name).await?;
        Ok(row.map(|row| PersonId::from(row.person_id)))
    }

    /// Takes away somebody's password, second factor and recovery codes, signs them out, and gives a new link. By a second person:
    /// nobody does it for themselves. Whether the actor may is asked of [`access`](crate::access) before.
    ///
    /// # Errors
    /// For oneself, without an account, or where the records refuse.
    pub async fn reset(&self, act: Act, person: PersonId) -> Result<Token, SignInError> {
        if act.actor == Actor::Person(person) {
            return Err(SignInError::Oneself);
        }
        let mut unit = self.ledger.begin(act).await?;
        let link = store::reset(&mut unit, person).await?;
        unit.commit().await?;
        self.sessions.end_all(person);
        Ok(link)
    }

    /// Signs somebody out everywhere, and says so in the trail.
    ///
    /// # Errors
    /// Where the records refuse; the sessions are ended all the same.
    pub async fn end_sessions(&self, act: Act, person: PersonId) -> Result<(), SignInError> {
        self.sessions.end_all(person);
        let mut unit = self.ledger.begin(act).await?;
        store::sessions_ended(&mut unit, person)?;
        Ok(unit.commit().await?)
    }

    /// Ends an account for good and signs its person out: they have left.
    ///
    /// # Errors
    /// Without an account, or where the records refuse.
    pub async fn end(&self, act: Act, person: PersonId) -> Result<(), SignInError> {
        let mut unit = self.ledger.begin(act).await?;
        store::end(&mut unit, person).await?;
        unit.commit().await?;
        self.sessions.end_all(person);
        Ok(())
    }

    /// Whether the last day of somebody is past, or the first one has not come. Asked each time, so that no job has to run for an account to
    /// close; whoever comes back has it again. Nobody is ever deleted, so whoever has an account is in the records.
    pub(super) async fn has_left(&self, person: PersonId, now: Instant) -> Result<bool, SignInError> {
        let somebody = people::person(self.ledger.reader(), Scope::of(self.organisation), person).await?;
        let today = Date::try_from(now.timestamp().to_zoned(self.zone.clone()).date()).ok();
        Ok(somebody.is_some_and(|person| today.is_none_or(|today| !person.is_here(today))))
    }

    pub(super) async fn check(&self, kept: PasswordHash, typed: Zeroizing<String>) -> Result<bool, SignInError> {
        let _turn = self.checking.acquire().await.map_err(|_| SignInError::Chance)?;
        tokio::task::spawn_blocking(move || kept.is(&typed)).await.map_err(|_| SignInError::Chance)?
    }

    pub(super) async fn hash(&self, password: NewPassword) -> Result<PasswordHash, SignInError> {
        let _turn = self.checking.acquire().await.map_err(|_| SignInError::Chance)?;
        let cost = self.cost;
        tokio::task::spawn_blocking(move || password.hash(cost)).await.map_err(|_| SignInError::Chance)?
    }

    /// Somebody, about their own account.
    pub(super) fn act(&self, person: PersonId, from: IpAddr, at: Instant) -> Act {
        Act {
            organisation: self.organisation,
            site: None,
            actor: Actor::Person(person),
            role: code!("account-holder"),
            on_behalf_of: None,
            purpose: code!("sign-in"),
            at,
            origin: Origin::Address(from),
        }
    }
}
