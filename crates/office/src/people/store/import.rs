//! All that an import compares with, read at once.

use calendar::{Date, Instant};
use ids::PersonId;
use ledger::LedgerError;
use sea_orm::ConnectionTrait;

use super::row::new_id;
use super::{find, group, holding, relation};
use crate::people::group::{Group, Member};
use crate::people::person::{Find, Person, Scope};
use crate::people::relation::Relation;
use crate::people::{Holding, PeopleError, SchoolYear};

/// What is known already.
#[derive(Debug)]
pub struct Known {
    pub(in crate::people) people: Vec<Person>,
    pub(in crate::people) groups: Vec<Group>,
    pub(in crate::people) members: Vec<Member>,
    pub(in crate::people) relations: Vec<Relation>,
    pub(in crate::people) holdings: Vec<Holding>,
}

/// Reads what is known on a day: everybody, the groups of the school year and who is in them, who answers for whom, who holds what.
///
/// # Errors
/// Where the database refuses.
pub async fn known(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<Known, PeopleError> {
    let year = SchoolYear::of(today).ok_or(PeopleError::Stored { what: "today's date" })?;
    let holdings = holding::holdings(from, scope).await?.into_iter().filter(|holding| holding.holds(today)).collect();
    Ok(Known {
        people: find::all(from, scope, &Find::default()).await?,
        groups: group::groups(from, scope, year).await?,
        members: group::members(from, scope, None, today).await?,
        relations: relation::pairs(from, scope).await?,
        holdings,
    })
}

/// The id of somebody new.
pub(crate) fn new_person_id(now: Instant) -> Result<PersonId, LedgerError> {
    new_id(now, PersonId::new)
}
