//! Who holds which role today.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use ids::PersonId;

use super::person::is_given;
use crate::access::Action;
use crate::people::view::{RoleRow, RolesPage};
use crate::people::{self, Holding, Person, Role};
use crate::web::{Ask, Caller, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page("/roles", Ask::School(Action::SeeHoldings), roles).in_menu("Roles")]
}

async fn roles(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let holdings: Vec<Holding> = people::holdings(reader, scope).await?.into_iter().filter(|holding| holding.holds(today)).collect();
    let ids: Vec<PersonId> = holdings.iter().map(|holding| holding.person).collect();
    let here: Vec<Person> = people::persons(reader, scope, &ids).await?.into_iter().filter(|person| person.is_here(today)).collect();
    caller.looks_at(Action::SeeHoldings, here.iter().map(|person| person.id)).await?;
    let gaps = people::gaps(reader, scope, today).await?;
    let rows: Vec<RoleRow> = Role::ALL
        .iter()
        .filter(|role| is_given(**role))
        .map(|role| {
            let of_role = holdings.iter().filter(|holding| holding.role == *role);
            let mut holders: Vec<String> = of_role
                .filter_map(|holding| here.iter().find(|person| person.id == holding.person))
                .map(|person| person.details.name())
                .collect();
            holders.sort();
            holders.dedup();
            RoleRow {
                role: *role,
                title: caller.titles().of(*role).to_owned(),
                holders,
                gap: gaps.iter().find(|gap| gap.role == *role).copied(),
            }
        })
        .collect();
    Ok(Html(house.page(&RolesPage { rows: &rows }, Some(&caller))).into_response())
}
