//! Groups and who is in them.

use calendar::Date;
use ids::{GroupId, PersonId, RecordId, SiteId};
use ledger::{Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{group, group_member};
use super::person::subject;
use super::row::{day, new_id, short, some_day, within};
use crate::people::group::{Group, GroupKind, Member, Part};
use crate::people::person::Scope;
use crate::people::text::Short;
use crate::people::{PeopleError, SchoolYear, YearGroup};

/// Makes a group of a school year.
///
/// # Errors
/// Where the database refuses.
pub async fn make_group(
    unit: &mut Unit,
    kind: GroupKind,
    name: &Short,
    school_year: SchoolYear,
    year: Option<YearGroup>,
) -> Result<GroupId, PeopleError> {
    let act = unit.act();
    let id = new_id(act.at, GroupId::new)?;
    let row = group::ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        site_id: Set(act.site.map(Id::from)),
        kind: Set(kind.as_str().to_owned()),
        name: Set(name.to_string()),
        school_year: Set(school_year.number()),
        year: Set(year.map(|year| i16::from(year.number()))),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    let made = group::Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("making a group"))?;
    unit.record(&Change::new(Subject { kind: code!("group"), id: RecordId::from_bytes(id.to_bytes()) }, code!("made")))?;
    Ok(id)
}

/// The groups of a school year, by name.
///
/// # Errors
/// Where the database refuses.
pub async fn groups(from: &impl ConnectionTrait, scope: Scope, school_year: SchoolYear) -> Result<Vec<Group>, PeopleError> {
    let query = group::Entity::find()
        .filter(within(scope, group::Column::OrganisationId, group::Column::SiteId))
        .filter(group::Column::SchoolYear.eq(school_year.number()))
        .order_by_asc(group::Column::Name)
        .order_by_asc(group::Column::Id);
    let rows = query.all(from).await.map_err(LedgerError::database("reading the groups"))?;
    rows.into_iter().map(Group::try_from).collect()
}

/// Who is in groups on a day: of one person, or of everybody.
///
/// # Errors
/// Where the database refuses.
pub async fn members(from: &impl ConnectionTrait, scope: Scope, of: Option<PersonId>, on: Date) -> Result<Vec<Member>, PeopleError> {
    let mut query = group_member::Entity::find()
        .filter(group_member::Column::OrganisationId.eq(Id::from(scope.organisation)))
        .filter(group_member::Column::Started.lte(on.to_string()))
        .filter(super::find::not_before(group_member::Column::Ended, on));
    if let Some(person) = of {
        query = query.filter(group_member::Column::PersonId.eq(Id::from(person)));
    }
    let rows = query.all(from).await.map_err(LedgerError::database("reading who is in which group"))?;
    rows.into_iter().map(Member::try_from).collect()
}

/// Puts people into groups, in one statement. Whoever is in already stays as they are.
///
/// # Errors
/// Where the database refuses.
pub async fn enrol(unit: &mut Unit, new: &[Member]) -> Result<(), PeopleError> {
    if new.is_empty() {
        return Ok(());
    }
    let organisation = unit.act().organisation;
    let rows = new.iter().map(|member| group_member::ActiveModel {
        organisation_id: Set(organisation.into()),
        group_id: Set(member.group.into()),
        person_id: Set(member.person.into()),
        part: Set(member.part.as_str().to_owned()),
        started: Set(member.started.to_string()),
        ended: Set(member.ended.map(|ended| ended.to_string())),
    });
    let key = [
        group_member::Column::OrganisationId,
        group_member::Column::GroupId,
        group_member::Column::PersonId,
        group_member::Column::Started,
    ];
    // Out and in again on one day is in.
    let again = OnConflict::columns(key).update_columns([group_member::Column::Part, group_member::Column::Ended]).to_owned();
    let inserted = group_member::Entity::insert_many(rows).on_conflict(again).exec_without_returning(unit.connection()).await;
    inserted.map_err(LedgerError::database("putting people into groups"))?;
    for member in new {
        unit.record(&Change::new(subject(member.person), code!("group.joined")))?;
    }
    Ok(())
}

/// Takes a person out of a group: `on` is the last day.
///
/// # Errors
/// Where the database refuses.
pub async fn withdraw(unit: &mut Unit, group: GroupId, person: PersonId, on: Date) -> Result<(), PeopleError> {
    let changed = group_member::Entity::update_many()
        .col_expr(group_member::Column::Ended, Expr::value(on.to_string()))
        .filter(group_member::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(group_member::Column::GroupId.eq(Id::from(group)))
        .filter(group_member::Column::PersonId.eq(Id::from(person)))
        .filter(super::find::not_before(group_member::Column::Ended, on))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("taking a person out of a group"))?;
    if changed.rows_affected == 0 {
        return Err(PeopleError::NotThere);
    }
    unit.record(&Change::new(subject(person), code!("group.left")))?;
    Ok(())
}

impl TryFrom<group::Model> for Group {
    type Error = PeopleError;

    fn try_from(row: group::Model) -> Result<Self, PeopleError> {
        let stored = PeopleError::Stored { what: "a group" };
        let (Some(kind), Some(school_year)) = (GroupKind::of(&row.kind), SchoolYear::beginning(row.school_year)) else {
            return Err(stored);
        };
        let year = row.year.and_then(|number| i8::try_from(number).ok()).and_then(YearGroup::new);
        Ok(Self { id: row.id.into(), kind, name: short(&row.name)?, school_year, year, site: row.site_id.map(SiteId::from) })
    }
}

impl TryFrom<group_member::Model> for Member {
    type Error = PeopleError;

    fn try_from(row: group_member::Model) -> Result<Self, PeopleError> {
        let part = Part::of(&row.part).ok_or(PeopleError::Stored { what: "a part in a group" })?;
        let (started, ended) = (day(&row.started)?, some_day(row.ended.as_deref())?);
        Ok(Self { group: row.group_id.into(), person: row.person_id.into(), part, started, ended })
    }
}
