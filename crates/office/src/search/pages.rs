//! What is found for whom: each part is asked for as its own page asks for it, and whoever is shown is recorded as seen.

use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::view::{Hit, SearchPage};
use crate::access::{Action, Thing};
use crate::gate::Class;
use crate::people::{self, Find, Role, SchoolYear, Slice, Standing};
use crate::web::{Caller, Problem, Shared};

/// Most that are shown of a kind.
const MOST: usize = 20;
/// Fewer letters find everybody.
const LEAST_LETTERS: usize = 2;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Sought {
    #[serde(default)]
    q: String,
}

pub(super) async fn search(State(house): State<Shared>, caller: Caller, sought: Query<Sought>) -> Result<Html<String>, Problem> {
    let words = sought.q.trim();
    let mut found = Vec::new();
    if words.chars().count() >= LEAST_LETTERS && !caller.needs_second_factor() {
        found.push(("People", people_found(&caller, words).await?));
        found.push(("Classes", classes(&caller, words).await?));
        if caller.may(Action::SeeHoldings, &Thing::School) {
            found.push(("Roles", roles(&caller, words)));
            found.push(("Suppliers", suppliers(&caller, words).await?));
        }
        let pages = house.menu(&caller).into_iter().chain([("Your sign-in", "/my/sign-in")]);
        let pages = pages.filter(|(text, _)| has(text, words)).map(|(text, path)| Hit {
            text: text.to_owned(),
            detail: String::new(),
            path: path.to_owned(),
        });
        found.push(("Pages", pages.collect()));
    }
    let page = SearchPage { sought: words, is_short: words.chars().count() < LEAST_LETTERS, found: &found };
    Ok(Html(house.page(&page, Some(&caller))))
}

/// Whether each of the words stands in a text.
fn has(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

async fn people_found(caller: &Caller, words: &str) -> Result<Vec<Hit>, Problem> {
    let office = caller.office();
    let sight = office.policies.sight(&caller.who());
    if sight.is_blind() {
        return Ok(Vec::new());
    }
    let find = Find { words: words.to_owned(), state: Standing::Here(caller.today()), ..Find::default() };
    let slice = Slice { from: 0, most: MOST as u64 };
    let found = people::seen(office.ledger.reader(), office.scope(), &sight, &find, slice, caller.today()).await?;
    caller.looks_at(Action::SeePerson, found.people.iter().map(|person| person.id)).await?;
    let hit = |person: &people::Person| {
        let year = person.details.year.map(|year| format!(", {year}")).unwrap_or_default();
        let detail = format!("{}{year}", person.details.memberships);
        Hit { text: person.details.name(), detail, path: format!("/people/{}", person.id) }
    };
    Ok(found.people.iter().map(hit).collect())
}

async fn classes(caller: &Caller, words: &str) -> Result<Vec<Hit>, Problem> {
    let office = caller.office();
    let Some(year) = SchoolYear::of(caller.today()) else { return Ok(Vec::new()) };
    let groups = people::groups(office.ledger.reader(), office.scope(), year).await?;
    let called: Vec<_> = groups.into_iter().filter(|group| has(group.name.as_str(), words)).collect();
    if called.is_empty() {
        return Ok(Vec::new());
    }
    let classes = Class::kept(office, caller.today()).await?;
    let is_seen = |class: &Class| caller.may(Action::SeeClass, &class.thing());
    let seen = called.into_iter().filter(|group| classes.iter().any(|class| class.group == group.id && is_seen(class)));
    Ok(seen
        .take(MOST)
        .map(|group| Hit { text: group.name.to_string(), detail: String::new(), path: format!("/classes/{}", group.id) })
        .collect())
}

fn roles(caller: &Caller, words: &str) -> Vec<Hit> {
    let called = Role::ALL.iter().filter(|role| has(caller.titles().of(**role), words) || has(role.title(), words));
    called
        .map(|role| Hit { text: caller.titles().of(*role).to_owned(), detail: "Who holds it".to_owned(), path: "/roles".to_owned() })
        .collect()
}

async fn suppliers(caller: &Caller, words: &str) -> Result<Vec<Hit>, Problem> {
    let office = caller.office();
    let all = people::suppliers(office.ledger.reader(), office.scope()).await?;
    let called = all.iter().filter(|supplier| has(&format!("{} {}", supplier.details.name, supplier.details.services), words));
    let hit = |supplier: &people::Supplier| Hit {
        text: supplier.details.name.to_string(),
        detail: supplier.details.services.to_string(),
        path: "/suppliers".to_owned(),
    };
    Ok(called.take(MOST).map(hit).collect())
}
