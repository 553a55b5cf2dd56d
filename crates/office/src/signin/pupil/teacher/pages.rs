//! How a class signs in: its code, pictures, cards and accounts, and how each child came in just now.

use axum::extract::{Form, Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use presence::Source;
use serde::Deserialize;

use super::view::{CardSheet, ClassSignInsPage, GivenPictures, PictureSheet, PrintedCard, Row};
use crate::access::{Action, Thing};
use crate::gate::{Class, the_class};
use crate::people::{self, Person};
use crate::signin::device::out;
use crate::signin::pupil::pages::first_name;
use crate::signin::pupil::{Way, Young, young};
use crate::signin::{SignInError, accounts};
use crate::web::{Ask, Caller, Problem, Route, Shared};

/// The routes of teachers.
pub fn routes() -> Vec<Route> {
    const SET_UP: Ask = Ask::Thing(&[Action::SetUpClassSignIn]);
    vec![Route::page("/classes/{group}/sign-ins", SET_UP, sign_ins), Route::form("/classes/{group}/sign-ins", SET_UP, change)]
}

#[derive(Deserialize)]
struct Order {
    /// What to do, and behind a space for whom.
    #[serde(default, rename = "do")]
    what: String,
    #[serde(default)]
    way: String,
}

/// The people of a class with how they sign in.
struct Room {
    class: Class,
    people: Vec<Person>,
    young: Vec<Young>,
}

// === impl Room ===

impl Room {
    async fn of(caller: &Caller, id: &str) -> Result<Self, Problem> {
        let office = caller.office();
        let class = the_class(caller, id, Action::SetUpClassSignIn).await?;
        let mut people = people::persons(office.ledger.reader(), office.scope(), &class.pupils).await?;
        people.sort_by_key(|person| person.details.name());
        let young = young(office.ledger.reader(), office.organisation, &class.pupils).await?;
        Ok(Self { class, people, young })
    }

    fn young(&self, person: PersonId) -> Option<&Young> {
        self.young.iter().find(|young| young.person == person)
    }

    /// Those whom an order names: one pupil, or all of whom `others` is true.
    fn whom(&self, named: &str, others: impl Fn(PersonId) -> bool) -> Result<Vec<PersonId>, Problem> {
        if named.is_empty() {
            return Ok(self.class.pupils.iter().copied().filter(|person| others(*person)).collect());
        }
        let one: PersonId = named.parse().map_err(|_| Problem::NotThere)?;
        if self.class.pupils.contains(&one) { Ok(vec![one]) } else { Err(Problem::NotThere) }
    }
}

async fn sign_ins(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let room = Room::of(&caller, &id).await?;
    let office = caller.office();
    let door = office.sign_ins.class_door(room.class.group).await?;
    let present = room.class.present(house.presence(), caller.now());
    let accounts = accounts(office.ledger.reader(), office.organisation).await?;
    caller.looks_at(Action::SetUpClassSignIn, room.class.pupils.iter().copied()).await?;
    let row = |person: &Person| {
        let source = present.iter().find(|present| present.sign_in.person == person.id && !present.is_shared);
        let account = accounts.iter().find(|account| account.person == person.id && !account.is_ended);
        Row {
            person: person.id,
            name: person.details.name(),
            young: room.young(person.id).copied(),
            user_name: account.map(|account| account.user_name.clone()),
            now: source.map(|present| how(present.sign_in.source)),
        }
    };
    let rows: Vec<Row> = room.people.iter().map(row).collect();
    let address = format!("{}/class", house.address());
    let page = ClassSignInsPage { word: &caller.word(), group: room.class.group, door: door.as_ref(), address: &address, rows: &rows };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// How somebody came to be known at a device, for a teacher.
pub(crate) const fn how(source: Source) -> &'static str {
    match source {
        Source::Own => "Signed in alone",
        Source::Card => "By card",
        Source::Class => "By you",
        Source::Network => "By the network",
    }
}

async fn change(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    Form(order): Form<Order>,
) -> Result<Response, Problem> {
    let room = Room::of(&caller, &id).await?;
    let sign_ins = &caller.office().sign_ins;
    let (group, pupils) = (room.class.group, room.class.pupils.as_slice());
    let act = || caller.act(code!("class"));
    let (what, whom) = order.what.split_once(' ').unwrap_or((&order.what, ""));
    match what {
        "open" => {
            let way = Way::of(&order.way).ok_or(Problem::NotReadable)?;
            sign_ins.open_class(act(), group, way).await?;
        }
        "pictures" => {
            let whom = room.whom(whom, |person| room.young(person).is_none_or(|young| !young.has_pictures))?;
            caller.looks_at(Action::SetUpClassSignIn, whom.iter().copied()).await?;
            let given = sign_ins.new_pictures(act(), group, pupils, &whom).await?;
            out(&house, caller.office(), &whom);
            let young = young(caller.office().ledger.reader(), caller.office().organisation, pupils).await?;
            return Ok(picture_sheet(&house, &caller, &room, &given, &young));
        }
        "cards" => {
            let whom = room.whom(whom, |person| room.young(person).is_some())?;
            caller.looks_at(Action::SetUpClassSignIn, whom.iter().copied()).await?;
            let cards = sign_ins.new_cards(act(), group, pupils, &whom).await?;
            out(&house, caller.office(), &whom);
            let printed = |person: &Person| {
                let (_, token) = cards.iter().find(|(whose, _)| *whose == person.id)?;
                let address = format!("{}/card/{}", house.address(), token.expose());
                Some(PrintedCard { name: first_name(person), symbol: room.young(person.id)?.symbol, address })
            };
            let cards: Vec<PrintedCard> = room.people.iter().filter_map(printed).collect();
            return Ok(Html(house.page(&CardSheet { group, cards: &cards }, Some(&caller))).into_response());
        }
        "end-cards" => {
            let whom = room.whom(whom, |_| true)?;
            sign_ins.end_cards(act(), group, pupils, &whom).await?;
            // Whoever came in with one is out, whatever else is known of the device.
            let present = room.class.present(house.presence(), caller.now());
            let by_card = present.iter().map(|present| present.sign_in).filter(|sign_in| sign_in.source == Source::Card);
            let by_card: Vec<PersonId> = by_card.map(|sign_in| sign_in.person).filter(|person| whom.contains(person)).collect();
            out(&house, caller.office(), &by_card);
        }
        "account" => return account_link(&house, &caller, &room, whom).await,
        _ => return Err(Problem::NotReadable),
    }
    Ok(Redirect::to(&format!("/classes/{group}/sign-ins")).into_response())
}

fn picture_sheet(
    house: &Shared,
    caller: &Caller,
    room: &Room,
    given: &[(PersonId, crate::signin::pupil::Pictures)],
    young: &[Young],
) -> Response {
    let one = |person: &Person| {
        let (_, pictures) = given.iter().find(|(whose, _)| *whose == person.id)?;
        let symbol = young.iter().find(|young| young.person == person.id)?.symbol;
        Some(GivenPictures { name: first_name(person), symbol, pictures: pictures.symbols().collect() })
    };
    let rows: Vec<GivenPictures> = room.people.iter().filter_map(one).collect();
    Html(house.page(&PictureSheet { group: room.class.group, rows: &rows }, Some(caller))).into_response()
}

/// Makes an account for an older child, or gives a new link for the one that is there.
async fn account_link(house: &Shared, caller: &Caller, room: &Room, whom: &str) -> Result<Response, Problem> {
    let whom = room.whom(whom, |_| false)?;
    let person = room.people.iter().find(|person| whom.contains(&person.id)).ok_or(Problem::NotThere)?;
    let office = caller.office();
    let roles = people::roles_of(office.ledger.reader(), office.scope(), person.id, caller.today()).await?;
    caller.must(Action::ResetSignIn, &Thing::Account { owner: person.id, teachers: room.class.teachers.clone(), roles })?;
    let link = match office.sign_ins.reset(caller.act(code!("accounts")), person.id).await {
        Err(SignInError::NoAccount) => {
            let (given, family) = (person.details.given.as_str(), person.details.family.as_str());
            office.sign_ins.make_named(caller.act(code!("accounts")), person.id, given, family).await?
        }
        other => other?,
    };
    out(house, office, &[person.id]);
    crate::signin::pages::link_page(house, caller, &link, "/classes").await
}
