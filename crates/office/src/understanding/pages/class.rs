//! A teacher has gone through the rules with a class, and says who has understood them.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;

use crate::agreements::pages::class_of;
use crate::agreements::{Access, AgreementsError};
use crate::people::Group;
use crate::understanding::view::ClassPage;
use crate::understanding::{self, UnderstandingError, Understood, understood};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// A class with how it stands with each of its pupils.
struct Asked {
    group: Group,
    pupils: Vec<Access>,
    found: HashMap<PersonId, Understood>,
}

async fn asked(caller: &Caller, group: &str) -> Result<Asked, Problem> {
    let (group, pupils) = class_of(caller, group).await?;
    let found = understood(caller.office().ledger.reader(), caller.office().scope(), &pupils).await?;
    Ok(Asked { group, pupils, found: found.into_iter().map(|it| (it.person, it)).collect() })
}

pub(super) async fn page(State(house): State<Shared>, caller: Caller, Path(group): Path<String>) -> Result<Response, Problem> {
    shown(&house, &caller, &group, StatusCode::OK, Fields::default()).await
}

async fn shown(house: &Shared, caller: &Caller, id: &str, status: StatusCode, mut fields: Fields) -> Result<Response, Problem> {
    let asked = asked(caller, id).await?;
    if fields.get("on-year").is_empty() && fields.are_right() {
        fields.add_day("on", caller.today());
    }
    let rows: Vec<(&Access, &Understood)> =
        asked.pupils.iter().filter_map(|access| Some((access, asked.found.get(&access.person.id)?))).collect();
    let page = ClassPage { word: &caller.word(), id, name: asked.group.name.as_str(), rows: &rows, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn enter(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &id).await?;
    let on = fields.needed_day("on", "Enter the day on which you went through the rules");
    let ticked: Vec<&Understood> =
        fields.all("understood").filter_map(|id| id.parse::<PersonId>().ok()).filter_map(|id| asked.found.get(&id)).collect();
    if ticked.is_empty() {
        fields.wrong("understood", sentence(&UnderstandingError::Nobody.to_string()));
    }
    let Some(on) = on.filter(|_| fields.are_right()) else {
        return shown(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("understanding"))).await?;
    let field = match understanding::check(&mut unit, &ticked, on, caller.today()).await {
        Ok(()) => {
            unit.commit().await?;
            return Ok(Redirect::to(&format!("/agreements/class/{id}/understood")).into_response());
        }
        // A form that was sent twice.
        Err(error @ UnderstandingError::Nobody) => ("understood", error),
        Err(error @ UnderstandingError::Day) => ("on-day", error),
        Err(error) => return Err(error.into()),
    };
    drop(unit);
    fields.wrong(field.0, sentence(&field.1.to_string()));
    shown(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, fields).await
}

pub(super) async fn undo(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let asked = asked(&caller, &id).await?;
    let person: PersonId = fields.get("person").parse().map_err(|_| AgreementsError::NotThere)?;
    let pupil = asked.found.get(&person).ok_or(Problem::NotThere)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("understanding"))).await?;
    understanding::take_back_check(&mut unit, pupil).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/agreements/class/{id}/understood")).into_response())
}
