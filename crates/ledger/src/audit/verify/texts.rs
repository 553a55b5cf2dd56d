//! The texts: each entry that was written with texts has exactly those.

use ids::EntryId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, FromQueryResult, Statement};

use super::report::Broken;
use crate::Id;
use crate::audit::chain;

/// Entries read at once, with their texts, which may be long.
const PAGE: i64 = 500;

/// Entries with texts and the texts, and an entry that has lost all of its own. In one statement, so that both are of one moment; the
/// entries are found along their key, or each page would look through those before it again.
const SQL: &str = "SELECT e.id, e.text_hash, t.field, t.side, t.ciphertext
    FROM (SELECT id, text_hash FROM audit_entry WHERE organisation_id = $1 AND id > $2 AND text_hash IS NOT NULL ORDER BY id LIMIT $3) e
    LEFT JOIN audit_text t ON t.organisation_id = $1 AND t.entry_id = e.id
    ORDER BY e.id, t.position";

/// A text that belongs to no entry, or to one that was written without.
const STRAY: &str = "SELECT t.entry_id AS id FROM audit_text t
    LEFT JOIN audit_entry e ON e.organisation_id = t.organisation_id AND e.id = t.entry_id
    WHERE t.organisation_id = $1 AND e.text_hash IS NULL ORDER BY t.entry_id LIMIT 1";

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Id,
    text_hash: Vec<u8>,
    field: Option<String>,
    side: Option<i16>,
    ciphertext: Option<Vec<u8>>,
}

/// Looks at all texts of an organisation.
pub(super) async fn walk(database: &DatabaseConnection, organisation: Id) -> Result<Option<Broken>, DbErr> {
    let backend = database.get_database_backend();
    let mut id = Id::from([0; 16]);
    loop {
        let values = [organisation.into(), id.into(), PAGE.into()];
        let rows = Row::find_by_statement(Statement::from_sql_and_values(backend, SQL, values)).all(database).await?;
        let Some(last) = rows.last() else { break };
        id = last.id;
        if let Some(broken) = rows.chunk_by(|one, next| one.id == next.id).find_map(check) {
            return Ok(Some(broken));
        }
    }
    let stray = database.query_one_raw(Statement::from_sql_and_values(backend, STRAY, [organisation.into()])).await?;
    let Some(stray) = stray else { return Ok(None) };
    Ok(Some(Broken::TextChanged { entry: EntryId::from(stray.try_get_by_index::<Id>(0)?) }))
}

/// An entry with its texts.
fn check(rows: &[Row]) -> Option<Broken> {
    let first = rows.first()?;
    let texts = rows.iter().filter_map(|row| Some((row.field.as_deref()?, row.side?, row.ciphertext.as_deref()?)));
    (chain::texts(texts).as_slice() != first.text_hash).then(|| Broken::TextChanged { entry: first.id.into() })
}
