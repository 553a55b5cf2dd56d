//! What staff and governors say of themselves once a school year: that their own accounts on social media are private (B-203). What they do there
//! is theirs, and nobody looks.

use std::collections::HashSet;

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Actor, Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::day;
use super::entity::declaration::{ActiveModel, Column, Entity, Model};
use crate::agreements::Audience;
use crate::control::Declared;
use crate::people::{self, Find, PeopleError, SchoolYear, Scope};
use crate::settings::{self, DECLARATION_BY};
use crate::understanding::UnderstandingError;

/// That somebody has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// For which school year.
    pub year: SchoolYear,
    /// When.
    pub on: Date,
}

/// Keeps that whoever acts has said so for this school year.
///
/// # Errors
/// [`UnderstandingError::Declared`] where they have already; where the database refuses.
pub async fn declare(unit: &mut Unit, today: Date) -> Result<(), UnderstandingError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(UnderstandingError::NotThere) };
    let year = year_of(today)?;
    let said = declarations_of(unit.connection(), act.organisation, by).await?;
    if said.iter().any(|said| said.year == year) {
        return Err(UnderstandingError::Declared);
    }
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        person_id: Set(by.into()),
        school_year: Set(i64::from(year.number())),
        said_on: Set(today.to_string()),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("keeping a declaration"))?;
    let subject = Subject { kind: code!("person"), id: RecordId::from_bytes(by.to_bytes()) };
    unit.record(&Change::new(subject, code!("declaration.made")))?;
    Ok(())
}

/// For which school years somebody has said so, and when, the latest first.
///
/// # Errors
/// Where the database refuses.
pub async fn declarations_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<Declaration>, UnderstandingError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::PersonId.eq(Id::from(person)));
    let rows = query.order_by_desc(Column::SchoolYear).all(from).await.map_err(LedgerError::database("reading declarations"))?;
    rows.into_iter().map(Declaration::try_from).collect()
}

/// How many staff and governors are here, how many of them have not said so this school year, and by when they are to.
///
/// # Errors
/// Where the database refuses.
pub async fn counted_declared(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<Declared, UnderstandingError> {
    let year = year_of(today)?;
    let here = people::all(from, scope, &Find { state: people::Standing::Here(today), ..Find::default() }).await?;
    let query = Entity::find()
        .filter(Column::OrganisationId.eq(Id::from(scope.organisation)))
        .filter(Column::SchoolYear.eq(i64::from(year.number())));
    let rows = query.all(from).await.map_err(LedgerError::database("reading who has made the declaration"))?;
    let said: HashSet<PersonId> = rows.into_iter().map(|row| row.person_id.into()).collect();
    let is_asked = |person: &&people::Person| matches!(Audience::of(&person.details), Some(Audience::Staff | Audience::Governors));
    let (mut all, mut without) = (0, 0);
    for person in here.iter().filter(is_asked) {
        all += 1;
        without += usize::from(!said.contains(&person.id));
    }
    let by = by(year, settings::read(from, scope.organisation).await?.value(&DECLARATION_BY));
    Ok(Declared { all, without, by, is_over: by.is_some_and(|by| by < today) })
}

/// The day of the school year that a setting says: 1031 is 31 October.
fn by(year: SchoolYear, day: i64) -> Option<Date> {
    let (month, day) = (i8::try_from(day / 100).ok()?, i8::try_from(day % 100).ok()?);
    let begins = year.number();
    Date::new(if month >= 9 { begins } else { begins + 1 }, month, day).ok()
}

fn year_of(today: Date) -> Result<SchoolYear, UnderstandingError> {
    SchoolYear::of(today).ok_or(UnderstandingError::People(PeopleError::Stored { what: "today's date" }))
}

impl TryFrom<Model> for Declaration {
    type Error = UnderstandingError;

    fn try_from(row: Model) -> Result<Self, UnderstandingError> {
        let stored = || UnderstandingError::Stored { what: "the school year of a declaration" };
        let year = i16::try_from(row.school_year).ok().and_then(SchoolYear::beginning).ok_or_else(stored)?;
        Ok(Self { year, on: day(&row.said_on)? })
    }
}
