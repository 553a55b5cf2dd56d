//! How children, parents and guests come in: the door of a class, pictures, cards, mailed links, passes of guests.

use sea_orm::DbBackend;

use super::columns::{
    bytes, code, id, index, index_sql, number, of_organisation, small, some_bytes, some_id, some_number, some_text, table_sql, text,
};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // `code`: what opens the page with the class's pictures, and nothing more; its teacher must be able to read it again.
    let door = vec![text("code"), small("way"), number("made_at")];
    // `symbol`: the picture beside the child's name. `pictures`: cost, salt and hash of the picture password under the machine's key.
    let pictures = vec![small("symbol"), some_bytes("pictures"), number("version").default(0).take(), number("made_at")];
    // `hash`: SHA-256 of 256 random bits, as of everything below.
    let card = vec![bytes("hash"), id("group_id"), id("person_id"), number("made_at"), some_number("ended_at")];
    // `address`: to which mail address it went, under the machine's key.
    let mailed = vec![bytes("hash"), id("person_id"), bytes("address"), number("until"), some_number("used_at"), number("made_at")];
    // A guest is a person of the school for a day or more. `reason`: a word of the program's own. `host_id`: who let them in; nobody where they
    // came in by themselves. `notice`: SHA-256 of the text that they accepted, and `address`: at which device; none until they have.
    let pass = vec![
        id("person_id"),
        bytes("hash"),
        code("reason"),
        some_id("host_id"),
        some_bytes("notice"),
        some_number("accepted_at"),
        some_text("address"),
        number("until"),
        some_number("ended_at"),
        number("made_at"),
    ];
    vec![
        table_sql(backend, &of_organisation("class_door", &["group_id"], [vec![id("group_id")], door].concat())),
        index_sql(backend, index("class_door", &["organisation_id", "code"]).unique()),
        table_sql(backend, &of_organisation("picture_sign_in", &["person_id"], [vec![id("person_id")], pictures].concat())),
        table_sql(backend, &of_organisation("sign_in_card", &["hash"], card)),
        index_sql(backend, &index("sign_in_card", &["organisation_id", "group_id"])),
        table_sql(backend, &of_organisation("mailed_link", &["hash"], mailed)),
        index_sql(backend, &index("mailed_link", &["organisation_id", "address"])),
        table_sql(backend, &of_organisation("guest_pass", &["person_id"], pass)),
        index_sql(backend, index("guest_pass", &["organisation_id", "hash"]).unique()),
    ]
}
