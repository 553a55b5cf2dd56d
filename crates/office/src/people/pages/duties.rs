//! Who answers for what (the responsibility matrix), what roles and terms are called here, and how many must hold a role.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;

use super::names;
use super::person::is_given;
use crate::access::{Action, Thing};
use crate::people::view::{DutiesPage, DutyPage, NamePage, NameRow, NamesPage};
use crate::people::{self, Role, Roles, Short, TERMS};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    const KEEP: Ask = Ask::School(Action::KeepRegister);
    vec![
        Route::page("/duties", Ask::School(Action::SeeHoldings), duties).in_menu("Duties"),
        Route::page("/duties/{duty}", KEEP, to_change),
        Route::form("/duties/{duty}", KEEP, change),
        Route::page("/names", KEEP, all_names),
        Route::page("/names/{word}", KEEP, to_name),
        Route::form("/names/{word}", KEEP, name),
    ]
}

async fn duties(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let office = caller.office();
    let rows = people::matrix(office.ledger.reader(), office.scope(), caller.today()).await?;
    let mut holders: Vec<PersonId> = rows.iter().flat_map(|row| row.holders.iter().map(|holding| holding.person)).collect();
    holders.sort();
    holders.dedup();
    caller.looks_at(Action::SeeHoldings, holders.iter().copied()).await?;
    let page = DutiesPage {
        rows: &rows,
        names: &names(&caller, &holders).await?,
        may_change: caller.may(Action::KeepRegister, &Thing::School),
        titles: caller.titles(),
    };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// A duty as it is given here.
async fn row(caller: &Caller, word: &str) -> Result<people::Row, Problem> {
    let office = caller.office();
    let rows = people::matrix(office.ledger.reader(), office.scope(), caller.today()).await?;
    rows.into_iter().find(|row| row.duty.word == word).ok_or(Problem::NotThere)
}

async fn to_change(State(house): State<Shared>, caller: Caller, Path(word): Path<String>) -> Result<Response, Problem> {
    let row = row(&caller, &word).await?;
    let mut fields = Fields::default();
    fields.add("accountable", row.roles.accountable.as_str());
    fields.add("lead", row.roles.lead.as_str());
    fields.add("day_to_day", row.roles.day_to_day.as_str());
    fields.add("seen", words_of(row.roles));
    duty_page(&house, &caller, &row, &fields, StatusCode::OK)
}

/// The roles of a duty as the form carries them, to see whether they are still those.
fn words_of(roles: Roles) -> String {
    [roles.accountable, roles.lead, roles.day_to_day].map(Role::as_str).join(" ")
}

fn duty_page(house: &Shared, caller: &Caller, row: &people::Row, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    Ok((status, Html(house.page(&DutyPage { titles: caller.titles(), word: &caller.word(), fields, row }, Some(caller)))).into_response())
}

async fn change(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let row = row(&caller, &word).await?;
    if fields.get("seen") != words_of(row.roles) {
        return Err(Problem::Conflict);
    }
    let mut role = |name: &str| {
        let role = fields.get(name).parse::<Role>().ok().filter(|role| is_given(*role));
        if role.is_none() {
            fields.wrong(name, "Choose a role");
        }
        role
    };
    let chosen = (role("accountable"), role("lead"), role("day_to_day"));
    let (Some(accountable), Some(lead), Some(day_to_day)) = chosen else {
        return duty_page(&house, &caller, &row, &fields, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("people"))).await?;
    people::set_duty(&mut unit, row.duty.word, row.roles, Roles { accountable, lead, day_to_day }).await?;
    unit.commit().await?;
    Ok(Redirect::to("/duties").into_response())
}

/// Every role that is given, and every term, with what it is called here.
async fn rows(caller: &Caller) -> Result<Vec<NameRow>, Problem> {
    let office = caller.office();
    let aliases = people::aliases(office.ledger.reader(), office.scope()).await?;
    let minimums = people::minimums(office.ledger.reader(), office.scope()).await?;
    let own = |word: &str| aliases.iter().find(|(known, _)| known == word).map(|(_, title)| title.clone());
    let roles = Role::ALL.iter().map(|role| NameRow {
        word: role.as_str(),
        usual: role.title().to_owned(),
        own: own(role.as_str()),
        least: is_given(*role).then(|| minimums.get(role).copied().unwrap_or(role.least())),
    });
    let terms = TERMS.iter().filter(|term| term.parse::<Role>().is_err()).map(|term| NameRow {
        word: term,
        usual: term.replace('_', " "),
        own: own(term),
        least: None,
    });
    Ok(roles.chain(terms).collect())
}

async fn all_names(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    Ok(Html(house.page(&NamesPage { rows: &rows(&caller).await? }, Some(&caller))).into_response())
}

async fn the_name(caller: &Caller, word: &str) -> Result<NameRow, Problem> {
    rows(caller).await?.into_iter().find(|row| row.word == word).ok_or(Problem::NotThere)
}

async fn to_name(State(house): State<Shared>, caller: Caller, Path(word): Path<String>) -> Result<Response, Problem> {
    let row = the_name(&caller, &word).await?;
    let mut fields = Fields::default();
    fields.add("own", row.own.as_deref().unwrap_or_default());
    row.least.iter().for_each(|least| fields.add("least", least));
    fields.add("seen", seen_of(&row));
    name_page(&house, &caller, &row, &fields, StatusCode::OK)
}

/// The same of a name, and of how many must hold the role.
fn seen_of(row: &NameRow) -> String {
    format!("{} {}", row.least.map(|least| least.to_string()).unwrap_or_default(), row.own.as_deref().unwrap_or_default())
}

fn name_page(house: &Shared, caller: &Caller, row: &NameRow, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    Ok((status, Html(house.page(&NamePage { word: &caller.word(), fields, row }, Some(caller)))).into_response())
}

async fn name(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let row = the_name(&caller, &word).await?;
    if fields.get("seen") != seen_of(&row).trim() {
        return Err(Problem::Conflict);
    }
    let own = fields.short("own");
    let least = fields.get("least").parse::<u8>().ok().filter(|least| *least <= 20);
    if row.least.is_some() && least.is_none() {
        fields.wrong("least", "Enter a number from 0 to 20");
    }
    if !fields.are_right() {
        return name_page(&house, &caller, &row, &fields, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let to = Redirect::to("/names").into_response();
    let is_named = own.as_ref().map(Short::as_str) != row.own.as_deref();
    let is_counted = row.least.is_some() && least != row.least;
    if !is_named && !is_counted {
        return Ok(to);
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("people"))).await?;
    match (own, row.own.as_deref()) {
        (Some(own), seen) if is_named => people::set_alias(&mut unit, row.word, seen, &own).await?,
        (None, Some(seen)) if is_named => people::clear_alias(&mut unit, row.word, seen).await?,
        _ => {}
    }
    if let (Some(seen), Some(least), Ok(role), true) = (row.least, least, row.word.parse::<Role>(), is_counted) {
        people::set_minimum(&mut unit, role, seen, least).await?;
    }
    unit.commit().await?;
    Ok(to)
}
