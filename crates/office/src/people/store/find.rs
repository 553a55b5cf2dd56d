//! Persons as they are looked for.

use calendar::Date;
use ids::PersonId;
use ledger::{Id, LedgerError};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::entity::group_member;
use super::entity::person::{Column, Entity, Model};
use super::row::within;
use crate::people::PeopleError;
use crate::people::person::{Find, Found, Leaver, Order, Person, Scope, Slice, Standing};

/// A person; nothing where there is none in the scope.
///
/// # Errors
/// Where the database refuses.
pub async fn person(from: &impl ConnectionTrait, scope: Scope, id: PersonId) -> Result<Option<Person>, PeopleError> {
    row(from, scope, id).await?.map(Person::try_from).transpose()
}

/// Several persons, in no order; those that are not in the scope are left out. At most 10,000 are asked for at once.
///
/// # Errors
/// Where the database refuses.
pub async fn persons(from: &impl ConnectionTrait, scope: Scope, ids: &[PersonId]) -> Result<Vec<Person>, PeopleError> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(10_000) {
        let query = in_scope(scope).filter(Column::Id.is_in(some.iter().map(|id| Id::from(*id))));
        let rows = query.all(from).await.map_err(LedgerError::database("reading people"))?;
        all.extend(rows.into_iter().map(Person::try_from).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(all)
}

/// A part of those who are looked for, by family name, first name and id, so that no one is left out between two parts.
///
/// # Errors
/// Where the database refuses.
pub async fn find(from: &impl ConnectionTrait, scope: Scope, find: &Find, slice: Slice) -> Result<Found, PeopleError> {
    let query = sought(scope, find);
    let total = query.clone().count(from).await.map_err(LedgerError::database("counting people"))?;
    let rows = ordered(query, find.order).offset(slice.from).limit(Ord::min(slice.most, Slice::MOST)).all(from).await;
    let rows = rows.map_err(LedgerError::database("looking for people"))?;
    Ok(Found { people: rows.into_iter().map(Person::try_from).collect::<Result<_, _>>()?, total })
}

/// All who are looked for, by name: for an export and for an import, which compare whole lists. Up to some 100,000.
///
/// # Errors
/// Where the database refuses.
pub async fn all(from: &impl ConnectionTrait, scope: Scope, find: &Find) -> Result<Vec<Person>, PeopleError> {
    let rows = ordered(sought(scope, find), find.order).all(from).await.map_err(LedgerError::database("reading people"))?;
    rows.into_iter().map(Person::try_from).collect()
}

/// Whose last day lies from `first` to `last`: whoever keeps accounts, loans or consents asks each day, and misses nobody.
///
/// # Errors
/// Where the database refuses.
pub async fn leavers(from: &impl ConnectionTrait, scope: Scope, first: Date, last: Date) -> Result<Vec<Leaver>, PeopleError> {
    let query = in_scope(scope).filter(Column::Ended.gte(first.to_string())).filter(Column::Ended.lte(last.to_string()));
    let rows = query.order_by_asc(Column::Ended).all(from).await.map_err(LedgerError::database("reading who leaves"))?;
    let people = rows.into_iter().map(Person::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(people.iter().filter_map(|person| Some(Leaver { person: person.id, on: person.ended? })).collect())
}

/// A person's row.
pub(super) async fn row(from: &impl ConnectionTrait, scope: Scope, id: PersonId) -> Result<Option<Model>, PeopleError> {
    let query = in_scope(scope).filter(Column::Id.eq(Id::from(id)));
    Ok(query.one(from).await.map_err(LedgerError::database("reading a person"))?)
}

fn in_scope(scope: Scope) -> Select<Entity> {
    Entity::find().filter(within(scope, Column::OrganisationId, Column::SiteId))
}

/// In the order that is wished for.
pub(super) fn ordered(query: Select<Entity>, order: Order) -> Select<Entity> {
    use sea_orm::sea_query::{NullOrdering, Order as Way};
    match order {
        Order::Name => by_name(query),
        Order::NameDown => query.order_by_desc(Column::Family).order_by_desc(Column::Given).order_by_desc(Column::Id),
        Order::Year => by_name(query.order_by_with_nulls(Column::Year, Way::Asc, NullOrdering::Last)),
        Order::YearDown => by_name(query.order_by_with_nulls(Column::Year, Way::Desc, NullOrdering::Last)),
    }
}

fn by_name(query: Select<Entity>) -> Select<Entity> {
    query.order_by_asc(Column::Family).order_by_asc(Column::Given).order_by_asc(Column::Id)
}

pub(super) fn sought(scope: Scope, find: &Find) -> Select<Entity> {
    let mut query = in_scope(scope);
    for word in find.words.split_whitespace().take(10) {
        // What was typed is looked for as it stands: `%` and `_` are letters like others.
        let escaped = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(Column::Sought.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')));
    }
    if let Some(membership) = find.membership {
        let bit = crate::people::Memberships::from(membership).bits();
        query = query.filter(Expr::col(Column::Memberships).bit_and(bit).ne(0_i16));
    }
    if let Some(year) = find.year {
        query = query.filter(Column::Year.eq(i16::from(year.number())));
    }
    query = match find.state {
        Standing::All => query,
        Standing::Here(on) => query.filter(Column::Started.lte(on.to_string())).filter(not_before(Column::Ended, on)),
        Standing::Left(on) => query.filter(Column::Ended.lt(on.to_string())),
    };
    let Some(group) = find.group else { return query };
    let mut members = Query::select();
    members
        .column(group_member::Column::PersonId)
        .from(group_member::Entity)
        .and_where(group_member::Column::OrganisationId.eq(Id::from(scope.organisation)))
        .and_where(group_member::Column::GroupId.eq(Id::from(group)));
    if let Standing::Here(on) = find.state {
        members.and_where(group_member::Column::Started.lte(on.to_string())).cond_where(not_before(group_member::Column::Ended, on));
    }
    query.filter(Column::Id.in_subquery(members.take()))
}

/// Has no end, or one not before that day.
pub(super) fn not_before<C: ColumnTrait>(ended: C, on: Date) -> Condition {
    Condition::any().add(ended.is_null()).add(ended.gte(on.to_string()))
}
