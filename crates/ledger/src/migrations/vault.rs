//! Attachments and scans: one encrypted file for each, its row here.

use sea_orm::DbBackend;

use super::columns::{bytes, code, id, index, index_sql, number, of_organisation, small, some_id, table_sql};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // `hash` and `size` are those of the encrypted file; `name` is what it was called, sealed; `state` says who may read it.
    let object = vec![
        id("id"),
        some_id("site_id"),
        id("record_id"),
        bytes("name"),
        code("media"),
        number("size"),
        bytes("hash"),
        small("state"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    vec![
        table_sql(backend, &of_organisation("vault_object", &["id"], object)),
        index_sql(backend, &index("vault_object", &["organisation_id", "record_id"])),
    ]
}
