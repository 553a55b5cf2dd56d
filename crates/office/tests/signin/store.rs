//! What stands in the tables.

use ledger::Ledger;
use sea_orm::{ConnectionTrait as _, Statement};

/// One number from the database.
pub(crate) async fn number(ledger: &Ledger, sql: &str) -> i64 {
    let statement = Statement::from_string(ledger.reader().get_database_backend(), sql);
    let row = ledger.reader().query_one_raw(statement).await.expect("asked").expect("a row");
    row.try_get_by_index(0).expect("a number")
}
