//! What a school has set: its own names for roles and terms (B-010), how many must hold a role, who has which duty.

use std::collections::HashMap;

use calendar::Date;
use ids::RecordId;
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{alias, duty, minimum};
use super::holding::held_here;
use crate::people::duty::{DUTIES, Roles, Row};
use crate::people::person::Scope;
use crate::people::text::Short;
use crate::people::{PeopleError, Role, TERMS};

/// What the school calls roles and terms, by their words; whatever is not there has its usual name.
///
/// # Errors
/// Where the database refuses.
pub async fn aliases(from: &impl ConnectionTrait, scope: Scope) -> Result<Vec<(String, String)>, PeopleError> {
    let query = alias::Entity::find().filter(alias::Column::OrganisationId.eq(Id::from(scope.organisation)));
    let rows = query.order_by_asc(alias::Column::Word).all(from).await.map_err(LedgerError::database("reading the school's own words"))?;
    Ok(rows.into_iter().map(|row| (row.word, row.title)).collect())
}

/// Gives a role or a term the school's own name.
///
/// # Errors
/// Where there is no such role or term, or the database refuses.
pub async fn set_alias(unit: &mut Unit, word: &str, title: &Short) -> Result<(), PeopleError> {
    if word.parse::<Role>().is_err() && !TERMS.contains(&word) {
        return Err(PeopleError::NoSuchWord);
    }
    let row = alias::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        word: Set(word.to_owned()),
        title: Set(title.to_string()),
        version: Set(0),
    };
    let again = OnConflict::columns([alias::Column::OrganisationId, alias::Column::Word]).update_column(alias::Column::Title).to_owned();
    let set = alias::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    set.map_err(LedgerError::database("setting the school's own word"))?;
    note(unit, code!("alias.set"))
}

/// Gives a role or a term its usual name again.
///
/// # Errors
/// Where the database refuses.
pub async fn clear_alias(unit: &mut Unit, word: &str) -> Result<(), PeopleError> {
    let key = (Id::from(unit.act().organisation), word.to_owned());
    let cleared = alias::Entity::delete_by_id(key).exec(unit.connection()).await;
    cleared.map_err(LedgerError::database("taking back the school's own word"))?;
    note(unit, code!("alias.cleared"))
}

/// Says how many must hold a role here.
///
/// # Errors
/// Where the database refuses.
pub async fn set_minimum(unit: &mut Unit, role: Role, least: u8) -> Result<(), PeopleError> {
    let row = minimum::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        role: Set(role.as_str().to_owned()),
        least: Set(i16::from(least)),
        version: Set(0),
    };
    let again =
        OnConflict::columns([minimum::Column::OrganisationId, minimum::Column::Role]).update_column(minimum::Column::Least).to_owned();
    let set = minimum::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    set.map_err(LedgerError::database("setting how many must hold a role"))?;
    note(unit, code!("minimum.set"))
}

/// Gives a duty to other roles than the usual ones.
///
/// # Errors
/// Where there is no such duty, or the database refuses.
pub async fn set_duty(unit: &mut Unit, word: &str, roles: Roles) -> Result<(), PeopleError> {
    if DUTIES.iter().all(|duty| duty.word != word) {
        return Err(PeopleError::NotThere);
    }
    let row = duty::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        duty: Set(word.to_owned()),
        accountable: Set(roles.accountable.as_str().to_owned()),
        lead: Set(roles.lead.as_str().to_owned()),
        day_to_day: Set(roles.day_to_day.as_str().to_owned()),
        version: Set(0),
    };
    let again = OnConflict::columns([duty::Column::OrganisationId, duty::Column::Duty])
        .update_columns([duty::Column::Accountable, duty::Column::Lead, duty::Column::DayToDay])
        .to_owned();
    let set = duty::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    set.map_err(LedgerError::database("giving a duty to a role"))?;
    note(unit, code!("duty.set"))
}

/// The responsibility matrix on a day: each duty, its roles, and who holds them.
///
/// # Errors
/// Where the database refuses.
pub async fn matrix(from: &impl ConnectionTrait, scope: Scope, on: Date) -> Result<Vec<Row>, PeopleError> {
    let rows = duty::Entity::find().filter(duty::Column::OrganisationId.eq(Id::from(scope.organisation))).all(from).await;
    let own: HashMap<String, duty::Model> =
        rows.map_err(LedgerError::database("reading who has which duty"))?.into_iter().map(|row| (row.duty.clone(), row)).collect();
    let held: Vec<_> = held_here(from, scope, on).await?.into_iter().filter(|holding| holding.holds(on)).collect();
    let role = |word: &str| word.parse::<Role>().map_err(|_| PeopleError::Stored { what: "a role" });
    DUTIES
        .iter()
        .map(|duty| {
            let roles = match own.get(duty.word) {
                Some(row) => Roles { accountable: role(&row.accountable)?, lead: role(&row.lead)?, day_to_day: role(&row.day_to_day)? },
                None => duty.roles,
            };
            let of = [roles.accountable, roles.lead, roles.day_to_day];
            let holders = held.iter().filter(|holding| of.contains(&holding.role)).cloned().collect();
            Ok(Row { duty: *duty, roles, holders })
        })
        .collect()
}

/// How many must hold a role, where the school has set it.
///
/// # Errors
/// Where the database refuses.
pub async fn minimums(from: &impl ConnectionTrait, scope: Scope) -> Result<HashMap<Role, u8>, PeopleError> {
    let rows = minimum::Entity::find().filter(minimum::Column::OrganisationId.eq(Id::from(scope.organisation))).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading how many must hold a role"))?;
    let stored = || PeopleError::Stored { what: "how many must hold a role" };
    rows.into_iter().map(|row| Ok((row.role.parse().map_err(|_| stored())?, u8::try_from(row.least).map_err(|_| stored())?))).collect()
}

fn note(unit: &mut Unit, action: Code) -> Result<(), PeopleError> {
    let subject = Subject { kind: code!("people.settings"), id: RecordId::from_bytes(unit.act().organisation.to_bytes()) };
    unit.record(&Change::new(subject, action))?;
    Ok(())
}
