//! The texts that are or were in force, as PDFs. Drafts have none.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use reports::Size;

use super::public::Look;
use super::shelf;
use crate::policies::print::Copy;
use crate::policies::{Policy, State as Stand, Version, find, versions};
use crate::web::{Caller, Front, Print, Problem, Shared, pdf};

/// In place of a number: the version in force, whichever that is. A website leads to it.
const IN_FORCE: &str = "in-force";

pub(super) async fn published(
    State(front): State<Arc<dyn Front>>,
    Path((word, number)): Path<(String, String)>,
    look: Query<Look>,
) -> Result<Response, Problem> {
    let records = front.records()?;
    let policy = find(&word).filter(|policy| policy.is_public()).ok_or(Problem::NotThere)?;
    let all = versions(&records.from, records.scope.organisation, policy.word).await?;
    let is_meant = |version: &&Version| match number.as_str() {
        IN_FORCE => version.state == Stand::Current,
        number => version.number.to_string() == number,
    };
    let version = all.iter().find(is_meant).ok_or(Problem::NotThere)?;
    answer(&*front, policy, version, &look).await
}

/// The same for those who see all policies, those that are not for everybody too.
pub(super) async fn of_school(
    State(house): State<Shared>,
    caller: Caller,
    Path((word, number)): Path<(String, String)>,
    look: Query<Look>,
) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let version = all.iter().find(|version| version.number.to_string() == number).ok_or(Problem::NotThere)?;
    answer(&*house, policy, version, &look).await
}

async fn answer(front: &(impl Front + ?Sized), policy: &Policy, version: &Version, look: &Look) -> Result<Response, Problem> {
    let (size, suffix) = if look.large.is_empty() { (Size::Ordinary, "") } else { (Size::Large, "-large-print") };
    let copy = Copy::of(version, &front.words().school, size)?;
    let print = Print { version: version.id, revision: version.version, size };
    let bytes = front.press().made(print, move || copy.pdf()).await?;
    Ok(pdf(&format!("{}-version-{}{suffix}", policy.word, version.number), bytes))
}
