//! Jobs and the outbox: what is done later, committed together with what asked for it.

use sea_orm::DbBackend;
use sea_orm::sea_query::Table;

use super::columns::{bytes, code, id, index, index_sql, number, of_organisation, small, some_id, some_number, table_sql, text};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // `name` is unique among jobs: never two at once of the same. Nothing in it but words of the program and ids.
    let job = Table::create()
        .table("job")
        .col(id("id").primary_key())
        .col(some_id("organisation_id"))
        .col(code("kind"))
        .col(text("name").unique_key())
        .col(some_id("subject_id"))
        .col(small("state"))
        .col(number("due_at"))
        .col(some_number("again_at"))
        .col(small("attempts").default(0))
        .col(some_id("claimed_by"))
        .col(some_number("claimed_until"))
        .col(text("error").null())
        .col(some_number("done_at"))
        .col(number("made_at"))
        .take();
    // `sealed`: whom it goes to and what it says; emptied once it is delivered.
    let outbox = vec![
        id("id"),
        code("channel"),
        code("purpose"),
        bytes("sealed"),
        small("state"),
        number("due_at"),
        small("attempts").default(0).take(),
        text("error").null().take(),
        number("made_at"),
        some_number("delivered_at"),
    ];
    vec![
        table_sql(backend, &job),
        table_sql(backend, &of_organisation("outbox", &["id"], outbox)),
        index_sql(backend, &index("job", &["state", "due_at"])),
        index_sql(backend, &index("outbox", &["state", "due_at"])),
    ]
}
