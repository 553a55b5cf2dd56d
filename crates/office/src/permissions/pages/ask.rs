//! Somebody asks.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ledger::code;
use serde::Deserialize;

use crate::permissions::view::{AskPage, ChoosePage};
use crate::permissions::{Matter, NewPermission, PermissionsError, ask};
use crate::settings;
use crate::web::{Caller, Fields, Problem, Shared, sentence};

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct About {
    #[serde(default)]
    matter: String,
}

/// First what it is about; then the questions of that.
pub(super) async fn page(State(house): State<Shared>, caller: Caller, about: Query<About>) -> Result<Response, Problem> {
    match Matter::read(&about.matter) {
        None => Ok(Html(house.page(&ChoosePage, Some(&caller))).into_response()),
        Some(matter) => shown(&house, &caller, matter, StatusCode::OK, Fields::default()).await,
    }
}

async fn shown(house: &Shared, caller: &Caller, matter: Matter, status: StatusCode, mut fields: Fields) -> Result<Response, Problem> {
    if fields.get("from-year").is_empty() && fields.are_right() {
        fields.add_day("from", caller.today());
    }
    let days = settings::read(caller.office().ledger.reader(), caller.office().organisation).await?.value(matter.answered_within());
    let page = AskPage { word: &caller.word(), matter, days, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn send(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let matter = Matter::read(fields.get("matter")).ok_or(Problem::NotReadable)?;
    let about = fields.text("about");
    if about.is_empty() && fields.are_right() {
        fields.wrong("about", sentence(&PermissionsError::NoText.to_string()));
    }
    let from = fields.needed_day("from", "Enter the day from which you need it");
    let until = fields.needed_day("until", "Enter the last day for which you need it");
    let is_promised = fields.get("promise") == "yes";
    if matter.promise().is_some() && !is_promised {
        fields.wrong("promise", sentence(&PermissionsError::NoPromise.to_string()));
    }
    let (Some(from), Some(until), true) = (from, until, fields.are_right()) else {
        return shown(&house, &caller, matter, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let (office, today) = (caller.office(), caller.today());
    let days = settings::read(office.ledger.reader(), office.organisation).await?.value(matter.answered_within());
    let new = NewPermission { matter, about: &about, is_promised, from, until, due: house.after_school_days(today, days), today };
    let mut unit = office.ledger.begin(caller.act(code!("permissions"))).await?;
    let field = match ask(&mut unit, &office.keys, &new).await {
        Ok(id) => {
            unit.commit().await?;
            return Ok(Redirect::to(&format!("/permissions/{id}")).into_response());
        }
        Err(error @ PermissionsError::Days) => ("until-day", error),
        Err(error @ PermissionsError::NoText) => ("about", error),
        Err(error) => return Err(error.into()),
    };
    drop(unit);
    fields.wrong(field.0, sentence(&field.1.to_string()));
    shown(&house, &caller, matter, StatusCode::UNPROCESSABLE_ENTITY, fields).await
}
