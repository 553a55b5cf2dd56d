//! The pages of settings: all of them, and each with its history.

use std::collections::HashSet;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::view::{ListPage, Past, SettingPage};
use super::{Setting, SettingsError, find, history, read, set};
use crate::access::{Action, Thing};
use crate::agreements::{self, Access};
use crate::people;
use crate::web::{Ask, Caller, Problem, Route, Shared, sentence};

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/settings", Ask::School(Action::SeeSettings), list).in_menu("Settings"),
        Route::page("/settings/{setting}", Ask::School(Action::SeeSettings), setting),
        Route::form("/settings/{setting}", Ask::School(Action::ChangeSettings), change),
    ]
}

#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    value: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    seen: i64,
    /// To how many more it would shut the internet, as whoever sends it was told.
    #[serde(default)]
    shut: String,
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::Records(error) => error.into(),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let settings = read(caller.office().ledger.reader(), caller.office().organisation).await?;
    Ok(Html(house.page(&ListPage { settings: &settings }, Some(&caller))).into_response())
}

async fn setting(State(house): State<Shared>, caller: Caller, Path(word): Path<String>) -> Result<Response, Problem> {
    page(&house, &caller, find(&word).ok_or(Problem::NotThere)?, StatusCode::OK, None, &Typed::default()).await
}

async fn page(
    house: &Shared,
    caller: &Caller,
    setting: &Setting,
    status: StatusCode,
    error: Option<&str>,
    typed: &Typed,
) -> Result<Response, Problem> {
    let office = caller.office();
    let changes = history(office.ledger.reader(), office.organisation, setting).await?;
    let by: Vec<PersonId> = changes.iter().map(|changed| changed.by).collect();
    let people = people::persons(office.ledger.reader(), office.scope(), &by).await?;
    caller.looks_at(Action::SeeSettings, people.iter().map(|person| person.id)).await?;
    let name = |id: PersonId| people.iter().find(|person| person.id == id).map_or_else(String::new, |person| person.details.name());
    let zone = house.zone();
    let past = |changed: &super::Changed| Past {
        value: setting.words(changed.value),
        reason: changed.reason.clone(),
        by: name(changed.by),
        at: changed.at.timestamp().to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string(),
    };
    let now = changes.first().map_or(setting.usual, |changed| changed.value);
    let page = SettingPage {
        word: &caller.word(),
        setting,
        now,
        seen: changes.first().map_or(0, |changed| changed.number),
        typed: if typed.value.is_empty() { None } else { Some(&typed.value) },
        reason: &typed.reason,
        past: &changes.iter().map(past).collect::<Vec<_>>(),
        may_change: may_change(caller, setting),
        shut: shut(caller, setting, &typed.value).await?,
        error,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// What shuts the internet to people is the headteacher's, as the gate is.
fn may_change(caller: &Caller, setting: &Setting) -> bool {
    caller.may(if setting.shuts() || setting.is_gate() { Action::ChangeGate } else { Action::ChangeSettings }, &Thing::School)
}

/// To how many more a value would shut the internet; none where it shuts it to nobody, or cannot be set.
async fn shut(caller: &Caller, setting: &Setting, value: &str) -> Result<usize, Problem> {
    let value = value.trim().parse().ok().filter(|value| setting.shuts() && (setting.least..=setting.most).contains(value));
    let Some(value) = value else { return Ok(0) };
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let now = read(reader, scope.organisation).await?;
    let is_open = |access: &Access| !access.is_gated();
    let before: HashSet<PersonId> = agreements::access_with(reader, scope, &now, today)
        .await?
        .iter()
        .filter(|access| is_open(access))
        .map(|access| access.person.id)
        .collect();
    let after = agreements::access_with(reader, scope, &now.with(setting, value), today).await?;
    Ok(after.iter().filter(|access| !is_open(access) && before.contains(&access.person.id)).count())
}

async fn change(
    State(house): State<Shared>,
    caller: Caller,
    Path(word): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    // How the gate is set is tried out first, on its own page.
    let setting = find(&word).filter(|setting| !setting.is_gate() && may_change(&caller, setting)).ok_or(Problem::NotThere)?;
    let Ok(value) = typed.value.trim().parse() else {
        let error = format!("Enter a whole number from {} to {}", setting.least, setting.most);
        return page(&house, &caller, setting, StatusCode::UNPROCESSABLE_ENTITY, Some(&error), &typed).await;
    };
    let more = shut(&caller, setting, &typed.value).await?;
    if more > 0 && typed.shut != more.to_string() {
        let people = if more == 1 { "1 more person".to_owned() } else { format!("{more} more people") };
        let error = format!("With it {people} would be without the internet at once. Say below that it is meant");
        return page(&house, &caller, setting, StatusCode::UNPROCESSABLE_ENTITY, Some(&error), &typed).await;
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("settings"))).await?;
    match set(&mut unit, setting, typed.seen, value, &typed.reason).await {
        Ok(()) => {
            unit.commit().await?;
            Ok(Redirect::to(&format!("/settings/{}", setting.word)).into_response())
        }
        Err(SettingsError::Records(error)) => Err(error.into()),
        Err(told) => {
            drop(unit);
            let error = sentence(&told.to_string());
            page(&house, &caller, setting, StatusCode::UNPROCESSABLE_ENTITY, Some(&error), &typed).await
        }
    }
}
