//! Where each of a class sits, and what a press of the button does.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::net::IpAddr;

use calendar::Instant;
use ids::PersonId;
use jiff::SignedDuration;
use presence::{SignIn, Source};

use super::error::GateError;

/// At which device somebody of a class sits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Who.
    pub person: PersonId,
    /// The address of the device.
    pub address: IpAddr,
}

/// For how long a class is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    until: Instant,
    idle: SignedDuration,
}

/// What became of a class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignedIn {
    /// Each is known at their device now, unless somebody else is signed in there in another way.
    pub known: Vec<Seat>,
    /// They have no device yet.
    pub without_device: Vec<PersonId>,
    /// They have the device of somebody else of the class, so neither is known there.
    pub on_one_device: Vec<Seat>,
}

// === impl Lesson ===

impl Lesson {
    /// How long a device may ask for nothing, unless said otherwise: a pupil who has gone out and come back is not lost, one who has gone
    /// home is.
    pub const IDLE: SignedDuration = SignedDuration::from_mins(20);
    /// The longest lesson: no sign-in lasts overnight.
    pub const LONGEST: SignedDuration = SignedDuration::from_hours(10);

    /// Until then.
    ///
    /// # Errors
    /// Where that is not after `now`, or further than [`LONGEST`](Self::LONGEST).
    pub fn until(until: Instant, now: Instant) -> Result<Self, GateError> {
        let length = until.since(now);
        if length.is_positive() && length <= Self::LONGEST { Ok(Self { until, idle: Self::IDLE }) } else { Err(GateError::Lesson) }
    }

    /// With another time without a request after which a device is nobody's.
    ///
    /// # Errors
    /// Where it is not from one minute to the longest lesson.
    pub fn with_idle(self, idle: SignedDuration) -> Result<Self, GateError> {
        if idle >= SignedDuration::from_mins(1) && idle <= Self::LONGEST { Ok(Self { idle, ..self }) } else { Err(GateError::Idle) }
    }

    /// Somebody signed in for as long as the lesson.
    pub(super) fn sign_in(self, person: PersonId) -> SignIn {
        SignIn { person, source: Source::Class, until: self.until.timestamp(), idle: self.idle }
    }
}

/// Who of these pupils sits where. Whoever shares a device is not signed in: nobody would know which of them asks.
pub(super) fn seated(pupils: &[PersonId], seats: &[Seat]) -> SignedIn {
    let of: HashMap<PersonId, IpAddr> = seats.iter().map(|seat| (seat.person, seat.address)).collect();
    let (mut once, mut twice) = (HashSet::new(), HashSet::new());
    for address in pupils.iter().filter_map(|person| of.get(person)) {
        if !once.insert(*address) {
            twice.insert(*address);
        }
    }
    let mut outcome = SignedIn::default();
    for person in pupils {
        match of.get(person) {
            None => outcome.without_device.push(*person),
            Some(address) if twice.contains(address) => outcome.on_one_device.push(Seat { person: *person, address: *address }),
            Some(address) => outcome.known.push(Seat { person: *person, address: *address }),
        }
    }
    outcome
}

/// Who sits where is nobody's business in a log.
impl fmt::Debug for Seat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seat(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_has_an_end_that_can_be() {
        let now: Instant = "2026-11-24T09:00:00Z".parse().expect("a moment");
        let until = |minutes: i64| Lesson::until(now.checked_add(SignedDuration::from_mins(minutes)).expect("a moment"), now);
        assert!(until(50).is_ok() && until(600).is_ok());
        for wrong in [0, -1, 601] {
            assert!(matches!(until(wrong), Err(GateError::Lesson)), "{wrong}");
        }
        let lesson = until(50).expect("a lesson");
        assert!(lesson.with_idle(SignedDuration::from_mins(5)).is_ok());
        assert!(matches!(lesson.with_idle(SignedDuration::from_secs(59)), Err(GateError::Idle)));
    }

    #[test]
    fn two_on_one_device_are_told_apart_from_those_without() {
        let person = PersonId::named;
        let seat = |name, last| Seat { person: person(name), address: IpAddr::from([10, 0, 0, last]) };
        let seats = [seat("ada", 1), seat("bob", 2), seat("cy", 2), seat("somebody of before", 1)];
        let outcome = seated(&["ada", "bob", "cy", "dee"].map(person), &seats);
        assert_eq!(outcome.known, [seat("ada", 1)]);
        assert_eq!(outcome.on_one_device, [seat("bob", 2), seat("cy", 2)]);
        assert_eq!(outcome.without_device, [person("dee")]);
    }
}
