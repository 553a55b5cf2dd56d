//! The pages about people: who is here, one person, their family, how they come in from a file, and who answers for what.

mod adult;
mod classes;
mod contacts;
mod duties;
mod edit;
mod history;
mod import;
mod list;
mod person;
mod roles;
mod suppliers;
mod year;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use ids::PersonId;

use super::export::TooManyRows;
use super::{Find, Membership, Person, Slice, Standing, Ties};
use crate::access::{Action, Thing};
use crate::people;
use crate::web::{Caller, Fields, Problem, Route, sentence};

pub(super) use import::{Part, told};
pub(super) use list::Search;
pub(super) use person::is_given;

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        edit::routes(),
        person::routes(),
        classes::routes(),
        import::routes(),
        year::routes(),
        duties::routes(),
        suppliers::routes(),
        adult::routes(),
        contacts::routes(),
        history::routes(),
        roles::routes(),
    ]
    .concat()
}

/// The person of that id with what ties others to them, if the caller may do `action` to them.
async fn the_person(caller: &Caller, id: &str, action: Action) -> Result<(Person, Ties), Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let (reader, scope) = (caller.office().ledger.reader(), caller.office().scope());
    let person = people::person(reader, scope, id).await?;
    let ties = people::ties(reader, scope, &[id], caller.today()).await?.remove(&id).unwrap_or_default();
    // Somebody who is not there is asked about like somebody else's.
    caller.must(action, &thing(id, &ties))?;
    Ok((person.ok_or(Problem::NotThere)?, ties))
}

/// What is decided about.
fn thing(who: PersonId, ties: &Ties) -> Thing {
    Thing::Person { who, teachers: ties.teachers.clone(), carers: ties.carers.clone() }
}

/// What people are called, in the order of their names.
async fn names(caller: &Caller, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, Problem> {
    let found = people::persons(caller.office().ledger.reader(), caller.office().scope(), ids).await?;
    let mut named: Vec<(PersonId, String)> = found.into_iter().map(|person| (person.id, person.details.name())).collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(named)
}

/// The record is as the form has shown it.
fn as_seen(fields: &Fields, version: i64) -> Result<(), Problem> {
    if fields.get("version") == version.to_string() { Ok(()) } else { Err(Problem::Conflict) }
}

/// Who of the staff was named in a field; nothing where nobody was, or it is not one, which is said there. `known`: who stood there before, and is
/// meant where several are called so.
async fn of_staff(caller: &Caller, fields: &mut Fields, field: &str, known: Option<PersonId>) -> Result<Option<PersonId>, Problem> {
    let name = fields.get(field).to_lowercase();
    if name.is_empty() {
        return Ok(None);
    }
    let find = Find { words: name.clone(), membership: Some(Membership::Staff), state: Standing::Here(caller.today()), ..Find::default() };
    let found = people::find(caller.office().ledger.reader(), caller.office().scope(), &find, Slice::FIRST).await?.people;
    let called: Vec<PersonId> =
        found.iter().filter(|person| person.details.name().to_lowercase() == name).map(|person| person.id).collect();
    match (known.filter(|known| called.contains(known)), called.as_slice()) {
        (Some(known), _) | (None, &[known]) => Ok(Some(known)),
        (None, []) => {
            fields.wrong(field, "Nobody of the staff is called so; enter first name and family name");
            Ok(None)
        }
        (None, _) => {
            fields.wrong(field, "Several of the staff are called so; choose somebody else, or ask the headteacher");
            Ok(None)
        }
    }
}

/// A table as a file, to be kept by whoever asked for it.
fn csv_file(name: &str, text: String) -> Response {
    file("text/csv; charset=utf-8", name, text)
}

/// The same as a workbook of Excel.
fn xlsx_file(name: &str, book: Result<Vec<u8>, TooManyRows>) -> Result<Response, Problem> {
    let book = book.map_err(|error| Problem::Told(sentence(&error.to_string())))?;
    Ok(file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, book))
}

fn file(kind: &'static str, name: &str, body: impl IntoResponse) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, named)], body).into_response()
}
