//! At which device somebody of a class was last, so that a class can be signed in with one press.

use sea_orm::DbBackend;

use super::columns::{id, index, index_sql, number, of_organisation, table_sql, text};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // `address`: of the device, as text. In clear, since a class is signed in while the records are locked; it says no more than the journal.
    let seat = vec![id("group_id"), id("person_id"), text("address"), number("changed_at")];
    vec![
        table_sql(backend, &of_organisation("seat", &["group_id", "person_id"], seat)),
        index_sql(backend, &index("seat", &["organisation_id", "person_id"])),
    ]
}
