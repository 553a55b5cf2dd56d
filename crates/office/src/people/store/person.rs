//! Persons: added, changed, ended, never deleted.

use calendar::Date;
use ids::PersonId;
use ledger::keys::{Keys, OpenedText};
use ledger::{Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, UpdateMany};

use super::entity::person::{ActiveModel, Column, Entity};
use super::find;
use super::history::{self, Said};
use super::holding::end_held;
use super::row::{day_before, new_id, scope_of, sealed, within};
use crate::people::person::{Details, Leaver, Person, Scope};
use crate::people::text::{Email, Short};
use crate::people::{PeopleError, Role};

/// Somebody new, with the id that others in the same unit already use.
#[derive(Debug)]
pub(crate) struct NewPerson {
    pub(crate) id: PersonId,
    pub(crate) details: Details,
    pub(crate) started: Date,
    pub(crate) ended: Option<Date>,
}

/// Adds a person. Needs no keys: nothing was said before.
///
/// # Errors
/// Where the person is nothing to the school, the key is taken, or the database refuses.
pub async fn add(unit: &mut Unit, details: &Details, started: Date) -> Result<PersonId, PeopleError> {
    let id = new_id(unit.act().at, PersonId::new)?;
    add_many(unit, vec![NewPerson { id, details: details.clone(), started, ended: None }]).await?;
    Ok(id)
}

/// The same for many, in one statement.
pub(crate) async fn add_many(unit: &mut Unit, new: Vec<NewPerson>) -> Result<(), PeopleError> {
    if new.is_empty() {
        return Ok(());
    }
    let (organisation, site, made_at) = (unit.act().organisation, unit.act().site, unit.act().at.micros());
    let mut rows = Vec::with_capacity(new.len());
    for NewPerson { id, details, started, ended } in new {
        if details.memberships.is_empty() {
            return Err(PeopleError::NoMembership);
        }
        if ended.is_some_and(|ended| ended < started) {
            return Err(PeopleError::EndsBeforeStart);
        }
        unit.record(&Change::new(subject(id), code!("added")))?;
        rows.push(ActiveModel {
            organisation_id: Set(organisation.into()),
            id: Set(id.into()),
            // Who works for one site adds people to that site and to no other.
            site_id: Set(site.or(details.site).map(Id::from)),
            source: Set(details.source.as_ref().map(Short::to_string)),
            memberships: Set(details.memberships.bits()),
            given: Set(details.given.to_string()),
            family: Set(details.family.to_string()),
            known_as: Set(details.known_as.as_ref().map(Short::to_string)),
            email: Set(details.email.as_ref().map(Email::to_string)),
            language: Set(details.language.as_ref().map(Short::to_string)),
            year: Set(details.year.map(|year| i16::from(year.number()))),
            sponsor_id: Set(details.sponsor.map(Id::from)),
            phone: Set(None),
            started: Set(started.to_string()),
            ended: Set(ended.map(|ended| ended.to_string())),
            sought: Set(details.sought()),
            version: Set(0),
            made_at: Set(made_at),
        });
    }
    Entity::insert_many(rows).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("adding people"))?;
    Ok(())
}

/// Says something else about a person. `seen`: the person as it was read; what is there now must be of the same version.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the person is not there, is moved to another site by somebody who
/// works for one, no keys were made, or the database refuses.
pub async fn change(unit: &mut Unit, keys: &Keys, seen: &Person, after: &Details) -> Result<(), PeopleError> {
    if after.memberships.is_empty() {
        return Err(PeopleError::NoMembership);
    }
    // Who works for one site takes nobody out of it and brings nobody in.
    if unit.act().site.is_some() && after.site != seen.details.site {
        return Err(PeopleError::NotThere);
    }
    let said = seen.details.differences(after);
    if said.is_empty() {
        return still(unit, seen).await;
    }
    let update = Entity::update_many()
        .col_expr(Column::SiteId, Expr::value(after.site.map(Id::from)))
        .col_expr(Column::Source, Expr::value(after.source.as_ref().map(Short::to_string)))
        .col_expr(Column::Memberships, Expr::value(after.memberships.bits()))
        .col_expr(Column::Given, Expr::value(after.given.to_string()))
        .col_expr(Column::Family, Expr::value(after.family.to_string()))
        .col_expr(Column::KnownAs, Expr::value(after.known_as.as_ref().map(Short::to_string)))
        .col_expr(Column::Email, Expr::value(after.email.as_ref().map(Email::to_string)))
        .col_expr(Column::Language, Expr::value(after.language.as_ref().map(Short::to_string)))
        .col_expr(Column::Year, Expr::value(after.year.map(|year| i16::from(year.number()))))
        .col_expr(Column::SponsorId, Expr::value(after.sponsor.map(Id::from)))
        .col_expr(Column::Sought, Expr::value(after.sought()));
    apply(unit, update, seen).await?;
    if after.memberships != seen.details.memberships {
        // A role outlives no membership, and does not come back with it: it is given anew.
        let is_of = |role: Role, details: &Details| role.of().iter().any(|membership| details.memberships.has(*membership));
        let last = day_before(unit.act().at)?;
        end_held(unit, seen.id, last, |role| !is_of(role, &seen.details) || !is_of(role, after)).await?;
    }
    history::record(unit, keys, subject(seen.id), code!("changed"), &said).await
}

/// The person leaves: `on` is the last day. Accounts are closed from the day after; where `on` is past, at once. Everything else of the
/// person stays.
///
/// # Errors
/// As [`change`]; and where the day lies before the first one.
pub async fn end(unit: &mut Unit, keys: &Keys, seen: &Person, on: Date) -> Result<Leaver, PeopleError> {
    end_for(unit, keys, seen, on, "").await
}

