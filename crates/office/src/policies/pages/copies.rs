//! Who asked for a copy of what, and whether it has left.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::RecordId;
use ledger::code;

use crate::policies::request::Wish;
use crate::policies::view::CopiesPage;
use crate::policies::{NewRequest, PoliciesError, ask_for_copy, copy_requests, copy_was_sent, find, published};
use crate::settings::{self, COPY_ON_REQUEST};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

pub(super) async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    page(&house, &caller, StatusCode::OK, Fields::default()).await
}

async fn page(house: &Shared, caller: &Caller, status: StatusCode, mut fields: Fields) -> Result<Response, Problem> {
    let (reader, organisation) = (caller.office().ledger.reader(), caller.office().organisation);
    let all = copy_requests(reader, organisation).await?;
    let mut policies: Vec<(String, String)> = Vec::new();
    for version in published(reader, organisation).await? {
        if let Some(policy) = find(&version.policy).filter(|policy| policies.iter().all(|(word, _)| word != policy.word)) {
            policies.push((policy.word.to_owned(), policy.title.to_owned()));
        }
    }
    let days = settings::read(reader, organisation).await?.value(&COPY_ON_REQUEST);
    if fields.get("asked-year").is_empty() && fields.are_right() {
        fields.add_day("asked", caller.today());
    }
    let page = CopiesPage { word: &caller.word(), all: &all, policies: &policies, days, today: caller.today(), fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn ask(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let (reader, organisation, today) = (caller.office().ledger.reader(), caller.office().organisation, caller.today());
    let policy = published(reader, organisation).await?.into_iter().find(|version| version.policy == fields.get("policy"));
    if policy.is_none() {
        fields.wrong("policy", "Choose what was asked for");
    }
    let form = Wish::read(fields.get("form"));
    if form.is_none() {
        fields.wrong("form", "Choose in which form");
    }
    let asked = fields.needed_day("asked", "Enter the day on which it was asked for");
    if asked.is_some_and(|asked| asked > today) {
        fields.wrong("asked-day", "The day must not lie ahead");
    }
    let (Some(policy), Some(form), Some(asked), true) = (policy, form, asked, fields.are_right()) else {
        return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let days = settings::read(reader, organisation).await?.value(&COPY_ON_REQUEST);
    let due = house.after_school_days(asked, days);
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    let new = NewRequest { policy: &policy.policy, form, note: fields.get("note"), asked, due };
    match ask_for_copy(&mut unit, new).await {
        Ok(_) => unit.commit().await?,
        Err(error @ PoliciesError::LongNote) => {
            drop(unit);
            fields.wrong("note", sentence(&error.to_string()));
            return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/policies/copies").into_response())
}

/// It has left, or has not after all.
pub(super) async fn sent(caller: Caller, fields: Fields) -> Result<Response, Problem> {
    let all = copy_requests(caller.office().ledger.reader(), caller.office().organisation).await?;
    let id: RecordId = fields.get("request").parse().map_err(|_| Problem::NotThere)?;
    let request = all.iter().find(|request| request.id == id).ok_or(Problem::NotThere)?;
    if request.version.to_string() != fields.get("seen") {
        return Err(Problem::Conflict);
    }
    let on = (fields.get("do") != "undo").then(|| caller.today());
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    copy_was_sent(&mut unit, request, on, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to("/policies/copies").into_response())
}
