//! The texts: each entry that was written with texts has exactly those.

use ids::EntryId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Statement};

use super::report::Broken;
use crate::Id;
use crate::audit::chain;

/// Rows read at once. A text may be long.
const PAGE: i64 = 500;

/// Entries with texts and the texts, and an entry that has lost all of its own.
const SQL: &str = "SELECT e.id, e.text_hash, CAST(COALESCE(t.position, -1) AS bigint) AS position, t.field, t.side, t.ciphertext
    FROM audit_entry e LEFT JOIN audit_text t ON t.organisation_id = e.organisation_id AND t.entry_id = e.id
    WHERE e.organisation_id = $1 AND e.text_hash IS NOT NULL AND (e.id > $2 OR (e.id = $2 AND t.position > $3))
    ORDER BY e.id, t.position LIMIT $4";

/// A text that belongs to no entry, or to one that was written without.
const STRAY: &str = "SELECT t.entry_id AS id FROM audit_text t
    LEFT JOIN audit_entry e ON e.organisation_id = t.organisation_id AND e.id = t.entry_id
    WHERE t.organisation_id = $1 AND e.text_hash IS NULL ORDER BY t.entry_id LIMIT 1";

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Id,
    text_hash: Vec<u8>,
    position: i64,
    field: Option<String>,
    side: Option<i16>,
    ciphertext: Option<Vec<u8>>,
}

/// An entry and the texts found for it so far.
#[derive(Debug)]
struct Group {
    id: Id,
    text_hash: Vec<u8>,
    texts: Vec<(String, i16, Vec<u8>)>,
}

/// Looks at all texts of an organisation.
pub(super) async fn walk(database: &DatabaseConnection, organisation: Id) -> Result<Option<Broken>, DbErr> {
    let backend = database.get_database_backend();
    let mut group: Option<Group> = None;
    let (mut id, mut position) = (Id::from([0; 16]), -1_i64);
    loop {
        let values = [organisation.into(), id.into(), position.into(), PAGE.into()];
        let rows = Row::find_by_statement(Statement::from_sql_and_values(backend, SQL, values)).all(database).await?;
        let Some(last) = rows.last() else { break };
        (id, position) = (last.id, last.position);
        for row in rows {
            if group.as_ref().is_none_or(|group| group.id != row.id) {
                if let Some(broken) = group.take().and_then(|group| group.check()) {
                    return Ok(Some(broken));
                }
                group = Some(Group { id: row.id, text_hash: row.text_hash, texts: Vec::new() });
            }
            if let (Some(group), Some(field), Some(side), Some(ciphertext)) = (&mut group, row.field, row.side, row.ciphertext) {
                group.texts.push((field, side, ciphertext));
            }
        }
    }
    if let Some(broken) = group.and_then(|group| group.check()) {
        return Ok(Some(broken));
    }
    let stray = database.query_one_raw(Statement::from_sql_and_values(backend, STRAY, [organisation.into()])).await?;
    let Some(stray) = stray else { return Ok(None) };
    Ok(Some(Broken::TextChanged { entry: EntryId::from(stray.try_get_by_index::<Id>(0)?) }))
}

// === impl Group ===

impl Group {
    fn check(&self) -> Option<Broken> {
        let texts = self.texts.iter().map(|(field, side, ciphertext)| (field.as_str(), *side, ciphertext.as_slice()));
        (chain::texts(texts).as_slice() != self.text_hash).then(|| Broken::TextChanged { entry: self.id.into() })
    }
}
