//! Who answers for a child, how people are reached, and what is to be heeded about them: seen and changed by few, each look recorded.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{HouseholdId, PersonId};
use ledger::code;
use ledger::keys::{OpenedText, Standing as KeyStanding};

use super::adult::bond;
use super::{as_seen, names, the_person};
use crate::access::Action;
use crate::people::view::{AdultRow, ChildRow, ContactPage, ContactsPage, EndContactPage, HomeRow};
use crate::people::{self, Care, Held, PeopleError, Person, Relation};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    const SEE: Ask = Ask::Thing(&[Action::SeeContact]);
    const CHANGE: Ask = Ask::Thing(&[Action::ChangeContact]);
    vec![
        Route::page("/people/{person}/contacts", SEE, look),
        Route::page("/people/{person}/contacts/{adult}", CHANGE, to_change),
        Route::form("/people/{person}/contacts/{adult}", CHANGE, change),
        Route::form("/people/{person}/contacts/{adult}/confirm", CHANGE, confirm),
        Route::page("/people/{person}/contacts/{adult}/end", CHANGE, to_end),
        Route::form("/people/{person}/contacts/{adult}/end", CHANGE, end),
        Route::form("/people/{person}/phone", CHANGE, phone),
        Route::form("/people/{person}/home", CHANGE, home),
    ]
}

