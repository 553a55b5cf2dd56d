//! What a school has set: its own names for roles and terms (B-010), how many must hold a role, who has which duty.

use std::collections::HashMap;

use calendar::Date;
use ids::RecordId;
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

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

/// Gives a role or a term the school's own name. `seen`: the own name that it was seen to have, if it had one.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where there is no such role or term, or the database refuses.
pub async fn set_alias(unit: &mut Unit, word: &str, seen: Option<&str>, title: &Short) -> Result<(), PeopleError> {
    if word.parse::<Role>().is_err() && !TERMS.contains(&word) {
        return Err(PeopleError::NoSuchWord);
    }
    let Some(seen) = seen else {
        let row = alias::ActiveModel {
            organisation_id: Set(unit.act().organisation.into()),
            word: Set(word.to_owned()),
            title: Set(title.to_string()),
            version: Set(0),
        };
        first(
            alias::Entity::insert(row).on_conflict(nothing()).exec_without_returning(unit.connection()).await,
            "setting the school's own word",
        )?;
        return note(unit, code!("alias.set"));
    };
    let changed = alias::Entity::update_many()
        .col_expr(alias::Column::Title, Expr::value(title.to_string()))
        .col_expr(alias::Column::Version, Expr::col(alias::Column::Version).add(1))
        .filter(alias::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(alias::Column::Word.eq(word))
        .filter(alias::Column::Title.eq(seen))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("setting the school's own word"))?;
    as_seen(changed.rows_affected)?;
    note(unit, code!("alias.set"))
}

/// Gives a role or a term its usual name again, which was seen to have this one.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the database refuses.
pub async fn clear_alias(unit: &mut Unit, word: &str, seen: &str) -> Result<(), PeopleError> {
    let key = (Id::from(unit.act().organisation), word.to_owned());
    let cleared = alias::Entity::delete_by_id(key).filter(alias::Column::Title.eq(seen)).exec(unit.connection()).await;
    as_seen(cleared.map_err(LedgerError::database("taking back the school's own word"))?.rows_affected)?;
    note(unit, code!("alias.cleared"))
}

/// Says how many must hold a role here, of which it was seen that so many must.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the database refuses.
pub async fn set_minimum(unit: &mut Unit, role: Role, seen: u8, least: u8) -> Result<(), PeopleError> {
    let changed = minimum::Entity::update_many()
        .col_expr(minimum::Column::Least, Expr::value(i16::from(least)))
        .col_expr(minimum::Column::Version, Expr::col(minimum::Column::Version).add(1))
        .filter(minimum::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(minimum::Column::Role.eq(role.as_str()))
        .filter(minimum::Column::Least.eq(i16::from(seen)))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("setting how many must hold a role"))?;
    if changed.rows_affected == 0 {
        // Nothing was set yet, if it was as it is by itself.
        as_seen(u64::from(seen == role.least()))?;
        let row = minimum::ActiveModel {
            organisation_id: Set(unit.act().organisation.into()),
            role: Set(role.as_str().to_owned()),
            least: Set(i16::from(least)),
            version: Set(0),
        };
        first(
            minimum::Entity::insert(row).on_conflict(nothing()).exec_without_returning(unit.connection()).await,
            "setting how many must hold a role",
        )?;
    }
    note(unit, code!("minimum.set"))
}

/// Gives a duty to other roles than those that were seen to have it.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where there is no such duty, or the database refuses.
pub async fn set_duty(unit: &mut Unit, word: &str, seen: Roles, roles: Roles) -> Result<(), PeopleError> {
    let usual = DUTIES.iter().find(|duty| duty.word == word).ok_or(PeopleError::NotThere)?.roles;
    let changed = duty::Entity::update_many()
        .col_expr(duty::Column::Accountable, Expr::value(roles.accountable.as_str()))
        .col_expr(duty::Column::Lead, Expr::value(roles.lead.as_str()))
        .col_expr(duty::Column::DayToDay, Expr::value(roles.day_to_day.as_str()))
        .col_expr(duty::Column::Version, Expr::col(duty::Column::Version).add(1))
        .filter(duty::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(duty::Column::Duty.eq(word))
        .filter(duty::Column::Accountable.eq(seen.accountable.as_str()))
        .filter(duty::Column::Lead.eq(seen.lead.as_str()))
        .filter(duty::Column::DayToDay.eq(seen.day_to_day.as_str()))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("giving a duty to a role"))?;
    if changed.rows_affected == 0 {
        // Nothing was set yet, if it was as it is by itself.
        as_seen(u64::from(seen == usual))?;
        let row = duty::ActiveModel {
            organisation_id: Set(unit.act().organisation.into()),
            duty: Set(word.to_owned()),
            accountable: Set(roles.accountable.as_str().to_owned()),
            lead: Set(roles.lead.as_str().to_owned()),
            day_to_day: Set(roles.day_to_day.as_str().to_owned()),
            version: Set(0),
        };
        first(duty::Entity::insert(row).on_conflict(nothing()).exec_without_returning(unit.connection()).await, "giving a duty to a role")?;
    }
    note(unit, code!("duty.set"))
}

/// What stands there already stays.
fn nothing() -> OnConflict {
    OnConflict::new().do_nothing().to_owned()
}

/// A first row that was not made, since somebody else has made it meanwhile.
fn first(inserted: Result<u64, DbErr>, what: &'static str) -> Result<(), PeopleError> {
    match inserted {
        Err(DbErr::RecordNotInserted) => Err(LedgerError::Conflict.into()),
        inserted => as_seen(inserted.map_err(LedgerError::database(what))?),
    }
}

/// What was to be changed was there as it was seen.
fn as_seen(rows: u64) -> Result<(), PeopleError> {
    if rows == 1 { Ok(()) } else { Err(LedgerError::Conflict.into()) }
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
