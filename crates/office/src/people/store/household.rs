//! Households: who lives at one address. The address is sealed, seen by few and in no export.

use calendar::Date;
use ids::{HouseholdId, PersonId};
use ledger::keys::{Keys, OpenedText};
use ledger::{Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::{household, household_member};
use super::find;
use super::history::{self, Said};
use super::person::subject;
use super::row::{new_id, scope_of, sealed};
use crate::people::PeopleError;
use crate::people::person::Scope;

/// Makes a household without an address.
///
/// # Errors
/// Where the database refuses.
pub async fn make_household(unit: &mut Unit) -> Result<HouseholdId, PeopleError> {
    let id = new_id(unit.act().at, HouseholdId::new)?;
    let row = household::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        id: Set(id.into()),
        address: Set(None),
        version: Set(0),
        made_at: Set(unit.act().at.micros()),
    };
    let made = household::Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("making a household"))?;
    unit.record(&Change::new(of(id), code!("made")))?;
    Ok(id)
}

/// A person lives there from that day on.
///
/// # Errors
/// Where one of them is not there, or the database refuses.
pub async fn join_household(unit: &mut Unit, household: HouseholdId, person: PersonId, from: Date) -> Result<(), PeopleError> {
    find::row(unit.connection(), scope_of(unit.act()), person).await?.ok_or(PeopleError::NotThere)?;
    stored(unit.connection(), scope_of(unit.act()), household).await?;
    let row = household_member::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        household_id: Set(household.into()),
        person_id: Set(person.into()),
        started: Set(from.to_string()),
        ended: Set(None),
    };
    let key = [
        household_member::Column::OrganisationId,
        household_member::Column::HouseholdId,
        household_member::Column::PersonId,
        household_member::Column::Started,
    ];
    let again = OnConflict::columns(key).update_column(household_member::Column::Ended).to_owned();
    let inserted = household_member::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    inserted.map_err(LedgerError::database("adding to a household"))?;
    unit.record(&Change::new(subject(person), code!("household.joined")))?;
    Ok(())
}

/// Makes households for people who are known to be there: one for each list of those who live there from that day on. In two statements.
pub(crate) async fn settle_many(unit: &mut Unit, homes: &[Vec<PersonId>], from: Date) -> Result<(), PeopleError> {
    let (organisation, at) = (unit.act().organisation, unit.act().at);
    let (mut rows, mut members) = (Vec::with_capacity(homes.len()), Vec::new());
    for home in homes {
        let id = new_id(at, HouseholdId::new)?;
        rows.push(household::ActiveModel {
            organisation_id: Set(organisation.into()),
            id: Set(id.into()),
            address: Set(None),
            version: Set(0),
            made_at: Set(at.micros()),
        });
        unit.record(&Change::new(of(id), code!("made")))?;
        for person in home {
            members.push(household_member::ActiveModel {
                organisation_id: Set(organisation.into()),
                household_id: Set(id.into()),
                person_id: Set((*person).into()),
                started: Set(from.to_string()),
                ended: Set(None),
            });
            unit.record(&Change::new(subject(*person), code!("household.joined")))?;
        }
    }
    if rows.is_empty() || members.is_empty() {
        return Ok(());
    }
    let made = household::Entity::insert_many(rows).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("making households"))?;
    let joined = household_member::Entity::insert_many(members).exec_without_returning(unit.connection()).await;
    joined.map_err(LedgerError::database("adding to households"))?;
    Ok(())
}

/// A person lives there no more: `on` is the last day.
///
/// # Errors
/// Where the person does not live there, or the database refuses.
pub async fn leave_household(unit: &mut Unit, household: HouseholdId, person: PersonId, on: Date) -> Result<(), PeopleError> {
    let changed = household_member::Entity::update_many()
        .col_expr(household_member::Column::Ended, Expr::value(on.to_string()))
        .filter(household_member::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(household_member::Column::HouseholdId.eq(Id::from(household)))
        .filter(household_member::Column::PersonId.eq(Id::from(person)))
        .filter(find::not_before(household_member::Column::Ended, on))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("leaving a household"))?;
    if changed.rows_affected == 0 {
        return Err(PeopleError::NotThere);
    }
    unit.record(&Change::new(subject(person), code!("household.left")))?;
    Ok(())
}

