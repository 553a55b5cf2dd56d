//! Guests come and go. Whether somebody may let one in is asked of [`access`](crate::access) before.

use std::net::IpAddr;

use calendar::{Date, Instant};
use ids::PersonId;
use ledger::{Act, code};

use super::model::{Guest, GuestCode, NewGuest, hash_of};
use super::store;
use crate::access::Proof;
use crate::people::{self, Details, Membership, NewPerson, PeopleError};
use crate::signin::error::SignInError;
use crate::signin::service::{SignIns, Wrong};
use crate::signin::store::note;
use crate::signin::throttle::Buckets;
use crate::signin::token::Token;

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

    /// A visitor comes in alone. Each counts, so that nobody fills the list of people with inventions.
    ///
    /// # Errors
    /// [`SignInError::Wait`] after too many from there; as [`let_guest_in`](Self::let_guest_in).
    pub(super) async fn register_guest(&self, act: Act, guest: &NewGuest, from: IpAddr) -> Result<GuestCode, SignInError> {
        let begun = self.throttle.begin(Buckets::of_address("guest registration", &self.spot(from)), act.at);
        begun.map_err(|until| SignInError::Wait { until })?;
        Ok(self.let_guest_in(act, guest).await?.1)
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
        self.throttle.was_right_once(buckets);
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