async fn look(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let (person, ties) = the_person(&caller, &id, Action::SeeContact).await?;
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let mut relations = people::responsible_for(reader, scope, person.id).await?;
    relations.retain(|relation| relation.holds(today));
    let children: Vec<Relation> =
        people::children_of(reader, scope, person.id).await?.into_iter().filter(|relation| relation.holds(today)).collect();
    let homes = people::household_of(reader, scope, person.id, today).await?;
    let ids: Vec<PersonId> = relations.iter().map(|relation| relation.adult).chain(children.iter().map(|child| child.child)).collect();
    let housemates: Vec<PersonId> = homes.iter().flat_map(|(_, people)| people.iter().copied()).collect();
    // Before anything sealed is opened.
    let mut seen: Vec<PersonId> = [person.id].into_iter().chain(ids.iter().copied()).chain(housemates.iter().copied()).collect();
    seen.sort();
    seen.dedup();
    caller.looks_at(Action::SeeContact, seen.iter().copied()).await?;
    let named = names(&caller, &seen).await?;
    let name = |id: PersonId| named.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default();
    let mut adults = Vec::new();
    for relation in relations {
        let care = if is_open(&caller) { care(&caller, &relation).await? } else { Care::default() };
        adults.push(AdultRow { name: name(relation.adult), phone: phone_of(&caller, relation.adult).await?, relation, care });
    }
    let child = |relation: Relation| ChildRow { name: name(relation.child), relation };
    let mut rows = Vec::new();
    for (household, people) in homes {
        let (address, version) = address(&caller, household).await?;
        let others = people.iter().filter(|other| **other != person.id).map(|other| name(*other)).collect();
        rows.push(HomeRow { household: household.to_string(), others, address, version });
    }
    let page = ContactsPage {
        word: &caller.word(),
        person: &person,
        is_open: is_open(&caller),
        has_keys: caller.office().keys.standing() != KeyStanding::NotMade,
        may_change: caller.may(Action::ChangeContact, &super::thing(person.id, &ties)),
        phone: phone_of(&caller, person.id).await?,
        homes: &rows,
        adults: &adults,
        children: &children.into_iter().map(child).collect::<Vec<_>>(),
    };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// Whether protected text can be read.
fn is_open(caller: &Caller) -> bool {
    caller.office().keys.standing() == KeyStanding::Unlocked
}

/// Who changes what is sealed must see what stands there, or it would be written over unseen.
fn must_be_open(caller: &Caller) -> Result<(), Problem> {
    let locked = "Protected text is locked, so what is known already cannot be shown, and nobody may write over it. A holder of a key unlocks it with “schoolgate keys unlock”.";
    if is_open(caller) { Ok(()) } else { Err(Problem::Told(locked.to_owned())) }
}

async fn care(caller: &Caller, relation: &Relation) -> Result<Care, Problem> {
    let office = caller.office();
    Ok(people::care(office.ledger.reader(), &office.keys, office.scope(), relation.adult, relation.child).await?)
}

/// A telephone number, as far as it can be read.
async fn phone_of(caller: &Caller, person: PersonId) -> Result<Option<String>, Problem> {
    let office = caller.office();
    if !is_open(caller) {
        return Ok(None);
    }
    let opened = people::phone(office.ledger.reader(), &office.keys, office.scope(), person).await?;
    Ok(opened.as_ref().map(text))
}

async fn address(caller: &Caller, household: HouseholdId) -> Result<(Option<String>, i64), Problem> {
    let office = caller.office();
    match people::address(office.ledger.reader(), &office.keys, office.scope(), household).await {
        Ok((opened, version)) => Ok((opened.as_ref().map(text), version)),
        // It is locked, and the page says so.
        Err(PeopleError::Keys(_)) if !is_open(caller) => Ok((None, -1)),
        Err(error) => Err(error.into()),
    }
}

fn text(opened: &OpenedText) -> String {
    String::from_utf8_lossy(opened.as_bytes()).into_owned()
}

/// The child with one of the adults who answer for it.
async fn the_two(caller: &Caller, child: &str, adult: &str) -> Result<(Person, Relation), Problem> {
    let (child, _) = the_person(caller, child, Action::ChangeContact).await?;
    let all = people::responsible_for(caller.office().ledger.reader(), caller.office().scope(), child.id).await?;
    let relation = all.into_iter().find(|relation| relation.adult.to_string() == adult && relation.holds(caller.today()));
    Ok((child, relation.ok_or(Problem::NotThere)?))
}

async fn to_change(State(house): State<Shared>, caller: Caller, Path((child, adult)): Path<(String, String)>) -> Result<Response, Problem> {
    let (child, relation) = the_two(&caller, &child, &adult).await?;
    must_be_open(&caller)?;
    caller.looks_at(Action::SeeContact, [child.id, relation.adult]).await?;
    let fields = fields_of(&relation, &care(&caller, &relation).await?);
    contact_page(&house, &caller, &child, &relation, &fields, StatusCode::OK).await
}

fn fields_of(relation: &Relation, care: &Care) -> Fields {
    let mut fields = Fields::default();
    let said = |held| if held == Held::Yes { "yes" } else { "no" };
    fields.add("kinship", relation.bond.kinship.as_str());
    fields.add("responsibility", said(relation.bond.responsibility));
    fields.add("lives_with", said(relation.bond.lives_with));
    fields.add("court_order", &care.court_order);
    fields.add("do_not_contact", &care.do_not_contact);
    fields.add("address_withheld", &care.address_withheld);
    fields.add("version", relation.version);
    fields
}

async fn contact_page(
    house: &Shared,
    caller: &Caller,
    child: &Person,
    relation: &Relation,
    fields: &Fields,
    status: StatusCode,
) -> Result<Response, Problem> {
    let adult = adult_name(caller, relation).await?;
    let page = ContactPage { word: &caller.word(), fields, child, adult: &adult, relation };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn change(
    State(house): State<Shared>,
    caller: Caller,
    Path((child, adult)): Path<(String, String)>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let (child, relation) = the_two(&caller, &child, &adult).await?;
    must_be_open(&caller)?;
    let bond = bond(&mut fields);
    let care = Care {
        court_order: fields.text("court_order"),
        do_not_contact: fields.text("do_not_contact"),
        address_withheld: fields.text("address_withheld"),
    };
    if fields.get("version") != relation.version.to_string() {
        fields.wrong(
            "kinship",
            "Somebody else changed this while you did, and nothing of yours is saved. Open it again and look at what they wrote",
        );
    }
    let (Some(bond), true) = (bond, fields.are_right()) else {
        let is_old = fields.get("version") != relation.version.to_string();
        let status = if is_old { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        caller.looks_at(Action::SeeContact, [child.id, relation.adult]).await?;
        return contact_page(&house, &caller, &child, &relation, &fields, status).await;
    };
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::change_relation(&mut unit, &office.keys, &relation, bond, &care).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}/contacts", child.id)).into_response())
}

async fn confirm(caller: Caller, Path((child, adult)): Path<(String, String)>, fields: Fields) -> Result<Response, Problem> {
    let (child, relation) = the_two(&caller, &child, &adult).await?;
    as_seen(&fields, relation.version)?;
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::confirm_contact(&mut unit, &office.keys, &relation).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}/contacts", child.id)).into_response())
}

/// It is asked once more: whoever answers for a child no longer sees nothing of it from then on.
async fn to_end(State(house): State<Shared>, caller: Caller, Path((child, adult)): Path<(String, String)>) -> Result<Response, Problem> {
    let (child, relation) = the_two(&caller, &child, &adult).await?;
    caller.looks_at(Action::SeeContact, [child.id, relation.adult]).await?;
    let adult = adult_name(&caller, &relation).await?;
    let mut fields = Fields::default();
    fields.add("version", relation.version);
    let page = EndContactPage { word: &caller.word(), fields: &fields, child: &child, adult: &adult, relation: &relation };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

async fn end(caller: Caller, Path((child, adult)): Path<(String, String)>, fields: Fields) -> Result<Response, Problem> {
    let (child, relation) = the_two(&caller, &child, &adult).await?;
    as_seen(&fields, relation.version)?;
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    // At once: the last day is yesterday, for what began today too.
    people::end_relation(&mut unit, &office.keys, &relation, caller.today().yesterday()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}/contacts", child.id)).into_response())
}

async fn adult_name(caller: &Caller, relation: &Relation) -> Result<String, Problem> {
    Ok(names(caller, &[relation.adult]).await?.into_iter().next().map(|(_, name)| name).unwrap_or_default())
}

async fn phone(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangeContact).await?;
    must_be_open(&caller)?;
    as_seen(&fields, person.version)?;
    let number = fields.get("phone");
    let is_number = number.chars().all(|letter| letter.is_ascii_digit() || " +()-".contains(letter)) && number.len() <= 40;
    if !is_number {
        return Err(Problem::Told("Write the number in digits, such as 01632 960123. Nothing was changed.".to_owned()));
    }
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::set_phone(&mut unit, &office.keys, &person, number).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}/contacts", person.id)).into_response())
}

async fn home(caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangeContact).await?;
    must_be_open(&caller)?;
    let name = format!("address-{}", fields.get("number"));
    let address = fields.text(&name);
    if !fields.are_right() {
        return Err(Problem::Told("An address has at most 2,000 characters. Nothing was changed.".to_owned()));
    }
    let office = caller.office();
    let homes = people::household_of(office.ledger.reader(), office.scope(), person.id, caller.today()).await?;
    let known = homes.iter().map(|(home, _)| *home).find(|home| home.to_string() == fields.get("household"));
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    let (household, version) = match (known, fields.get("household")) {
        (Some(known), _) => (known, fields.get("version").parse().map_err(|_| Problem::NotReadable)?),
        (None, "") => {
            let made = people::make_household(&mut unit).await?;
            people::join_household(&mut unit, made, person.id, caller.today()).await?;
            (made, 0)
        }
        (None, _) => return Err(Problem::NotThere),
    };
    people::set_address(&mut unit, &office.keys, household, version, &address).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}/contacts", person.id)).into_response())
}
