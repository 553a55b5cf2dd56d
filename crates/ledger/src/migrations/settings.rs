//! Periods and numbers that a school has set otherwise than they are shipped.

use sea_orm::DbBackend;

use super::columns::{code, id, number, of_organisation, table_sql, text};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // Nothing is changed here, only added: what holds is the row with the highest number. `reason`: why, in clear; the page asks for no names.
    let change = vec![code("setting"), number("number"), number("value"), text("reason"), id("changed_by"), number("changed_at")];
    vec![table_sql(backend, &of_organisation("setting_change", &["setting", "number"], change))]
}
