//! What the first page is made from.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::view::{HomePage, Task};
use crate::access::{Action, Proof, Thing};
use crate::people::{self, Membership};
use crate::signin::{account, accounts};
use crate::web::{Caller, Problem, Shared};

pub(super) async fn home(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    if caller.proof() == Proof::Picture {
        return Ok(Redirect::to("/here").into_response());
    }
    let office = caller.office();
    let reader = office.ledger.reader();
    let mut tasks = Vec::new();
    if caller.may(Action::SeeHoldings, &Thing::School) {
        let gaps = people::gaps(reader, office.scope(), caller.today()).await?;
        tasks.extend(gaps.iter().map(Task::gap));
    }
    if caller.may(Action::SeeAccounts, &Thing::School) {
        let all = accounts(reader, office.organisation).await?;
        tasks.extend(Task::waiting(all.iter().filter(|account| !account.has_password && !account.is_ended).count()));
    }
    let own = account(reader, office.organisation, caller.person()).await?;
    // A telephone is not asked of children, nor of whoever comes for a day.
    let works_here = [Membership::Staff, Membership::Governor].iter().any(|membership| caller.role().of().contains(membership));
    if works_here && own.is_some_and(|account| !account.has_second_factor) {
        tasks.push(Task::second_factor(caller.needs_second_factor()));
    }
    let menu = house.menu(&caller);
    Ok(Html(house.page(&HomePage { name: caller.name(), role: caller.role(), tasks: &tasks, menu: &menu }, Some(&caller))).into_response())
}
