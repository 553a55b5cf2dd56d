//! Passes of guests in the database.

use std::net::IpAddr;

use calendar::Instant;
use ids::{OrganisationId, PersonId};
use ledger::{Id, LedgerError, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use self::entity::{ActiveModel, Column, Entity, Model};
use super::model::{Guest, NewGuest, Reason};
use crate::signin::error::SignInError;
use crate::signin::store::note;

/// Keeps a pass.
pub(super) async fn add(unit: &mut Unit, person: PersonId, hash: &[u8], guest: &NewGuest) -> Result<(), SignInError> {
    let row = ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        person_id: Set(person.into()),
        hash: Set(hash.to_vec()),
        reason: Set(guest.reason.as_str().to_owned()),
        host_id: Set(guest.host.map(Id::from)),
        notice: Set(None),
        accepted_at: Set(None),
        address: Set(None),
        until: Set(guest.until.micros()),
        ended_at: Set(None),
        made_at: Set(unit.act().at.micros()),
    };
    let made = Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("letting a guest in"))?;
    note(unit, person, code!("guest.let-in"))
}

/// The guest with this code, while the pass is good.
pub(super) async fn called(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    hash: &[u8],
    now: Instant,
) -> Result<Option<Guest>, SignInError> {
    let row = Entity::find().filter(good(organisation, now)).filter(Column::Hash.eq(hash.to_vec())).one(from).await;
    Ok(row.map_err(LedgerError::database("looking for a guest"))?.and_then(guest))
}

/// All whose passes are good.
pub(super) async fn all(from: &impl ConnectionTrait, organisation: OrganisationId, now: Instant) -> Result<Vec<Guest>, SignInError> {
    let query = Entity::find().filter(good(organisation, now)).order_by_asc(Column::Until).order_by_asc(Column::PersonId);
    let rows = query.all(from).await.map_err(LedgerError::database("reading the guests"))?;
    Ok(rows.into_iter().filter_map(guest).collect())
}

/// A guest has accepted the notice whose hash that is. The last time counts; the trail has them all.
pub(super) async fn accept(unit: &Unit, person: PersonId, notice: Vec<u8>, at: IpAddr) -> Result<(), SignInError> {
    let changed = Entity::update_many()
        .col_expr(Column::Notice, Expr::value(notice))
        .col_expr(Column::AcceptedAt, Expr::value(unit.act().at.micros()))
        .col_expr(Column::Address, Expr::value(at.to_canonical().to_string()))
        .filter(good(unit.act().organisation, unit.act().at))
        .filter(Column::PersonId.eq(Id::from(person)));
    one(changed.exec(unit.connection()).await.map_err(LedgerError::database("keeping what a guest accepted"))?.rows_affected)
}

/// A guest has said once more who they are and why they are here: they get another code, and the one from before opens nothing any more.
pub(super) async fn again(unit: &mut Unit, person: PersonId, hash: &[u8], reason: Reason) -> Result<(), SignInError> {
    let changed = Entity::update_many()
        .col_expr(Column::Hash, Expr::value(hash.to_vec()))
        .col_expr(Column::Reason, Expr::value(reason.as_str()))
        .filter(good(unit.act().organisation, unit.act().at))
        .filter(Column::PersonId.eq(Id::from(person)));
    one(changed.exec(unit.connection()).await.map_err(LedgerError::database("giving a guest another code"))?.rows_affected)?;
    note(unit, person, code!("guest.corrected"))
}

/// The pass is over.
pub(super) async fn end(unit: &Unit, person: PersonId) -> Result<(), SignInError> {
    let changed = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(unit.act().at.micros()))
        .filter(good(unit.act().organisation, unit.act().at))
        .filter(Column::PersonId.eq(Id::from(person)));
    one(changed.exec(unit.connection()).await.map_err(LedgerError::database("ending a guest's pass"))?.rows_affected)
}

fn one(rows: u64) -> Result<(), SignInError> {
    if rows == 1 { Ok(()) } else { Err(SignInError::Link) }
}

fn good(organisation: OrganisationId, now: Instant) -> Condition {
    Condition::all()
        .add(Column::OrganisationId.eq(Id::from(organisation)))
        .add(Column::EndedAt.is_null())
        .add(Column::Until.gt(now.micros()))
}

/// What this version did not write is no pass.
fn guest(row: Model) -> Option<Guest> {
    let accepted = row.accepted_at.and_then(|at| Instant::from_micros(at).ok()).zip(row.address);
    Some(Guest {
        person: row.person_id.into(),
        reason: Reason::of(&row.reason)?,
        host: row.host_id.map(PersonId::from),
        accepted,
        until: Instant::from_micros(row.until).ok()?,
    })
}

mod entity {
    #![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "guest_pass")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id,
        pub hash: Vec<u8>,
        pub reason: String,
        pub host_id: Option<Id>,
        pub notice: Option<Vec<u8>>,
        pub accepted_at: Option<i64>,
        pub address: Option<String>,
        pub until: i64,
        pub ended_at: Option<i64>,
        pub made_at: i64,
    }

    /// Who was where is nobody's business in a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("guest_pass(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
