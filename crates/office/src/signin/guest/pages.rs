//! Where guests come in, and where those who work here let them in, see them and end their passes.

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
use crate::signin::SignInError;
use crate::web::{Ask, Caller, Content, Peer, Problem, Route, Shared};

/// How long a pass may be, as the page offers it: word, text, hours.
pub(super) const STAYS: [(&str, &str, i64); 4] =
    [("hour", "1 hour", 1), ("morning", "4 hours", 4), ("day", "10 hours", 10), ("week", "5 days", 120)];
/// How long somebody who comes in alone may stay, outside of school hours too: an evening.
const ALONE: SignedDuration = SignedDuration::from_hours(4);
/// How long at least, however soon the school day ends: whoever comes for a talk in the evening comes before it does.
const LEAST: SignedDuration = SignedDuration::from_hours(1);

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
}

impl Typed {
    /// Whom these fields name, or what is missing.
    fn guest(&self, until: Instant, host: Option<PersonId>) -> Result<NewGuest, &'static str> {
        let given = Short::parse(&self.given).map_err(|_| "Enter the first name")?;
        let family = Short::parse(&self.family).map_err(|_| "Enter the family name")?;
        let reason = Reason::of(&self.reason).ok_or("Choose why the guest is here")?;
        Ok(NewGuest { given, family, reason, until, host })
    }
}

fn framed(house: &Shared, status: StatusCode, content: &dyn Content, caller: Option<&Caller>) -> Response {
    (status, Html(house.page(content, caller))).into_response()
}

// === the guest ===

async fn door(State(house): State<Shared>, peer: axum::Extension<Peer>) -> Response {
    door_page(&house, peer.0.0, StatusCode::OK, None)
}

fn door_page(house: &Shared, from: IpAddr, status: StatusCode, error: Option<(&str, &str)>) -> Response {
    let is_here = house.is_of_school(from) || house.is_for_guests(from);
    let status = if is_here { status } else { StatusCode::FORBIDDEN };
    framed(house, status, &DoorPage { notice: &NOTICE, is_here, may_register: house.is_for_guests(from), error }, None)
}

const NOT_ACCEPTED: &str = "Read the notice and say that you accept it";

async fn come_in(State(house): State<Shared>, peer: axum::Extension<Peer>, Form(typed): Form<Typed>) -> Result<Response, Problem> {
    let from = peer.0.0;
    let again = |status, field, error| Ok(door_page(&house, from, status, Some((field, error))));
    if !house.is_of_school(from) && !house.is_for_guests(from) {
        return Ok(door_page(&house, from, StatusCode::FORBIDDEN, None));
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
        return Ok(door_page(&house, from, StatusCode::FORBIDDEN, None));
    }
    let after = |time: SignedDuration| now.checked_add(time).unwrap_or(now);
    let until = house.day_ends().map_or_else(|| after(ALONE), |end| end.max(after(LEAST)));
    let guest = match typed.guest(until, None) {
        _ if typed.accepted.is_empty() => Err(NOT_ACCEPTED),
        guest => guest,
    };
    let guest = match guest {
        Ok(guest) => guest,
        Err(error) => return Ok(door_page(&house, from, StatusCode::UNPROCESSABLE_ENTITY, Some(("given", error)))),
    };
    let office = house.office().map_err(Problem::Records)?;
    let act = by_program(office.organisation, now, Origin::Address(from));
    let code = match office.sign_ins.register_guest(act, &guest, from).await {
        Ok(code) => code,
        Err(SignInError::Wait { .. }) => {
            let error = "Too many people have come in from this device. Ask at the school office";
            return Ok(door_page(&house, from, StatusCode::TOO_MANY_REQUESTS, Some(("given", error))));
        }
        Err(other) => return Err(other.into()),
    };
    let came = office.sign_ins.guest_in(&code, &NOTICE, from, now).await?;
    let cookie = arrive(&house, &came, from)?;
    let page = CodePage { code: &code.shown(), until: &clock(&house, guest.until), is_own: true, address: "" };
    Ok((cookie, framed(&house, StatusCode::OK, &page, None)).into_response())
}

fn clock(house: &Shared, at: Instant) -> String {
    at.timestamp().to_zoned(house.zone()).strftime("%A %-d %B, %H:%M").to_string()
}

// === those who work here ===

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    list_page(&house, &caller, StatusCode::OK, &Typed::default(), None).await
}

async fn list_page(house: &Shared, caller: &Caller, status: StatusCode, typed: &Typed, error: Option<&str>) -> Result<Response, Problem> {
    let office = caller.office();
    let guests = office.sign_ins.guests(caller.now()).await?;
    let ids: Vec<PersonId> = guests.iter().flat_map(|guest| [Some(guest.person), guest.host]).flatten().collect();
    let people = people::persons(office.ledger.reader(), office.scope(), &ids).await?;
    caller.looks_at(Action::LetGuestsIn, guests.iter().map(|guest| guest.person)).await?;
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
