//! Somebody signs in at a device by themselves.

use std::net::IpAddr;

use calendar::Instant;
use ids::PersonId;
use jiff::SignedDuration;
use presence::{Before, Presence, SignIn, Source};

use super::error::GateError;
use super::seat::Lesson;

/// How long a child stays known at least, if the device is used: who comes when the school day ends is at a club.
const CLUB: SignedDuration = SignedDuration::from_hours(2);

/// How long a guest's own device may ask for nothing: a telephone sleeps in a pocket, and its address must not be the next one's meanwhile.
const POCKET: SignedDuration = SignedDuration::from_hours(1);

/// On whose network a guest's device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// On the one for children and staff, where the device may be the school's and the next one at it a child.
    School,
    /// On one that the school keeps for guests and their own devices.
    Guests,
}

/// For how long somebody who signs in at a device is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    until: Instant,
    idle: SignedDuration,
}

// === impl Stay ===

impl Stay {
    /// A child: until the school day ends, for two hours at least, and as long as the device is used.
    pub fn of_day(day_ends: Option<Instant>, now: Instant) -> Self {
        let club = now.checked_add(CLUB).unwrap_or(now);
        Self { until: day_ends.unwrap_or(club).max(club).min(latest(now)), idle: Lesson::IDLE }
    }

    /// A guest: until the pass ends, never overnight, and as long as the device is used. A guest's profile is milder than a child's, so
    /// at a school's own device it goes as soon as a child's would.
    pub fn of_pass(until: Instant, ground: Ground, now: Instant) -> Self {
        let idle = match ground {
            Ground::School => Lesson::IDLE,
            Ground::Guests => POCKET,
        };
        Self { until: until.min(latest(now)), idle }
    }
}

fn latest(now: Instant) -> Instant {
    now.checked_add(Lesson::LONGEST).unwrap_or(now)
}

/// From now on the device is this person's, until the stay ends, they sign out, or it has been idle. Whoever a person or a teacher had
/// signed in there has gone: the later one has the device in hand. And the person has left every other device, since nobody sits at
/// two; what the network says of anybody stays, so that a device which it knows as somebody else's is nobody's.
///
/// # Errors
/// Where more addresses are in use than any school has.
pub fn arrive(presence: &Presence, person: PersonId, source: Source, address: IpAddr, stay: Stay, now: Instant) -> Result<(), GateError> {
    vacate(presence, address, now);
    let (now, here) = (now.timestamp(), address.to_canonical());
    presence.end(now, |_, sign_in| sign_in.source != Source::Network && sign_in.person == person);
    let sign_in = SignIn { person, source, until: stay.until.timestamp(), idle: stay.idle };
    presence.sign_in(&[(here, sign_in)], Before::Ended, now).map_err(|_| GateError::Full)
}

/// Somebody has this device in hand now: whoever a person or a teacher had signed in there has gone. What the network says stays.
pub fn vacate(presence: &Presence, address: IpAddr, now: Instant) {
    presence.end_at(address, now.timestamp(), |sign_in| sign_in.source != Source::Network);
}

/// Whether this person, who has signed in there by themselves, is still known there: by that, or since the network says so. It counts as a
/// use of the device.
pub fn is_here(presence: &Presence, person: PersonId, address: IpAddr, now: Instant) -> bool {
    match presence.at(address, now.timestamp()) {
        presence::At::One(who, Source::Own | Source::Card | Source::Network) => who == person,
        _ => false,
    }
}

/// From where people are gone who had come by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// From all devices.
    Everywhere,
    /// From the device with this address.
    From(IpAddr),
    /// From all devices but the one with this address, at which they go on.
    AllBut(IpAddr),
}

/// Whatever these people came in with opens nothing any more, so that nothing is judged under their name either. What a teacher's press or
/// the network says of them stays: it hangs on nothing that they have.
pub fn forget(presence: &Presence, whom: &[PersonId], gone: Gone, now: Instant) {
    presence.end(now.timestamp(), |at, sign_in| {
        let is_meant = match gone {
            Gone::Everywhere => true,
            Gone::From(address) => at == address.to_canonical(),
            Gone::AllBut(address) => at != address.to_canonical(),
        };
        is_meant && is_own(sign_in) && whom.contains(&sign_in.person)
    });
}

/// Whoever came by themselves has gone from this device: somebody there has pressed that they go, and their session had run out.
pub fn forget_at(presence: &Presence, address: IpAddr, now: Instant) {
    presence.end_at(address, now.timestamp(), is_own);
}

fn is_own(sign_in: &SignIn) -> bool {
    matches!(sign_in.source, Source::Own | Source::Card)
}

/// This person goes: wherever they came by themselves, and from this device in whatever way they were known there.
pub fn leave(presence: &Presence, person: PersonId, address: IpAddr, now: Instant) {
    presence.end(now.timestamp(), |at, sign_in| {
        sign_in.person == person && (is_own(sign_in) || (at == address.to_canonical() && sign_in.source != Source::Network))
    });
}

#[cfg(test)]
mod tests {
    use presence::At;

    use super::*;

    fn at(minutes: i64) -> Instant {
        let morning: Instant = "2026-11-24T09:00:00Z".parse().expect("a moment");
        morning.checked_add(SignedDuration::from_mins(minutes)).expect("a moment")
    }

    fn device(last: u8) -> IpAddr {
        [10, 0, 0, last].into()
    }

