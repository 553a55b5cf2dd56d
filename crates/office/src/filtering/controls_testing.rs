//! What the tests of controls look at.

use filter::Snapshot;
use filter::profile::shipped::Shipped;
use filter::snapshot::{Parts, ProfileIndex};
use jiff::{Timestamp, tz::TimeZone};

use super::{IllegalSource, InForce};
use crate::control::{Context, Recorded};
use crate::upkeep::Copies;

/// A filter without a list, with these profiles; whoever is not known gets the one of that number.
pub(crate) fn snapshot(profiles: &[Shipped], unknown: u16) -> Snapshot {
    Snapshot::new(Parts {
        sealed: Vec::new(),
        protected: Vec::new(),
        packs: Vec::new(),
        profiles: profiles.iter().map(|shipped| shipped.profile()).collect(),
        unknown: ProfileIndex(unknown),
        people: Vec::new(),
        overrides: Vec::new(),
        windows: Vec::new(),
        zone: TimeZone::UTC,
    })
    .expect("a snapshot")
}

/// The moment.
pub(crate) fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().expect("a time")
}

/// Looks at records as they are said to be; at the filter nobody looks.
pub(crate) fn context_with<T>(records: Result<Recorded, String>, look: impl FnOnce(&Context<'_>) -> T) -> T {
    let snapshot = snapshot(&[Shipped::Ks2], 0);
    let filter = InForce { snapshot: &snapshot, pupils: Vec::new(), illegal: IllegalSource::None, lists: Vec::new(), stale_after_days: 7 };
    look(&Context { now: now(), filter, records, copies: Copies::default() })
}
