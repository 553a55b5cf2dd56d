//! Where guests come in, and where those who work here let them in, see them and end their passes.

use std::collections::BTreeSet;
use std::net::IpAddr;

use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use calendar::Instant;
use ids::PersonId;
use jiff::SignedDuration;
use ledger::{Origin, by_program, code};
use presence::Source;
use serde::Deserialize;

use super::service::GuestIn;
use super::view::{CodePage, DoorPage, GuestsPage, Row};
use super::{GuestCode, NOTICE, NewGuest, Reason};
use crate::access::Action;
use crate::gate::{self, Ground, Stay};
use crate::people::{self, Short};
use crate::signin::{SignInError, Token};
use crate::web::{Ask, Caller, Content, Peer, Problem, Route, Shared};

/// How long a pass may be, as the page offers it: word, text, hours.
pub(super) const STAYS: [(&str, &str, i64); 4] =
    [("hour", "1 hour", 1), ("morning", "4 hours", 4), ("day", "10 hours", 10), ("week", "5 days", 120)];
/// How long somebody who comes in alone may stay at least, outside of school hours and near their end too: an evening.
const ALONE: SignedDuration = SignedDuration::from_hours(4);

/// The routes of guests.
pub fn routes() -> Vec<Route> {
    const DOOR: Ask =
        Ask::Nothing("a guest who signs in is not signed in yet; the address must be the school's, and wrong codes are counted");
    const STAFF: Ask = Ask::School(Action::LetGuestsIn);
    vec![
        Route::page("/guest", DOOR, door),
        Route::form("/guest", DOOR, come_in),
        Route::form("/guest/register", DOOR, register),
        Route::page("/guests", STAFF, list).in_menu("Guests"),
        Route::form("/guests", STAFF, let_in),
        Route::form("/guests/{person}/end", STAFF, end),
    ]
}

#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    given: String,
    #[serde(default)]
    family: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    stay: String,
    #[serde(default)]
    accepted: String,
    /// By which a page is known again that is sent twice.
    #[serde(default)]
    page: String,
}

/// A field, and what is wrong with it.
type Fault = (&'static str, &'static str);

impl Typed {
    /// Whom these fields name, or what is missing.
    fn guest(&self, until: Instant, host: Option<PersonId>) -> Result<NewGuest, Fault> {
        let given = Short::parse(&self.given).map_err(|_| ("given", "Enter the first name"))?;
        let family = Short::parse(&self.family).map_err(|_| ("family", "Enter the family name"))?;
        let reason = Reason::of(&self.reason).ok_or(("reason", "Choose why the guest is here"))?;
        Ok(NewGuest { given, family, reason, until, host })
    }
}

fn framed(house: &Shared, status: StatusCode, content: &dyn Content, caller: Option<&Caller>) -> Response {
    (status, Html(house.page(content, caller))).into_response()
}

// === the guest ===

async fn door(State(house): State<Shared>, peer: axum::Extension<Peer>) -> Result<Response, Problem> {
    door_page(&house, peer.0.0, StatusCode::OK, &Typed::default(), None)
}

fn door_page(house: &Shared, from: IpAddr, status: StatusCode, typed: &Typed, error: Option<Fault>) -> Result<Response, Problem> {
    let is_here = house.is_of_school(from) || house.is_for_guests(from);
    let status = if is_here { status } else { StatusCode::FORBIDDEN };
    let page = match Token::read(&typed.page) {
        Some(page) => page,
        None => Token::random()?,
    };
    let until = house.is_for_guests(from).then(|| clock(house, alone_until(house)));
    let (given, family, reason) = (&typed.given, &typed.family, &typed.reason);
    let content = DoorPage { notice: &NOTICE, is_here, until: until.as_deref(), page: page.expose(), given, family, reason, error };
    Ok(framed(house, status, &content, None))
}

/// Until when somebody is let in who comes in alone now: until the school day ends, and for an evening at least.
fn alone_until(house: &Shared) -> Instant {
    let evening = house.now().checked_add(ALONE).unwrap_or(house.now());
    house.day_ends().map_or(evening, |ends| ends.max(evening))
}

const NOT_ACCEPTED: &str = "Read the notice and say that you accept it";

async fn come_in(State(house): State<Shared>, peer: axum::Extension<Peer>, Form(typed): Form<Typed>) -> Result<Response, Problem> {
    let from = peer.0.0;
    let again = |status, field, error| door_page(&house, from, status, &Typed::default(), Some((field, error)));
    if !house.is_of_school(from) && !house.is_for_guests(from) {
        return door_page(&house, from, StatusCode::FORBIDDEN, &Typed::default(), None);
    }
    let Ok(code) = typed.code.parse::<GuestCode>() else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, "code", "A guest's code has 8 letters. Look at it again");
    };
    if typed.accepted.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, "accepted", NOT_ACCEPTED);
    }
    let office = house.office().map_err(Problem::Records)?;
    match office.sign_ins.guest_in(&code, &NOTICE, from, house.now()).await {
        Ok(guest) => {
            let cookie = arrive(&house, &guest, from)?;
            Ok((cookie, Redirect::to("/here")).into_response())
        }
        Err(SignInError::Link) => {
            again(StatusCode::FORBIDDEN, "code", "This code is not right, or its time is over. Ask whoever gave it to you")
        }
        Err(SignInError::Wait { .. }) => again(StatusCode::TOO_MANY_REQUESTS, "code", "There were too many wrong codes. Wait some minutes"),
        Err(other) => Err(other.into()),
    }
}

