//! One address, and who signed in there.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::{At, Before, Present, SignIn, Source};

/// How much later a use must be than the one before to be noted: requests come in crowds, and each note takes the line of memory away
/// from the other processors.
const NOTED: i64 = 1_000_000;

/// Who signed in at an address. Never edited, but for when it was last used.
#[derive(Debug)]
pub(crate) struct Device {
    /// Each with its beginning. At most one of a person and a source.
    sign_ins: Vec<(SignIn, Timestamp)>,
    /// Whether two people were signed in at once since there was last nobody. It outlives one of them, since who has stayed cannot be told.
    is_shared: bool,
    /// Microseconds since 1970.
    used: AtomicI64,
}

impl Device {
    pub(crate) fn new(sign_in: SignIn, now: Timestamp) -> Self {
        Self { sign_ins: vec![(sign_in, now)], is_shared: false, used: AtomicI64::new(now.as_microsecond()) }
    }

    /// Who asks at `when`. It counts as a use only where somebody is known: what is idle stays so, and an address where nobody can be told
    /// is not kept shared by whoever goes on there.
    pub(crate) fn ask(&self, when: Timestamp) -> At {
        let known = self.known(when);
        let when = when.as_microsecond();
        if matches!(known, At::One(..)) && when - self.used() >= NOTED {
            self.used.fetch_max(when, Ordering::Relaxed);
        }
        known
    }

    /// Who is there at `when`.
    pub(crate) fn known(&self, when: Timestamp) -> At {
        let used = self.used();
        match self.sign_ins.iter().find(|(sign_in, _)| holds(sign_in, used, when)) {
            None => At::Nobody,
            Some(_) if self.is_shared => At::Shared,
            Some((first, _)) => At::One(first.person, first.source),
        }
    }

    /// Whether somebody is there in this way at `when`.
    pub(crate) fn has(&self, source: Source, when: Timestamp) -> bool {
        let used = self.used();
        self.sign_ins.iter().any(|(sign_in, _)| sign_in.source == source && holds(sign_in, used, when))
    }

    pub(crate) fn holds(&self, now: Timestamp) -> bool {
        let used = self.used();
        self.sign_ins.iter().any(|(sign_in, _)| holds(sign_in, used, now))
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.sign_ins.is_empty()
    }

    /// With one more. Of a person and a source there is one, with the later wish; a sign-in is a use.
    pub(crate) fn with(&self, new: SignIn, before: Before, now: Timestamp) -> Self {
        let used = self.used();
        let stays = |old: &SignIn| {
            let is_replaced = old.source == new.source && (before == Before::Ended || old.person == new.person);
            holds(old, used, now) && !is_replaced
        };
        let mut sign_ins: Vec<_> = self.sign_ins.iter().filter(|(old, _)| stays(old)).copied().collect();
        let same = |(old, _): &&(SignIn, Timestamp)| old.source == new.source && old.person == new.person && holds(old, used, now);
        let since = self.sign_ins.iter().find(same).map_or(now, |(_, since)| *since);
        let is_shared = sign_ins.iter().any(|(old, _)| self.is_shared || old.person != new.person);
        sign_ins.push((new, since));
        Self { sign_ins, is_shared, used: AtomicI64::new(now.as_microsecond()) }
    }

    /// Without those; nothing where none of them is there.
    pub(crate) fn without(&self, ends: impl Fn(&SignIn) -> bool) -> Option<Self> {
        let sign_ins: Vec<_> = self.sign_ins.iter().filter(|(sign_in, _)| !ends(sign_in)).copied().collect();
        let is_less = sign_ins.len() < self.sign_ins.len();
        is_less.then(|| Self { sign_ins, is_shared: self.is_shared, used: AtomicI64::new(self.used()) })
    }

    pub(crate) fn list(&self, address: IpAddr, now: Timestamp) -> impl Iterator<Item = Present> {
        let used = self.used();
        let at = Timestamp::from_microsecond(used).unwrap_or(now);
        self.sign_ins.iter().filter(move |(sign_in, _)| holds(sign_in, used, now)).map(move |(sign_in, since)| Present {
            address,
            sign_in: *sign_in,
            since: *since,
            used: at,
            is_shared: self.is_shared,
        })
    }

    fn used(&self) -> i64 {
        self.used.load(Ordering::Relaxed)
    }
}

fn holds(sign_in: &SignIn, used: i64, when: Timestamp) -> bool {
    when < sign_in.until && SignedDuration::from_micros(when.as_microsecond() - used) <= sign_in.idle
}
