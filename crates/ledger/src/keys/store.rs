//! Keys in the database: the ring, the epochs, the keys of records, and what was erased.

use ids::{EpochId, OrganisationId, RecordId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::entity::{epoch, erasure, record_key, ring};
use super::{KeysError, Ring, SealedEpoch, WrappedKey};
use crate::{Actor, Change, Code, LedgerError, Subject, Unit, code};

/// A ring as stored, with its row's version against lost updates.
#[derive(Debug, Clone)]
pub(super) struct StoredRing {
    pub(super) ring: Ring,
    pub(super) row: i64,
}

/// The ring of an organisation, for questions beside the process that has the records; nothing where no keys were made.
///
/// # Errors
/// Where the database refuses, or the stored ring is damaged.
pub async fn ring_of(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Option<Ring>, KeysError> {
    Ok(load_ring(from, organisation).await?.map(|stored| stored.ring))
}

/// The ring of an organisation; nothing where no keys were made.
pub(super) async fn load_ring(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Option<StoredRing>, KeysError> {
    let Some(row) = ring::Entity::find_by_id(organisation).one(from).await.map_err(LedgerError::database("reading the keys"))? else {
        return Ok(None);
    };
    let ring = Ring::parse(&row.ring)?;
    // A row that was moved from another organisation, or whose public half was exchanged, must not be written to.
    if ring.organisation() != organisation || ring.public().to_bytes().as_slice() != row.public {
        return Err(KeysError::Exchanged);
    }
    Ok(Some(StoredRing { ring, row: row.version }))
}

pub(super) async fn insert_ring(unit: &Unit, made: &Ring) -> Result<(), KeysError> {
    let row = ring::ActiveModel {
        organisation_id: Set(made.organisation().into()),
        public: Set(made.public().to_bytes().to_vec()),
        ring: Set(made.to_bytes()),
        version: Set(0),
        made_at: Set(unit.act().at.micros()),
    };
    ring::Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("storing the keys"))?;
    Ok(())
}

pub(super) async fn replace_ring(unit: &Unit, before: &StoredRing, after: &Ring) -> Result<(), KeysError> {
    let replaced = ring::Entity::update_many()
        .col_expr(ring::Column::Public, Expr::value(after.public().to_bytes().to_vec()))
        .col_expr(ring::Column::Ring, Expr::value(after.to_bytes()))
        .col_expr(ring::Column::Version, Expr::value(before.row + 1))
        .filter(ring::Column::OrganisationId.eq(crate::Id::from(after.organisation())))
        .filter(ring::Column::Version.eq(before.row))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("storing the keys"))?;
    if replaced.rows_affected == 1 { Ok(()) } else { Err(LedgerError::Conflict.into()) }
}

pub(super) async fn insert_epoch(unit: &Unit, id: EpochId, sealed: &SealedEpoch) -> Result<(), KeysError> {
    let row = epoch::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        id: Set(id.into()),
        sealed: Set(sealed.as_bytes().to_vec()),
        started_at: Set(unit.act().at.micros()),
    };
    epoch::Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("beginning to write"))?;
    Ok(())
}

pub(super) async fn all_epochs(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<Vec<(EpochId, SealedEpoch)>, KeysError> {
    let rows = epoch::Entity::find().filter(epoch::Column::OrganisationId.eq(crate::Id::from(organisation))).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading the keys"))?;
    rows.into_iter().map(|row| Ok((row.id.into(), SealedEpoch::parse(&row.sealed)?))).collect()
}

pub(super) async fn load_epoch(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: EpochId,
) -> Result<Option<SealedEpoch>, KeysError> {
    let row = epoch::Entity::find_by_id((organisation.into(), id.into())).one(from).await;
    let row = row.map_err(LedgerError::database("reading the keys"))?;
    Ok(row.map(|row| SealedEpoch::parse(&row.sealed)).transpose()?)
}

pub(super) async fn replace_epoch(unit: &Unit, id: EpochId, sealed: &SealedEpoch) -> Result<(), KeysError> {
    epoch::Entity::update_many()
        .col_expr(epoch::Column::Sealed, Expr::value(sealed.as_bytes().to_vec()))
        .filter(epoch::Column::OrganisationId.eq(crate::Id::from(unit.act().organisation)))
        .filter(epoch::Column::Id.eq(crate::Id::from(id)))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("storing the keys"))?;
    Ok(())
}

