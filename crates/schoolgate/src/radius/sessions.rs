//! What the network said last of each address, and what follows for who is where.

use std::collections::HashMap;
use std::net::IpAddr;

use ids::PersonId;
use jiff::{SignedDuration, Timestamp};
use presence::{Before, MAX_ADDRESSES, Presence, SignIn, Source};

use super::packet::{Accounting, Status};

/// Longest that a session holds of which nothing more is heard, so that a lost Stop does not hold overnight.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// What was said last of each address.
#[derive(Debug)]
pub struct Sessions {
    idle: SignedDuration,
    last: HashMap<IpAddr, Said>,
}

#[derive(Debug)]
struct Said {
    session: Session,
    /// When it happened, as far as the sender knows.
    at: Timestamp,
    /// Whether it has stopped. It never begins again.
    has_stopped: bool,
}

/// Which session: packets may come late, and a device that roams stops at one place after it has started at the next.
#[derive(Debug, PartialEq, Eq)]
struct Session {
    nas: Vec<u8>,
    id: Vec<u8>,
    person: Option<PersonId>,
}

// === impl Sessions ===

impl Sessions {
    /// None yet. `idle`: how long an address may ask for nothing before its person is no longer known there.
    pub fn new(idle: SignedDuration) -> Self {
        Self { idle, last: HashMap::new() }
    }

    /// Takes what a client at `client` said about `who`, nothing where the name is nobody's.
    pub fn take(&mut self, presence: &Presence, said: &Accounting, who: Option<PersonId>, client: IpAddr, now: Timestamp) {
        let at = now.checked_sub(said.delay).unwrap_or(now);
        let nas = if said.nas.is_empty() { client.to_string().into_bytes() } else { said.nas.clone() };
        match said.status {
            Status::Start | Status::Interim => {
                for address in &said.addresses {
                    let session = Session { nas: nas.clone(), id: said.session.clone(), person: who };
                    self.begins(presence, *address, session, at, now);
                }
            }
            Status::Stop => {
                self.stops(presence, &said.addresses, &Session { nas, id: said.session.clone(), person: who }, at, now);
            }
            Status::Reset => {
                let ended = |address: IpAddr| self.last.get(&address).is_some_and(|said| said.session.nas == nas && said.at <= at);
                presence.end(now, |address, sign_in| sign_in.source == Source::Network && ended(address));
                self.last.retain(|_, said| said.session.nas != nas || said.at > at);
            }
            Status::Other => {}
        }
    }

    fn begins(&mut self, presence: &Presence, address: IpAddr, session: Session, at: Timestamp, now: Timestamp) {
        if self.last.get(&address).is_some_and(|last| last.at > at || last.has_stopped && last.session == session) {
            return;
        }
        let person = session.person;
        if self.last.len() >= MAX_ADDRESSES {
            // Only the memory of what came late is lost.
            self.last.clear();
        }
        self.last.insert(address, Said { session, at, has_stopped: false });
        let until = at.checked_add(LONGEST).unwrap_or(at);
        // Somebody of whom we know nothing has the address now, so whoever had it does not.
        let taken = person.map(|person| {
            let sign_in = SignIn { person, source: Source::Network, until, idle: self.idle };
            presence.sign_in(&[(address, sign_in)], Before::Ended, now)
        });
        if taken != Some(Ok(())) {
            presence.end_at(address, now, |sign_in| sign_in.source == Source::Network);
        }
    }

    /// Ends a session at its addresses; at all that it has where it names none. Of one that is not known, or has been followed by another
    /// at the address, there is nothing to end.
    fn stops(&mut self, presence: &Presence, addresses: &[IpAddr], session: &Session, at: Timestamp, now: Timestamp) {
        for (address, last) in &mut self.last {
            let is_meant = last.session == *session && (addresses.is_empty() || addresses.contains(address));
            if is_meant && last.at <= at {
                (last.at, last.has_stopped) = (at, true);
                presence.end_at(*address, now, |sign_in| sign_in.source == Source::Network);
            }
        }
    }
}
