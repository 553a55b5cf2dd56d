//! Rows out of a database: all of one moment, however long it takes.

use futures_util::StreamExt as _;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, QueryResult, Statement,
    StreamTrait, TransactionOptions, TransactionTrait,
};

use super::form::{Kind, PART, Table};
use super::row::{Cell, encode};
use super::{BackupError, Head, catalog};
use crate::LedgerError;

/// A part of a table's rows.
pub(super) struct Part {
    pub(super) rows: u64,
    pub(super) bytes: Vec<u8>,
}

/// Begins to see the records as they are now, and as they stay for this transaction. Nobody waits for it.
pub(super) async fn begin(database: &DatabaseConnection) -> Result<DatabaseTransaction, LedgerError> {
    let failed = LedgerError::database("reading the records for a backup");
    // SQLite has no levels, and a transaction that began with a read is such a view by itself.
    let options = match database.get_database_backend() {
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
        _ => TransactionOptions::default(),
    };
    let view = database.begin_with_options(options).await.map_err(&failed)?;
    catalog::migrations(&view).await.map_err(&failed)?;
    Ok(view)
}

/// Where the trail of each organisation ends.
pub(super) async fn heads(view: &impl ConnectionTrait) -> Result<Vec<Head>, DbErr> {
    let sql = "SELECT l.organisation_id, l.seq, l.hash FROM audit_link l
               JOIN (SELECT organisation_id, MAX(seq) AS seq FROM audit_link GROUP BY organisation_id) m
               ON m.organisation_id = l.organisation_id AND m.seq = l.seq ORDER BY l.organisation_id";
    let rows = view.query_all_raw(Statement::from_string(view.get_database_backend(), sql)).await?;
    let head = |row: &QueryResult| {
        let (organisation, hash): (Vec<u8>, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        Ok(Head { organisation: super::form::hex(&organisation), seq: row.try_get_by_index(1)?, hash: super::form::hex(&hash) })
    };
    rows.iter().map(head).collect()
}

/// The rows of a table, part by part.
pub(super) struct Rows<'a> {
    stream: <DatabaseTransaction as StreamTrait>::Stream<'a>,
    table: &'a Table,
}

/// Begins to read a table.
pub(super) async fn rows<'a>(view: &'a DatabaseTransaction, table: &'a Table) -> Result<Rows<'a>, BackupError> {
    let backend = ConnectionTrait::get_database_backend(view);
    let stream = view.stream_raw(Statement::from_string(backend, select(backend, table))).await;
    Ok(Rows { stream: stream.map_err(LedgerError::database("reading the records for a backup"))?, table })
}

// === impl Rows ===

impl Rows<'_> {
    /// The next part; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Part>, BackupError> {
        let failed = LedgerError::database("reading the records for a backup");
        let mut part = Part { rows: 0, bytes: Vec::with_capacity(PART) };
        while part.bytes.len() < PART {
            let Some(row) = self.stream.next().await else { break };
            let cells = cells(&row.map_err(&failed)?, self.table).map_err(&failed)?;
            encode(&cells, &mut part.bytes).map_err(BackupError::row(&self.table.name))?;
            part.rows += 1;
        }
        Ok((part.rows > 0).then_some(part))
    }
}

fn select(backend: DbBackend, table: &Table) -> String {
    let column = |column: &super::Column| {
        let cast = match (backend, column.kind) {
            (DbBackend::Postgres, Kind::Number) => "::bigint",
            (DbBackend::Postgres, Kind::Text) => "::text",
            _ => "",
        };
        format!("\"{}\"{cast}", column.name)
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    format!("SELECT {} FROM \"{}\"", columns.join(", "), table.name)
}

fn cells(row: &QueryResult, table: &Table) -> Result<Vec<Cell>, DbErr> {
    let cell = |(at, column): (usize, &super::Column)| {
        Ok(match column.kind {
            Kind::Number => row.try_get_by_index::<Option<i64>>(at)?.map_or(Cell::Null, Cell::Number),
            Kind::Text => row.try_get_by_index::<Option<String>>(at)?.map_or(Cell::Null, Cell::Text),
            Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(at)?.map_or(Cell::Null, Cell::Bytes),
        })
    };
    table.columns.iter().enumerate().map(cell).collect()
}
