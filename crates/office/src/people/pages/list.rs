//! Who is here: the list, and the same as a file.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::{csv_file, xlsx_file};
use crate::access::{Action, Thing};
use crate::people::view::{ListPage, RowOfList};
use crate::people::{self, Find, Membership, Order, Person, Slice, Standing, YearGroup, export};
use crate::web::{Ask, Caller, Problem, Route, Shared};

/// How many people stand on one part of the list.
const PART: u64 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page("/people", Ask::School(Action::SeePeople), list).in_menu("People"),
        Route::page("/people.csv", Ask::School(Action::SeePeople), csv),
        Route::page("/people.xlsx", Ask::School(Action::SeePeople), xlsx),
    ]
}

/// What is looked for. A link with it can be passed on.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::people) struct Search {
    #[serde(default)]
    pub(in crate::people) find: String,
    #[serde(default)]
    pub(in crate::people) is: String,
    #[serde(default)]
    pub(in crate::people) year: String,
    #[serde(default)]
    pub(in crate::people) left: String,
    #[serde(default)]
    pub(in crate::people) sort: String,
    #[serde(default)]
    pub(in crate::people) from: u64,
}

// === impl Search ===

impl Search {
    fn find(&self, caller: &Caller) -> Result<Find, Problem> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let membership = some(&self.is).map(|word| word.parse::<Membership>()).transpose().map_err(|_| Problem::NotReadable)?;
        let year = some(&self.year).map(|word| word.parse().ok().and_then(YearGroup::new).ok_or(Problem::NotReadable)).transpose()?;
        let state = if self.left.is_empty() { Standing::Here(caller.today()) } else { Standing::Left(caller.today()) };
        Ok(Find { words: self.find.clone(), membership, year, group: None, state, order: self.order() })
    }

    /// In which order; by name where nothing else is wished for.
    pub(in crate::people) fn order(&self) -> Order {
        match self.sort.as_str() {
            "-name" => Order::NameDown,
            "year" => Order::Year,
            "-year" => Order::YearDown,
            _ => Order::Name,
        }
    }

    /// The same in another order, from the beginning.
    pub(in crate::people) fn sorted(&self, sort: &str) -> String {
        Self { sort: sort.to_owned(), ..self.clone() }.query(0)
    }

    /// The same, beginning elsewhere.
    pub(in crate::people) fn query(&self, from: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("find", &self.find), ("is", &self.is), ("year", &self.year), ("left", &self.left), ("sort", &self.sort)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if from > 0 {
            query.append_pair("from", &from.to_string());
        }
        query.finish()
    }
}

async fn list(State(house): State<Shared>, caller: Caller, search: Query<Search>) -> Result<Response, Problem> {
    let office = caller.office();
    let (sight, find) = (office.policies.sight(&caller.who()), search.find(&caller)?);
    let slice = Slice { from: search.from, most: PART };
    let found = people::seen(office.ledger.reader(), office.scope(), &sight, &find, slice, caller.today()).await?;
    caller.looks_at(Action::SeePeople, found.people.iter().map(|person| person.id)).await?;
    let rows: Vec<RowOfList> = found.people.iter().map(RowOfList::of).collect();
    let (may_add, may_import) = (caller.may(Action::AddPerson, &Thing::School), caller.may(Action::ImportPeople, &Thing::School));
    let page = ListPage { search: &search, rows: &rows, total: found.total, part: PART, may_add, may_import };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// All of those who are looked for, as a workbook.
async fn xlsx(caller: Caller, search: Query<Search>) -> Result<Response, Problem> {
    let found = all_found(&caller, &search).await?;
    xlsx_file("people.xlsx", export::xlsx(&found))
}

/// All of those who are looked for. They are seen by it.
async fn all_found(caller: &Caller, search: &Search) -> Result<Vec<Person>, Problem> {
    let office = caller.office();
    let (sight, find) = (office.policies.sight(&caller.who()), search.find(caller)?);
    let found = people::all_seen(office.ledger.reader(), office.scope(), &sight, &find, caller.today()).await?;
    caller.looks_at(Action::SeePeople, found.iter().map(|person| person.id)).await?;
    Ok(found)
}

/// The same as a table of text.
async fn csv(caller: Caller, search: Query<Search>) -> Result<Response, Problem> {
    Ok(csv_file("people.csv", export::csv(&all_found(&caller, &search).await?)))
}