/// The same, and why: sealed with the entry of the trail. Where they have left already and a later day is set, they are here again: to no role, as
/// after [`rejoin`].
///
/// # Errors
/// As [`end`].
pub async fn end_for(unit: &mut Unit, keys: &Keys, seen: &Person, on: Date, why: &str) -> Result<Leaver, PeopleError> {
    if on < seen.started {
        return Err(PeopleError::EndsBeforeStart);
    }
    let update = Entity::update_many().col_expr(Column::Ended, Expr::value(on.to_string()));
    apply(unit, update, seen).await?;
    let yesterday = day_before(unit.act().at)?;
    if let Some(left) = seen.ended.filter(|left| *left <= yesterday && *left < on) {
        end_held(unit, seen.id, left, |_| true).await?;
    }
    let before = seen.ended.map(|ended| ended.to_string()).unwrap_or_default();
    let said: [Said; 2] = [(code!("ended"), before, on.to_string()), (code!("reason"), String::new(), why.to_owned())];
    history::record(unit, keys, subject(seen.id), code!("ended"), &said).await?;
    Ok(Leaver { person: seen.id, on })
}

/// Somebody who has left comes back: to what they are to the school, and to no role. What they held has ended with their last day, and whoever
/// may give a role gives it anew.
///
/// # Errors
/// As [`change`]; [`PeopleError::HasNotLeft`] where they have no last day, or one after `from`.
pub async fn rejoin(unit: &mut Unit, keys: &Keys, seen: &Person, from: Date) -> Result<(), PeopleError> {
    let last = seen.ended.filter(|last| *last <= from).ok_or(PeopleError::HasNotLeft)?;
    let update = Entity::update_many()
        .col_expr(Column::Started, Expr::value(from.to_string()))
        .col_expr(Column::Ended, Expr::value(Option::<String>::None));
    apply(unit, update, seen).await?;
    end_held(unit, seen.id, last, |_| true).await?;
    let said: [Said; 2] =
        [(code!("started"), seen.started.to_string(), from.to_string()), (code!("ended"), last.to_string(), String::new())];
    history::record(unit, keys, subject(seen.id), code!("rejoined"), &said).await
}

/// Keeps a phone number, sealed. An empty one removes it. The one before is read here, for the trail: where there is one, it needs unlocking.
///
/// # Errors
/// As [`change`]; and where nobody has unlocked what stands there.
pub async fn set_phone(unit: &mut Unit, keys: &Keys, seen: &Person, number: &str) -> Result<(), PeopleError> {
    let scope = scope_of(unit.act());
    let before = match find::row(unit.connection(), scope, seen.id).await?.ok_or(PeopleError::NotThere)?.phone {
        Some(_) => phone(unit.connection(), keys, scope, seen.id).await?,
        None => None,
    };
    let before = before.as_ref().map(OpenedText::as_str).transpose()?.unwrap_or_default().to_owned();
    let text = match number.trim() {
        "" => None,
        phone => Some(keys.sealer(unit, subject(seen.id).id).await?.seal("phone", phone.as_bytes())?.as_bytes().to_vec()),
    };
    apply(unit, Entity::update_many().col_expr(Column::Phone, Expr::value(text)), seen).await?;
    let said: [Said; 1] = [(code!("phone"), before, number.trim().to_owned())];
    history::record(unit, keys, subject(seen.id), code!("phone.changed"), &said).await
}

/// The phone number, for whoever may see it, while unlocked. The look is to be recorded with `Ledger::view` first.
///
/// # Errors
/// Where the person is not there, or nobody has unlocked.
pub async fn phone(from: &impl ConnectionTrait, keys: &Keys, scope: Scope, id: PersonId) -> Result<Option<OpenedText>, PeopleError> {
    let row = find::row(from, scope, id).await?.ok_or(PeopleError::NotThere)?;
    let Some(sealed) = sealed(row.phone.as_deref())? else { return Ok(None) };
    let record = subject(id).id;
    let texts = keys.texts(from, &[record]).await?;
    Ok(texts.get(&record).map(|texts| texts.open("phone", &sealed)).transpose()?)
}

/// Waits until no other unit holds this person, and holds them to the end of this one: for what a person may have once and no row stands for yet.
pub(crate) async fn hold(unit: &Unit, id: PersonId) -> Result<(), PeopleError> {
    let query = Entity::find_by_id((Id::from(unit.act().organisation), Id::from(id))).lock_exclusive();
    query.one(unit.connection()).await.map_err(LedgerError::database("reading a person"))?;
    Ok(())
}

/// What the audit trail calls a person.
pub(super) const fn subject(id: PersonId) -> Subject {
    history::subject(code!("person"), id.to_bytes())
}

/// Changes the row that was seen, or nothing.
async fn apply(unit: &Unit, update: UpdateMany<Entity>, seen: &Person) -> Result<(), PeopleError> {
    let scope = scope_of(unit.act());
    let changed = update
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(within(scope, Column::OrganisationId, Column::SiteId))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing a person"))?;
    if changed.rows_affected == 1 { Ok(()) } else { still(unit, seen).await.and(Err(LedgerError::Conflict.into())) }
}

/// The person is there, as it was seen.
async fn still(unit: &Unit, seen: &Person) -> Result<(), PeopleError> {
    let now = find::row(unit.connection(), scope_of(unit.act()), seen.id).await?.ok_or(PeopleError::NotThere)?;
    if now.version == seen.version { Ok(()) } else { Err(LedgerError::Conflict.into()) }
}
