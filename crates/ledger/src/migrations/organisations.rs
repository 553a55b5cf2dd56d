//! Organisations and their sites, and the row by which PostgreSQL confirms what is on the disk.

use sea_orm::DbBackend;
use sea_orm::sea_query::Table;

use super::columns::{id, number, of_organisation, table_sql, text};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // Apart from the organisation, to whose row every other points: each new row holds it for a moment, and one that is changed all the
    // time would be looked for among its dead versions (PostgreSQL). So nothing points here.
    let organisation = Table::create()
        .table("organisation")
        .col(id("id").primary_key())
        .col(text("name"))
        .col(number("version").default(0))
        .col(number("made_at"))
        .take();
    let site = of_organisation("site", &["id"], vec![id("id"), text("name"), number("version").default(0).take(), number("made_at")]);
    // It grows with each unit that changes something, so that whoever has compiled the records sees that they are stale.
    let revision = Table::create().table("revision").col(id("organisation_id").primary_key()).col(number("number")).take();
    vec![
        table_sql(backend, &organisation),
        table_sql(backend, &site),
        table_sql(backend, &revision),
        "CREATE TABLE confirmation (number bigint NOT NULL)".to_owned(),
        "INSERT INTO confirmation (number) VALUES (0)".to_owned(),
    ]
}