/// The device is the guest's until the pass ends or the guest leaves it.
fn arrive(house: &Shared, guest: &GuestIn, from: IpAddr) -> Result<impl axum::response::IntoResponseParts + use<>, Problem> {
    // A network for guests may lie within those of the school.
    let ground = if house.is_for_guests(from) { Ground::Guests } else { Ground::School };
    let stay = Stay::of_pass(guest.until, ground, house.now());
    gate::arrive(house.presence(), guest.person, Source::Own, from, stay, house.now())?;
    Ok(AppendHeaders([(header::SET_COOKIE, guest.session.cookie())]))
}

/// A visitor comes in alone, from a network for guests.
async fn register(State(house): State<Shared>, peer: axum::Extension<Peer>, Form(typed): Form<Typed>) -> Result<Response, Problem> {
    let (from, now) = (peer.0.0, house.now());
    if !house.is_for_guests(from) {
        return door_page(&house, from, StatusCode::FORBIDDEN, &Typed::default(), None);
    }
    let guest = match typed.guest(alone_until(&house), None) {
        Ok(_) if typed.accepted.is_empty() => Err(("accepted-too", NOT_ACCEPTED)),
        guest => guest,
    };
    let guest = match guest {
        Ok(guest) => guest,
        Err(fault) => return door_page(&house, from, StatusCode::UNPROCESSABLE_ENTITY, &typed, Some(fault)),
    };
    let office = house.office().map_err(Problem::Records)?;
    let act = by_program(office.organisation, now, Origin::Address(from));
    let page = Token::read(&typed.page);
    let code = match office.sign_ins.register_guest(act, &office.keys, &guest, page.as_ref(), from).await {
        Ok(code) => code,
        Err(SignInError::Wait { .. }) => {
            let error = "Too many people have come in from this device. Ask at the school office";
            return door_page(&house, from, StatusCode::TOO_MANY_REQUESTS, &typed, Some(("given", error)));
        }
        Err(other) => return Err(other.into()),
    };
    let came = office.sign_ins.guest_in(&code, &NOTICE, from, now).await?;
    let cookie = arrive(&house, &came, from)?;
    let page = CodePage { code: &code.shown(), until: &clock(&house, came.until), is_own: true, address: "" };
    Ok((cookie, framed(&house, StatusCode::OK, &page, None)).into_response())
}

fn clock(house: &Shared, at: Instant) -> String {
    at.timestamp().to_zoned(house.zone()).strftime("%A %-d %B, %H:%M").to_string()
}

// === those who work here ===

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    list_page(&house, &caller, StatusCode::OK, &Typed::default(), None).await
}

async fn list_page(house: &Shared, caller: &Caller, status: StatusCode, typed: &Typed, error: Option<Fault>) -> Result<Response, Problem> {
    let office = caller.office();
    let guests = office.sign_ins.guests(caller.now()).await?;
    let ids: BTreeSet<PersonId> = guests.iter().flat_map(|guest| [Some(guest.person), guest.host]).flatten().collect();
    let ids: Vec<PersonId> = ids.into_iter().collect();
    let people = people::persons(office.ledger.reader(), office.scope(), &ids).await?;
    caller.looks_at(Action::LetGuestsIn, ids).await?;
    let name = |id: PersonId| people.iter().find(|person| person.id == id).map(|person| person.details.name()).unwrap_or_default();
    let row = |guest: &super::Guest| Row {
        person: guest.person,
        name: name(guest.person),
        reason: guest.reason.title(),
        host: guest.host.map(name),
        accepted: guest.accepted.as_ref().map(|(at, device)| format!("{}, at {device}", clock(house, *at))),
        until: clock(house, guest.until),
    };
    let rows: Vec<Row> = guests.iter().map(row).collect();
    let page = GuestsPage { word: &caller.word(), rows: &rows, given: &typed.given, family: &typed.family, reason: &typed.reason, error };
    Ok(framed(house, status, &page, Some(caller)))
}

async fn let_in(State(house): State<Shared>, caller: Caller, Form(typed): Form<Typed>) -> Result<Response, Problem> {
    let (_, _, hours) = STAYS.into_iter().find(|(word, ..)| *word == typed.stay).ok_or(Problem::NotReadable)?;
    let until = caller.now().checked_add(SignedDuration::from_hours(hours)).map_err(|_| Problem::NotReadable)?;
    let guest = match typed.guest(until, Some(caller.person())) {
        Ok(guest) => guest,
        Err(error) => return list_page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, &typed, Some(error)).await,
    };
    let (_, code) = caller.office().sign_ins.let_guest_in(caller.act(code!("guests")), &guest).await?;
    let address = format!("{}/guest", house.address());
    let page = CodePage { code: &code.shown(), until: &clock(&house, until), is_own: false, address: &address };
    Ok(framed(&house, StatusCode::OK, &page, Some(&caller)))
}

async fn end(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let guest: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    match caller.office().sign_ins.end_guest(caller.act(code!("guests")), guest).await {
        Ok(()) => {
            house.presence().end(caller.now().timestamp(), |_, sign_in| sign_in.person == guest);
            Ok(Redirect::to("/guests").into_response())
        }
        Err(SignInError::Link) => Err(Problem::NotThere),
        Err(other) => Err(other.into()),
    }
}
