//! The pages that children meet: the code of the class, who they are, their pictures, their card, and that they are in.

use std::net::IpAddr;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use calendar::Date;
use ids::{GroupId, PersonId};
use ledger::{Origin, Subject, by_program, code};
use presence::Source;
use serde::Deserialize;
use ui::components::symbol::Symbol;

use super::view::{CardPage, CodePage, HerePage, PicturesPage, TellPage, WhoPage};
use super::{Chosen, ClassCode, PictureAttempt, Way};
use crate::gate::{self, Class, Stay};
use crate::people::{self, Person, Role, SchoolYear};
use crate::signin::{Device, Mark, Outcome, SignInError, Token};
use crate::web::{Ask, Caller, Content, Office, Peer, Problem, Route, Shared, cookie};

/// The routes of children.
pub fn routes() -> Vec<Route> {
    const DOOR: Ask =
        Ask::Nothing("a child who signs in is not signed in yet; the address must be the school's, and wrong tries are counted");
    vec![
        Route::page("/class", DOOR, ask_code),
        Route::page("/class/{code}", DOOR, who),
        Route::page("/class/{code}/{person}", DOOR, first_picture),
        Route::form("/class/{code}/{person}", DOOR, press),
        Route::page("/card/{token}", DOOR, card),
        Route::form("/card/{token}", DOOR, use_card),
        Route::page("/here", Ask::Own, here),
    ]
}

#[derive(Debug, Default, Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    chosen: String,
    #[serde(default)]
    press: String,
}

/// A class as a child sees it.
struct Room {
    class: Class,
    name: String,
    way: Way,
    children: Vec<Child>,
}

/// A child of it.
pub(super) struct Child {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) symbol: Symbol,
}

/// Why a child cannot go on, in words for a child.
enum Halt {
    /// Not at a device of the school.
    Elsewhere,
    /// No class has the code.
    NoSuchCode,
    /// Too many wrong tries.
    Wait,
    /// The card is not good, or not now.
    Card,
}

// === impl Halt ===

impl Halt {
    fn page(&self, house: &Shared) -> Response {
        let (status, title, text) = match self {
            Self::Elsewhere => (StatusCode::FORBIDDEN, "Only at school", "You can sign in here on a school computer or tablet."),
            Self::NoSuchCode => return code_page(house, StatusCode::NOT_FOUND, Some("No class has this code. Look at it again.")),
            Self::Wait => (StatusCode::TOO_MANY_REQUESTS, "Please wait", "There were too many tries. Ask your teacher to help you."),
            Self::Card => (StatusCode::NOT_FOUND, "This card does not work", "You did nothing wrong. Ask your teacher."),
        };
        framed(house, status, &TellPage { title, text })
    }
}

fn framed(house: &Shared, status: StatusCode, content: &dyn Content) -> Response {
    (status, Html(house.page(content, None))).into_response()
}

// === the class ===

async fn ask_code(State(house): State<Shared>, typed: Query<Typed>) -> Response {
    match typed.code.parse::<ClassCode>() {
        Ok(code) => Redirect::to(&format!("/class/{}", code.as_str())).into_response(),
        Err(_) if typed.code.trim().is_empty() => code_page(&house, StatusCode::OK, None),
        Err(_) => code_page(&house, StatusCode::UNPROCESSABLE_ENTITY, Some("A class code has 6 letters. Look at it again.")),
    }
}

fn code_page(house: &Shared, status: StatusCode, error: Option<&str>) -> Response {
    framed(house, status, &CodePage { error })
}

/// The class behind a code, with its children who have a picture. That somebody looks is in the trail.
async fn room(house: &Shared, from: IpAddr, code: &str) -> Result<Result<Room, Halt>, Problem> {
    if !house.is_of_school(from) {
        return Ok(Err(Halt::Elsewhere));
    }
    let Ok(code) = code.parse::<ClassCode>() else { return Ok(Err(Halt::NoSuchCode)) };
    let office = house.office().map_err(Problem::Records)?;
    let door = match office.sign_ins.door_of(&code, from, house.now()).await {
        Ok(Some(door)) => door,
        Ok(None) => return Ok(Err(Halt::NoSuchCode)),
        Err(SignInError::Wait { .. }) => return Ok(Err(Halt::Wait)),
        Err(other) => return Err(other.into()),
    };
    let Some((class, name)) = this_year(&office, door.group, today(house)?).await? else { return Ok(Err(Halt::NoSuchCode)) };
    let act = by_program(office.organisation, house.now(), Origin::Address(from));
    let group = Subject { kind: code!("group"), id: ids::RecordId::from_bytes(class.group.to_bytes()) };
    office.ledger.view(&act, code!("see-class-door"), &[group]).await?;
    let children = children(&office, &class).await?;
    Ok(Ok(Room { class, name, way: door.way, children }))
}

