//! The pages of the gate: a teacher signs a class in at its devices with one press.

use std::collections::HashMap;
use std::net::IpAddr;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{GroupId, PersonId};
use jiff::SignedDuration;
use ledger::code;

use super::view::{ClassPage, ClassesPage, PupilRow};
use super::{Class, GateError, Lesson, Seat};
use crate::access::Action;
use crate::people::{self, Group, SchoolYear};
use crate::signin::pupil::teacher::pages::how;
use crate::web::{Ask, Caller, Problem, Route, Shared, sentence};

/// How long a lesson may be, in minutes, as the page offers it. The second is chosen.
const LESSONS: [i64; 5] = [30, 60, 90, 180, 360];

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    const SIGN_IN: Ask = Ask::Thing(&[Action::SignInClass]);
    vec![
        Route::page("/classes", Ask::School(Action::SeePeople), list).in_menu("Classes"),
        Route::page("/classes/{group}", Ask::Thing(&[Action::SeeClass]), class),
        Route::form("/classes/{group}/seats", SIGN_IN, seats),
        Route::form("/classes/{group}/sign-in", SIGN_IN, sign_in),
        Route::form("/classes/{group}/sign-out", SIGN_IN, sign_out),
    ]
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Self {
        match error {
            GateError::NoSuchClass => Self::NotThere,
            GateError::People(error) => error.into(),
            GateError::Records(error) => error.into(),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

/// The classes of this school year.
async fn groups(caller: &Caller) -> Result<Vec<Group>, Problem> {
    let Some(year) = SchoolYear::of(caller.today()) else { return Ok(Vec::new()) };
    Ok(people::groups(caller.office().ledger.reader(), caller.office().scope(), year).await?)
}

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let all = Class::kept(caller.office(), caller.today()).await?;
    let classes: Vec<&Class> = all.iter().filter(|class| caller.may(Action::SeeClass, &class.thing())).collect();
    let pupils = |group: GroupId| classes.iter().find(|class| class.group == group).map(|class| class.pupils.len());
    let own: Vec<(Group, usize)> = groups(&caller)
        .await?
        .into_iter()
        .filter_map(|group| {
            let pupils = pupils(group.id)?;
            Some((group, pupils))
        })
        .collect();
    Ok(Html(house.page(&ClassesPage { classes: &own }, Some(&caller))).into_response())
}

/// The class of that id, if the caller may do `action` with it.
pub(crate) async fn the_class(caller: &Caller, id: &str, action: Action) -> Result<Class, Problem> {
    let group: GroupId = id.parse().map_err(|_| Problem::NotThere)?;
    let all = Class::kept(caller.office(), caller.today()).await?;
    let found = all.iter().find(|class| class.group == group).cloned().ok_or(GateError::NoSuchClass);
    // A class that is not there is asked about like one of somebody else's.
    let nobody = || Class { group, pupils: Vec::new(), teachers: Vec::new() };
    let thing = found.as_ref().map_or_else(|_| nobody().thing(), Class::thing);
    caller.must(action, &thing)?;
    Ok(found?)
}

async fn class(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let class = the_class(&caller, &id, Action::SeeClass).await?;
    class_page(&house, &caller, &class, StatusCode::OK, &HashMap::new(), None).await
}

/// `typed`: addresses as somebody typed them, where one of them cannot be read.
async fn class_page(
    house: &Shared,
    caller: &Caller,
    class: &Class,
    status: StatusCode,
    typed: &HashMap<PersonId, String>,
    error: Option<&str>,
) -> Result<Response, Problem> {
    let (ledger, scope) = (&caller.office().ledger, caller.office().scope());
    let name = groups(caller).await?.into_iter().find(|group| group.id == class.group).map(|group| group.name.to_string());
    let seats = class.seats(ledger, scope).await?;
    let present = class.present(house.presence(), caller.now());
    let mut pupils = people::persons(ledger.reader(), scope, &class.pupils).await?;
    pupils.sort_by_key(|person| person.details.name());
    caller.looks_at(Action::SeeClass, class.pupils.iter().copied()).await?;
    let row = |person: &people::Person| {
        let address = seats.iter().find(|seat| seat.person == person.id).map(|seat| seat.address.to_string());
        let here: Vec<_> = present.iter().filter(|present| present.sign_in.person == person.id).collect();
        let is_shared =
            here.iter().any(|one| present.iter().any(|other| other.address == one.address && other.sign_in.person != person.id));
        PupilRow {
            person: person.id,
            name: person.details.name(),
            address: typed.get(&person.id).cloned().or(address).unwrap_or_default(),
            how: here.first().map(|present| how(present.sign_in.source)),
            at: here.iter().map(|present| present.address.to_string()).collect::<Vec<_>>().join(", "),
            is_shared,
        }
    };
    let rows: Vec<PupilRow> = pupils.iter().map(row).collect();
    let page = ClassPage {
        word: &caller.word(),
        group: class.group,
        name: name.as_deref().unwrap_or("Class"),
        rows: &rows,
        lessons: &LESSONS,
        may_sign_in: caller.may(Action::SignInClass, &class.thing()),
        may_set_up: caller.may(Action::SetUpClassSignIn, &class.thing()),
        error,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// Keeps where everybody sits. The field of each pupil is called by their id.
async fn seats(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, body: Bytes) -> Result<Response, Problem> {
    let class = the_class(&caller, &id, Action::SignInClass).await?;
    let typed: HashMap<PersonId, String> = form_urlencoded::parse(&body)
        .filter_map(|(name, value)| Some((name.strip_prefix("at-")?.parse().ok()?, value.trim().to_owned())))
        .collect();
    let mut seats = Vec::new();
    for (person, address) in typed.iter().filter(|(_, address)| !address.is_empty()) {
        let Ok(address) = address.parse::<IpAddr>() else {
            let error = format!("“{address}” is no address of a device, such as 10.0.4.17");
            return class_page(&house, &caller, &class, StatusCode::UNPROCESSABLE_ENTITY, &typed, Some(&error)).await;
        };
        seats.push(Seat { person: *person, address });
    }
    class.seat(&caller.office().ledger, caller.act(code!("class")), &seats).await?;
    Ok(Redirect::to(&format!("/classes/{}", class.group)).into_response())
}

/// One press: everybody is known at the device where they sit, until the lesson ends.
async fn sign_in(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, body: Bytes) -> Result<Response, Problem> {
    let class = the_class(&caller, &id, Action::SignInClass).await?;
    let minutes = form_urlencoded::parse(&body).find(|(name, _)| name == "minutes").and_then(|(_, value)| value.parse::<i64>().ok());
    let minutes = minutes.filter(|minutes| LESSONS.contains(minutes)).ok_or(Problem::NotReadable)?;
    let until = caller.now().checked_add(SignedDuration::from_mins(minutes)).map_err(|_| Problem::NotReadable)?;
    let lesson = Lesson::until(until, caller.now())?;
    class.sign_in(&caller.office().ledger, house.presence(), caller.act(code!("class")), lesson).await?;
    Ok(Redirect::to(&format!("/classes/{}", class.group)).into_response())
}

async fn sign_out(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let class = the_class(&caller, &id, Action::SignInClass).await?;
    class.sign_out(&caller.office().ledger, house.presence(), caller.act(code!("class")), &[]).await?;
    Ok(Redirect::to(&format!("/classes/{}", class.group)).into_response())
}
