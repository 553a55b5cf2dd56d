//! What the first page is made from.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use ids::{PersonId, RecordId};

use super::ahead::ahead;
use super::changes;
use super::view::{HomePage, Task};
use crate::access::{Action, Proof, Thing};
use crate::agreements;
use crate::emergency;
use crate::people::{self, Membership, Role};
use crate::permissions;
use crate::policies;
use crate::signin::{account, accounts};
use crate::understanding;
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
    if caller.may(Action::SeeEmergencies, &Thing::School) {
        tasks.extend(emergencies(&caller).await?);
    }
    if caller.role().sees_safeguarding() {
        tasks.extend(announced(&caller).await?);
    }
    if caller.may(Action::SeeAccounts, &Thing::School) {
        let all = accounts(reader, office.organisation).await?;
        tasks.extend(Task::waiting(all.iter().filter(|account| !account.has_password && !account.is_ended).count()));
    }
    tasks.extend(signing(&caller).await?);
    tasks.extend(Task::to_answer(understanding::open_questions(&caller).await?));
    tasks.extend(Task::declaration(understanding::has_declared(&caller).await?));
    tasks.extend(Task::to_decide(permissions::waiting(&caller).await?));
    let own = account(reader, office.organisation, caller.person()).await?;
    // A telephone is not asked of children, nor of whoever comes for a day.
    let works_here = [Membership::Staff, Membership::Governor].iter().any(|membership| caller.role().of().contains(membership));
    if works_here && own.is_some_and(|account| !account.has_second_factor) {
        tasks.push(Task::second_factor(caller.needs_second_factor()));
    }
    let ahead = ahead(&caller).await?;
    let changes = changes::lately(&caller, &house.zone()).await?;
    let menu = house.menu(&caller);
    let title = caller.titles().of(caller.role());
    let page =
        HomePage { word: &caller.word(), name: caller.name(), role: title, tasks: &tasks, ahead: &ahead, changes: &changes, menu: &menu };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// Emergencies that the caller has not said yet that they have seen: always to the headteacher and the DSL, and to their deputies as long as
/// fewer than two have seen it.
async fn emergencies(caller: &Caller) -> Result<Vec<Task>, Problem> {
    let (reader, organisation) = (caller.office().ledger.reader(), caller.office().organisation);
    let found = emergency::all(reader, organisation, 50).await?;
    let ids: Vec<RecordId> = found.iter().map(|emergency| emergency.id).collect();
    let seen = emergency::told_of(reader, organisation, &ids).await?;
    let is_first = matches!(caller.role(), Role::Headteacher | Role::Dsl);
    let is_to_be_seen = |id: &RecordId| {
        let seen = seen.get(id).map(Vec::as_slice).unwrap_or_default();
        !seen.contains(&caller.person()) && (is_first || seen.len() < emergency::WITNESSES)
    };
    let open: Vec<_> = found.iter().filter(|emergency| emergency.person != caller.person() && is_to_be_seen(&emergency.id)).collect();
    let who = named(caller, open.iter().map(|emergency| emergency.person)).await?;
    Ok(open.iter().map(|emergency| Task::emergency(&name_of(&who, emergency.person), emergency.role)).collect())
}

/// Roles that see safeguarding data and were given to others, until the caller has said that they have seen it.
async fn announced(caller: &Caller) -> Result<Vec<Task>, Problem> {
    let office = caller.office();
    let new = emergency::announced(office.ledger.reader(), office.scope(), caller.person()).await?;
    let who = named(caller, new.iter().map(|new| new.person)).await?;
    Ok(new.iter().map(|new| Task::announced(&name_of(&who, new.person), new.role, new.record)).collect())
}

/// What people are called. They are seen by it.
async fn named(caller: &Caller, ids: impl Iterator<Item = PersonId>) -> Result<Vec<people::Person>, Problem> {
    let ids: Vec<PersonId> = ids.collect();
    caller.looks_at(Action::SeeHoldings, ids.iter().copied()).await?;
    Ok(people::persons(caller.office().ledger.reader(), caller.office().scope(), &ids).await?)
}

fn name_of(people: &[people::Person], id: PersonId) -> String {
    people.iter().find(|person| person.id == id).map(|person| person.details.name()).unwrap_or_default()
}

/// What somebody is to sign, and how the policies stand for whoever looks after them.
async fn signing(caller: &Caller) -> Result<Vec<Task>, Problem> {
    let office = caller.office();
    let (reader, scope, today) = (office.ledger.reader(), office.scope(), caller.today());
    let mut tasks: Vec<Task> = Task::to_sign(agreements::waiting(reader, scope, caller.person(), today).await?).into_iter().collect();
    let (writes, sees) = (caller.may(Action::WritePolicies, &Thing::School), caller.may(Action::SeePolicies, &Thing::School));
    if writes || sees {
        let latest = policies::latest(reader, office.organisation).await?;
        let early = policies::early_reviews(reader, office.organisation).await?;
        tasks.extend(latest.iter().filter_map(|version| {
            let mine = match version.state {
                policies::State::Approved => writes,
                policies::State::Draft | policies::State::Consulting => {
                    caller.may(Action::ApprovePolicy, &Thing::Draft { writers: version.writers.clone() })
                }
                _ => sees,
            };
            Task::policy(version, &early, today).filter(|_| mine)
        }));
        tasks.extend(Task::missing_policies(&latest).filter(|_| writes));
    }
    if caller.may(Action::ChangeGate, &Thing::School) {
        let all = agreements::access_kept(office, today).await?;
        tasks.extend(Task::without(all.iter().filter(|access| access.is_gated()).count()));
    }
    Ok(tasks)
}
