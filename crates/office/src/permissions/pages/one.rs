//! One permission: what was asked for, what became of it, and the way to decide.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ledger::code;

use super::{heads, name_of, named, thing};
use crate::access::Action;
use crate::permissions::view::OnePage;
use crate::permissions::{self, Permission, PermissionsError, permissions, text_of};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// One, with what the caller may do about it.
struct Asked {
    permission: Permission,
    may_decide: bool,
}

async fn asked(caller: &Caller, id: &str) -> Result<Asked, Problem> {
    let all = permissions(caller.office().ledger.reader(), caller.office().organisation).await?;
    let permission = all.into_iter().find(|permission| permission.id.to_string() == id).ok_or(Problem::NotThere)?;
    let thing = thing(&permission, &heads(caller).await?);
    caller.must(Action::SeePermission, &thing)?;
    Ok(Asked { may_decide: caller.may(Action::DecidePermission, &thing), permission })
}

pub(super) async fn page(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let asked = asked(&caller, &id).await?;
    shown(&house, &caller, &asked, StatusCode::OK, Fields::default()).await
}

async fn shown(house: &Shared, caller: &Caller, asked: &Asked, status: StatusCode, mut fields: Fields) -> Result<Response, Problem> {
    let (permission, office) = (&asked.permission, caller.office());
    let people = named(caller, std::slice::from_ref(permission)).await?;
    let sealed = match &permission.sealed {
        None => None,
        Some(_) => match text_of(office.ledger.reader(), &office.keys, permission).await {
            Ok(text) => text.map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned()),
            Err(PermissionsError::Keys(_)) => Some("It is sealed, and can be read once the records are unlocked.".to_owned()),
            Err(error) => return Err(error.into()),
        },
    };
    if fields.get("until-year").is_empty() && fields.are_right() {
        fields.add_day("until", permission.until);
    }
    let page = OnePage {
        word: &caller.word(),
        permission,
        about: permission.about.as_deref().or(sealed.as_deref()).unwrap_or_default(),
        asker: name_of(&people, permission.asked_by),
        decider: permission.decision.as_ref().map(|decision| name_of(&people, decision.by)),
        is_own: permission.asked_by == caller.person(),
        may_decide: asked.may_decide,
        today: caller.today(),
        fields: &fields,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn decide(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let asked = current(asked(&caller, &id).await?, &fields)?;
    if !asked.may_decide {
        return Err(Problem::NotThere);
    }
    let until = match fields.get("answer") {
        "yes" => fields.needed_day("until", "Enter the last day for which it is allowed"),
        "no" => None,
        _ => {
            fields.wrong("answer", "Choose whether it is allowed");
            None
        }
    };
    if !fields.are_right() {
        return shown(&house, &caller, &asked, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("permissions"))).await?;
    let field = match permissions::decide(&mut unit, &asked.permission, until, fields.get("why"), caller.today()).await {
        Ok(()) => {
            unit.commit().await?;
            return Ok(Redirect::to(&format!("/permissions/{id}")).into_response());
        }
        Err(error @ PermissionsError::NoReason) => ("why", error),
        Err(error @ (PermissionsError::Longer | PermissionsError::Days)) => ("until-day", error),
        Err(error) => return Err(error.into()),
    };
    drop(unit);
    fields.wrong(field.0, sentence(&field.1.to_string()));
    shown(&house, &caller, &asked, StatusCode::UNPROCESSABLE_ENTITY, fields).await
}

/// What was looked at is what is decided on.
fn current(asked: Asked, fields: &Fields) -> Result<Asked, Problem> {
    if asked.permission.version.to_string() == fields.get("seen") { Ok(asked) } else { Err(Problem::Conflict) }
}

pub(super) async fn take_back(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let asked = current(asked(&caller, &id).await?, &fields)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("permissions"))).await?;
    permissions::withdraw(&mut unit, &asked.permission, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/permissions/{id}")).into_response())
}

/// Whoever asked, or may decide, says that it is over or back.
pub(super) async fn end(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let asked = current(asked(&caller, &id).await?, &fields)?;
    if !asked.may_decide && asked.permission.asked_by != caller.person() {
        return Err(Problem::NotThere);
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("permissions"))).await?;
    permissions::end(&mut unit, &asked.permission, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/permissions/{id}")).into_response())
}
