//! The pages about people: who is here, one person, their family, how they come in from a file, and who answers for what.

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

use calendar::Date;
use ids::PersonId;

use super::{Person, Ties};
use crate::access::{Action, Thing};
use crate::people;
use crate::web::{Caller, Problem, Route};

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

/// A day as people write it: 1 September 2026.
fn long(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}
