//! Objects in the database. What a row says decides what can be done: one that is in custody has no way to be read.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::object;
use super::{Folder, Stored, VaultError, stream};
use crate::keys::entity::erasure;
use crate::keys::{self, Keys, KeysError, OpenedText, SealedText, WrappedKey};
use crate::{Change, Code, Id, LedgerError, Subject, Unit, code};

/// The kind of record that objects are, in the trail.
const KIND: Code = code!("vault.object");
/// The field under which an object's name is sealed.
const NAME: &str = "name";
const READABLE: i16 = 0;
const CUSTODY: i16 = 1;

/// An object whose file is written and whose row is not: dropped, the file goes too.
#[derive(Debug)]
#[must_use = "the object is there only once its row is"]
pub struct Incoming {
    folder: Folder,
    object: RecordId,
    epoch: ids::EpochId,
    key: WrappedKey,
    name: SealedText,
    stored: Stored,
    is_kept: bool,
}

/// What belongs to an object and may be seen by whoever may see that there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Which object.
    pub id: RecordId,
    /// The record it belongs to.
    pub about: RecordId,
    /// What kind of file it is, as a word of the program.
    pub media: String,
    /// Bytes of its encrypted file.
    pub size: u64,
    /// SHA-256 of its encrypted file.
    pub hash: Vec<u8>,
    /// When it was stored.
    pub made_at: Instant,
}

/// An object, as its row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// Whoever may, can read it.
    Readable(Readable),
    /// Nobody can: it is kept for the police.
    Custody(Facts),
}

/// An object that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    facts: Facts,
    name: Vec<u8>,
}

/// Takes an object in: encrypts it into the folder. Nothing is held in the database meanwhile, so it may take its time.
/// `limit` is the most that is taken, in bytes; `name` is what the person called it, and is sealed.
///
/// # Errors
/// Where no keys were made, the object is too large, the disk refuses or the other side breaks off. Nothing is left then.
pub fn take_in(
    keys: &Keys,
    folder: &Folder,
    object: RecordId,
    name: &str,
    from: &mut dyn Read,
    limit: u64,
) -> Result<Incoming, VaultError> {
    let writer = keys.writer()?;
    let (sealer, key) = writer.new_key(object)?;
    let name = sealer.seal(NAME, name.as_bytes())?;
    let stored = folder.write(&sealer, from, limit)?;
    Ok(Incoming { folder: folder.clone(), object, epoch: writer.epoch(), key, name, stored, is_kept: false })
}

/// An object by its id; nothing where there is none, or it is another organisation's.
///
/// # Errors
/// Where the database refuses.
pub async fn find(from: &impl ConnectionTrait, organisation: OrganisationId, object: RecordId) -> Result<Option<Object>, VaultError> {
    let row = object::Entity::find_by_id((organisation.into(), object.into())).one(from).await;
    let row = row.map_err(LedgerError::database("looking into the vault"))?;
    Ok(row.map(Object::of).transpose()?)
}

/// The objects of a record, the oldest first.
///
/// # Errors
/// Where the database refuses.
pub async fn of_record(from: &impl ConnectionTrait, organisation: OrganisationId, about: RecordId) -> Result<Vec<Object>, VaultError> {
    let rows = object::Entity::find()
        .filter(object::Column::OrganisationId.eq(Id::from(organisation)))
        .filter(object::Column::RecordId.eq(Id::from(about)))
        .order_by_asc(object::Column::MadeAt)
        .all(from)
        .await
        .map_err(LedgerError::database("looking into the vault"))?;
    Ok(rows.into_iter().map(Object::of).collect::<Result<_, _>>()?)
}

