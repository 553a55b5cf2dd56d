//! A class is signed in with one press, and out again. Whether somebody may is asked of [`access`](crate::access) before.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use calendar::{Date, Instant};
use ids::{GroupId, PersonId};
use ledger::{Act, Ledger, code};
use presence::{Before, Presence, Present, Source};

use super::error::GateError;
use super::seat::{Lesson, Seat, SignedIn, seated};
use super::store;
use crate::access::Thing;
use crate::people::{self, Member, Part, Scope};
use crate::web::Office;

/// A class with those who are in it on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Which.
    pub group: GroupId,
    /// Its pupils, in the order of their ids.
    pub pupils: Vec<PersonId>,
    /// Who teach or look after it.
    pub teachers: Vec<PersonId>,
}

// === impl Class ===

impl Class {
    /// The class as it is on `today`, with those who are here.
    ///
    /// # Errors
    /// Where there is nobody in it, or the database refuses.
    pub async fn on(ledger: &Ledger, scope: Scope, group: GroupId, today: Date) -> Result<Self, GateError> {
        let all = Self::all(ledger, scope, today).await?;
        all.into_iter().find(|class| class.group == group).ok_or(GateError::NoSuchClass)
    }

    /// All classes with somebody in them on `today`, in the order of their ids.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn all(ledger: &Ledger, scope: Scope, today: Date) -> Result<Vec<Self>, GateError> {
        let mut members: Vec<Member> = people::members(ledger.reader(), scope, None, today).await?;
        let ids: Vec<PersonId> = members.iter().map(|member| member.person).collect();
        let here = people::persons(ledger.reader(), scope, &ids).await?;
        let here: HashSet<PersonId> = here.into_iter().filter(|person| person.is_here(today)).map(|person| person.id).collect();
        members.retain(|member| here.contains(&member.person));
        members.sort_by_key(|member| (member.group, member.person));
        let class = |members: &[Member]| {
            let of = |pupil: bool| members.iter().filter(move |member| (member.part == Part::Pupil) == pupil).map(|member| member.person);
            Some(Self { group: members.first()?.group, pupils: of(true).collect(), teachers: of(false).collect() })
        };
        Ok(members.chunk_by(|one, other| one.group == other.group).filter_map(class).collect())
    }

    /// The same from what is kept of it: for pages that many open.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn kept(office: &Office, today: Date) -> Result<Arc<Vec<Self>>, GateError> {
        let (ledger, scope) = (&office.ledger, office.scope());
        office.classes.get(ledger.reader(), scope.organisation, today, Self::all(ledger, scope, today)).await
    }

    /// What a decision is asked about.
    pub fn thing(&self) -> Thing {
        Thing::Class { teachers: self.teachers.clone() }
    }

    /// Where its pupils sit, as far as that is known.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn seats(&self, ledger: &Ledger, scope: Scope) -> Result<Vec<Seat>, GateError> {
        let mut seats = store::seats(ledger.reader(), scope.organisation, self.group).await?;
        seats.retain(|seat| self.pupils.contains(&seat.person));
        Ok(seats)
    }

    /// Says where pupils sit from now on; the others stay where they are. Nobody is signed in by it.
    ///
    /// # Errors
    /// Where one of them is not in the class, or the database refuses.
    pub async fn seat(&self, ledger: &Ledger, act: Act, seats: &[Seat]) -> Result<(), GateError> {
        if !seats.iter().all(|seat| self.pupils.contains(&seat.person)) {
            return Err(GateError::NotInClass);
        }
        if seats.iter().map(|seat| seat.person).collect::<HashSet<_>>().len() < seats.len() {
            return Err(GateError::TwoDevices);
        }
        let mut unit = ledger.begin(act).await?;
        store::set_seats(&mut unit, self.group, seats).await?;
        Ok(unit.commit().await?)
    }

    /// Signs everybody in at the device where they sit. It is written down first; if that fails, nobody is signed in.
    ///
    /// # Errors
    /// Where the database refuses, or more addresses are in use than any school has.
    pub async fn sign_in(&self, ledger: &Ledger, presence: &Presence, act: Act, lesson: Lesson) -> Result<SignedIn, GateError> {
        let now = act.at.timestamp();
        let seats = self.seats(ledger, Scope::of(act.organisation)).await?;
        let outcome = seated(&self.pupils, &seats);
        let mut unit = ledger.begin(act).await?;
        store::record(&mut unit, self.group, code!("class.signed-in"))?;
        unit.commit().await?;
        let sign_ins: Vec<_> = outcome.known.iter().map(|seat| (seat.address, lesson.sign_in(seat.person))).collect();
        // A pupil has one device of the class at a time, and a device that two of them have is nobody's.
        let shared: HashSet<IpAddr> = outcome.on_one_device.iter().map(|seat| seat.address).collect();
        presence.end(now, |address, sign_in| {
            let stays = || outcome.known.iter().any(|seat| seat.person == sign_in.person && seat.address == address);
            let moved = self.pupils.contains(&sign_in.person) && !stays();
            sign_in.source == Source::Class && (moved || shared.contains(&address))
        });
        presence.sign_in(&sign_ins, Before::Ended, now).map_err(|_| GateError::Full)?;
        Ok(outcome)
    }

    /// Signs pupils of the class out wherever they are, or all of them where none is named. What the network says of them stays.
    ///
    /// # Errors
    /// Where one of them is not in the class. Where the database refuses they are signed out all the same.
    pub async fn sign_out(&self, ledger: &Ledger, presence: &Presence, act: Act, who: &[PersonId]) -> Result<(), GateError> {
        if !who.iter().all(|person| self.pupils.contains(person)) {
            return Err(GateError::NotInClass);
        }
        let who = if who.is_empty() { &self.pupils } else { who };
        presence.end(act.at.timestamp(), |_, sign_in| sign_in.source != Source::Network && who.contains(&sign_in.person));
        let mut unit = ledger.begin(act).await?;
        store::record(&mut unit, self.group, code!("class.signed-out"))?;
        Ok(unit.commit().await?)
    }

    /// Where the pupils of the class are signed in now, in whatever way, and who else is signed in at those devices.
    pub fn present(&self, presence: &Presence, now: Instant) -> Vec<Present> {
        let all = presence.list(now.timestamp());
        let theirs: HashSet<IpAddr> =
            all.iter().filter(|present| self.pupils.contains(&present.sign_in.person)).map(|present| present.address).collect();
        all.into_iter().filter(|present| theirs.contains(&present.address)).collect()
    }
}
