//! What somebody does about their own sign-in.

use std::net::IpAddr;
use std::sync::Arc;

use calendar::Instant;
use ids::PersonId;
use zeroize::Zeroizing;

use super::account::UserName;
use super::error::SignInError;
use super::password::{NewPassword, PasswordHash, WeakPassword};
use super::recovery::RecoveryCodes;
use super::second::Seed;
use super::service::SignIns;
use super::store;
use super::throttle::{Buckets, Device};
use super::token::Token;
use crate::access::Proof;

/// Somebody who is signed in shows once more that it is them: a session that was left open must not be enough to take an account over.
#[expect(missing_debug_implementations, reason = "it holds a password")]
pub struct Confirm<'a> {
    /// Their session.
    pub session: &'a Token,
    /// Their password.
    pub password: Zeroizing<String>,
    /// From where.
    pub from: IpAddr,
    /// The word that the device brought, if any.
    pub device: Option<&'a Device>,
}

// === impl SignIns ===

impl SignIns {
    /// Whose one-time link that is, while it is good.
    ///
    /// # Errors
    /// [`SignInError::Link`] where it is none or used; where the records refuse.
    pub async fn named_by(&self, link: &Token, now: Instant) -> Result<UserName, SignInError> {
        let row = store::of_link(self.ledger.reader(), self.organisation, link, now).await?.ok_or(SignInError::Link)?;
        row.user_name.parse().map_err(|_| SignInError::NoAccount)
    }

    /// Sets the password that the holder of a link chose, and uses the link up. A weak one does not. Says whose it is.
    ///
    /// # Errors
    /// Where the link is none or used, or the records refuse.
    pub async fn choose(
        &self,
        link: &Token,
        text: Zeroizing<String>,
        from: IpAddr,
        now: Instant,
    ) -> Result<Result<PersonId, WeakPassword>, SignInError> {
        let row = store::of_link(self.ledger.reader(), self.organisation, link, now).await?.ok_or(SignInError::Link)?;
        if self.has_left(row.person_id.into(), now).await? {
            return Err(SignInError::Link);
        }
        let name: UserName = row.user_name.parse().map_err(|_| SignInError::NoAccount)?;
        let password = match NewPassword::new(text, &name) {
            Ok(password) => password,
            Err(weak) => return Ok(Err(weak)),
        };
        let hash = self.hash(password).await?;
        let person = row.person_id.into();
        let mut unit = self.ledger.begin(self.act(person, from, now)).await?;
        store::accept(&mut unit, link, person, &hash).await?;
        unit.commit().await?;
        self.sessions.end_all(person);
        Ok(Ok(person))
    }

    /// Sets another password for whoever is signed in, after they have typed the old one. All their other sessions end.
    ///
    /// # Errors
    /// [`SignInError::Password`] where the old one is wrong, [`SignInError::Wait`] after too many, or where the records refuse.
    pub async fn change_password(
        &self,
        confirm: Confirm<'_>,
        text: Zeroizing<String>,
        now: Instant,
    ) -> Result<Result<Token, WeakPassword>, SignInError> {
        let (from, signed) = (confirm.from, self.sessions.look(confirm.session, now).ok_or(SignInError::NoAccount)?);
        let name = self.confirm(confirm, now).await?;
        let password = match NewPassword::new(text, &name) {
            Ok(password) => password,
            Err(weak) => return Ok(Err(weak)),
        };
        let hash = self.hash(password).await?;
        let mut unit = self.ledger.begin(self.act(signed.person, from, now)).await?;
        store::set_password(&mut unit, signed.person, &hash).await?;
        unit.commit().await?;
        self.sessions.end_all(signed.person);
        Ok(Ok(self.sessions.begin(signed.person, signed.proof, from, now)?))
    }

    /// What is being set up on somebody's telephone: the same until a code has proved it or the session ends.
    ///
    /// # Errors
    /// Where nobody is signed in with `session`, or the system gives no random numbers.
    pub fn seed(&self, session: &Token) -> Result<Arc<Seed>, SignInError> {
        self.sessions.seed(session)
    }

    /// The password of whoever is signed in, counted like a sign-in. Gives their user name.
    ///
    /// # Errors
    /// [`SignInError::Password`] where it is wrong, [`SignInError::Wait`] after too many, or where the records refuse.
    pub async fn confirm(&self, confirm: Confirm<'_>, now: Instant) -> Result<UserName, SignInError> {
        let signed = self.sessions.look(confirm.session, now).ok_or(SignInError::NoAccount)?;
        let row = store::of_person(self.ledger.reader(), self.organisation, signed.person).await?.ok_or(SignInError::NoAccount)?;
        let name: UserName = row.user_name.parse().map_err(|_| SignInError::NoAccount)?;
        let buckets = Buckets::of(&self.key, &name, confirm.device, &self.spot(confirm.from))?;
        self.throttle.begin(buckets, now).map_err(|until| SignInError::Wait { until })?;
        let kept = row.password.as_deref().and_then(PasswordHash::from_bytes).ok_or(SignInError::NoAccount)?;
        if !self.check(kept, confirm.password).await? {
            return Err(SignInError::Password);
        }
        self.throttle.was_right(buckets, now);
        Ok(name)
    }

    /// Turns on the second factor of whoever is signed in with `session`, if `code` is what their telephone makes from `seed`. Gives the
    /// recovery codes, shown once, and a session in place of the old one; all their others end.
    ///
    /// # Errors
    /// Where nobody is signed in, the code is another, or the records refuse.
    pub async fn turn_on(
        &self,
        session: &Token,
        seed: &Seed,
        code: &str,
        from: IpAddr,
        now: Instant,
    ) -> Result<(RecoveryCodes, Token), SignInError> {
        let signed = self.sessions.look(session, now).ok_or(SignInError::NoAccount)?;
        let step = seed.step_of(code, now).ok_or(SignInError::Code)?;
        let codes = RecoveryCodes::random()?;
        let sealed = seed.seal(&self.key, self.organisation, signed.person)?;
        let mut unit = self.ledger.begin(self.act(signed.person, from, now)).await?;
        store::turn_on(&mut unit, signed.person, sealed, step, &codes).await?;
        unit.commit().await?;
        self.sessions.end_all(signed.person);
        Ok((codes, self.sessions.begin(signed.person, Proof::SecondFactor, from, now)?))
    }
}
