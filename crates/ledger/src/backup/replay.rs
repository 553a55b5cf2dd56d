//! After a restore: what was erased since is erased again, what waited to be sent is held, and the trail says that it was restored.

use std::path::Path;

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _};

use super::form::unhex;
use super::kept::{Erased, Kept};
use super::restore::Target;
use super::{BackupError, VAULT};
use crate::keys::entity::{erasure, record_key};
use crate::store::organisation;
use crate::{Act, Actor, Change, Id, Ledger, LedgerError, Origin, Subject, Unit, code, outbox, vault};

/// What was done to what was restored.
#[derive(Debug, Default)]
pub(super) struct Replayed {
    /// Records that were erased again.
    pub(super) erased: u64,
    /// Messages that are held.
    pub(super) held: u64,
}

/// Notes the restore in each trail, erases again, and holds what waited to be sent.
pub(super) async fn replay(target: &Target, kept: Option<&Kept>, now: Instant) -> Result<Replayed, BackupError> {
    let ledger = Ledger::open(&target.folder, &target.place, now).await?;
    let done = on(&ledger, target, kept, now).await;
    // Closed in any case, since SQLite has files of its own in the folder until then.
    let closed = ledger.close().await;
    let replayed = done?;
    closed?;
    Ok(replayed)
}

async fn on(ledger: &Ledger, target: &Target, kept: Option<&Kept>, now: Instant) -> Result<Replayed, BackupError> {
    let failed = LedgerError::database("reading what was erased");
    let reader = ledger.reader();
    let mut replayed = Replayed::default();
    for found in organisation::Entity::find().all(reader).await.map_err(&failed)? {
        let mut unit = ledger.begin(act(found.id.into(), now)).await?;
        let itself = Subject { kind: code!("organisation"), id: RecordId::from_bytes(found.id.to_bytes()) };
        unit.record(&Change::new(itself, code!("restored")))?;
        replayed.held += outbox::hold(&mut unit).await?;
        for erased in kept.iter().flat_map(|kept| &kept.erasures) {
            let [Some(organisation), Some(record)] = [&erased.organisation, &erased.record].map(|text| id(text)) else { continue };
            if organisation == found.id && !is_erased(reader, organisation, record).await? {
                erase(&mut unit, record, erased).await?;
                remove_file(&target.folder, record)?;
                replayed.erased += 1;
            }
        }
        unit.commit().await?;
    }
    if replayed.erased > 0 {
        ledger.forget().await?;
    }
    Ok(replayed)
}

fn act(organisation: OrganisationId, now: Instant) -> Act {
    Act {
        organisation,
        site: None,
        actor: Actor::Program,
        role: code!("administrator"),
        on_behalf_of: None,
        purpose: code!("restore"),
        at: now,
        origin: Origin::Command,
    }
}

async fn is_erased(reader: &DatabaseConnection, organisation: Id, record: Id) -> Result<bool, LedgerError> {
    let row = erasure::Entity::find_by_id((organisation, record)).one(reader).await;
    Ok(row.map_err(LedgerError::database("reading what was erased"))?.is_some())
}

/// The same as [`keys::erase`](crate::keys::erase), with the tombstone of then: when it was erased, by whom and on what ground.
async fn erase(unit: &mut Unit, record: Id, erased: &Erased) -> Result<(), LedgerError> {
    let failed = LedgerError::database("erasing what was erased before");
    let organisation = Id::from(unit.act().organisation);
    let entry = unit.record(&Change::new(Subject { kind: code!("record"), id: record.into() }, code!("erased.again")))?;
    record_key::Entity::delete_many()
        .filter(record_key::Column::OrganisationId.eq(organisation))
        .filter(record_key::Column::RecordId.eq(record))
        .exec(unit.connection())
        .await
        .map_err(&failed)?;
    let tombstone = erasure::ActiveModel {
        organisation_id: Set(organisation),
        record_id: Set(record),
        record_kind: Set(erased.kind.clone()),
        reason: Set(erased.reason.clone()),
        at: Set(erased.at),
        actor_id: Set(erased.actor.as_deref().and_then(id)),
        entry_id: Set(entry.into()),
    };
    // Twice in the list is once.
    let once = OnConflict::columns([erasure::Column::OrganisationId, erasure::Column::RecordId]).do_nothing().to_owned();
    erasure::Entity::insert(tombstone).on_conflict(once).exec_without_returning(unit.connection()).await.map_err(&failed)?;
    Ok(())
}

/// If it was an object of the vault: its key is gone, so the file is of no use to anybody.
fn remove_file(folder: &Path, record: Id) -> Result<(), BackupError> {
    let vault = folder.join(VAULT);
    if !vault.is_dir() {
        return Ok(());
    }
    let path = vault.clone();
    let failed =
        |error: vault::VaultError| BackupError::File { what: "removing an erased file from", path, source: std::io::Error::other(error) };
    vault::Folder::open(&vault).and_then(|folder| folder.remove(record.into())).map_err(failed)
}

fn id(text: &str) -> Option<Id> {
    <[u8; 16]>::try_from(unhex(text)?).ok().map(Id::from)
}
