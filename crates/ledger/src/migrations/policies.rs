//! The school's policies: versions that are never overwritten once they were in force, and what people said of them.

use sea_orm::DbBackend;

use super::columns::{
    bytes, code, column_sql, id, index, index_sql, number, of_organisation, small, some_bytes, some_id, some_number, some_text, table_sql,
    text,
};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // A policy is a public text. `source`: with placeholders; `filled`: as it was put into force, and `hash` is of it. `writers`: the ids of all
    // who have written it, one behind the other, the last one last. `written_on`: the day on which it was written last.
    let version = vec![
        id("id"),
        code("policy"),
        number("number"),
        small("state"),
        text("source"),
        some_text("filled"),
        some_bytes("hash"),
        small("must_sign"),
        text("change"),
        bytes("writers"),
        text("written_on"),
        some_text("approved_on"),
        some_text("minute"),
        some_id("approved_by"),
        some_number("published_at"),
        some_text("in_force_from"),
        some_text("review_by"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    // What a group or person said of a draft: `who` is a group ("parents' forum"), in clear; the page asks for no names.
    let comment = vec![id("id"), id("version_id"), text("who"), text("said"), some_text("answer"), id("entered_by"), number("made_at")];
    let mut number_once = index("policy_version", &["organisation_id", "policy", "number"]);
    vec![
        table_sql(backend, &of_organisation("policy_version", &["id"], version)),
        table_sql(backend, &of_organisation("policy_comment", &["id"], comment)),
        index_sql(backend, number_once.unique()),
        index_sql(backend, &index("policy_comment", &["organisation_id", "version_id"])),
    ]
}

/// What asks for a policy to be looked at before its time, and what came of it. `happened` and `why` in clear: the page asks for no names.
pub(super) fn early_reviews(backend: DbBackend) -> Vec<String> {
    let review = vec![
        id("id"),
        code("policy"),
        code("cause"),
        text("happened"),
        text("due"),
        id("called_by"),
        text("called_on"),
        small("is_changed"),
        some_text("why"),
        some_id("decided_by"),
        some_text("decided_on"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    vec![
        table_sql(backend, &of_organisation("policy_review", &["id"], review)),
        index_sql(backend, &index("policy_review", &["organisation_id", "policy"])),
    ]
}

/// Who has agreed to what, and from whom the internet was taken for a time.
pub(super) fn agreements(backend: DbBackend) -> Vec<String> {
    // Nothing is changed here, only added. `name` and `role` as they were printed at that time. `hash`: of the text that was shown.
    let signature = vec![
        id("id"),
        id("version_id"),
        code("policy"),
        id("signer_id"),
        id("for_id"),
        code("answer"),
        code("method"),
        bytes("hash"),
        text("name"),
        text("role"),
        some_text("language"),
        some_id("helper_id"),
        id("entered_by"),
        text("signed_on"),
        number("made_at"),
    ];
    // `reason`: sealed.
    let suspension = vec![
        id("id"),
        id("person_id"),
        some_bytes("reason"),
        text("from_day"),
        text("until_day"),
        text("review_day"),
        id("ordered_by"),
        some_text("ended_on"),
        some_id("ended_by"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    vec![
        table_sql(backend, &of_organisation("signature", &["id"], signature)),
        table_sql(backend, &of_organisation("suspension", &["id"], suspension)),
        index_sql(backend, &index("signature", &["organisation_id", "for_id"])),
        index_sql(backend, &index("signature", &["organisation_id", "signer_id"])),
        index_sql(backend, &index("suspension", &["organisation_id", "person_id"])),
    ]
}

/// Copies that somebody asked for. Who did is not kept.
pub(super) fn requests(backend: DbBackend) -> Vec<String> {
    let request = vec![
        id("id"),
        code("policy"),
        code("form"),
        text("note"),
        text("asked_on"),
        text("due"),
        some_text("sent_on"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    vec![table_sql(backend, &of_organisation("copy_request", &["id"], request))]
}

/// Copies that new starters were given. A row that was entered by mistake is deleted, and both stand in the trail.
pub(super) fn copies(backend: DbBackend) -> Vec<String> {
    let copy = vec![id("id"), code("policy"), number("number"), id("person_id"), text("given_on"), id("given_by"), number("made_at")];
    vec![
        table_sql(backend, &of_organisation("policy_copy", &["id"], copy)),
        index_sql(backend, &index("policy_copy", &["organisation_id", "person_id"])),
    ]
}

/// What the school says of a version in other languages, and which of them was shown to whoever signed.
pub(super) fn translations(backend: DbBackend) -> Vec<String> {
    // As a version: `source` with placeholders, `filled` and its `hash` once the version is in force. `number`: which text it is of this
    // version in this language. Nothing that was checked while its version was in force is ever changed but for `withdrawn_…`.
    let translation = vec![
        id("id"),
        id("version_id"),
        code("language"),
        number("number"),
        text("source"),
        some_text("filled"),
        some_bytes("hash"),
        bytes("writers"),
        text("written_on"),
        some_id("checked_by"),
        some_text("checked_on"),
        some_id("withdrawn_by"),
        some_text("withdrawn_on"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    let mut number_once = index("policy_translation", &["organisation_id", "version_id", "language", "number"]);
    vec![
        table_sql(backend, &of_organisation("policy_translation", &["id"], translation)),
        index_sql(backend, number_once.unique()),
        // Beside `language`, which 0013 made: nothing where the English text was shown.
        column_sql(backend, "signature", some_id("translation_id")),
        column_sql(backend, "signature", some_bytes("translation_hash")),
    ]
}
