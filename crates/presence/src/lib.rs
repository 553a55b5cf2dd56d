//! Who is at which device: address to person, until when, and how that is known.
//!
//! The second of the two values that travel from records to the wire (the first is the engine's snapshot). It lives in memory alone:
//! after a start everybody is unknown until they sign in again. [`Presence::at`] is asked for every request and takes no lock and no
//! memory; what changes an entry copies the table of addresses, not its entries, and swaps it.
//!
//! A wrong name on a request is worse than none. So where two people are signed in at one address it is *shared*, and nobody knows who
//! asks until all of them have gone; a sign-in that ran out, was idle too long or was ended never comes back by itself.

mod device;

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use ids::PersonId;
use jiff::{SignedDuration, Timestamp};

use self::device::Device;

/// Most addresses that are kept: a very large school on two families of addresses, several times over. Beyond it nobody new is known.
pub const MAX_ADDRESSES: usize = 100_000;

/// How somebody came to be known at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The person signed in at the device.
    Own,
    /// A card was shown at the device.
    Card,
    /// A teacher signed the class in.
    Class,
    /// The school's network said so (RADIUS accounting).
    Network,
}

/// One person at one address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// Who.
    pub person: PersonId,
    /// How that is known.
    pub source: Source,
    /// From then on it no longer holds.
    pub until: Timestamp,
    /// Without a request for longer than this it no longer holds.
    pub idle: SignedDuration,
}

/// What a sign-in says of those that the same source has at the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// They stay: two people make the address shared.
    Stay,
    /// They have ended: the source knows that the device has changed hands.
    Ended,
}

/// Who is at an address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Nobody who is known.
    Nobody,
    /// This person, known in this way.
    One(PersonId, Source),
    /// Several people signed in, so nobody knows which of them it is.
    Shared,
}

/// An address in use, for lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// The address.
    pub address: IpAddr,
    /// Who signed in there.
    pub sign_in: SignIn,
    /// Since when.
    pub since: Timestamp,
    /// When the last request came from there, or since when if none has.
    pub used: Timestamp,
    /// Whether others did too, so that nobody is known there.
    pub is_shared: bool,
}

/// That an address was not taken since there are [`MAX_ADDRESSES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Who is at which device. One for each process.
#[derive(Default)]
pub struct Presence {
    devices: ArcSwap<HashMap<IpAddr, Arc<Device>>>,
    /// Held by whoever changes, never by whoever asks.
    changing: Mutex<()>,
}

// === impl Presence ===

impl Presence {
    /// Who is at `address` when a request comes at `when`, which is noted as its last use. An IPv4 address inside an IPv6 one is itself.
    pub fn at(&self, address: IpAddr, when: Timestamp) -> At {
        self.devices.load().get(&address.to_canonical()).map_or(At::Nobody, |device| device.ask(when))
    }

    /// The same without its counting as a use: somebody looks, and nobody asks.
    pub fn seen_at(&self, address: IpAddr, when: Timestamp) -> At {
        self.devices.load().get(&address.to_canonical()).map_or(At::Nobody, |device| device.known(when))
    }

    /// Whether a teacher has signed somebody in at `address`, and the lesson goes on: also where that person has come by themselves before, and is
    /// known by that. It is no use of the device.
    pub fn is_led(&self, address: IpAddr, when: Timestamp) -> bool {
        self.devices.load().get(&address.to_canonical()).is_some_and(|device| device.has(Source::Class, when))
    }

    /// Signs people in, all at once: whoever asks sees all of them or none.
    ///
    /// # Errors
    /// Where there are too many addresses: then none of them is signed in.
    pub fn sign_in(&self, new: &[(IpAddr, SignIn)], before: Before, now: Timestamp) -> Result<(), Full> {
        self.change(now, |devices| {
            for (address, sign_in) in new {
                let address = address.to_canonical();
                let device = devices.get(&address).map(|device| device.with(*sign_in, before, now));
                devices.insert(address, Arc::new(device.unwrap_or_else(|| Device::new(*sign_in, now))));
            }
            if devices.len() > MAX_ADDRESSES { Err(Full) } else { Ok(()) }
        })
    }

    /// Ends the sign-ins at `address` that `ends` names. Where the address was shared and somebody is left, it stays shared.
    pub fn end_at(&self, address: IpAddr, now: Timestamp, ends: impl Fn(&SignIn) -> bool) {
        let address = address.to_canonical();
        self.end(now, |at, sign_in| at == address && ends(sign_in));
    }

    /// Whoever is at the device goes, and it is nobody's: what the person at the device, or the teacher beside it, asks for.
    pub fn clear(&self, address: IpAddr, now: Timestamp) {
        self.end_at(address, now, |_| true);
    }

    /// Ends the sign-ins that `ends` names, wherever they are: a lesson is over, somebody has left, a part of the network starts anew.
    pub fn end(&self, now: Timestamp, ends: impl Fn(IpAddr, &SignIn) -> bool) {
        let changed = self.change(now, |devices| {
            devices.retain(|address, device| match device.without(|sign_in| ends(*address, sign_in)) {
                None => true,
                Some(rest) if rest.is_empty() => false,
                Some(rest) => {
                    *device = Arc::new(rest);
                    true
                }
            });
            Ok::<_, Full>(())
        });
        debug_assert!(changed.is_ok(), "what only ends is never too much");
    }

    /// Who is where, by address.
    pub fn list(&self, now: Timestamp) -> Vec<Present> {
        let devices = self.devices.load();
        let mut all: Vec<_> = devices.iter().flat_map(|(address, device)| device.list(*address, now)).collect();
        all.sort_by_key(|present| (present.address, present.since, present.sign_in.person));
        all
    }

    /// Changes a copy of the table, from which what no longer holds is gone, and puts it in place if that worked.
    fn change<E>(&self, now: Timestamp, how: impl FnOnce(&mut HashMap<IpAddr, Arc<Device>>) -> Result<(), E>) -> Result<(), E> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut devices = HashMap::clone(&self.devices.load());
        devices.retain(|_, device| device.holds(now));
        how(&mut devices)?;
        self.devices.store(Arc::new(devices));
        Ok(())
    }
}

/// Who is where is nobody's business in a log.
impl fmt::Debug for Presence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Presence").field("addresses", &self.devices.load().len()).finish()
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SignIn").field("source", &self.source).finish_non_exhaustive()
    }
}

impl fmt::Debug for At {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nobody => "Nobody",
            Self::One(..) => "One(..)",
            Self::Shared => "Shared",
        })
    }
}

impl fmt::Debug for Present {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Present").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}
