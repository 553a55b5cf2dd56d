//! What the pages about people keep beside the people: how far an import came, who said that it could not wait, and who has seen what they
//! were told. Why which column is in clear: `docs/adr/0014`.

use sea_orm::DbBackend;

use super::columns::{bytes, code, id, index, index_sql, number, of_organisation, small, some_number, table_sql};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // `done` of `steps` lines moves in the very unit that does them: what it says is so, whenever the process ends.
    let run = vec![
        id("id"),
        id("person_id"),
        code("kind"),
        small("state"),
        number("steps"),
        number("done"),
        number("added"),
        number("changed"),
        number("left_alone"),
        number("refused"),
        number("began_at"),
        number("changed_at"),
    ];
    // `reason`: sealed.
    let emergency =
        vec![id("id"), id("person_id"), code("role"), bytes("reason"), number("began_at"), number("until_at"), some_number("ended_at")];
    let told = vec![id("record_id"), id("person_id"), number("at")];
    vec![
        table_sql(backend, &of_organisation("people_run", &["id"], run)),
        table_sql(backend, &of_organisation("emergency", &["id"], emergency)),
        table_sql(backend, &of_organisation("told", &["record_id", "person_id"], told)),
        index_sql(backend, &index("emergency", &["organisation_id", "person_id"])),
    ]
}