/// A class of this school year with its name: one of another year has no door any more.
async fn this_year(office: &Office, group: GroupId, today: Date) -> Result<Option<(Class, String)>, Problem> {
    let Some(year) = SchoolYear::of(today) else { return Ok(None) };
    let groups = people::groups(office.ledger.reader(), office.scope(), year).await?;
    let Some(name) = groups.into_iter().find(|known| known.id == group).map(|known| known.name.to_string()) else { return Ok(None) };
    match Class::on(&office.ledger, office.scope(), group, today).await {
        Ok(class) => Ok(Some((class, name))),
        Err(gate::GateError::NoSuchClass) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

async fn children(office: &Office, class: &Class) -> Result<Vec<Child>, Problem> {
    let reader = office.ledger.reader();
    let young = super::young(reader, office.organisation, &class.pupils).await?;
    let people = people::persons(reader, office.scope(), &class.pupils).await?;
    let child = |person: &Person| {
        let young = young.iter().find(|young| young.person == person.id)?;
        Some(Child { id: person.id, name: first_name(person), symbol: young.symbol })
    };
    let mut children: Vec<Child> = people.iter().filter_map(child).collect();
    children.sort_by(|one, other| one.name.cmp(&other.name).then(one.symbol.cmp(&other.symbol)));
    Ok(children)
}

/// What a child is called: never the family name.
pub(super) fn first_name(person: &Person) -> String {
    person.details.known_as.as_ref().unwrap_or(&person.details.given).to_string()
}

fn today(house: &Shared) -> Result<Date, Problem> {
    Date::try_from(house.now().timestamp().to_zoned(house.zone()).date()).map_err(|_| Problem::Broken)
}

async fn who(State(house): State<Shared>, peer: axum::Extension<Peer>, Path(code): Path<String>) -> Result<Response, Problem> {
    let room = match room(&house, peer.0.0, &code).await? {
        Ok(room) => room,
        Err(halt) => return Ok(halt.page(&house)),
    };
    let page = WhoPage { code: &code, class: &room.name, way: room.way, children: &room.children };
    Ok(framed(&house, StatusCode::OK, &page))
}

// === the pictures ===

async fn first_picture(
    State(house): State<Shared>,
    peer: axum::Extension<Peer>,
    Path((code, child)): Path<(String, String)>,
) -> Result<Response, Problem> {
    match room(&house, peer.0.0, &code).await? {
        Ok(room) => Ok(pictures_page(&house, &room, &code, &child, StatusCode::OK, &Chosen::default(), None)),
        Err(halt) => Ok(halt.page(&house)),
    }
}

fn pictures_page(
    house: &Shared,
    room: &Room,
    code: &str,
    child: &str,
    status: StatusCode,
    chosen: &Chosen,
    error: Option<&str>,
) -> Response {
    let found = room.children.iter().find(|known| room.way == Way::Pictures && known.id.to_string() == child);
    let Some(child) = found else { return Redirect::to(&format!("/class/{code}")).into_response() };
    framed(house, status, &PicturesPage { code, child, chosen, error })
}

async fn press(
    State(house): State<Shared>,
    peer: axum::Extension<Peer>,
    headers: HeaderMap,
    Path((code, child)): Path<(String, String)>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Problem> {
    let from = peer.0.0;
    let room = match room(&house, from, &code).await? {
        Ok(room) => room,
        Err(halt) => return Ok(halt.page(&house)),
    };
    let chosen = Chosen::read(&pressed.chosen, &pressed.press);
    let again = |status, chosen: &Chosen, error| Ok(pictures_page(&house, &room, &code, &child, status, chosen, error));
    let Some(pictures) = chosen.whole() else { return again(StatusCode::OK, &chosen, None) };
    let Some(id) = child.parse().ok().filter(|id| room.class.pupils.contains(id)) else {
        return again(StatusCode::OK, &Chosen::default(), None);
    };
    let office = house.office().map_err(Problem::Records)?;
    let device = cookie(&headers, Mark::Class.cookie()).map(Device::read);
    let attempt = PictureAttempt { class: room.class.group, child: id, pictures: &pictures, from, device: device.as_ref() };
    match office.sign_ins.in_by_pictures(attempt, house.now()).await? {
        Outcome::In { person, session, device, .. } => come_in(&house, person, Source::Own, from, &session, Some(&device)),
        Outcome::Wrong => {
            let error = "Those are not your pictures. Try again, or ask your teacher.";
            again(StatusCode::FORBIDDEN, &Chosen::default(), Some(error))
        }
        Outcome::Wait { .. } => Ok(Halt::Wait.page(&house)),
    }
}

/// The device is the child's from now on, and the session is kept in its cookie.
pub(in crate::signin) fn come_in(
    house: &Shared,
    person: PersonId,
    source: Source,
    from: IpAddr,
    session: &Token,
    device: Option<&Device>,
) -> Result<Response, Problem> {
    let stay = Stay::of_day(house.day_ends(), house.now());
    gate::arrive(house.presence(), person, source, from, stay, house.now())?;
    let cookies = [Some(session.cookie()), device.map(|device| device.cookie(Mark::Class))];
    let cookies = AppendHeaders(cookies.into_iter().flatten().map(|cookie| (header::SET_COOKIE, cookie)).collect::<Vec<_>>());
    Ok((cookies, Redirect::to("/here")).into_response())
}

// === the card ===

/// Whose card it is, if it is good here and now.
async fn holder(house: &Shared, from: IpAddr, token: &str) -> Result<Result<(Token, Child), Halt>, Problem> {
    if !house.is_of_school(from) {
        return Ok(Err(Halt::Elsewhere));
    }
    let Some(token) = Token::read(token).filter(|_| house.day_ends().is_some()) else { return Ok(Err(Halt::Card)) };
    let office = house.office().map_err(Problem::Records)?;
    let Some(card) = office.sign_ins.card(&token).await? else { return Ok(Err(Halt::Card)) };
    let Some((class, _)) = this_year(&office, card.group, today(house)?).await? else { return Ok(Err(Halt::Card)) };
    let child = children(&office, &class).await?.into_iter().find(|child| child.id == card.child);
    Ok(child.map(|child| (token, child)).ok_or(Halt::Card))
}

/// What a scanned card opens. It changes nothing: telephones look at links before anybody presses something.
async fn card(State(house): State<Shared>, peer: axum::Extension<Peer>, Path(token): Path<String>) -> Result<Response, Problem> {
    match holder(&house, peer.0.0, &token).await? {
        Ok((token, child)) => Ok(framed(&house, StatusCode::OK, &CardPage { token: token.expose(), child: &child })),
        Err(halt) => Ok(halt.page(&house)),
    }
}

async fn use_card(
    State(house): State<Shared>,
    peer: axum::Extension<Peer>,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let from = peer.0.0;
    let token = match holder(&house, from, &token).await? {
        Ok((token, _)) => token,
        Err(halt) => return Ok(halt.page(&house)),
    };
    let office = house.office().map_err(Problem::Records)?;
    let device = cookie(&headers, Mark::Class.cookie()).map(Device::read);
    match office.sign_ins.in_by_card(&token, from, device.as_ref(), house.now()).await {
        Ok(Outcome::In { person, session, device, .. }) => come_in(&house, person, Source::Card, from, &session, Some(&device)),
        Ok(Outcome::Wrong | Outcome::Wait { .. }) | Err(SignInError::Link) => Ok(Halt::Card.page(&house)),
        Err(other) => Err(other.into()),
    }
}

// === who is in ===

async fn here(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let person = people::person(caller.office().ledger.reader(), caller.office().scope(), caller.person()).await?;
    let name = person.as_ref().map(first_name).unwrap_or_default();
    let is_guest = caller.role() == Role::Visitor;
    Ok(Html(house.page(&HerePage { word: &caller.word(), name: &name, is_guest }, Some(&caller))).into_response())
}
