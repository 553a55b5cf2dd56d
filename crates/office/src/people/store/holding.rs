//! Who holds which role.

use std::collections::HashMap;

use calendar::{Date, Instant};
use ids::{HoldingId, PersonId};
use ledger::{Act, Actor, Change, Id, LedgerError, Origin, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::holding::{ActiveModel, Column, Entity, Model};
use super::person::subject;
use super::row::{day, new_id, scope_of, some_day, some_short};
use super::{find, setting};
use crate::people::holding::{Gap, Holding, gaps_in};
use crate::people::person::Scope;
use crate::people::text::Short;
use crate::people::{Duties, PeopleError, Role};

/// A role to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHolding {
    /// To whom.
    pub person: PersonId,
    /// Which.
    pub role: Role,
    /// How it is held.
    pub duties: Duties,
    /// By what.
    pub authority: Option<Short>,
    /// The first day.
    pub started: Date,
    /// The last day, if it is set.
    pub ended: Option<Date>,
}

/// Gives a role. Nobody gives one to themselves; one that sees safeguarding data is given by the headteacher, by the DSL, or by command
/// at the machine when the school is set up.
///
/// # Errors
/// Where that is not so, the person is not there or not of those who can hold it, or the database refuses.
pub async fn give_role(unit: &mut Unit, new: &NewHolding) -> Result<HoldingId, PeopleError> {
    may_give(unit.act(), new)?;
    let person = find::person(unit.connection(), scope_of(unit.act()), new.person).await?.ok_or(PeopleError::NotThere)?;
    if !new.role.of().iter().any(|membership| person.details.memberships.has(*membership)) {
        return Err(PeopleError::NotForThem { role: new.role });
    }
    if new.ended.is_some_and(|ended| ended < new.started) {
        return Err(PeopleError::EndsBeforeStart);
    }
    insert_many(unit, std::slice::from_ref(new)).await?.first().copied().ok_or(PeopleError::NotThere)
}

/// The same for many whose persons and rights were looked at.
pub(crate) async fn insert_many(unit: &mut Unit, new: &[NewHolding]) -> Result<Vec<HoldingId>, PeopleError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let (organisation, at) = (unit.act().organisation, unit.act().at);
    let ids: Vec<HoldingId> = new.iter().map(|_| new_id(at, HoldingId::new)).collect::<Result<_, _>>()?;
    let rows = new.iter().zip(&ids).map(|(new, id)| ActiveModel {
        organisation_id: Set(organisation.into()),
        id: Set((*id).into()),
        person_id: Set(new.person.into()),
        role: Set(new.role.as_str().to_owned()),
        duties: Set(new.duties.bits()),
        authority: Set(new.authority.as_ref().map(Short::to_string)),
        started: Set(new.started.to_string()),
        ended: Set(new.ended.map(|ended| ended.to_string())),
        version: Set(0),
        made_at: Set(at.micros()),
    });
    Entity::insert_many(rows).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("giving a role"))?;
    for new in new {
        unit.record(&Change::new(subject(new.person), code!("role.given")))?;
    }
    Ok(ids)
}

/// Ends a role: `on` is the last day. The day before the first takes back what was given by mistake: it was never held. Who sees
/// safeguarding data is decided by those who may give such a role.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the day lies before the first one, or the database refuses.
pub async fn end_role(unit: &mut Unit, seen: &Holding, on: Date) -> Result<(), PeopleError> {
    decides_on(unit.act(), seen.role)?;
    if on < seen.started.yesterday() {
        return Err(PeopleError::EndsBeforeStart);
    }
    find::row(unit.connection(), scope_of(unit.act()), seen.person).await?.ok_or(PeopleError::NotThere)?;
    set_end(unit, seen, on).await
}

/// Ends what somebody holds of the roles that `ends` names, since they have left or are no more what it takes: `last` is the last day, and what
/// would have begun later was never held. It follows from another change, so it is not asked who may end the role.
pub(super) async fn end_held(unit: &mut Unit, person: PersonId, last: Date, ends: impl Fn(Role) -> bool) -> Result<(), PeopleError> {
    for held in holdings_of(unit.connection(), scope_of(unit.act()), person).await? {
        let on = last.max(held.started.yesterday());
        if ends(held.role) && held.ended.is_none_or(|ended| on < ended) {
            set_end(unit, &held, on).await?;
        }
    }
    Ok(())
}

async fn set_end(unit: &mut Unit, seen: &Holding, on: Date) -> Result<(), PeopleError> {
    let changed = Entity::update_many()
        .col_expr(Column::Ended, Expr::value(on.to_string()))
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("ending a role"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    unit.record(&Change::new(subject(seen.person), code!("role.ended")))?;
    Ok(())
}

/// Every holding of people in the scope, ended ones too: the history of each role.
///
/// # Errors
/// Where the database refuses.
pub async fn holdings(from: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Holding>, PeopleError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation)));
    let rows = query.order_by_asc(Column::Started).order_by_asc(Column::Id).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading who holds which role"))?;
    let all: Vec<Holding> = rows.into_iter().map(Holding::try_from).collect::<Result<_, _>>()?;
    if scope.site.is_none() {
        return Ok(all);
    }
    let ids: Vec<PersonId> = all.iter().map(|holding| holding.person).collect();
    let here = by_id(from, scope, &ids).await?;
    Ok(all.into_iter().filter(|holding| here.contains_key(&holding.person)).collect())
}

