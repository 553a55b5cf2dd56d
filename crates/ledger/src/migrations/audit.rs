//! The trail. Triggers are the one place where the two databases have their own words.

use sea_orm::DbBackend;
use sea_orm::sea_query::{ColumnDef, Table, TableCreateStatement};

use super::columns::{belongs, bytes, code, id, index, index_sql, number, of_organisation, small, some_bytes, some_id, table_sql};

/// Tables to which rows are only ever added.
const APPEND_ONLY: &[&str] = &["audit_entry", "audit_text", "audit_link"];

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let entry = vec![
        id("id"),
        some_id("site_id"),
        small("kind"),
        number("at"),
        some_id("actor_id"),
        code("role"),
        some_id("behalf_id"),
        code("purpose"),
        code("origin"),
        code("subject_kind"),
        id("subject_id"),
        code("action"),
        some_bytes("text_hash"),
    ];
    // What was written, before and after, sealed. The chain covers it by the entry's `text_hash`.
    let text = vec![id("entry_id"), small("position"), code("field"), small("side"), bytes("ciphertext")];
    let link = vec![number("seq"), id("entry_id"), bytes("hash")];
    // Entries that no link covers yet, in the order in which they came.
    let unsealed = Table::create()
        .table("audit_unsealed")
        .col(ColumnDef::new("position").big_integer().not_null().auto_increment().primary_key())
        .col(id("organisation_id"))
        .col(id("entry_id"))
        .foreign_key(&mut belongs("organisation_id", "organisation"))
        .take();
    let mut all = vec![
        table_sql(backend, clustered(backend, &mut of_organisation("audit_entry", &["id"], entry))),
        table_sql(backend, &of_organisation("audit_text", &["entry_id", "position"], text)),
        table_sql(backend, clustered(backend, &mut of_organisation("audit_link", &["seq"], link))),
        table_sql(backend, &unsealed),
        index_sql(backend, index("audit_link", &["organisation_id", "entry_id"]).unique()),
        index_sql(backend, &index("audit_entry", &["organisation_id", "subject_id"])),
    ];
    all.extend(append_only(backend));
    all.extend(noted(backend));
    all
}

/// SQLite keeps the rows in the order of their key, as a walk reads them, and not beside an index.
fn clustered(backend: DbBackend, table: &mut TableCreateStatement) -> &TableCreateStatement {
    if backend == DbBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    table
}

/// Rows are neither changed nor deleted, by whatever program.
fn append_only(backend: DbBackend) -> Vec<String> {
    let mut all = Vec::new();
    if backend == DbBackend::Postgres {
        all.push(
            "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
                .to_owned(),
        );
    }
    for table in APPEND_ONLY {
        match backend {
            DbBackend::Postgres => {
                all.push(format!(
                    "CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()"
                ));
                all.push(format!(
                    "CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
                ));
            }
            _ => all.extend(["UPDATE", "DELETE"].map(|what| {
                let name = what.to_lowercase();
                format!(
                    "CREATE TRIGGER {table}_{name} BEFORE {what} ON {table}
                     BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            })),
        }
    }
    all
}

/// An entry that is added waits for the sealer, and one that tells of a change (kinds from 1) moves the organisation's revision:
/// by the database itself, so that no way of writing can leave it out.
fn noted(backend: DbBackend) -> Vec<String> {
    let waits = "INSERT INTO audit_unsealed (organisation_id, entry_id) VALUES (NEW.organisation_id, NEW.id)";
    let moves = "INSERT INTO revision (organisation_id, number) VALUES (NEW.organisation_id, 1)
        ON CONFLICT (organisation_id) DO UPDATE SET number = revision.number + 1";
    match backend {
        DbBackend::Postgres => vec![
            format!(
                "CREATE FUNCTION audit_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    {waits}; IF NEW.kind > 0 THEN {moves}; END IF; RETURN NULL; END $$"
            ),
            "CREATE TRIGGER audit_entry_noted AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_noted()".to_owned(),
        ],
        _ => vec![
            format!("CREATE TRIGGER audit_entry_noted AFTER INSERT ON audit_entry BEGIN {waits}; END"),
            format!("CREATE TRIGGER audit_entry_moves AFTER INSERT ON audit_entry WHEN NEW.kind > 0 BEGIN {moves}; END"),
        ],
    }
}