/// Puts an object into custody: from the commit on nobody reads it, and nothing makes it readable again.
///
/// # Errors
/// Where there is no such object, it is in custody already, or the database refuses.
pub async fn into_custody(unit: &mut Unit, object: RecordId) -> Result<(), VaultError> {
    let changed = object::Entity::update_many()
        .col_expr(object::Column::State, Expr::value(CUSTODY))
        .col_expr(object::Column::Version, Expr::col(object::Column::Version).add(1))
        .filter(object::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(object::Column::Id.eq(Id::from(object)))
        .filter(object::Column::State.eq(READABLE))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("taking an object into custody"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    unit.record(&Change::new(Subject { kind: KIND, id: object }, code!("custody")))?;
    Ok(())
}

/// Erases an object: its key now, its file by [`Folder::remove`] after the commit. The row stays and says that there was one.
///
/// # Errors
/// Where the database refuses.
pub async fn erase(unit: &mut Unit, object: RecordId, reason: Code) -> Result<(), VaultError> {
    Ok(keys::erase(unit, Subject { kind: KIND, id: object }, reason).await?)
}

/// The objects that must have a file, for [`Folder::compare`]: all that were not erased.
///
/// # Errors
/// Where the database refuses.
pub async fn all(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<BTreeSet<RecordId>, VaultError> {
    let erased = Query::select()
        .column(erasure::Column::RecordId)
        .from(erasure::Entity)
        .and_where(erasure::Column::OrganisationId.eq(Id::from(organisation)))
        .to_owned();
    let rows = object::Entity::find()
        .filter(object::Column::OrganisationId.eq(Id::from(organisation)))
        .filter(object::Column::Id.not_in_subquery(erased))
        .all(from)
        .await
        .map_err(LedgerError::database("looking into the vault"))?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

// === impl Incoming ===

impl Incoming {
    /// Stores its row and its key in the unit. The object is there when the unit commits; if that fails, its file is left without a
    /// row, opens for nobody, and is found by [`Folder::compare`].
    ///
    /// # Errors
    /// Where the database refuses; the file is removed then.
    pub async fn keep(mut self, unit: &mut Unit, about: RecordId, media: Code) -> Result<RecordId, VaultError> {
        let act = unit.act().clone();
        keys::insert_key(unit, self.object, self.epoch, &self.key).await?;
        let row = object::ActiveModel {
            organisation_id: Set(act.organisation.into()),
            id: Set(self.object.into()),
            site_id: Set(act.site.map(Id::from)),
            record_id: Set(about.into()),
            name: Set(self.name.as_bytes().to_vec()),
            media: Set(media.as_str().to_owned()),
            size: Set(i64::try_from(self.stored.size).unwrap_or(i64::MAX)),
            hash: Set(self.stored.hash.to_vec()),
            state: Set(READABLE),
            version: Set(0),
            made_at: Set(act.at.micros()),
        };
        let inserted = object::Entity::insert(row).exec_without_returning(unit.connection()).await;
        inserted.map_err(LedgerError::database("storing an object"))?;
        unit.record(&Change::new(Subject { kind: KIND, id: self.object }, code!("stored")))?;
        self.is_kept = true;
        Ok(self.object)
    }

    /// What was stored.
    pub const fn stored(&self) -> &Stored {
        &self.stored
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = self.folder.remove(self.object)
        {
            tracing::warn!(%error, "a file of the vault without a row could not be removed; nothing can open it");
        }
    }
}

// === impl Object ===

impl Object {
    fn of(row: object::Model) -> Result<Self, LedgerError> {
        let damaged = |_| LedgerError::Database {
            what: "looking into the vault",
            fault: crate::Fault::Damaged,
            source: sea_orm::DbErr::Custom("a moment or a size cannot be".to_owned()),
        };
        let facts = Facts {
            id: row.id.into(),
            about: row.record_id.into(),
            media: row.media,
            size: u64::try_from(row.size).map_err(|_| damaged(()))?,
            hash: row.hash,
            made_at: Instant::from_micros(row.made_at).map_err(|_| damaged(()))?,
        };
        // What is not known to be readable is not.
        Ok(if row.state == READABLE { Self::Readable(Readable { facts, name: row.name }) } else { Self::Custody(facts) })
    }

    /// What belongs to it, whoever may read it.
    pub const fn facts(&self) -> &Facts {
        match self {
            Self::Readable(readable) => &readable.facts,
            Self::Custody(facts) => facts,
        }
    }
}

// === impl Readable ===

impl Readable {
    /// What the person called it.
    ///
    /// # Errors
    /// Where nobody has unlocked, it was erased or changed, or the database refuses.
    pub async fn name(&self, keys: &Keys, from: &impl ConnectionTrait) -> Result<OpenedText, VaultError> {
        let texts = keys.texts(from, &[self.facts.id]).await?;
        let texts = texts.get(&self.facts.id).ok_or(KeysError::Erased)?;
        Ok(texts.open(NAME, &SealedText::parse(&self.name)?)?)
    }

    /// Reads it to `to`, and says how many bytes; each piece of 64 KiB only when it was found whole.
    ///
    /// # Errors
    /// Where nobody has unlocked, it was erased, or its file is not as it was written.
    pub async fn read(
        &self,
        keys: &Keys,
        from: &impl ConnectionTrait,
        folder: &Folder,
        to: &mut (dyn Write + Send),
    ) -> Result<u64, VaultError> {
        let texts = keys.texts(from, &[self.facts.id]).await?;
        let texts = texts.get(&self.facts.id).ok_or(KeysError::Erased)?;
        let epoch = stream::header(&mut folder.file(self.facts.id)?)?.epoch();
        // A header that was changed names an epoch in which the object has no key.
        let opener =
            texts.opener(epoch).map_err(|error| if texts.is_erased() { error.into() } else { VaultError::Changed { piece: 0 } })?;
        folder.read(opener, to)
    }
}
