//! Whoever has begun lately, and what they were given.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::school::word;
use super::{PART, opened_for, things};
use crate::access::{Action, Thing};
use crate::agreements::view::{StarterRow, StartersPage};
use crate::agreements::{AgreementsError, Starter, access_kept, give_copies, starters, take_back_copies};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::agreements) struct Look {
    /// `all`: whoever has everything too.
    #[serde(default)]
    pub(in crate::agreements) show: String,
    #[serde(default)]
    pub(in crate::agreements) who: String,
    #[serde(default)]
    pub(in crate::agreements) from: usize,
}

/// Those who are new and whose answers the caller may see.
async fn new(caller: &Caller) -> Result<Vec<Starter>, Problem> {
    let office = caller.office();
    let (reader, scope, today) = (office.ledger.reader(), office.scope(), caller.today());
    let mut all = starters(reader, scope, &access_kept(office, today).await?, today).await?;
    let seen = super::seen(caller, Action::SeeAgreement).await?;
    all.retain(|starter| seen.as_ref().is_none_or(|seen| seen.contains(&starter.access.person.id)));
    Ok(all)
}

pub(in crate::agreements) async fn list(State(house): State<Shared>, caller: Caller, look: Query<Look>) -> Result<Response, Problem> {
    page(&house, &caller, StatusCode::OK, &look, Fields::default()).await
}

async fn page(house: &Shared, caller: &Caller, status: StatusCode, look: &Look, mut fields: Fields) -> Result<Response, Problem> {
    let mut found = new(caller).await?;
    found.retain(|starter| look.who.is_empty() || word(starter.access.audience) == look.who);
    found.retain(|starter| look.show == "all" || !starter.missing().is_empty());
    let total = found.len();
    let part: Vec<Starter> = found.into_iter().skip(look.from).take(PART).collect();
    let ids: Vec<PersonId> = part.iter().map(|starter| starter.access.person.id).collect();
    let things = things(caller, &ids).await?;
    caller.looks_at(Action::SeeAgreement, ids).await?;
    let opened = opened_for(house.as_ref(), caller, &things).await?;
    let opened = |id: &PersonId| opened.get(id).map(Vec::as_slice).unwrap_or_default();
    let enters = |id: &PersonId| things.get(id).is_some_and(|thing| caller.may(Action::EnterSignature, thing));
    let id = |starter: &Starter| starter.access.person.id;
    let rows = part.iter().map(|starter| StarterRow { starter, opened: opened(&id(starter)), may_enter: enters(&id(starter)) });
    let rows: Vec<StarterRow<'_>> = rows.collect();
    if fields.get("on-year").is_empty() && fields.are_right() {
        fields.add_day("on", caller.today());
    }
    let page = StartersPage { word: &caller.word(), look, rows: &rows, total, today: caller.today(), fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(in crate::agreements) async fn give(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let chosen: Vec<PersonId> = fields.all("given").filter_map(|id| id.parse().ok()).collect();
    let all = new(&caller).await?;
    let to: Vec<&Starter> = all.iter().filter(|starter| chosen.contains(&starter.access.person.id)).collect();
    let things = things(&caller, &chosen).await?;
    // Where nobody is chosen, it is asked as of a pupil of the own class: whoever could have chosen is told that they have not.
    let nobody = Thing::Person { who: caller.person(), teachers: vec![caller.person()], carers: Vec::new() };
    for thing in chosen.iter().map(|id| things.get(id).unwrap_or(&nobody)).chain(chosen.is_empty().then_some(&nobody)) {
        caller.must(Action::EnterSignature, thing)?;
    }
    let look = Look { show: fields.get("show").to_owned(), who: fields.get("who").to_owned(), from: 0 };
    let on = fields.needed_day("on", "Enter the day on which it was given");
    if to.is_empty() {
        let waits =
            |starter: &&Starter| !starter.missing().is_empty() && (look.who.is_empty() || word(starter.access.audience) == look.who);
        let first = all.iter().find(waits).map(|starter| format!("given-{}", starter.access.person.id)).unwrap_or_default();
        fields.wrong(&first, "Choose who was given it");
    }
    let Some(on) = on.filter(|_| fields.are_right()) else {
        return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, &look, fields).await;
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("agreements"))).await?;
    match give_copies(&mut unit, &to, on, caller.today()).await {
        Ok(()) => unit.commit().await?,
        // Sent twice.
        Err(AgreementsError::HaveAll) => drop(unit),
        Err(error @ AgreementsError::Given) => {
            drop(unit);
            fields.wrong("on-day", sentence(&error.to_string()));
            return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, &look, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/agreements/starters").into_response())
}

pub(in crate::agreements) async fn take_back(caller: Caller, fields: Fields) -> Result<Response, Problem> {
    let id: PersonId = fields.get("person").parse().map_err(|_| Problem::NotThere)?;
    let thing = things(&caller, &[id]).await?.remove(&id).ok_or(Problem::NotThere)?;
    caller.must(Action::EnterSignature, &thing)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("agreements"))).await?;
    take_back_copies(&mut unit, id).await?;
    unit.commit().await?;
    Ok(Redirect::to("/agreements/starters").into_response())
}
