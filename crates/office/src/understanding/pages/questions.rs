//! What somebody asks about a text, and the answer.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ledger::code;
use serde::Deserialize;

use super::rows;
use crate::access::{Action, Thing};
use crate::policies;
use crate::settings::{self, QUESTION_ANSWER};
use crate::understanding::view::QuestionsPage;
use crate::understanding::{self, UnderstandingError, questions};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct About {
    /// The word of the policy that is asked about.
    #[serde(default)]
    policy: String,
}

pub(super) async fn list(State(house): State<Shared>, caller: Caller, about: Query<About>) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    fields.set("policy", &about.policy);
    page(&house, &caller, StatusCode::OK, fields).await
}

async fn page(house: &Shared, caller: &Caller, status: StatusCode, fields: Fields) -> Result<Response, Problem> {
    let (reader, organisation) = (caller.office().ledger.reader(), caller.office().organisation);
    let may_answer = caller.may(Action::AnswerQuestion, &Thing::School);
    let mut all = questions(reader, organisation).await?;
    all.retain(|question| may_answer || question.asked_by == caller.person());
    // What waits first.
    all.sort_by_key(|question| question.answer.is_some());
    let rows = rows(caller, &all).await?;
    let mut texts: Vec<(&str, &str)> = Vec::new();
    for version in policies::published(reader, organisation).await? {
        if let Some(policy) = policies::find(&version.policy).filter(|policy| texts.iter().all(|(word, _)| *word != policy.word)) {
            texts.push((policy.word, policy.title));
        }
    }
    let days = settings::read(reader, organisation).await?.value(&QUESTION_ANSWER);
    let page = QuestionsPage { word: &caller.word(), rows: &rows, texts: &texts, days, may_answer, today: caller.today(), fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn ask(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let (reader, organisation, today) = (caller.office().ledger.reader(), caller.office().organisation, caller.today());
    let policy = policies::published(reader, organisation).await?.into_iter().find(|version| version.policy == fields.get("policy"));
    if policy.is_none() {
        fields.wrong("policy", "Choose what you ask about");
    }
    let text = fields.text("question");
    if text.is_empty() && fields.error("question").is_none() {
        fields.wrong("question", "Write your question");
    }
    let Some(policy) = policy.filter(|_| fields.are_right()) else {
        return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let days = settings::read(reader, organisation).await?.value(&QUESTION_ANSWER);
    let mut unit = caller.office().ledger.begin(caller.act(code!("understanding"))).await?;
    match understanding::ask(&mut unit, &policy.policy, &text, house.after_school_days(today, days), today).await {
        Ok(_) => unit.commit().await?,
        Err(error @ UnderstandingError::NoText) => {
            drop(unit);
            fields.wrong("question", sentence(&error.to_string()));
            return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/questions").into_response())
}

pub(super) async fn answer(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let all = questions(caller.office().ledger.reader(), caller.office().organisation).await?;
    let question = all.iter().find(|question| question.id.to_string() == id).ok_or(Problem::NotThere)?;
    let field = format!("answer-{id}");
    let text = fields.text(&field);
    let mut unit = caller.office().ledger.begin(caller.act(code!("understanding"))).await?;
    match understanding::answer(&mut unit, question, &text, caller.today()).await {
        Ok(()) => unit.commit().await?,
        Err(error @ UnderstandingError::NoText) => {
            drop(unit);
            fields.wrong(&field, sentence(&error.to_string()));
            return page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/questions").into_response())
}
