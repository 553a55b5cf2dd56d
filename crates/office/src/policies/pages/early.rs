//! A policy is looked at before its time.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ids::RecordId;
use ledger::code;

use super::{policy_page, shelf};
use crate::policies::{Call, Cause, PoliciesError, State as Stand, call_for_review, early_reviews, leave_as_it_is};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

pub(super) async fn call(
    State(house): State<Shared>,
    caller: Caller,
    Path(word): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let current = all.iter().find(|version| version.state == Stand::Current).ok_or(Problem::NotThere)?;
    let cause = Cause::ALL.into_iter().find(|cause| cause.word() == fields.get("cause"));
    if cause.is_none() {
        fields.wrong("cause", "Choose what asks for it");
    }
    if fields.get("happened").trim().is_empty() {
        fields.wrong("happened", "Say what happened, or what is new");
    }
    let due = fields.needed_day("due", "Enter the day by which it is to be looked at");
    let (Some(cause), Some(due), true) = (cause, due, fields.are_right()) else {
        return policy_page(&house, &caller, policy.word, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    let call = Call { cause, happened: fields.get("happened"), due, today: caller.today() };
    match call_for_review(&mut unit, current, call).await {
        Ok(_) => unit.commit().await?,
        Err(error @ (PoliciesError::NotSooner(_) | PoliciesError::NoCause)) => {
            drop(unit);
            let field = if matches!(error, PoliciesError::NoCause) { "happened" } else { "due-day" };
            fields.wrong(field, sentence(&error.to_string()));
            return policy_page(&house, &caller, policy.word, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("/policies/{}#early", policy.word)).into_response())
}

pub(super) async fn stays(
    State(house): State<Shared>,
    caller: Caller,
    Path(word): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let (policy, _) = shelf(&caller, &word).await?;
    let office = caller.office();
    let all = early_reviews(office.ledger.reader(), office.organisation).await?;
    let id: RecordId = fields.get("review").parse().map_err(|_| Problem::NotThere)?;
    let review = all.iter().find(|review| review.id == id && review.policy == policy.word).ok_or(Problem::NotThere)?;
    if review.version.to_string() != fields.get("seen") {
        return Err(Problem::Conflict);
    }
    let field = format!("why-{id}");
    let mut unit = office.ledger.begin(caller.act(code!("policies"))).await?;
    match leave_as_it_is(&mut unit, review, fields.get(&field), caller.today()).await {
        Ok(()) => unit.commit().await?,
        Err(error @ PoliciesError::NoCause) => {
            drop(unit);
            fields.wrong(&field, sentence(&error.to_string()));
            return policy_page(&house, &caller, policy.word, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("/policies/{}#early", policy.word)).into_response())
}
