//! Entries as they are shown: about one record, or of one person in a span of time.

use calendar::Instant;
use ids::{EntryId, OrganisationId, PersonId, RecordId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Kind;
use super::entity::entry::{Column, Entity, Model};
use crate::{Id, LedgerError, Subject};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: EntryId,
    /// When it was done.
    pub at: Instant,
    /// By whom; nobody: by the program.
    pub actor: Option<PersonId>,
    /// In which role, in the program's word.
    pub role: String,
    /// What for, in the program's word.
    pub purpose: String,
    /// About which record.
    pub record: RecordId,
    /// What was done, in the program's word.
    pub action: String,
    /// Whether it has texts, which [`texts_of`](super::texts_of) gives.
    pub has_texts: bool,
}

/// What was changed about a record, the newest first, `most` entries at most.
///
/// # Errors
/// Where the database refuses.
pub async fn changes_of(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    subject: Subject,
    most: u64,
) -> Result<Vec<Entry>, LedgerError> {
    let query = Entity::find()
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        .filter(Column::SubjectId.eq(Id::from(subject.id)))
        .filter(Column::SubjectKind.eq(subject.kind.as_str()))
        .filter(Column::Kind.eq(Kind::Change.number()))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(most);
    read(query.all(database).await, "reading what was changed")
}

/// What somebody looked at from one moment to another, for a purpose in the program's word; the oldest first, `most` entries at most.
///
/// # Errors
/// Where the database refuses.
pub async fn looks_of(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    actor: PersonId,
    purpose: &str,
    (from, until): (Instant, Instant),
    most: u64,
) -> Result<Vec<Entry>, LedgerError> {
    let query = Entity::find()
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        // Ids are sorted by time, and the rows by id.
        .filter(Column::Id.between(Id::from(first(from)), Id::from(first(until))))
        .filter(Column::ActorId.eq(Id::from(actor)))
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::Kind.eq(Kind::View.number()))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .limit(most);
    read(query.all(database).await, "reading what somebody looked at")
}

/// The first id that an entry of this moment can have.
fn first(at: Instant) -> EntryId {
    EntryId::new(super::entry::millis(at), [0; 10])
}

fn read(rows: Result<Vec<Model>, sea_orm::DbErr>, doing: &'static str) -> Result<Vec<Entry>, LedgerError> {
    let entry = |row: Model| Entry {
        id: row.id.into(),
        at: Instant::from_micros(row.at).unwrap_or(Instant::EPOCH),
        actor: row.actor_id.map(Into::into),
        role: row.role,
        purpose: row.purpose,
        record: row.subject_id.into(),
        action: row.action,
        has_texts: row.text_hash.is_some(),
    };
    Ok(rows.map_err(LedgerError::database(doing))?.into_iter().map(entry).collect())
}
