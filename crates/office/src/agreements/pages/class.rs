//! A class's paper: printed in one go, and entered in one go when it comes back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use calendar::Date;
use ids::{GroupId, PersonId, RecordId};
use ledger::{Unit, code};

use crate::access::{Action, Thing};
use crate::agreements::view::{Adult, ClassPage, PaperPage, Row};
use crate::agreements::{self, Access, AgreementsError, Answer, Method, Signing, access_of_all};
use crate::gate::{Class, GateError};
use crate::people::{self, Group, Role, SchoolYear};
use crate::policies::{self, PARENT, Published};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// A class with the pupils whose paper the caller may enter.
pub(super) struct Asked {
    pub(super) group: Group,
    pub(super) pupils: Vec<(Access, Thing)>,
}

/// What the caller may enter of a class; that it was looked at is recorded.
pub(super) async fn asked(caller: &Caller, group: &str) -> Result<Asked, Problem> {
    let id: GroupId = group.parse().map_err(|_| Problem::NotThere)?;
    let office = caller.office();
    let (reader, scope, today) = (office.ledger.reader(), office.scope(), caller.today());
    let class = match Class::on(&office.ledger, scope, id, today).await {
        Ok(class) => class,
        Err(GateError::NoSuchClass) => Class { group: id, pupils: Vec::new(), teachers: Vec::new() },
        Err(error) => return Err(error.into()),
    };
    let ties = super::things(caller, &class.pupils).await?;
    // Asked of the class as a whole too, so that one that is not there looks like one that is not theirs.
    caller.must(Action::EnterSignature, &Thing::Person { who: caller.person(), teachers: class.teachers.clone(), carers: Vec::new() })?;
    let year = SchoolYear::of(today).ok_or(Problem::NotThere)?;
    let group = people::groups(reader, scope, year).await?.into_iter().find(|group| group.id == id).ok_or(Problem::NotThere)?;
    let may = |pupil: &PersonId| ties.get(pupil).is_some_and(|thing| caller.may(Action::EnterSignature, thing));
    let theirs: Vec<PersonId> = class.pupils.iter().copied().filter(may).collect();
    let all = access_of_all(reader, scope, &theirs, today).await?;
    let mut pupils: Vec<(Access, Thing)> = all
        .into_iter()
        .filter_map(|access| Some((ties.get(&access.person.id)?.clone(), access)))
        .map(|(thing, access)| (access, thing))
        .collect();
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
    let versions = versions(caller).await?;
    if let Some(last) = versions.first().filter(|_| fields.get("version").is_empty()) {
        fields.set("version", last.id);
    }
    let page =
        ClassPage { word: &caller.word(), id: group, name: asked.group.name.as_str(), rows: &rows, versions: &versions, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// The texts that may be on the paper, the newest first.
async fn versions(caller: &Caller) -> Result<Vec<Published>, Problem> {
    let office = caller.office();
    let mut all = policies::published(office.ledger.reader(), office.organisation).await?;
    all.retain(|version| version.policy == PARENT);
    all.reverse();
    Ok(all)
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
    let versions = versions(&caller).await?;
    if versions.is_empty() {
        return Err(AgreementsError::NoText.into());
    }
    let version = versions.iter().find(|version| version.id.to_string() == fields.get("version"));
    if version.is_none() {
        fields.wrong("version", "Choose which version is on the paper");
    }
    let (on, version) = (on.filter(|_| fields.are_right()), version.map(|version| version.id));
    let (Some(on), Some(version)) = (on, version) else {
        return shown(&house, &caller, &group, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("agreements"))).await?;
    let mut entered = 0;
    for row in &rows {
        match keep(&mut unit, row, &fields, version, on, caller.today()).await {
            Ok(kept) => entered += usize::from(kept),
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

/// Keeps what stands in a row: the adult's name, and the child's own where it signs too. Whether there was something.
async fn keep(unit: &mut Unit, row: &Row<'_>, fields: &Fields, version: RecordId, on: Date, today: Date) -> Result<bool, AgreementsError> {
    let child = &row.access.person;
    let chosen = fields.get(&format!("by-{}", child.id));
    let adult = row.adults.iter().find(|adult| adult.id.to_string() == chosen);
    let signing = |policy, version, signer, name, role| Signing {
        policy,
        version,
        signer,
        for_person: child.id,
        answer: Answer::Signed,
        method: Method::Paper,
        name,
        role,
        helper: None,
        on,
        today,
    };
    if let Some(adult) = adult {
        agreements::sign(unit, &signing(PARENT, version, adult.id, &adult.name, Role::Parent.title())).await?;
    }
    let has_own = fields.get(&format!("own-{}", child.id)) == "yes";
    if let Some(need) = row.own().filter(|_| has_own) {
        let text = policies::current(unit.connection(), unit.act().organisation, need).await?.ok_or(AgreementsError::NoText)?;
        agreements::sign(unit, &signing(need, text.id, child.id, &child.details.name(), Role::Pupil.title())).await?;
    }
    Ok(adult.is_some() || has_own)
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
        .filter(|(access, _)| access.asks_adult())
        .map(|(access, _)| (access.person.details.name(), format!("{}/agreements/person/{}", house.address(), access.person.id)))
        .collect();
    let page = PaperPage { id: &group, class: asked.group.name.as_str(), document: &document, number: version.number, names: &names };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}