    fn who(presence: &Presence, last: u8, minutes: i64) -> Option<(PersonId, Source)> {
        match presence.at(device(last), at(minutes).timestamp()) {
            At::One(person, source) => Some((person, source)),
            At::Nobody | At::Shared => None,
        }
    }

    fn signed_in(presence: &Presence, person: PersonId, source: Source, last: u8) {
        let sign_in = SignIn { person, source, until: at(300).timestamp(), idle: Lesson::IDLE };
        presence.sign_in(&[(device(last), sign_in)], Before::Ended, at(0).timestamp()).expect("room");
    }

    #[test]
    fn of_two_children_at_one_tablet_the_later_one_has_it() {
        let (presence, [ada, bob]) = (Presence::default(), ["ada", "bob"].map(PersonId::named));
        arrive(&presence, ada, Source::Own, device(1), Stay::of_day(None, at(0)), at(0)).expect("room");
        arrive(&presence, bob, Source::Card, device(1), Stay::of_day(None, at(1)), at(1)).expect("room");
        assert_eq!(who(&presence, 1, 1), Some((bob, Source::Card)));
        assert!(is_here(&presence, bob, device(1), at(1)) && !is_here(&presence, ada, device(1), at(1)));
        // The one whom the teacher seated there has gone too.
        signed_in(&presence, ada, Source::Class, 2);
        arrive(&presence, bob, Source::Own, device(2), Stay::of_day(None, at(2)), at(2)).expect("room");
        assert_eq!((who(&presence, 1, 2), who(&presence, 2, 2)), (None, Some((bob, Source::Own))), "nobody sits at two devices");
    }

    #[test]
    fn a_device_that_the_network_knows_as_somebody_elses_is_nobodys() {
        let (presence, [ada, bob]) = (Presence::default(), ["ada", "bob"].map(PersonId::named));
        signed_in(&presence, ada, Source::Network, 1);
        arrive(&presence, bob, Source::Own, device(1), Stay::of_day(None, at(0)), at(0)).expect("room");
        assert_eq!(who(&presence, 1, 0), None);
        leave(&presence, bob, device(1), at(1));
        assert_eq!(who(&presence, 1, 1), None, "who has stayed cannot be told");
    }

    #[test]
    fn whoever_the_network_knows_there_too_is_here() {
        let (presence, [ada, bob]) = (Presence::default(), ["ada", "bob"].map(PersonId::named));
        signed_in(&presence, ada, Source::Network, 1);
        arrive(&presence, ada, Source::Own, device(1), Stay::of_day(None, at(0)), at(0)).expect("room");
        assert!(is_here(&presence, ada, device(1), at(0)) && !is_here(&presence, bob, device(1), at(0)));
        assert!(!is_here(&presence, ada, device(2), at(0)), "another device");
        signed_in(&presence, bob, Source::Class, 3);
        assert!(!is_here(&presence, bob, device(3), at(0)), "a teacher's press is not the child's own");
    }

    #[test]
    fn it_ends_with_the_school_day_and_near_its_end_after_two_hours() {
        let (presence, ada) = (Presence::default(), PersonId::named("ada"));
        for (day_ends, last) in [(Some(at(290)), 290), (Some(at(19)), 120), (None, 120)] {
            arrive(&presence, ada, Source::Own, device(1), Stay::of_day(day_ends, at(0)), at(0)).expect("room");
            for minute in (0..last).step_by(10) {
                assert!(who(&presence, 1, minute).is_some(), "minute {minute}");
            }
            assert_eq!(who(&presence, 1, last), None);
        }
    }

    #[test]
    fn a_guest_is_known_until_the_pass_ends_and_never_overnight() {
        let (presence, guest) = (Presence::default(), PersonId::named("guest"));
        for ground in [Ground::School, Ground::Guests] {
            for (until, last) in [(at(300), 300), (at(2000), 600)] {
                arrive(&presence, guest, Source::Own, device(1), Stay::of_pass(until, ground, at(0)), at(0)).expect("room");
                for minute in (0..last).step_by(20) {
                    assert!(who(&presence, 1, minute).is_some(), "minute {minute}");
                }
                assert_eq!(who(&presence, 1, last), None);
            }
        }
    }

    #[test]
    fn a_guest_who_has_left_the_device_is_not_known_there_any_more() {
        let (presence, guest) = (Presence::default(), PersonId::named("guest"));
        for (ground, last) in [(Ground::School, 20), (Ground::Guests, 60)] {
            let stay = Stay::of_pass(at(500), ground, at(0));
            arrive(&presence, guest, Source::Own, device(1), stay, at(0)).expect("room");
            assert_eq!(who(&presence, 1, last + 1), None, "{ground:?}");
            arrive(&presence, guest, Source::Own, device(1), stay, at(0)).expect("room");
            assert!(who(&presence, 1, last).is_some(), "{ground:?}");
        }
    }

    #[test]
    fn who_goes_is_gone_and_others_stay() {
        let (presence, [ada, bob]) = (Presence::default(), ["ada", "bob"].map(PersonId::named));
        signed_in(&presence, ada, Source::Class, 1);
        arrive(&presence, bob, Source::Own, device(2), Stay::of_day(None, at(0)), at(0)).expect("room");
        leave(&presence, ada, device(1), at(1));
        assert_eq!((who(&presence, 1, 1), who(&presence, 2, 1)), (None, Some((bob, Source::Own))));
    }
}
