//! The pages of settings: all of them, and each with its history.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::view::{ListPage, Past, SettingPage};
use super::{Setting, SettingsError, find, history, read, set};
use crate::access::{Action, Thing};
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
        may_change: caller.may(Action::ChangeSettings, &Thing::School),
        error,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn change(
    State(house): State<Shared>,
    caller: Caller,
    Path(word): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    // How the gate is set is tried out first, on its own page.
    let setting = find(&word).filter(|setting| !setting.is_gate()).ok_or(Problem::NotThere)?;
    let Ok(value) = typed.value.trim().parse() else {
        let error = format!("Enter a whole number from {} to {}", setting.least, setting.most);
        return page(&house, &caller, setting, StatusCode::UNPROCESSABLE_ENTITY, Some(&error), &typed).await;
    };
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
