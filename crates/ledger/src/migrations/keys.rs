//! Keys, none of them in clear, and the log of what was erased.

use sea_orm::DbBackend;

use super::columns::{bytes, code, id, number, of_organisation, some_id, table_sql};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // The public half, and the ring: the private half, sealed to each holder and to each two of three sheets.
    let ring = vec![bytes("public"), bytes("ring"), number("version").default(0).take(), number("made_at")];
    // The key of one start of the program, sealed to the public half.
    let epoch = vec![id("id"), bytes("sealed"), number("started_at")];
    // A record's keys, one for each epoch in which it was written, wrapped under the epoch's. To erase a record is to delete them.
    let record_key = vec![id("record_id"), id("epoch_id"), bytes("wrapped")];
    // What was erased. A restored backup erases it again.
    let erasure = vec![id("record_id"), code("record_kind"), code("reason"), number("at"), some_id("actor_id"), id("entry_id")];
    vec![
        table_sql(backend, &of_organisation("key_ring", &[], ring)),
        table_sql(backend, &of_organisation("epoch", &["id"], epoch)),
        table_sql(backend, &of_organisation("record_key", &["record_id", "epoch_id"], record_key)),
        table_sql(backend, &of_organisation("erasure", &["record_id"], erasure)),
    ]
}
