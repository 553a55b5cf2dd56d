//! Signing in: accounts, recovery codes, one-time links. Sessions are in no table: they live and die with the process.

use sea_orm::DbBackend;

use super::columns::{bytes, id, index, index_sql, number, of_organisation, small, some_bytes, some_number, table_sql, text};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // `password`: cost, salt and hash of Argon2id, none until one is chosen. `seed`: of the second factor, sealed under the machine's key.
    // `chosen_at`: when the password was.
    // `step`: the last half minute whose code was used, so that no code is good twice.
    let account = vec![
        id("person_id"),
        text("user_name"),
        some_bytes("password"),
        some_bytes("seed"),
        number("step").default(0).take(),
        some_number("signed_in_at"),
        some_number("chosen_at"),
        some_number("ended_at"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    // `hash`: SHA-256 of 80 random bits.
    let code = vec![id("person_id"), small("position"), bytes("hash"), some_number("used_at")];
    // `hash`: SHA-256 of 256 random bits.
    let link = vec![bytes("hash"), id("person_id"), number("until"), some_number("used_at"), number("made_at")];
    let mut name = index("account", &["organisation_id", "user_name"]);
    vec![
        table_sql(backend, &of_organisation("account", &["person_id"], account)),
        index_sql(backend, name.unique()),
        table_sql(backend, &of_organisation("recovery_code", &["person_id", "position"], code)),
        table_sql(backend, &of_organisation("sign_in_link", &["hash"], link)),
        index_sql(backend, &index("sign_in_link", &["organisation_id", "person_id"])),
    ]
}
