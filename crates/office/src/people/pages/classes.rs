//! In which classes somebody is: a pupil is moved, and it is said who teaches.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::GroupId;
use ledger::code;

use super::edit::{class_of, classes};
use super::the_person;
use crate::access::Action;
use crate::people::view::ClassesPage;
use crate::people::{self, Group, Member, Membership, Part, Person};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    const CHANGE: Ask = Ask::Thing(&[Action::ChangePerson]);
    vec![
        Route::page("/people/{person}/classes", CHANGE, look),
        Route::form("/people/{person}/classes", CHANGE, join),
        Route::form("/people/{person}/classes/end", CHANGE, leave),
    ]
}

/// The classes of this school year in which somebody is today.
pub(super) async fn current(caller: &Caller, person: &Person) -> Result<Vec<(Group, Member)>, Problem> {
    let members = people::members(caller.office().ledger.reader(), caller.office().scope(), Some(person.id), caller.today()).await?;
    let classes = classes(caller).await?;
    let of = |member: Member| Some((classes.iter().find(|group| group.id == member.group)?.clone(), member));
    Ok(members.into_iter().filter_map(of).collect())
}

async fn look(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    page(&house, &caller, &person, &Fields::default(), StatusCode::OK).await
}

async fn page(house: &Shared, caller: &Caller, person: &Person, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    caller.looks_at(Action::ChangePerson, [person.id]).await?;
    let (current, classes) = (current(caller, person).await?, classes(caller).await?);
    let page = ClassesPage { word: &caller.word(), fields, person, current: &current, classes: &classes };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// A pupil who joins a class leaves the one of the same kind that they were in: they are moved.
async fn join(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    let classes = classes(&caller).await?;
    let part = if is_pupil_only(&person) { Some(Part::Pupil) } else { part_of(fields.get("part")) };
    if part.is_none() {
        fields.wrong("part", "Choose what they are in the class");
    }
    let class = class_of(&classes, fields.get("class"));
    if class.is_none() {
        fields.wrong("class", "Choose a class");
    }
    let (Some(part), Some(class)) = (part, class) else {
        return page(&house, &caller, &person, &fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let current = current(&caller, &person).await?;
    let to = Redirect::to(&format!("/people/{}", person.id)).into_response();
    if current.iter().any(|(group, member)| group.id == class.id && member.part == part) {
        return Ok(to);
    }
    let today = caller.today();
    let mut unit = caller.office().ledger.begin(caller.act(code!("people"))).await?;
    let leaves = |(group, member): &&(Group, Member)| {
        group.id == class.id || (part == Part::Pupil && member.part == Part::Pupil && group.kind == class.kind)
    };
    for (group, _) in current.iter().filter(leaves) {
        people::withdraw(&mut unit, group.id, person.id, today.yesterday()).await?;
    }
    people::enrol(&mut unit, &[Member { group: class.id, person: person.id, part, started: today, ended: None }]).await?;
    unit.commit().await?;
    Ok(to)
}

async fn leave(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    let group: GroupId = fields.get("class").parse().map_err(|_| Problem::NotThere)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("people"))).await?;
    people::withdraw(&mut unit, group, person.id, caller.today().yesterday()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}", person.id)).into_response())
}

/// A pupil is in a class as nothing else.
fn is_pupil_only(person: &Person) -> bool {
    let memberships = person.details.memberships;
    memberships.has(Membership::Pupil) && !memberships.has(Membership::Staff) && !memberships.has(Membership::Volunteer)
}

fn part_of(word: &str) -> Option<Part> {
    [Part::Pupil, Part::Teacher, Part::Tutor, Part::Assistant].into_iter().find(|part| part.as_str() == word)
}
