//! Counts for the controls: nobody is named.

use std::collections::HashSet;

use calendar::Date;
use ids::PersonId;
use sea_orm::ConnectionTrait;

use super::{all, holdings};
use crate::control::{Counted, Leading, Users};
use crate::people::person::{Find, Scope, Standing};
use crate::people::{Membership, PeopleError, Role};
use crate::settings::{DEPUTY_IS_DDSL, HEADTEACHER_IS_DSL, Settings};

/// Of whom the leadership of a school is made (KCSIE: the DSL is a senior member of it).
const LEADERSHIP: [Role; 3] = [Role::Headteacher, Role::DeputyHeadteacher, Role::SeniorLeader];

/// Those who are here on a day; and of those who work for the school without being its staff, for whom somebody answers who is here too.
///
/// # Errors
/// Where the database refuses.
pub async fn users(from: &impl ConnectionTrait, scope: Scope, on: Date) -> Result<Users, PeopleError> {
    let here = all(from, scope, &Find { state: Standing::Here(on), ..Find::default() }).await?;
    let ids: HashSet<PersonId> = here.iter().map(|person| person.id).collect();
    let helps = |membership| [Membership::Volunteer, Membership::Contractor].contains(&membership);
    let is_helper = |person: &&crate::people::Person| {
        let memberships = person.details.memberships;
        let is = |membership: &Membership| memberships.has(*membership);
        Membership::ALL.iter().any(|membership| helps(*membership) && is(membership)) && !is(&Membership::Staff)
    };
    let helpers: Vec<_> = here.iter().filter(is_helper).collect();
    let is_alone = |person: &&&crate::people::Person| person.details.sponsor.is_none_or(|sponsor| !ids.contains(&sponsor));
    let without = helpers.iter().filter(is_alone).count();
    Ok(Users { all: here.len(), helpers: Counted { all: helpers.len(), without } })
}

/// How the roles of safeguarding and of the leadership hang together on a day.
///
/// # Errors
/// Where the database refuses.
pub async fn leading(from: &impl ConnectionTrait, scope: Scope, settings: &Settings, on: Date) -> Result<Leading, PeopleError> {
    let held = holdings(from, scope).await?;
    let of = |roles: &[Role]| -> HashSet<PersonId> {
        held.iter().filter(|holding| holding.holds(on) && roles.contains(&holding.role)).map(|holding| holding.person).collect()
    };
    let (dsl, leadership) = (of(&[Role::Dsl]), of(&LEADERSHIP));
    let is_both = |one: Role, other: Role| !of(&[one]).is_disjoint(&of(&[other]));
    Ok(Leading {
        dsl: Counted { all: dsl.len(), without: dsl.difference(&leadership).count() },
        headteacher_is_dsl: (settings.value(&HEADTEACHER_IS_DSL) == 1).then(|| is_both(Role::Headteacher, Role::Dsl)),
        deputy_is_ddsl: (settings.value(&DEPUTY_IS_DDSL) == 1).then(|| is_both(Role::DeputyHeadteacher, Role::Ddsl)),
    })
}
