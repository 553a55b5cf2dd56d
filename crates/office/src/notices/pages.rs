//! The pages of the notices: some for anybody, some for those who answer for data protection.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Html;
use calendar::Date;

use super::view::{NoticePage, NoticesPage};
use super::{ALL, Notice, find, values};
use crate::access::Action;
use crate::web::{Ask, Caller, Office, Problem, Route, Shared};

/// The routes.
pub fn routes() -> Vec<Route> {
    const ANYBODY: Ask = Ask::Nothing("whose data it is has a right to be told (UK GDPR, Article 13)");
    vec![
        Route::page("/privacy", ANYBODY, list),
        Route::page("/privacy/{name}", ANYBODY, notice),
        Route::page("/data-protection", Ask::School(Action::SeeTotals), papers).in_menu("Privacy"),
        Route::page("/data-protection/{name}", Ask::School(Action::SeeTotals), paper),
    ]
}

async fn list(State(house): State<Shared>) -> Result<Html<String>, Problem> {
    let all: Vec<_> = ALL.iter().filter(|notice| notice.is_public).map(|notice| (notice, 0)).collect();
    Ok(Html(house.page(&NoticesPage { all: &all, at: "/privacy" }, None)))
}

async fn notice(State(house): State<Shared>, Path(name): Path<String>) -> Result<Html<String>, Problem> {
    let notice = find(&name).filter(|notice| notice.is_public).ok_or(Problem::NotThere)?;
    shown(&house, &house.office().map_err(Problem::Records)?, notice, None).await
}

/// All of them, with how much in each is still to be filled in.
async fn papers(State(house): State<Shared>, caller: Caller) -> Result<Html<String>, Problem> {
    let (office, words) = (caller.office(), house.words());
    let values = values(office.ledger.reader(), office.scope(), &words.school, &house.facts(), caller.today()).await?;
    let all: Vec<_> = ALL.iter().map(|notice| (notice, notice.filled(&values).gaps.len())).collect();
    Ok(Html(house.page(&NoticesPage { all: &all, at: "/data-protection" }, Some(&caller))))
}

async fn paper(State(house): State<Shared>, caller: Caller, Path(name): Path<String>) -> Result<Html<String>, Problem> {
    let notice = find(&name).ok_or(Problem::NotThere)?;
    shown(&house, caller.office(), notice, Some(&caller)).await
}

async fn shown(house: &Shared, office: &Arc<Office>, notice: &Notice, caller: Option<&Caller>) -> Result<Html<String>, Problem> {
    let today = house.now().timestamp().to_zoned(house.zone()).date();
    let today = Date::try_from(today).map_err(|_| Problem::Broken)?;
    let values = values(office.ledger.reader(), office.scope(), &house.words().school, &house.facts(), today).await?;
    let document = notice.document(&values)?;
    Ok(Html(house.page(&NoticePage { notice, document: &document }, caller)))
}
