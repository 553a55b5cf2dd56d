//! The pages of permissions: what the reader may see of them, the way to ask, and each with what became of it.

mod ask;
mod one;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use ids::PersonId;
use serde::Deserialize;

use super::view::{ListPage, Row};
use super::{Permission, PermissionsError, Standing, held_by, permissions, undecided};
use crate::access::{Action, Thing};
use crate::people::{self, Person, Role};
use crate::web::{Ask, Caller, Problem, Route, Shared, sentence};

/// How many stand on one part of the list.
const PART: usize = 50;

/// The headings of the table for spreadsheets.
const HEADINGS: [&str; 9] = ["What", "Who asked", "Asked on", "From", "Until", "How it stands", "Decided by", "Decided on", "Said"];

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    const ASK: Ask = Ask::School(Action::AskPermission);
    const SEE: Ask = Ask::Thing(&[Action::SeePermission]);
    vec![
        Route::page("/permissions", ASK, list).in_menu("Permissions"),
        Route::page("/permissions.csv", ASK, csv),
        Route::page("/permissions/new", ASK, ask::page),
        Route::form("/permissions/new", ASK, ask::send),
        Route::page("/permissions/{id}", SEE, one::page),
        Route::form("/permissions/{id}/decide", SEE, one::decide),
        Route::form("/permissions/{id}/take-back", SEE, one::take_back),
        Route::form("/permissions/{id}/end", SEE, one::end),
    ]
}

/// What is looked for. A link with it can be passed on.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::permissions) struct Look {
    /// `all`: what is over too; empty: what waits or holds.
    #[serde(default)]
    pub(in crate::permissions) show: String,
    /// Of one matter, by its word.
    #[serde(default)]
    pub(in crate::permissions) matter: String,
    /// How many stand on the parts before.
    #[serde(default)]
    pub(in crate::permissions) from: usize,
}

impl From<PermissionsError> for Problem {
    fn from(error: PermissionsError) -> Self {
        match error {
            PermissionsError::NotThere => Self::NotThere,
            PermissionsError::People(error) => error.into(),
            PermissionsError::Settings(error) => error.into(),
            PermissionsError::Records(error) => error.into(),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

/// Who asked for what, as the policies of access know it.
fn thing(permission: &Permission, heads: &[PersonId]) -> Thing {
    Thing::Permission { asker: permission.asked_by, matter: permission.matter, of_headteacher: heads.contains(&permission.asked_by) }
}

/// Whoever is the headteacher today.
async fn heads(caller: &Caller) -> Result<Vec<PersonId>, Problem> {
    let holdings = people::holdings(caller.office().ledger.reader(), caller.office().scope()).await?;
    let is_head = |holding: &&people::Holding| holding.role == Role::Headteacher && holding.holds(caller.today());
    Ok(holdings.iter().filter(is_head).map(|holding| holding.person).collect())
}

/// Those that the caller may see, what needs somebody first.
async fn seen(caller: &Caller) -> Result<Vec<Permission>, Problem> {
    let heads = heads(caller).await?;
    let mut all = permissions(caller.office().ledger.reader(), caller.office().organisation).await?;
    all.retain(|permission| caller.may(Action::SeePermission, &thing(permission, &heads)));
    let today = caller.today();
    all.sort_by_key(|permission| Standing::ALL.iter().position(|standing| *standing == permission.stands(today)));
    Ok(all)
}

/// How many wait for the caller to decide.
pub(crate) async fn waiting(caller: &Caller) -> Result<usize, Problem> {
    if !caller.may(Action::AskPermission, &Thing::School) {
        return Ok(0);
    }
    let open = undecided(caller.office().ledger.reader(), caller.office().organisation).await?;
    if open.is_empty() {
        return Ok(0);
    }
    let heads = heads(caller).await?;
    Ok(open.iter().filter(|permission| caller.may(Action::DecidePermission, &thing(permission, &heads))).count())
}

/// Their own that are to be back, and when: until they say so.
pub(crate) async fn to_be_back(caller: &Caller) -> Result<Vec<Permission>, Problem> {
    if !caller.may(Action::AskPermission, &Thing::School) {
        return Ok(Vec::new());
    }
    let mut all = held_by(caller.office().ledger.reader(), caller.office().organisation, caller.person()).await?;
    let is_away = |standing| matches!(standing, Standing::Holds | Standing::NotBack);
    all.retain(|it| it.matter.comes_back() && is_away(it.stands(caller.today())));
    Ok(all)
}

/// What the people in these are called. They are seen by it.
async fn named(caller: &Caller, all: &[Permission]) -> Result<Vec<Person>, Problem> {
    let deciders = all.iter().filter_map(|permission| permission.decision.as_ref().map(|decision| decision.by));
    let mut ids: Vec<PersonId> = all.iter().map(|permission| permission.asked_by).chain(deciders).collect();
    ids.sort();
    ids.dedup();
    caller.looks_at(Action::SeePermission, ids.iter().copied().filter(|id| *id != caller.person())).await?;
    Ok(people::persons(caller.office().ledger.reader(), caller.office().scope(), &ids).await?)
}

fn name_of(people: &[Person], id: PersonId) -> String {
    people.iter().find(|person| person.id == id).map_or_else(|| "Somebody who has left".to_owned(), |person| person.details.name())
}

// === impl Look ===

impl Look {
    fn finds(&self, permission: &Permission, caller: &Caller) -> bool {
        let is_shown = self.show == "all" || permission.stands(caller.today()).is_alive();
        is_shown && (self.matter.is_empty() || permission.matter.word() == self.matter)
    }
}

async fn list(State(house): State<Shared>, caller: Caller, look: Query<Look>) -> Result<Response, Problem> {
    let mut found = seen(&caller).await?;
    let any = !found.is_empty();
    found.retain(|permission| look.finds(permission, &caller));
    let total = found.len();
    let part: Vec<Permission> = found.into_iter().skip(look.from).take(PART).collect();
    let people = named(&caller, &part).await?;
    let rows: Vec<Row<'_>> =
        part.iter().map(|it| Row { permission: it, standing: it.stands(caller.today()), who: name_of(&people, it.asked_by) }).collect();
    let page = ListPage { look: &look, rows: &rows, total, any, part: PART };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

async fn csv(caller: Caller, look: Query<Look>) -> Result<Response, Problem> {
    let mut found = seen(&caller).await?;
    found.retain(|permission| look.finds(permission, &caller));
    let people = named(&caller, &found).await?;
    let rows = found.iter().map(|it| {
        let decision = it.decision.as_ref();
        vec![
            it.matter.title().to_owned(),
            name_of(&people, it.asked_by),
            it.asked.to_string(),
            it.from.to_string(),
            it.until.to_string(),
            it.stands(caller.today()).title().to_owned(),
            decision.map(|decision| name_of(&people, decision.by)).unwrap_or_default(),
            decision.map(|decision| decision.on.to_string()).unwrap_or_default(),
            decision.map(|decision| decision.why.clone()).unwrap_or_default(),
        ]
    });
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"permissions.csv\"")];
    Ok((headers, people::export::table(&HEADINGS, rows)).into_response())
}
