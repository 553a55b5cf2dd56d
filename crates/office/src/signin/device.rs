//! What signing in and out means for the device, and for the filter that judges by who is at it.

use std::net::IpAddr;

use ids::PersonId;
use presence::Source;

use crate::gate::{self, Gone, Stay};
use crate::people::{self, Membership};
use crate::web::{Office, Problem, Shared};

/// The device is theirs who have just signed in there: a pupil is known at it, and whoever was before is not, so that nothing a grown-up
/// does at a child's tablet stands under the child's name.
pub(super) async fn take(house: &Shared, person: PersonId, from: IpAddr) -> Result<(), Problem> {
    if house.is_of_school(from) || house.is_for_guests(from) {
        gate::vacate(house.presence(), from, house.now());
    }
    let office = house.office().map_err(Problem::Records)?;
    let known = people::person(office.ledger.reader(), office.scope(), person).await?;
    if known.is_some_and(|known| known.details.memberships.has(Membership::Pupil)) && house.is_of_school(from) {
        let stay = Stay::of_day(house.day_ends(), house.now());
        gate::arrive(house.presence(), person, Source::Own, from, stay, house.now())?;
    }
    Ok(())
}

/// Whatever these people came in with is good no more: no session of theirs opens anything, and no device is theirs. For each way in which
/// that comes about.
pub(super) fn out(house: &Shared, office: &Office, whom: &[PersonId]) {
    for person in whom {
        office.sign_ins.sessions().end_all(*person);
    }
    gate::forget(house.presence(), whom, Gone::Everywhere, house.now());
}
