//! One more adult answers for a child: somebody new, somebody whom the school knows, or somebody who did so before.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;

use super::{names, the_person};
use crate::access::Action;
use crate::people::view::{Namesake, NewContactPage};
use crate::people::{self, Bond, Details, Email, Find, Held, Kinship, Membership, Person, Relation, Short, Standing};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    const CHANGE: Ask = Ask::Thing(&[Action::ChangeContact]);
    vec![Route::page("/people/{person}/contacts/new", CHANGE, to_add), Route::form("/people/{person}/contacts/new", CHANGE, add)]
}

/// Who was named.
enum Named {
    /// Nobody yet: what is to be done stands at the fields.
    Nobody,
    /// Nobody yet: these have the name, and it is asked whether it is one of them.
    OneOf(Vec<Person>),
    /// Somebody new.
    New(Box<Details>),
    /// Somebody whom the school knows, with what was between them and the child before.
    Known(Box<Person>, Option<Relation>),
}

async fn to_add(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let (child, _) = the_person(&caller, &id, Action::ChangeContact).await?;
    new_page(&house, &caller, &child, &Fields::default(), &[], StatusCode::OK).await
}

async fn new_page(
    house: &Shared,
    caller: &Caller,
    child: &Person,
    fields: &Fields,
    called: &[Person],
    status: StatusCode,
) -> Result<Response, Problem> {
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let mut answers: Vec<(PersonId, PersonId)> = Vec::new();
    for person in called {
        let children = people::children_of(reader, scope, person.id).await?;
        answers.extend(children.iter().filter(|relation| relation.holds(today)).map(|relation| (relation.adult, relation.child)));
    }
    let mut seen = vec![child.id];
    seen.extend(called.iter().map(|person| person.id).chain(answers.iter().map(|(_, child)| *child)));
    seen.sort();
    seen.dedup();
    caller.looks_at(Action::SeeContact, seen.iter().copied()).await?;
    let named = names(caller, &seen).await?;
    let children = |adult: PersonId| -> Vec<String> {
        let of = answers.iter().filter(|(known, _)| *known == adult).map(|(_, child)| *child);
        of.filter_map(|child| named.iter().find(|(known, _)| *known == child).map(|(_, name)| name.clone())).collect()
    };
    let called: Vec<Namesake> = called.iter().map(|person| Namesake::of(person, &children(person.id))).collect();
    let page = NewContactPage { word: &caller.word(), fields, child, called: &called };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn add(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (child, _) = the_person(&caller, &id, Action::ChangeContact).await?;
    let bond = bond(&mut fields);
    let named = named(&caller, &mut fields, &child).await?;
    let called: &[Person] = if let Named::OneOf(called) = &named { called } else { &[] };
    let (Some(bond), true) = (bond, fields.are_right()) else {
        return new_page(&house, &caller, &child, &fields, called, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    match named {
        // Both have said so at the fields.
        Named::Nobody | Named::OneOf(_) => return Err(Problem::Broken),
        Named::New(details) => {
            let adult = people::add(&mut unit, &details, caller.today()).await?;
            people::relate(&mut unit, adult, child.id, bond, caller.today()).await?;
        }
        Named::Known(person, before) => {
            let details = Details { memberships: person.details.memberships.with(Membership::Parent), ..person.details.clone() };
            if details != person.details {
                people::change(&mut unit, &office.keys, &person, &details).await?;
            }
            match before {
                Some(before) => people::relate_again(&mut unit, &office.keys, &before, bond, caller.today()).await?,
                None => people::relate(&mut unit, person.id, child.id, bond, caller.today()).await?,
            }
        }
    }
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}/contacts", child.id)).into_response())
}

/// Who was named. A name alone says nobody: two people may have it, and who is taken for another sees another family's child. So somebody known
/// is taken only where the mail address is theirs too, or after it was said that it is them.
async fn named(caller: &Caller, fields: &mut Fields, child: &Person) -> Result<Named, Problem> {
    let (given, family) = (fields.needed("given", "Enter the first name"), fields.needed("family", "Enter the family name"));
    let (Some(given), Some(family)) = (given, family) else { return Ok(Named::Nobody) };
    let email = Email::parse(fields.get("email")).ok();
    if email.is_none() && !fields.get("email").is_empty() {
        fields.wrong("email", "Enter a mail address, such as name@home.example");
        return Ok(Named::Nobody);
    }
    if fields.get("who") == "new" {
        let mut details = Details::new(given, family, Membership::Parent);
        details.email = email;
        return Ok(Named::New(Box::new(details)));
    }
    let called = called(caller, &given, &family, child).await?;
    let by_mail = called.iter().filter(|person| email.is_some() && person.details.email == email).collect::<Vec<_>>();
    let chosen = called.iter().find(|person| person.id.to_string() == fields.get("who"));
    let Some(person) = chosen.or(if let [one] = by_mail.as_slice() { Some(*one) } else { None }) else {
        let what = if called.is_empty() {
            "Nobody here is called so. Look at the name, or choose that they are somebody new"
        } else {
            "The name is here already. Choose whether it is the same person, or somebody new"
        };
        fields.wrong("who", what);
        return Ok(Named::OneOf(called));
    };
    let (reader, scope) = (caller.office().ledger.reader(), caller.office().scope());
    let related = people::responsible_for(reader, scope, child.id).await?;
    let before = related.into_iter().find(|relation| relation.adult == person.id);
    if before.as_ref().is_some_and(|relation| relation.ended.is_none()) {
        fields.wrong("given", "This adult stands with the child already; change what stands there");
        return Ok(Named::Nobody);
    }
    Ok(Named::Known(Box::new(person.clone()), before))
}

/// Everybody here who has the name and is no pupil.
async fn called(caller: &Caller, given: &Short, family: &Short, child: &Person) -> Result<Vec<Person>, Problem> {
    let find = Find { words: format!("{given} {family}"), state: Standing::Here(caller.today()), ..Find::default() };
    let lower = |text: &Short| text.as_str().to_lowercase();
    let mut found = people::all(caller.office().ledger.reader(), caller.office().scope(), &find).await?;
    found.retain(|person| lower(&person.details.given) == lower(given) && lower(&person.details.family) == lower(family));
    found.retain(|person| person.id != child.id && !person.details.memberships.has(Membership::Pupil));
    Ok(found)
}

/// What is between an adult and a child, as it was chosen.
pub(super) fn bond(fields: &mut Fields) -> Option<Bond> {
    let kinship = Kinship::of(fields.get("kinship"));
    if kinship.is_none() {
        fields.wrong("kinship", "Choose what the adult is to the child");
    }
    let mut held = |name: &str, what: &str| match fields.get(name) {
        "yes" => Some(Held::Yes),
        "no" => Some(Held::No),
        _ => {
            fields.wrong(name, what);
            None
        }
    };
    let responsibility = held("responsibility", "Say whether the adult has parental responsibility");
    let lives_with = held("lives_with", "Say whether the child lives with this adult");
    Some(Bond { kinship: kinship?, responsibility: responsibility?, lives_with: lives_with? })
}