/// Stores the key of a record, in the unit that stores what it seals.
pub(crate) async fn insert_key(unit: &Unit, record: RecordId, epoch: EpochId, wrapped: &WrappedKey) -> Result<(), KeysError> {
    let row = record_key::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        record_id: Set(record.into()),
        epoch_id: Set(epoch.into()),
        wrapped: Set(wrapped.as_bytes().to_vec()),
    };
    let inserted = record_key::Entity::insert(row).exec_without_returning(unit.connection()).await;
    inserted.map_err(LedgerError::database("storing the key of a record"))?;
    Ok(())
}

/// The keys of records, by record and epoch.
pub(super) async fn keys_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    records: &[RecordId],
) -> Result<Vec<(RecordId, EpochId, WrappedKey)>, KeysError> {
    let ids = records.iter().map(|record| crate::Id::from(*record));
    let rows = record_key::Entity::find()
        .filter(record_key::Column::OrganisationId.eq(crate::Id::from(organisation)))
        .filter(record_key::Column::RecordId.is_in(ids))
        .all(from)
        .await
        .map_err(LedgerError::database("reading the keys of records"))?;
    rows.into_iter().map(|row| Ok((row.record_id.into(), row.epoch_id.into(), WrappedKey::parse(&row.wrapped)?))).collect()
}

pub(super) async fn is_erased(from: &impl ConnectionTrait, organisation: OrganisationId, record: RecordId) -> Result<bool, KeysError> {
    let row = erasure::Entity::find_by_id((organisation.into(), record.into())).one(from).await;
    Ok(row.map_err(LedgerError::database("reading what was erased"))?.is_some())
}

/// Erases what a record says: every key of it is deleted, and a tombstone says that, when, by whom and why. The record's row, its
/// ciphertext and its audit entries stay, so that the chain still verifies. After the commit, [`Ledger::forget`](crate::Ledger::forget)
/// removes the deleted keys from the database's own files.
///
/// # Errors
/// Where the database refuses. Nothing is erased until the unit commits.
pub async fn erase(unit: &mut Unit, subject: Subject, reason: Code) -> Result<(), LedgerError> {
    let entry = unit.record(&Change::new(subject, code!("erased")))?;
    let (organisation, act) = (unit.act().organisation, unit.act().clone());
    record_key::Entity::delete_many()
        .filter(record_key::Column::OrganisationId.eq(crate::Id::from(organisation)))
        .filter(record_key::Column::RecordId.eq(crate::Id::from(subject.id)))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("erasing the keys of a record"))?;
    let tombstone = erasure::ActiveModel {
        organisation_id: Set(organisation.into()),
        record_id: Set(subject.id.into()),
        record_kind: Set(subject.kind.as_str().to_owned()),
        reason: Set(reason.as_str().to_owned()),
        at: Set(act.at.micros()),
        actor_id: Set(match act.actor {
            Actor::Person(person) => Some(person.into()),
            Actor::Program => None,
        }),
        entry_id: Set(entry.into()),
    };
    // Erased twice is erased: the first tombstone stays.
    let once = OnConflict::columns([erasure::Column::OrganisationId, erasure::Column::RecordId]).do_nothing().to_owned();
    let inserted = erasure::Entity::insert(tombstone).on_conflict(once).exec_without_returning(unit.connection()).await;
    inserted.map_err(LedgerError::database("noting what was erased"))?;
    Ok(())
}
