//! Entries outside the chain: waiting to be linked, as it should be for a second, or put there past the program.

use ids::EntryId;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

use super::report::Broken;
use crate::Id;

/// In one statement, so that all four are of one moment.
const COUNTS: &str = "SELECT
    (SELECT count(*) FROM audit_entry WHERE organisation_id = $1),
    (SELECT count(*) FROM audit_link WHERE organisation_id = $1),
    (SELECT count(*) FROM audit_unsealed WHERE organisation_id = $1),
    (SELECT count(DISTINCT record_id) FROM erasure WHERE organisation_id = $1)";

const LOOSE: &str = "SELECT e.id FROM audit_entry e WHERE e.organisation_id = $1
    AND NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.organisation_id = e.organisation_id AND l.entry_id = e.id)
    AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.organisation_id = e.organisation_id AND u.entry_id = e.id)
    ORDER BY e.id LIMIT 1";

const IN_VAIN: &str = "SELECT u.entry_id FROM audit_unsealed u WHERE u.organisation_id = $1
    AND (NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.organisation_id = u.organisation_id AND e.id = u.entry_id)
        OR EXISTS (SELECT 1 FROM audit_link l WHERE l.organisation_id = u.organisation_id AND l.entry_id = u.entry_id))
    ORDER BY u.position LIMIT 1";

const TWICE: &str =
    "SELECT entry_id FROM audit_unsealed WHERE organisation_id = $1 GROUP BY entry_id HAVING count(*) > 1 ORDER BY entry_id LIMIT 1";

/// What is outside the chain.
#[derive(Debug)]
pub(super) struct Loose {
    pub(super) unsealed: u64,
    pub(super) erased: u64,
    pub(super) broken: Option<Broken>,
}

/// Counts, and looks for what is neither linked nor waiting.
pub(super) async fn look(database: &DatabaseConnection, organisation: Id) -> Result<Loose, DbErr> {
    let statement = |sql| Statement::from_sql_and_values(database.get_database_backend(), sql, [organisation.into()]);
    let counts = database.query_one_raw(statement(COUNTS)).await?;
    let count = |index| -> Result<u64, DbErr> {
        let number: Option<i64> = counts.as_ref().map(|row| row.try_get_by_index(index)).transpose()?;
        Ok(number.unwrap_or(0).unsigned_abs())
    };
    let (entries, links, unsealed, erased) = (count(0)?, count(1)?, count(2)?, count(3)?);
    let first = async |sql| -> Result<Option<EntryId>, DbErr> {
        let row = database.query_one_raw(statement(sql)).await?;
        Ok(row.map(|row| row.try_get_by_index::<Id>(0)).transpose()?.map(EntryId::from))
    };
    let mut broken = first(IN_VAIN).await?.map(|entry| Broken::WaitsInVain { entry });
    // Looked for only where the sum does not come out: it walks all entries.
    if broken.is_none() && entries != links + unsealed {
        broken = first(LOOSE).await?.map(|entry| Broken::Loose { entry });
        if broken.is_none() {
            broken = first(TWICE).await?.map(|entry| Broken::WaitsInVain { entry });
        }
    }
    Ok(Loose { unsealed, erased, broken })
}
