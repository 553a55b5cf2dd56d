//! Guests come and go. Whether somebody may let one in is asked of [`access`](crate::access) before.

use std::collections::HashMap;
use std::net::IpAddr;

use calendar::{Date, Instant};
use ids::PersonId;
use jiff::SignedDuration;
use ledger::keys::{Keys, Standing};
use ledger::{Act, code};
use tokio::sync::Mutex;

use super::model::{Guest, GuestCode, NewGuest, hash_of};
use super::store;
use crate::access::Proof;
use crate::people::{self, Details, Membership, NewPerson, PeopleError, Scope};
use crate::signin::error::SignInError;
use crate::signin::service::{SignIns, Wrong};
use crate::signin::store::note;
use crate::signin::throttle::Buckets;
use crate::signin::token::{Hash, Token};

/// How long somebody who came in alone may go back to the page and put right what they typed. Later it is somebody else at the same device.
const AGAIN: SignedDuration = SignedDuration::from_mins(10);

/// A guest who has come in.
#[expect(missing_debug_implementations, reason = "it holds what opens a session")]
pub struct GuestIn {
    /// Who.
    pub person: PersonId,
    /// For the cookie of the session.
    pub session: Token,
    /// Until when the pass is good.
    pub until: Instant,
}

/// Who came in alone in the last minutes, by the page on which they typed their names. Held while one comes in, so that a page that is sent
/// twice at once makes nobody twice.
#[derive(Debug, Default)]
pub(in crate::signin) struct Alone(Mutex<HashMap<Hash, (PersonId, Instant)>>);

// === impl SignIns ===

impl SignIns {
    /// Lets somebody in: a visitor of the school until the day on which the pass ends, and a code that is shown once.
    ///
    /// # Errors
    /// Where that moment is past, or the records refuse.
    pub async fn let_guest_in(&self, act: Act, guest: &NewGuest) -> Result<(PersonId, GuestCode), SignInError> {
        let (code, now) = (GuestCode::random()?, act.at);
        if guest.until <= now {
            return Err(SignInError::Link);
        }
        let day = |at: Instant| Date::try_from(at.timestamp().to_zoned(self.zone.clone()).date());
        let (Ok(started), Ok(last)) = (day(now), day(guest.until)) else { return Err(SignInError::Link) };
        let person = people::new_person_id(now).map_err(PeopleError::from)?;
        let mut details = Details::new(guest.given.clone(), guest.family.clone(), Membership::Visitor);
        details.sponsor = guest.host;
        let mut unit = self.ledger.begin(act).await?;
        people::add_many(&mut unit, vec![NewPerson { id: person, details, started, ended: Some(last) }]).await?;
        store::add(&mut unit, person, &self.guest_hash(&code)?, guest).await?;
        unit.commit().await?;
        Ok((person, code))
    }

    /// A visitor comes in alone. Each counts, so that nobody fills the list of people with inventions. Whoever sends `page` again while they
    /// are signed in is the same person, whose name and reason are put right.
    ///
    /// # Errors
    /// [`SignInError::Wait`] after too many from there; as [`let_guest_in`](Self::let_guest_in).
    pub async fn register_guest(
        &self,
        act: Act,
        keys: &Keys,
        guest: &NewGuest,
        page: Option<&Token>,
        from: IpAddr,
    ) -> Result<GuestCode, SignInError> {
        let now = act.at;
        let begun = self.throttle.begin(Buckets::of_address("guest registration", &self.spot(from)), now);
        begun.map_err(|until| SignInError::Wait { until })?;
        let mut alone = self.alone.0.lock().await;
        alone.retain(|_, (_, came)| now.since(*came) < AGAIN);
        let before = page.and_then(|page| alone.get(&page.hash())).map(|(person, _)| *person);
        if let Some(person) = before.filter(|person| self.sessions.is_in(*person, now))
            && let Some(code) = self.correct(act.clone(), keys, person, guest).await?
        {
            return Ok(code);
        }
        let (person, code) = self.let_guest_in(act, guest).await?;
        if let Some(page) = page {
            alone.insert(page.hash(), (person, now));
        }
        Ok(code)
    }

    /// What somebody who came in alone typed is put right, and they have another code. Nothing where their pass has ended, or a name cannot be
    /// changed since there are no keys for what it was before.
    async fn correct(&self, act: Act, keys: &Keys, person: PersonId, guest: &NewGuest) -> Result<Option<GuestCode>, SignInError> {
        let is_alone = self.guests(act.at).await?.iter().any(|known| known.person == person && known.host.is_none());
        let seen = people::person(self.ledger.reader(), Scope::of(self.organisation), person).await?;
        let Some(seen) = seen.filter(|_| is_alone) else { return Ok(None) };
        let details = Details { given: guest.given.clone(), family: guest.family.clone(), ..seen.details.clone() };
        if details != seen.details && keys.standing() == Standing::NotMade {
            return Ok(None);
        }
        let code = GuestCode::random()?;
        let mut unit = self.ledger.begin(act).await?;
        people::change(&mut unit, keys, &seen, &details).await?;
        store::again(&mut unit, person, &self.guest_hash(&code)?, guest.reason).await?;
        unit.commit().await?;
        self.sessions.end_all(person);
        Ok(Some(code))
    }

    /// A guest types the code and accepts the notice. It is written down which text, when, and at which device; if that fails, nothing opens.
    ///
    /// # Errors
    /// [`SignInError::Link`] where the code is none or its time is over, [`SignInError::Wait`] after too many wrong ones; where the records
    /// refuse.
    pub async fn guest_in(&self, code: &GuestCode, notice: &[&str], from: IpAddr, now: Instant) -> Result<GuestIn, SignInError> {
        let buckets = Buckets::of_address("guest code", &self.spot(from));
        let number = self.throttle.begin(buckets, now).map_err(|until| SignInError::Wait { until })?;
        let found = store::called(self.ledger.reader(), self.organisation, &self.guest_hash(code)?, now).await?;
        let Some(guest) = found else {
            drop(self.wrong(Wrong { whose: None, number, from }, now).await?);
            return Err(SignInError::Link);
        };
        if self.has_left(guest.person, now).await? {
            return Err(SignInError::Link);
        }
        let mut unit = self.ledger.begin(self.act(guest.person, from, now)).await?;
        store::accept(&unit, guest.person, hash_of(notice), from).await?;
        note(&mut unit, guest.person, code!("guest.accepted"))?;
        unit.commit().await?;
        self.throttle.was_right(buckets, now);
        let session = self.sessions.begin(guest.person, Proof::Picture, from, now)?;
        Ok(GuestIn { person: guest.person, session, until: guest.until })
    }

    /// The guests who are not gone yet, the one who leaves first first.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn guests(&self, now: Instant) -> Result<Vec<Guest>, SignInError> {
        store::all(self.ledger.reader(), self.organisation, now).await
    }

    /// A guest leaves before the time. The code opens nothing any more.
    ///
    /// # Errors
    /// Where there is no such guest, and then nobody is signed out by it; where the records refuse.
    pub async fn end_guest(&self, act: Act, guest: PersonId) -> Result<(), SignInError> {
        let mut unit = self.ledger.begin(act).await?;
        store::end(&unit, guest).await?;
        self.sessions.end_all(guest);
        note(&mut unit, guest, code!("guest.ended"))?;
        Ok(unit.commit().await?)
    }

    /// Under the machine's key: 34 bits are few for somebody who has the database.
    fn guest_hash(&self, code: &GuestCode) -> Result<Vec<u8>, SignInError> {
        Ok(self.key.mark("guest", &[code.as_str().as_bytes()])?.to_vec())
    }
}
