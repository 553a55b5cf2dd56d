//! Columns as all tables have them, and how a statement becomes text.

use sea_orm::DbBackend;
use sea_orm::sea_query::{
    ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement, PostgresQueryBuilder,
    SqliteQueryBuilder, Table, TableCreateStatement,
};

/// An id: 16 bytes.
pub(super) fn id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary_len(16).not_null().take()
}

/// An id that may be missing.
pub(super) fn some_id(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary_len(16).take()
}

/// A word of the program's own.
pub(super) fn code(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).string_len(40).not_null().take()
}

/// Text.
pub(super) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that may be missing.
pub(super) fn some_text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().take()
}

/// A number: a version, a count, an instant in microseconds since 1970, UTC.
pub(super) fn number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// An instant that may not have come.
pub(super) fn some_number(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().take()
}

/// A small number: a kind, a state, a place in a row.
pub(super) fn small(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).small_integer().not_null().take()
}

/// A small number that may be missing.
pub(super) fn some_small(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).small_integer().take()
}

/// Bytes: something sealed, a hash, a key's public half.
pub(super) fn bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().not_null().take()
}

/// Bytes that may be missing.
pub(super) fn some_bytes(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).blob().take()
}

/// A table of things that belong to an organisation: its key begins with it.
pub(super) fn of_organisation(name: &'static str, rest_of_key: &[&'static str], columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut key = Index::create();
    key.col("organisation_id");
    for column in rest_of_key {
        key.col(*column);
    }
    let mut table = Table::create();
    table.table(name).col(id("organisation_id"));
    for mut column in columns {
        table.col(&mut column);
    }
    table.primary_key(&mut key).foreign_key(&mut belongs("organisation_id", "organisation"));
    table
}

/// `column` names a row of `parent` by its `id`.
pub(super) fn belongs(column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    // Nothing that others stand on is deleted.
    ForeignKey::create().from_col(column).to(parent, "id").on_delete(ForeignKeyAction::Restrict).take()
}

/// An index called after its table and its columns.
pub(super) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// A table that is there gets another column; it must be one that may be missing.
pub(super) fn column_sql(backend: DbBackend, table: &'static str, mut column: ColumnDef) -> String {
    let alter = Table::alter().table(table).add_column(&mut column).take();
    match backend {
        DbBackend::Postgres => alter.to_string(PostgresQueryBuilder),
        _ => alter.to_string(SqliteQueryBuilder),
    }
}

/// Statements as text.
pub(super) fn table_sql(backend: DbBackend, table: &TableCreateStatement) -> String {
    match backend {
        DbBackend::Postgres => table.to_string(PostgresQueryBuilder),
        _ => table.to_string(SqliteQueryBuilder),
    }
}

/// The same for an index.
pub(super) fn index_sql(backend: DbBackend, index: &IndexCreateStatement) -> String {
    match backend {
        DbBackend::Postgres => index.to_string(PostgresQueryBuilder),
        _ => index.to_string(SqliteQueryBuilder),
    }
}
