//! The register of suppliers.

use calendar::Date;
use ids::SupplierId;
use ledger::keys::Keys;
use ledger::{Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany};

use super::entity::supplier::{ActiveModel, Column, Entity, Model};
use super::history::{self, Said};
use super::row::{day, new_id, short, some_day, some_short};
use crate::people::PeopleError;
use crate::people::person::Scope;
use crate::people::supplier::{Supplier, SupplierDetails};
use crate::people::text::Short;

/// Adds a supplier.
///
/// # Errors
/// Where the database refuses.
pub async fn add_supplier(unit: &mut Unit, details: &SupplierDetails, started: Date) -> Result<SupplierId, PeopleError> {
    let id = new_id(unit.act().at, SupplierId::new)?;
    let row = ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        id: Set(id.into()),
        name: Set(details.name.to_string()),
        services: Set(details.services.to_string()),
        contact: Set(details.contact.as_ref().map(Short::to_string)),
        policy: Set(details.policy.as_ref().map(Short::to_string)),
        accepted: Set(details.accepted.map(|day| day.to_string())),
        review: Set(details.review.map(|day| day.to_string())),
        owner_id: Set(details.owner.map(Id::from)),
        started: Set(started.to_string()),
        ended: Set(None),
        version: Set(0),
        made_at: Set(unit.act().at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("adding a supplier"))?;
    unit.record(&Change::new(of(id), code!("added")))?;
    Ok(id)
}

/// Says something else about a supplier.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where no keys were made, or the database refuses.
pub async fn change_supplier(unit: &mut Unit, keys: &Keys, seen: &Supplier, after: &SupplierDetails) -> Result<(), PeopleError> {
    let update = Entity::update_many()
        .col_expr(Column::Name, Expr::value(after.name.to_string()))
        .col_expr(Column::Services, Expr::value(after.services.to_string()))
        .col_expr(Column::Contact, Expr::value(after.contact.as_ref().map(Short::to_string)))
        .col_expr(Column::Policy, Expr::value(after.policy.as_ref().map(Short::to_string)))
        .col_expr(Column::Accepted, Expr::value(after.accepted.map(|day| day.to_string())))
        .col_expr(Column::Review, Expr::value(after.review.map(|day| day.to_string())))
        .col_expr(Column::OwnerId, Expr::value(after.owner.map(Id::from)));
    apply(unit, update, seen).await?;
    let said: [Said; 1] = [(code!("supplier"), line(&seen.details), line(after))];
    history::record(unit, keys, of(seen.id), code!("changed"), &said).await
}

/// The supplier serves the school no more: `on` is the last day.
///
/// # Errors
/// As [`change_supplier`].
pub async fn end_supplier(unit: &mut Unit, seen: &Supplier, on: Date) -> Result<(), PeopleError> {
    if on < seen.started {
        return Err(PeopleError::EndsBeforeStart);
    }
    apply(unit, Entity::update_many().col_expr(Column::Ended, Expr::value(on.to_string())), seen).await?;
    unit.record(&Change::new(of(seen.id), code!("ended")))?;
    Ok(())
}

/// All suppliers by name, ended ones too.
///
/// # Errors
/// Where the database refuses.
pub async fn suppliers(from: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Supplier>, PeopleError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation)));
    let rows = query.order_by_asc(Column::Name).order_by_asc(Column::Id).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading the suppliers"))?;
    rows.into_iter().map(Supplier::try_from).collect()
}

async fn apply(unit: &Unit, update: UpdateMany<Entity>, seen: &Supplier) -> Result<(), PeopleError> {
    let changed = update
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing a supplier"))?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(LedgerError::Conflict.into()) }
}

const fn of(id: SupplierId) -> Subject {
    history::subject(code!("supplier"), id.to_bytes())
}

/// All that is said of a supplier, for the trail.
fn line(details: &SupplierDetails) -> String {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let short = |text: &Option<Short>| text.as_ref().map(Short::to_string).unwrap_or_default();
    let owner = details.owner.map(|owner| owner.to_string()).unwrap_or_default();
    let parts = [short(&details.contact), short(&details.policy), day(details.accepted), day(details.review), owner];
    format!("{}: {} ({})", details.name, details.services, parts.join("; "))
}

impl TryFrom<Model> for Supplier {
    type Error = PeopleError;

    fn try_from(row: Model) -> Result<Self, PeopleError> {
        let details = SupplierDetails {
            name: short(&row.name)?,
            services: short(&row.services)?,
            contact: some_short(row.contact.as_deref())?,
            policy: some_short(row.policy.as_deref())?,
            accepted: some_day(row.accepted.as_deref())?,
            review: some_day(row.review.as_deref())?,
            owner: row.owner_id.map(Into::into),
        };
        let (started, ended) = (day(&row.started)?, some_day(row.ended.as_deref())?);
        Ok(Self { id: row.id.into(), details, started, ended, version: row.version })
    }
}
