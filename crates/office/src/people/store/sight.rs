//! The one list of people for a viewer, and what ties people to each other. Both say by the same words who is tied to whom on a day, and a
//! test proves that a list shows exactly those whom the policies let the viewer see (docs/adr/0015).

use std::collections::HashMap;

use calendar::Date;
use ids::PersonId;
use ledger::{Id, LedgerError};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Select};

use super::entity::{group_member, person, relation};
use super::find::{all, not_before, ordered, sought};
use crate::control::Answered;
use crate::people::Membership;
use crate::people::PeopleError;
use crate::people::group::Part;
use crate::people::person::{Find, Found, Person, Scope, Slice, Standing};
use crate::people::relation::Held;
use crate::people::sight::{Sight, Ties};

/// Who looks after a class.
const LOOKING_AFTER: [Part; 3] = [Part::Teacher, Part::Tutor, Part::Assistant];

/// A part of those who are looked for and whom the viewer may see on that day, by family name, first name and id; and how many there are.
///
/// # Errors
/// Where the database refuses.
pub async fn seen(
    from: &impl ConnectionTrait,
    scope: Scope,
    sight: &Sight,
    find: &Find,
    slice: Slice,
    on: Date,
) -> Result<Found, PeopleError> {
    let query = visible(scope, sight, find, on);
    let total = query.clone().count(from).await.map_err(LedgerError::database("counting people"))?;
    let rows = ordered(query, find.order).offset(slice.from).limit(Ord::min(slice.most, Slice::MOST)).all(from).await;
    let rows = rows.map_err(LedgerError::database("looking for people"))?;
    Ok(Found { people: rows.into_iter().map(Person::try_from).collect::<Result<_, _>>()?, total })
}

/// All of them, for an export.
///
/// # Errors
/// Where the database refuses.
pub async fn all_seen(from: &impl ConnectionTrait, scope: Scope, sight: &Sight, find: &Find, on: Date) -> Result<Vec<Person>, PeopleError> {
    let rows = ordered(visible(scope, sight, find, on), find.order).all(from).await.map_err(LedgerError::database("reading people"))?;
    rows.into_iter().map(Person::try_from).collect()
}

/// For how many of the pupils who are here an adult answers.
///
/// # Errors
/// Where the database refuses.
pub async fn answered_for(from: &impl ConnectionTrait, scope: Scope, on: Date) -> Result<Answered, PeopleError> {
    let here = Find { state: Standing::Here(on), membership: Some(Membership::Pupil), ..Find::default() };
    let pupils: Vec<PersonId> = all(from, scope, &here).await?.into_iter().map(|person| person.id).collect();
    let ties = ties(from, scope, &pupils, on).await?;
    let alone = pupils.iter().filter(|pupil| ties.get(pupil).is_none_or(|ties| ties.carers.is_empty())).count();
    Ok(Answered { pupils: pupils.len(), alone })
}

/// Who is tied to each of these people on a day, to be judged with [`Thing::Person`](crate::access::Thing::Person). Whoever is not named has
/// no ties. At most 10,000 are asked for at once.
///
/// # Errors
/// Where the database refuses.
pub async fn ties(from: &impl ConnectionTrait, scope: Scope, of: &[PersonId], on: Date) -> Result<HashMap<PersonId, Ties>, PeopleError> {
    let failed = LedgerError::database("reading who is tied to whom");
    let organisation = Id::from(scope.organisation);
    let after = current(group_member::Entity::find(), on).filter(group_member::Column::OrganisationId.eq(organisation));
    let after = after.filter(group_member::Column::Part.is_in(LOOKING_AFTER.map(Part::as_str)));
    let mut teachers: HashMap<Id, Vec<PersonId>> = HashMap::new();
    for row in after.all(from).await.map_err(&failed)? {
        teachers.entry(row.group_id).or_default().push(row.person_id.into());
    }
    let mut all: HashMap<PersonId, Ties> = HashMap::with_capacity(of.len());
    for some in of.chunks(10_000) {
        let ids = || some.iter().map(|id| Id::from(*id));
        let pupils = current(group_member::Entity::find(), on)
            .filter(group_member::Column::OrganisationId.eq(organisation))
            .filter(group_member::Column::Part.eq(Part::Pupil.as_str()))
            .filter(group_member::Column::PersonId.is_in(ids()));
        for row in pupils.all(from).await.map_err(&failed)? {
            let own = teachers.get(&row.group_id).into_iter().flatten();
            all.entry(row.person_id.into()).or_default().teachers.extend(own);
        }
        let carers = relation::Entity::find().filter(answers(scope, on)).filter(relation::Column::ChildId.is_in(ids()));
        for row in carers.all(from).await.map_err(&failed)? {
            all.entry(row.child_id.into()).or_default().carers.push(row.adult_id.into());
        }
    }
    for ties in all.values_mut() {
        for people in [&mut ties.teachers, &mut ties.carers] {
            people.sort();
            people.dedup();
        }
    }
    Ok(all)
}

fn visible(scope: Scope, sight: &Sight, find: &Find, on: Date) -> Select<person::Entity> {
    let query = sought(scope, find);
    if sight.strangers == Held::Yes {
        return query;
    }
    let viewer = Id::from(sight.viewer);
    // An empty "any" would be all.
    let mut any = Condition::any().add(person::Column::Id.is_in(Vec::<Id>::new()));
    if sight.oneself == Held::Yes {
        any = any.add(person::Column::Id.eq(viewer));
    }
    if sight.own_class == Held::Yes {
        any = any.add(person::Column::Id.in_subquery(pupils_of(scope, viewer, on)));
    }
    if sight.own_child == Held::Yes {
        let children = Query::select()
            .column(relation::Column::ChildId)
            .from(relation::Entity)
            .cond_where(answers(scope, on).add(relation::Column::AdultId.eq(viewer)))
            .take();
        any = any.add(person::Column::Id.in_subquery(children));
    }
    query.filter(any)
}

/// The pupils of the groups that somebody looks after on a day.
fn pupils_of(scope: Scope, viewer: Id, on: Date) -> SelectStatement {
    let member = |parts: &[Part]| {
        Condition::all()
            .add(group_member::Column::OrganisationId.eq(Id::from(scope.organisation)))
            .add(group_member::Column::Part.is_in(parts.iter().map(|part| part.as_str())))
            .add(group_member::Column::Started.lte(on.to_string()))
            .add(not_before(group_member::Column::Ended, on))
    };
    let groups = Query::select()
        .column(group_member::Column::GroupId)
        .from(group_member::Entity)
        .cond_where(member(&LOOKING_AFTER).add(group_member::Column::PersonId.eq(viewer)))
        .take();
    Query::select()
        .column(group_member::Column::PersonId)
        .from(group_member::Entity)
        .cond_where(member(&[Part::Pupil]).add(group_member::Column::GroupId.in_subquery(groups)))
        .take()
}

/// Relations of adults who answer for a child by law on a day, and may be told: the contact is confirmed, and nothing forbids it.
fn answers(scope: Scope, on: Date) -> Condition {
    Condition::all()
        .add(relation::Column::OrganisationId.eq(Id::from(scope.organisation)))
        .add(relation::Column::Responsibility.eq(Held::Yes.bit()))
        .add(relation::Column::MayMessage.eq(Held::Yes.bit()))
        .add(relation::Column::Started.lte(on.to_string()))
        .add(not_before(relation::Column::Ended, on))
}

fn current(query: Select<group_member::Entity>, on: Date) -> Select<group_member::Entity> {
    query.filter(group_member::Column::Started.lte(on.to_string())).filter(not_before(group_member::Column::Ended, on))
}
