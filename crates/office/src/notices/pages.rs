//! The pages of the notices: some for anybody, some for those who answer for data protection.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Html;

use super::view::{NoticePage, NoticesPage};
use super::{ALL, find, values};
use crate::access::Action;
use crate::web::{Ask, Caller, Front, OpenPage, Problem, Route, Shared};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/data-protection", Ask::School(Action::SeeTotals), papers).in_menu("Privacy"),
        Route::page("/data-protection/{name}", Ask::School(Action::SeeTotals), paper),
    ]
}

/// The pages that anybody may open.
pub(crate) fn open_pages() -> Vec<OpenPage> {
    const WHY: &str = "whose data it is has a right to be told (UK GDPR, Article 13)";
    vec![OpenPage::new("/privacy", WHY, list), OpenPage::new("/privacy/{name}", WHY, notice)]
}

async fn list(State(front): State<Arc<dyn Front>>) -> Result<Html<String>, Problem> {
    let all: Vec<_> = ALL.iter().filter(|notice| notice.is_public).map(|notice| (notice, 0)).collect();
    Ok(Html(front.open_page(&NoticesPage { all: &all, at: "/privacy" })))
}

async fn notice(State(front): State<Arc<dyn Front>>, Path(name): Path<String>) -> Result<Html<String>, Problem> {
    let notice = find(&name).filter(|notice| notice.is_public).ok_or(Problem::NotThere)?;
    let records = front.records()?;
    let values = values(&records.from, records.scope, &front.words().school, &front.facts(), front.today()?).await?;
    Ok(Html(front.open_page(&NoticePage { notice, document: &notice.document(&values)? })))
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
    let (office, words) = (caller.office(), house.words());
    let values = values(office.ledger.reader(), office.scope(), &words.school, &house.facts(), caller.today()).await?;
    Ok(Html(house.page(&NoticePage { notice, document: &notice.document(&values)? }, Some(&caller))))
}