/// Where a person lives on a day, and who lives there. A child may live in two.
///
/// # Errors
/// Where the person is not there, or the database refuses.
pub async fn household_of(
    from: &impl ConnectionTrait,
    scope: Scope,
    person: PersonId,
    on: Date,
) -> Result<Vec<(HouseholdId, Vec<PersonId>)>, PeopleError> {
    find::row(from, scope, person).await?.ok_or(PeopleError::NotThere)?;
    let current = || {
        household_member::Entity::find()
            .filter(household_member::Column::OrganisationId.eq(Id::from(scope.organisation)))
            .filter(household_member::Column::Started.lte(on.to_string()))
            .filter(find::not_before(household_member::Column::Ended, on))
    };
    let failed = LedgerError::database("reading a household");
    let own = current().filter(household_member::Column::PersonId.eq(Id::from(person))).all(from).await.map_err(&failed)?;
    let mut all = Vec::with_capacity(own.len());
    for member in own {
        let query = current().filter(household_member::Column::HouseholdId.eq(member.household_id));
        let rows = query.order_by_asc(household_member::Column::PersonId).all(from).await.map_err(&failed)?;
        all.push((member.household_id.into(), rows.into_iter().map(|row| row.person_id.into()).collect()));
    }
    Ok(all)
}

/// Keeps the address, sealed. An empty one removes it. The one before is read here, for the trail: where there is one, it needs unlocking.
///
/// # Errors
/// Where there is no such household, no keys were made, nobody has unlocked what stands there, or the database refuses.
pub async fn set_address(unit: &mut Unit, keys: &Keys, household: HouseholdId, version: i64, new: &str) -> Result<(), PeopleError> {
    let scope = scope_of(unit.act());
    let before = match stored(unit.connection(), scope, household).await? {
        // Whoever was second is told so without unlocking.
        row if row.version != version => return Err(LedgerError::Conflict.into()),
        row if row.address.is_some() => address(unit.connection(), keys, scope, household).await?.0,
        _ => None,
    };
    let before = before.as_ref().map(OpenedText::as_str).transpose()?.unwrap_or_default().to_owned();
    let text = match new.trim() {
        "" => None,
        address => Some(keys.sealer(unit, of(household).id).await?.seal("address", address.as_bytes())?.as_bytes().to_vec()),
    };
    let changed = household::Entity::update_many()
        .col_expr(household::Column::Address, Expr::value(text))
        .col_expr(household::Column::Version, Expr::value(version + 1))
        .filter(household::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(household::Column::Id.eq(Id::from(household)))
        .filter(household::Column::Version.eq(version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing an address"))?;
    if changed.rows_affected == 0 {
        return Err(LedgerError::Conflict.into());
    }
    let said: [Said; 1] = [(code!("address"), before, new.trim().to_owned())];
    history::record(unit, keys, of(household), code!("address.changed"), &said).await
}

/// The address and the version of the record, for whoever may see it, while unlocked. The look is to be recorded with `Ledger::view`.
///
/// # Errors
/// Where there is no such household, or nobody has unlocked.
pub async fn address(
    from: &impl ConnectionTrait,
    keys: &Keys,
    scope: Scope,
    household: HouseholdId,
) -> Result<(Option<OpenedText>, i64), PeopleError> {
    let row = stored(from, scope, household).await?;
    let Some(sealed) = sealed(row.address.as_deref())? else { return Ok((None, row.version)) };
    let texts = keys.texts(from, &[of(household).id]).await?;
    let opened = texts.get(&of(household).id).map(|texts| texts.open("address", &sealed)).transpose()?;
    Ok((opened, row.version))
}

async fn stored(from: &impl ConnectionTrait, scope: Scope, household: HouseholdId) -> Result<household::Model, PeopleError> {
    let row = household::Entity::find_by_id((Id::from(scope.organisation), Id::from(household))).one(from).await;
    row.map_err(LedgerError::database("reading a household"))?.ok_or(PeopleError::NotThere)
}

const fn of(id: HouseholdId) -> Subject {
    history::subject(code!("household"), id.to_bytes())
}