/// Who was given a role that sees safeguarding data, and when it was entered: what is announced to all who hold one. Ended ones too.
///
/// # Errors
/// Where the database refuses.
pub async fn given_safeguarding(
    from: &impl ConnectionTrait,
    scope: Scope,
) -> Result<Vec<(HoldingId, PersonId, Role, Instant)>, PeopleError> {
    let words = Role::ALL.iter().filter(|role| role.sees_safeguarding()).map(|role| role.as_str());
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation))).filter(Column::Role.is_in(words));
    let rows = query.order_by_asc(Column::Id).all(from).await.map_err(LedgerError::database("reading who was given a role"))?;
    let given = |row: Model| {
        let at = Instant::from_micros(row.made_at).map_err(|_| PeopleError::Stored { what: "a moment" })?;
        let holding = Holding::try_from(row)?;
        Ok((holding.id, holding.person, holding.role, at))
    };
    rows.into_iter().map(given).collect()
}

/// What one person holds and held.
///
/// # Errors
/// Where the person is not there, or the database refuses.
pub async fn holdings_of(from: &impl ConnectionTrait, scope: Scope, person: PersonId) -> Result<Vec<Holding>, PeopleError> {
    find::row(from, scope, person).await?.ok_or(PeopleError::NotThere)?;
    let query =
        Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation))).filter(Column::PersonId.eq(Id::from(person)));
    let rows = query.order_by_asc(Column::Started).order_by_asc(Column::Id).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading the roles of a person"))?;
    rows.into_iter().map(Holding::try_from).collect()
}

/// The roles of a person on a day: those that come with being here, and those that were given. None for whoever is not here that day, so
/// that a leaver has nothing from the day after the last one.
///
/// # Errors
/// Where the person is not in the scope, or the database refuses.
pub async fn roles_of(from: &impl ConnectionTrait, scope: Scope, person: PersonId, on: Date) -> Result<Vec<Role>, PeopleError> {
    let somebody = find::person(from, scope, person).await?.ok_or(PeopleError::NotThere)?;
    if !somebody.is_here(on) {
        return Ok(Vec::new());
    }
    let memberships = somebody.details.memberships;
    let given = holdings_of(from, scope, person).await?;
    // A role outlives no membership: who is a governor no more is the chair no more.
    let given = given.into_iter().filter(|holding| holding.holds(on)).map(|holding| holding.role);
    let given = given.filter(|role| role.of().iter().any(|membership| memberships.has(*membership)));
    let mut roles: Vec<Role> = memberships.iter().map(|membership| membership.role()).chain(given).collect();
    roles.sort();
    roles.dedup();
    Ok(roles)
}

/// The roles that are vacant, lapsed, held by too few or by too many on a day. Whoever is not here that day holds none.
///
/// # Errors
/// Where the database refuses.
pub async fn gaps(from: &impl ConnectionTrait, scope: Scope, on: Date) -> Result<Vec<Gap>, PeopleError> {
    let minimums = setting::minimums(from, scope).await?;
    Ok(gaps_in(&held_here(from, scope, on).await?, |role| minimums.get(&role).copied(), on))
}

/// Holdings with the end of the person as theirs, where that is the sooner.
pub(super) async fn held_here(from: &impl ConnectionTrait, scope: Scope, on: Date) -> Result<Vec<Holding>, PeopleError> {
    let mut all = holdings(from, scope).await?;
    let ids: Vec<PersonId> = all.iter().map(|holding| holding.person).collect();
    let people = by_id(from, scope, &ids).await?;
    for holding in &mut all {
        if let Some(left) = people.get(&holding.person).copied().flatten().filter(|left| *left < on) {
            holding.ended = Some(holding.ended.map_or(left, |ended| ended.min(left)));
        }
    }
    Ok(all)
}

/// The last day of each of these people, if they have one; those outside the scope are left out.
async fn by_id(from: &impl ConnectionTrait, scope: Scope, ids: &[PersonId]) -> Result<HashMap<PersonId, Option<Date>>, PeopleError> {
    Ok(find::persons(from, scope, ids).await?.into_iter().map(|person| (person.id, person.ended)).collect())
}

fn may_give(act: &Act, new: &NewHolding) -> Result<(), PeopleError> {
    if act.actor.person() == Some(new.person) || act.on_behalf_of == Some(new.person) {
        return Err(PeopleError::OwnRole);
    }
    decides_on(act, new.role)
}

/// Whether the act may say who holds a role.
fn decides_on(act: &Act, role: Role) -> Result<(), PeopleError> {
    let at_the_machine = act.actor == Actor::Program && act.origin == Origin::Command;
    let by_head_or_dsl = [Role::Headteacher, Role::Dsl].iter().any(|role| act.role == role.code());
    if role.sees_safeguarding() && !by_head_or_dsl && !at_the_machine {
        return Err(PeopleError::NotYoursToGive { role });
    }
    Ok(())
}

impl TryFrom<Model> for Holding {
    type Error = PeopleError;

    fn try_from(row: Model) -> Result<Self, PeopleError> {
        Ok(Self {
            id: row.id.into(),
            person: row.person_id.into(),
            role: row.role.parse().map_err(|_| PeopleError::Stored { what: "a role" })?,
            duties: Duties::of_bits(row.duties),
            authority: some_short(row.authority.as_deref())?,
            started: day(&row.started)?,
            ended: some_day(row.ended.as_deref())?,
            version: row.version,
        })
    }
}
