//! The texts of an entry, as they are stored.

use ids::{EntryId, OrganisationId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Side;
use super::entity::text;
use crate::keys::{KeyError, SealedText};
use crate::{Id, LedgerError};

/// A text of an entry, sealed.
#[derive(Debug, Clone)]
pub struct EntryText {
    /// Which field of the record.
    pub field: String,
    /// Before or after the change.
    pub side: Side,
    /// What it says, for whoever has unlocked. Where the record was erased nobody can open it.
    pub sealed: SealedText,
}

/// The texts of an entry, in the order in which they were recorded.
///
/// # Errors
/// Where the database refuses, or a text has not the form of one.
pub async fn texts_of(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    entry: EntryId,
) -> Result<Vec<EntryText>, LedgerError> {
    let rows = text::Entity::find()
        .filter(text::Column::OrganisationId.eq(Id::from(organisation)))
        .filter(text::Column::EntryId.eq(Id::from(entry)))
        .order_by_asc(text::Column::Position)
        .all(database)
        .await
        .map_err(LedgerError::database("reading the texts of an entry"))?;
    let text = |row: text::Model| -> Result<EntryText, KeyError> {
        let side = if row.side == Side::Before.number() { Side::Before } else { Side::After };
        Ok(EntryText { field: row.field, side, sealed: SealedText::parse(&row.ciphertext)? })
    };
    rows.into_iter().map(text).collect::<Result<_, _>>().map_err(|source| LedgerError::Text { source })
}
