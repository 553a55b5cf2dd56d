//! People: who is in the school, what they are to each other, and who answers for what. Why which column is in clear:
//! `docs/adr/0014`.

use sea_orm::DbBackend;

use super::columns::{
    code, id, index, index_sql, number, of_organisation, small, some_bytes, some_id, some_small, some_text, table_sql, text,
};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let mut all: Vec<String> = persons()
        .into_iter()
        .chain(relations())
        .chain(answers())
        .map(|(name, key, columns)| table_sql(backend, &of_organisation(name, key, columns)))
        .collect();
    let mut source = index("person", &["organisation_id", "source"]);
    all.push(index_sql(backend, source.unique()));
    all.extend(
        [
            index("person", &["organisation_id", "family", "given", "id"]),
            index("person", &["organisation_id", "email"]),
            index("group_member", &["organisation_id", "person_id"]),
            index("household_member", &["organisation_id", "person_id"]),
            index("relation", &["organisation_id", "child_id"]),
            index("role_holding", &["organisation_id", "person_id"]),
        ]
        .iter()
        .map(|index| index_sql(backend, index)),
    );
    all
}

type Tables = Vec<(&'static str, &'static [&'static str], Vec<sea_orm::sea_query::ColumnDef>)>;

fn persons() -> Tables {
    // `source`: the person's own key in the file or system that they come from. `sought`: what a search looks through. `phone`: sealed.
    let person = vec![
        id("id"),
        some_id("site_id"),
        some_text("source"),
        small("memberships"),
        text("given"),
        text("family"),
        some_text("known_as"),
        some_text("email"),
        some_text("language"),
        some_small("year"),
        some_id("sponsor_id"),
        some_bytes("phone"),
        text("started"),
        some_text("ended"),
        text("sought"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    let group = vec![
        id("id"),
        some_id("site_id"),
        code("kind"),
        text("name"),
        small("school_year"),
        some_small("year"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    let group_member = vec![id("group_id"), id("person_id"), code("part"), text("started"), some_text("ended")];
    vec![
        ("person", &["id"], person),
        ("school_group", &["id"], group),
        ("group_member", &["group_id", "person_id", "started"], group_member),
    ]
}

fn relations() -> Tables {
    // `address`: sealed.
    let household = vec![id("id"), some_bytes("address"), number("version").default(0).take(), number("made_at")];
    let household_member = vec![id("household_id"), id("person_id"), text("started"), some_text("ended")];
    // `may_message`: whether a message may leave. Why not (a court order, do not contact, not confirmed yet) is sealed in `care`.
    let relation = vec![
        id("adult_id"),
        id("child_id"),
        code("kinship"),
        small("responsibility"),
        small("lives_with"),
        small("may_message"),
        some_bytes("care"),
        text("started"),
        some_text("ended"),
        number("version").default(0).take(),
    ];
    vec![
        ("household", &["id"], household),
        ("household_member", &["household_id", "person_id", "started"], household_member),
        ("relation", &["adult_id", "child_id"], relation),
    ]
}

fn answers() -> Tables {
    // `authority`: by what, such as the minute of the governors' meeting. `duties`: accountable, lead, day to day, a bit each.
    let holding = vec![
        id("id"),
        id("person_id"),
        code("role"),
        small("duties"),
        some_text("authority"),
        text("started"),
        some_text("ended"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    let alias = vec![code("word"), text("title"), number("version").default(0).take()];
    let minimum = vec![code("role"), small("least"), number("version").default(0).take()];
    let duty = vec![code("duty"), code("accountable"), code("lead"), code("day_to_day"), number("version").default(0).take()];
    let supplier = vec![
        id("id"),
        text("name"),
        text("services"),
        some_text("contact"),
        some_text("policy"),
        some_text("accepted"),
        some_text("review"),
        some_id("owner_id"),
        text("started"),
        some_text("ended"),
        number("version").default(0).take(),
        number("made_at"),
    ];
    vec![
        ("role_holding", &["id"], holding),
        ("alias", &["word"], alias),
        ("role_minimum", &["role"], minimum),
        ("duty_role", &["duty"], duty),
        ("supplier", &["id"], supplier),
    ]
}
