//! The school's policies: versions that are never overwritten once they were in force, and what people said of them.

use sea_orm::DbBackend;

use super::columns::{
    bytes, code, column_sql, id, index, index_sql, number, of_organisation, small, some_bytes, some_id, some_number, some_small, some_text,
    table_sql, text,
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

/// What the agreement forbids without leave, and somebody asked for. `about` in clear: the page asks for no names of pupils; what is about somebody
/// else is in `sealed` instead. Nothing is deleted.
pub(super) fn permissions(backend: DbBackend) -> Vec<String> {
    let permission = vec![
        id("id"),
        code("matter"),
        id("asked_by"),
        some_text("about"),
        some_bytes("sealed"),
        text("from_day"),
        text("until_day"),
        text("asked_on"),
        text("due"),
        small("is_withdrawn"),
        some_small("is_yes"),
        some_text("why"),
        some_id("decided_by"),
        some_text("decided_on"),
        some_text("ended_on"),
        some_id("ended_by"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    vec![table_sql(backend, &of_organisation("permission", &["id"], permission))]
}

/// Whether the rules are understood. `understanding`: what a teacher found of a pupil; a row that was entered by mistake is deleted, and both stand
/// in the trail. `policy_question`: in clear, the page asks for no names of pupils. `declaration`: once for each person and school year.
pub(super) fn understanding(backend: DbBackend) -> Vec<String> {
    let check = vec![id("id"), id("person_id"), code("policy"), number("number"), text("checked_on"), id("checked_by"), number("made_at")];
    let question = vec![
        id("id"),
        code("policy"),
        id("asked_by"),
        text("asked"),
        text("asked_on"),
        text("due"),
        some_text("answer"),
        some_id("answered_by"),
        some_text("answered_on"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    let declaration = vec![id("person_id"), number("school_year"), text("said_on"), number("made_at")];
    vec![
        table_sql(backend, &of_organisation("understanding", &["id"], check)),
        table_sql(backend, &of_organisation("policy_question", &["id"], question)),
        table_sql(backend, &of_organisation("declaration", &["person_id", "school_year"], declaration)),
        index_sql(backend, &index("understanding", &["organisation_id", "person_id"])),
    ]
}

/// Whom a letter reminded to sign, and for whom: one row for each two, which keeps the last day and how often about the same.
pub(super) fn reminders(backend: DbBackend) -> Vec<String> {
    let reminder = vec![id("for_id"), id("to_id"), text("last_on"), number("times"), number("made_at")];
    vec![table_sql(backend, &of_organisation("agreement_reminder", &["for_id", "to_id"], reminder))]
}

/// When somebody first opened a version of a text where it is signed. Nothing is changed here, only added.
pub(super) fn opened(backend: DbBackend) -> Vec<String> {
    let opened = vec![id("version_id"), id("person_id"), number("opened_at")];
    vec![
        table_sql(backend, &of_organisation("text_opened", &["version_id", "person_id"], opened)),
        index_sql(backend, &index("text_opened", &["organisation_id", "person_id"])),
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
