//! The pages of emergencies: to say that it cannot wait, and to see who has said so.

use std::collections::HashSet;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{PersonId, RecordId};
use ledger::audit::looks_of;
use ledger::outbox::{self, Line, Mail, MailAddress, Message};
use ledger::{Subject, Unit, code};

use super::view::{EmergenciesPage, EmergencyPage, EmergencyRow, LooksPage};
use super::{Emergency, all, announced, declare, end, told, told_of};
use crate::access::Action;
use crate::people::{self, Email, PeopleError, Person, Role};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared, moment, opened};

/// How many are listed.
const MOST: u64 = 50;
/// How many of those who were looked at are named in the list; all are on a page of their own.
const SHOWN: usize = 10;
/// As many looks as there are. A database counts no further.
const ALL: u64 = i64::MAX.unsigned_abs();

/// The routes.
pub fn routes() -> Vec<Route> {
    const DECLARE: Ask = Ask::School(Action::DeclareEmergency);
    const SEE: Ask = Ask::School(Action::SeeEmergencies);
    vec![
        Route::page("/emergency", DECLARE, look).in_menu("Emergency"),
        Route::form("/emergency", DECLARE, begin),
        Route::form("/emergency/end", DECLARE, over),
        Route::page("/emergencies", SEE, list).in_menu("Emergencies"),
        Route::page("/emergencies/{emergency}", SEE, looks),
        Route::form("/emergencies/{emergency}/seen", SEE, seen),
        Route::form("/told/{record}", Ask::Own, seen_role),
    ]
}

async fn look(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    page(&house, &caller, &Fields::default(), StatusCode::OK)
}

fn page(house: &Shared, caller: &Caller, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    let until = caller.emergency().map(|emergency| moment(house, emergency.until));
    let page = EmergencyPage { word: &caller.word(), fields, until: until.as_deref(), role: caller.role() };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn begin(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let reason = fields.text("reason");
    if reason.chars().count() < 10 {
        fields.wrong("reason", "Say why it cannot wait, in a sentence: two others will read it");
    }
    if !fields.are_right() {
        return page(&house, &caller, &fields, StatusCode::UNPROCESSABLE_ENTITY);
    }
    if caller.emergency().is_none() {
        let office = caller.office();
        let mut unit = office.ledger.begin(caller.act(code!("emergency"))).await?;
        if declare(&mut unit, &office.keys, caller.role(), &reason).await?.is_some() {
            letters(&house, &caller, &mut unit, &[Role::Headteacher, Role::Dsl]).await?;
            unit.commit().await?;
        }
    }
    Ok(Redirect::to("/emergency").into_response())
}

async fn over(caller: Caller) -> Result<Response, Problem> {
    if let Some(emergency) = caller.emergency() {
        let mut unit = caller.office().ledger.begin(caller.act(code!("emergency"))).await?;
        end(&mut unit, emergency.id).await?;
        unit.commit().await?;
    }
    Ok(Redirect::to("/emergency").into_response())
}

/// Whom somebody looked at in an emergency, each once: all of them, however many. One export may be a whole school.
async fn looked_at(caller: &Caller, emergency: &Emergency) -> Result<Vec<PersonId>, Problem> {
    let (office, span) = (caller.office(), (emergency.began, emergency.over()));
    let looks = looks_of(office.ledger.reader(), office.organisation, emergency.person, "emergency", span, ALL).await?;
    let mut known = HashSet::with_capacity(looks.len());
    let people = looks.iter().map(|look| PersonId::from_bytes(look.record.to_bytes()));
    Ok(people.filter(|person| known.insert(*person)).collect())
}

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let office = caller.office();
    let reader = office.ledger.reader();
    let found = all(reader, office.organisation, MOST).await?;
    let ids: Vec<RecordId> = found.iter().map(|emergency| emergency.id).collect();
    let seen_by = told_of(reader, office.organisation, &ids).await?;
    let mut looked: Vec<(usize, Vec<PersonId>)> = Vec::with_capacity(found.len());
    for emergency in &found {
        let mut people = looked_at(&caller, emergency).await?;
        let count = people.len();
        people.truncate(SHOWN);
        looked.push((count, people));
    }
    let mut named: Vec<PersonId> = found.iter().map(|emergency| emergency.person).collect();
    named.extend(seen_by.values().flatten().chain(looked.iter().flat_map(|(_, people)| people)).copied());
    named.sort();
    named.dedup();
    // Before a reason is opened.
    caller.looks_at(Action::SeeEmergencies, named.iter().copied()).await?;
    let people = people::persons(reader, office.scope(), &named).await?;
    let texts = office.texts(&ids).await?;
    let name = |id: &PersonId| people.iter().find(|person| person.id == *id).map(|person| person.details.name());
    let row = |(emergency, (count, looked)): (&Emergency, &(usize, Vec<PersonId>))| {
        let seen = seen_by.get(&emergency.id).map(Vec::as_slice).unwrap_or_default();
        let texts = texts.as_ref().and_then(|texts| texts.get(&emergency.id));
        Ok::<_, PeopleError>(EmergencyRow {
            id: emergency.id,
            who: name(&emergency.person).unwrap_or_default(),
            role: emergency.role,
            began: moment(&house, emergency.began),
            over: moment(&house, emergency.over()),
            is_open: emergency.is_open(caller.now()),
            reason: texts.map(|texts| opened(texts, "reason", &emergency.reason)).transpose()?,
            looked: looked.iter().filter_map(|id| Some((*id, name(id)?))).collect(),
            more: count - looked.len(),
            seen: seen.iter().filter_map(name).collect(),
            is_to_be_seen: !seen.contains(&caller.person()),
        })
    };
    let rows: Vec<EmergencyRow> = found.iter().zip(&looked).map(row).collect::<Result<_, _>>()?;
    Ok(Html(house.page(&EmergenciesPage { word: &caller.word(), rows: &rows }, Some(&caller))).into_response())
}

