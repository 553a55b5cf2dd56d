//! Rows into an empty database: all or none.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait, Value};

use super::form::{Kind, Table};
use super::row::{Cell, decode};
use super::{BackupError, catalog, form};
use crate::LedgerError;

/// Values that a statement may have on both databases: SQLite takes 32,766, PostgreSQL 65,535.
const VALUES: usize = 32_000;
/// Rows in one statement. More is not faster.
const ROWS: usize = 200;

/// The one table that has a row before anything is restored: it holds a counter.
const COUNTER: &str = "confirmation";

/// Tables that are being filled, in one transaction.
pub(super) struct Load {
    transaction: DatabaseTransaction,
    tables: Vec<Table>,
    /// What SQLite's triggers are made of, to be made again.
    triggers: Vec<String>,
}

/// Refuses a database that holds anything.
pub(super) async fn must_be_empty(database: &DatabaseConnection) -> Result<(), BackupError> {
    let failed = LedgerError::database("looking whether the database is empty");
    for table in catalog::tables(database).await.map_err(&failed)? {
        let query = format!("SELECT 1 FROM \"{}\" LIMIT 1", table.name);
        let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), query)).await.map_err(&failed)?;
        if row.is_some() && table.name != COUNTER {
            return Err(BackupError::DatabaseNotEmpty { table: table.name });
        }
    }
    Ok(())
}

// === impl Load ===

impl Load {
    /// Begins. The database has the shape that `tables` had, or this is refused.
    pub(super) async fn begin(database: &DatabaseConnection, tables: Vec<Table>) -> Result<Self, BackupError> {
        let failed = LedgerError::database("restoring the records");
        let transaction = database.begin().await.map_err(&failed)?;
        let here = catalog::tables(&transaction).await.map_err(&failed)?;
        let sorted = |tables: &[Table]| {
            let mut all: Vec<String> = tables.iter().map(|table| format!("{table:?}")).collect();
            all.sort();
            all
        };
        if sorted(&here) != sorted(&tables) {
            return Err(BackupError::malformed(form::OPENING, "its tables are not those of its migrations"));
        }
        let triggers = silence(&transaction, &tables).await.map_err(&failed)?;
        // Children before their parents.
        for table in tables.iter().rev() {
            transaction.execute_unprepared(&format!("DELETE FROM \"{}\"", table.name)).await.map_err(&failed)?;
        }
        Ok(Self { transaction, tables, triggers })
    }

    /// For questions about what was loaded so far.
    pub(super) const fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Adds rows to the table with this number.
    pub(super) async fn rows(&self, table: usize, mut bytes: &[u8]) -> Result<(), BackupError> {
        let Some(table) = self.tables.get(table) else { return Ok(()) };
        let most = (VALUES / table.columns.len().max(1)).clamp(1, ROWS);
        let mut values = Vec::new();
        let mut count = 0;
        loop {
            let row = decode(&mut bytes, table.columns.len()).map_err(BackupError::row(&table.name))?;
            let is_end = row.is_none();
            for (cell, column) in row.into_iter().flatten().zip(&table.columns) {
                values.push(value(cell, column.kind).ok_or_else(|| BackupError::malformed(&table.name, "a value is of the wrong kind"))?);
            }
            count += usize::from(!is_end);
            if count > 0 && (is_end || count == most) {
                self.insert(table, count, std::mem::take(&mut values)).await?;
                count = 0;
            }
            if is_end {
                return Ok(());
            }
        }
    }

    /// Makes it so.
    pub(super) async fn commit(self) -> Result<(), LedgerError> {
        let failed = LedgerError::database("restoring the records");
        speak(&self.transaction, &self.tables, &self.triggers).await.map_err(&failed)?;
        self.transaction.commit().await.map_err(&failed)
    }

    async fn insert(&self, table: &Table, rows: usize, values: Vec<Value>) -> Result<(), BackupError> {
        let backend = self.transaction.get_database_backend();
        let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let width = columns.len();
        let row = |row: usize| {
            let places: Vec<String> = (1..=width).map(|at| format!("${}", row * width + at)).collect();
            format!("({})", places.join(", "))
        };
        let places: Vec<String> = (0..rows).map(row).collect();
        let sql = format!("INSERT INTO \"{}\" ({}) VALUES {}", table.name, columns.join(", "), places.join(", "));
        let statement = Statement::from_sql_and_values(backend, sql, values);
        self.transaction.execute_raw(statement).await.map_err(LedgerError::database("restoring the records"))?;
        Ok(())
    }
}

fn value(cell: Cell, kind: Kind) -> Option<Value> {
    Some(match (cell, kind) {
        (Cell::Null, Kind::Number) => Value::BigInt(None),
        (Cell::Null, Kind::Text) => Value::String(None),
        (Cell::Null, Kind::Bytes) => Value::Bytes(None),
        (Cell::Number(number), Kind::Number) => Value::BigInt(Some(number)),
        (Cell::Text(text), Kind::Text) => Value::String(Some(text)),
        (Cell::Bytes(bytes), Kind::Bytes) => Value::Bytes(Some(bytes)),
        _ => return None,
    })
}

/// Switches off the rules by which the database itself adds rows or refuses changes: what is restored has been through them. Gives
/// what [`speak`] needs.
async fn silence(transaction: &DatabaseTransaction, tables: &[Table]) -> Result<Vec<String>, DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        for table in tables {
            transaction.execute_unprepared(&format!("ALTER TABLE \"{}\" DISABLE TRIGGER USER", table.name)).await?;
        }
        return Ok(Vec::new());
    }
    let triggers = catalog::texts::<2>(transaction, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").await?;
    for [name, _] in &triggers {
        transaction.execute_unprepared(&format!("DROP TRIGGER \"{name}\"")).await?;
    }
    Ok(triggers.into_iter().map(|[_, sql]| sql).collect())
}

/// Switches them on again, and lets counters go on behind what was restored.
async fn speak(transaction: &DatabaseTransaction, tables: &[Table], triggers: &[String]) -> Result<(), DbErr> {
    for sql in triggers {
        transaction.execute_unprepared(sql).await?;
    }
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    for table in tables {
        transaction.execute_unprepared(&format!("ALTER TABLE \"{}\" ENABLE TRIGGER USER", table.name)).await?;
        for column in table.columns.iter().filter(|column| column.kind == Kind::Number) {
            let (table, column) = (&table.name, &column.name);
            let sql = format!(
                "SELECT setval(sequence, (SELECT COALESCE(MAX(\"{column}\"), 0) + 1 FROM \"{table}\"), false)
                 FROM pg_get_serial_sequence('\"{table}\"', '{column}') sequence WHERE sequence IS NOT NULL"
            );
            transaction.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}
