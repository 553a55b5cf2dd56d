//! What tests ask the database past the public door.

use sea_orm::{ConnectionTrait as _, Statement, Value};

use crate::world::School;

/// The entries about a record, in order.
pub(crate) async fn entries(school: &School, record: ids::RecordId) -> Vec<ids::EntryId> {
    let reader = school.ledger.reader();
    let select = "SELECT id FROM audit_entry WHERE subject_id = $1 ORDER BY id";
    let select = Statement::from_sql_and_values(reader.get_database_backend(), select, [Value::from(record.to_bytes().to_vec())]);
    let rows = reader.query_all_raw(select).await.expect("asked");
    let id = |row: &sea_orm::QueryResult| row.try_get_by_index::<ledger::Id>(0).expect("an id").into();
    rows.iter().map(id).collect()
}

/// How often somebody was looked at for an action.
pub(crate) async fn looks(reader: &sea_orm::DatabaseConnection, person: ids::PersonId, action: &str) -> usize {
    let select = "SELECT id FROM audit_entry WHERE subject_id = $1 AND action = $2";
    let select = Statement::from_sql_and_values(
        reader.get_database_backend(),
        select,
        [Value::from(person.to_bytes().to_vec()), Value::from(action)],
    );
    reader.query_all_raw(select).await.expect("asked").len()
}
