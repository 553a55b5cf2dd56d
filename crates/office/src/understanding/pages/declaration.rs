//! Once a year staff and governors say that their own accounts are private.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ledger::code;

use super::has_declared;
use crate::understanding::view::DeclarationPage;
use crate::understanding::{self, UnderstandingError, declarations_of};
use crate::web::{Caller, Fields, Problem, Shared};

pub(super) async fn page(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    shown(&house, &caller, StatusCode::OK, Fields::default()).await
}

async fn shown(house: &Shared, caller: &Caller, status: StatusCode, fields: Fields) -> Result<Response, Problem> {
    let is_said = has_declared(caller).await?.ok_or(Problem::NotThere)?;
    let said = declarations_of(caller.office().ledger.reader(), caller.office().organisation, caller.person()).await?;
    let page = DeclarationPage { word: &caller.word(), is_said, said: &said, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn declare(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    if fields.get("private") != "yes" {
        fields.wrong("private", "Tick the box to say so. If you need help with your settings, ask the online safety lead");
        return shown(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("understanding"))).await?;
    match understanding::declare(&mut unit, caller.today()).await {
        Ok(()) => unit.commit().await?,
        // A form that was sent twice.
        Err(UnderstandingError::Declared) => drop(unit),
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/my/declaration").into_response())
}