/// The emergency of that id.
async fn the_emergency(caller: &Caller, id: &str) -> Result<Emergency, Problem> {
    let id: RecordId = id.parse().map_err(|_| Problem::NotThere)?;
    let found = all(caller.office().ledger.reader(), caller.office().organisation, MOST).await?;
    found.into_iter().find(|emergency| emergency.id == id).ok_or(Problem::NotThere)
}

/// Everybody who was looked at in one of them.
async fn looks(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let emergency = the_emergency(&caller, &id).await?;
    let ids = looked_at(&caller, &emergency).await?;
    caller.looks_at(Action::SeeEmergencies, ids.iter().chain([&emergency.person]).copied()).await?;
    let (reader, scope) = (caller.office().ledger.reader(), caller.office().scope());
    let who = people::person(reader, scope, emergency.person).await?.map(|person| person.details.name()).unwrap_or_default();
    let found = people::persons(reader, scope, &ids).await?;
    let mut people: Vec<(PersonId, String)> = found.into_iter().map(|person| (person.id, person.details.name())).collect();
    people.sort_by(|one, other| one.1.cmp(&other.1));
    let page = LooksPage { who: &who, began: &moment(&house, emergency.began), people: &people };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

async fn seen(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let found = the_emergency(&caller, &id).await?;
    // Whoever said that it cannot wait is no witness of it.
    if found.person == caller.person() {
        return Err(Problem::NotThere);
    }
    say(&caller, Subject { kind: code!("emergency"), id: found.id }).await?;
    Ok(Redirect::to("/emergencies").into_response())
}

/// Somebody has seen that a role was given.
async fn seen_role(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id: RecordId = id.parse().map_err(|_| Problem::NotThere)?;
    let new = announced(caller.office().ledger.reader(), caller.office().scope(), caller.person()).await?;
    let new = new.iter().find(|new| new.record == id).ok_or(Problem::NotThere)?;
    say(&caller, Subject { kind: code!("role"), id: new.record }).await?;
    Ok(Redirect::to("/").into_response())
}

async fn say(caller: &Caller, subject: Subject) -> Result<(), Problem> {
    let mut unit = caller.office().ledger.begin(caller.act(code!("told"))).await?;
    told(&mut unit, subject).await?;
    unit.commit().await?;
    Ok(())
}

/// Puts a letter into the outbox for everybody else who holds one of these roles today: that there is something to look at, and where; never
/// what it is.
pub(crate) async fn letters(house: &Shared, caller: &Caller, unit: &mut Unit, roles: &[Role]) -> Result<(), Problem> {
    if !house.sends_mail() {
        return Ok(());
    }
    let (office, today) = (caller.office(), caller.today());
    let holdings = people::holdings(office.ledger.reader(), office.scope()).await?;
    let mut to: Vec<PersonId> =
        holdings.iter().filter(|holding| holding.holds(today) && roles.contains(&holding.role)).map(|holding| holding.person).collect();
    to.sort();
    to.dedup();
    to.retain(|person| *person != caller.person());
    let people: Vec<Person> = people::persons(office.ledger.reader(), office.scope(), &to).await?;
    let text = format!(
        "There is something new that you should see.\n\nSign in at {} and look at your first page. This letter says nothing about it, since letters can be read on their way.\n",
        house.address()
    );
    for email in people.iter().filter(|person| person.is_here(today)).filter_map(|person| person.details.email.as_ref()) {
        if let (Ok(to), Ok(subject)) = (MailAddress::parse(Email::as_str(email)), Line::parse("Schoolgate: please look at your first page"))
        {
            let mail = Message::Mail(Mail { to, subject, text: text.clone() });
            outbox::put(unit, &office.outbox, code!("told"), &mail).await.map_err(PeopleError::from)?;
        }
    }
    Ok(())
}
