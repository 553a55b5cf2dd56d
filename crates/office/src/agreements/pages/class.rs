//! A class's paper: printed in one go, and entered in one go when it comes back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{GroupId, PersonId};
use ledger::code;

use crate::access::{Action, Thing};
use crate::agreements::view::{Adult, ClassPage, PaperPage, Row};
use crate::agreements::{self, Access, AgreementsError, Answer, Method, Signing, access_of};
use crate::gate::Class;
use crate::people::{self, Group, Role, SchoolYear};
use crate::policies::{self, PARENT};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// A class with the pupils whose paper the caller may enter.
struct Asked {
    group: Group,
    pupils: Vec<(Access, Thing)>,
}

async fn asked(caller: &Caller, group: &str) -> Result<Asked, Problem> {
    let id: GroupId = group.parse().map_err(|_| Problem::NotThere)?;
    let office = caller.office();
    let (reader, scope, today) = (office.ledger.reader(), office.scope(), caller.today());
    let class = Class::on(&office.ledger, scope, id, today).await;
    let class = class.unwrap_or(Class { group: id, pupils: Vec::new(), teachers: Vec::new() });
    let ties = super::things(caller, &class.pupils).await?;
    // Asked of the class as a whole too, so that one that is not there looks like one that is not theirs.
    caller.must(Action::EnterSignature, &Thing::Person { who: caller.person(), teachers: class.teachers.clone(), carers: Vec::new() })?;
    let year = SchoolYear::of(today).ok_or(Problem::NotThere)?;
    let group = people::groups(reader, scope, year).await?.into_iter().find(|group| group.id == id).ok_or(Problem::NotThere)?;
    let mut pupils = Vec::new();
    for pupil in &class.pupils {
        let Some(thing) = ties.get(pupil).filter(|thing| caller.may(Action::EnterSignature, thing)) else { continue };
        if let Some(access) = access_of(reader, scope, *pupil, today).await? {
            pupils.push((access, thing.clone()));
        }
    }
    pupils.sort_by_key(|(access, _)| (access.person.details.family.to_string(), access.person.details.name()));
    caller.looks_at(Action::EnterSignature, pupils.iter().map(|(access, _)| access.person.id)).await?;
    Ok(Asked { group, pupils })
}

pub(in crate::agreements) async fn page(
    State(house): State<Shared>,
    caller: Caller,
    Path(group): Path<String>,
) -> Result<Response, Problem> {
    shown(&house, &caller, &group, StatusCode::OK, Fields::default()).await
}

async fn shown(house: &Shared, caller: &Caller, group: &str, status: StatusCode, mut fields: Fields) -> Result<Response, Problem> {
    let asked = asked(caller, group).await?;
    let rows = rows(caller, &asked).await?;
    if fields.get("on-year").is_empty() && fields.are_right() {
        fields.add_day("on", caller.today());
    }
    let page = ClassPage { word: &caller.word(), id: group, name: asked.group.name.as_str(), rows: &rows, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// Each pupil with the adults who may sign.
async fn rows<'a>(caller: &Caller, asked: &'a Asked) -> Result<Vec<Row<'a>>, Problem> {
    let office = caller.office();
    let all: Vec<PersonId> = asked.pupils.iter().flat_map(|(_, thing)| carers(thing)).copied().collect();
    let adults = people::persons(office.ledger.reader(), office.scope(), &all).await?;
    caller.looks_at(Action::EnterSignature, adults.iter().map(|adult| adult.id)).await?;
    let adult = |id: &PersonId| adults.iter().find(|adult| adult.id == *id).map(|adult| Adult { id: *id, name: adult.details.name() });
    Ok(asked.pupils.iter().map(|(access, thing)| Row { access, adults: carers(thing).iter().filter_map(adult).collect() }).collect())
}

fn carers(thing: &Thing) -> &[PersonId] {
    if let Thing::Person { carers, .. } = thing { carers } else { &[] }
}

pub(in crate::agreements) async fn enter(
    State(house): State<Shared>,
    caller: Caller,
    Path(group): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &group).await?;
    let rows = rows(&caller, &asked).await?;
    let on = fields.needed_day("on", "Enter the day on the paper");
    let office = caller.office();
    let version = policies::current(office.ledger.reader(), office.organisation, PARENT).await?;
    let Some(version) = version else { return Err(AgreementsError::NoText.into()) };
    let Some(on) = on.filter(|_| fields.are_right()) else {
        return shown(&house, &caller, &group, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let mut unit = office.ledger.begin(caller.act(code!("agreements"))).await?;
    let mut entered = 0;
    for row in &rows {
        let (child, chosen) = (row.access.person.id, fields.get(&format!("by-{}", row.access.person.id)).to_owned());
        let Some(adult) = row.adults.iter().find(|adult| adult.id.to_string() == chosen) else { continue };
        let signing = Signing {
            policy: PARENT,
            version: version.id,
            signer: adult.id,
            for_person: child,
            answer: Answer::Signed,
            method: Method::Paper,
            name: &adult.name,
            role: Role::Parent.title(),
            helper: None,
            on,
            today: caller.today(),
        };
        match agreements::sign(&mut unit, &signing).await {
            Ok(()) => entered += 1,
            Err(error @ AgreementsError::Day) => {
                drop(unit);
                fields.wrong("on-day", sentence(&error.to_string()));
                return shown(&house, &caller, &group, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if entered == 0 {
        drop(unit);
        fields.wrong("on-day", "Choose for at least one pupil who has signed the paper");
        return shown(&house, &caller, &group, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    }
    unit.commit().await?;
    Ok(Redirect::to(&format!("/agreements/class/{group}")).into_response())
}

pub(in crate::agreements) async fn paper(
    State(house): State<Shared>,
    caller: Caller,
    Path(group): Path<String>,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &group).await?;
    let office = caller.office();
    let version = policies::current(office.ledger.reader(), office.organisation, PARENT).await?.ok_or(AgreementsError::NoText)?;
    let document = version.document()?.for_audience("parent");
    let names: Vec<(String, String)> = asked
        .pupils
        .iter()
        .filter(|(access, _)| access.needs.iter().any(|(need, standing)| need.policy == PARENT && standing.asks()))
        .map(|(access, _)| (access.person.details.name(), format!("{}/agreements/person/{}", house.address(), access.person.id)))
        .collect();
    let page = PaperPage { id: &group, class: asked.group.name.as_str(), document: &document, names: &names };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}
