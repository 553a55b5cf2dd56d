//! A class's paper: printed in one go, and entered in one go when it comes back.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use calendar::Date;
use ids::{GroupId, PersonId, RecordId};
use ledger::{Unit, code};

use super::own::InLanguage;
use crate::access::{Action, Thing};
use crate::agreements::view::{Adult, ClassPage, PaperPage, Row};
use crate::agreements::{self, Access, AgreementsError, Answer, Method, Signing, access_of_all};
use crate::gate::{Class, GateError};
use crate::people::{self, Group, Role, SchoolYear};
use crate::policies::{self, PARENT, Published, Translation, choose};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// A text that may be on a paper: a version, in English or in another language.
pub(in crate::agreements) struct PaperText {
    pub(in crate::agreements) version: Published,
    pub(in crate::agreements) translation: Option<Translation>,
}

/// A class with the pupils whose paper the caller may enter.
pub(super) struct Asked {
    pub(super) group: Group,
    pub(super) pupils: Vec<(Access, Thing)>,
}

// === impl PaperText ===

impl PaperText {
    /// Its word in forms.
    pub(in crate::agreements) fn word(&self) -> String {
        let translation = self.translation.as_ref().map(|translation| format!(".{}", translation.id)).unwrap_or_default();
        format!("{}{translation}", self.version.id)
    }
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

/// A class with the pupils of it whose paper the caller may enter, by name. They are looked at.
///
/// # Errors
/// Where there is none, or it is not theirs.
pub(crate) async fn class_of(caller: &Caller, group: &str) -> Result<(Group, Vec<Access>), Problem> {
    let Asked { group, pupils } = asked(caller, group).await?;
    Ok((group, pupils.into_iter().map(|(access, _)| access).collect()))
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
    let texts = texts(caller).await?;
    if let Some(last) = texts.first().filter(|_| fields.get("version").is_empty()) {
        fields.set("version", last.word());
    }
    let page = ClassPage { word: &caller.word(), id: group, name: asked.group.name.as_str(), rows: &rows, texts: &texts, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// The texts that may be on the paper, the newest first: each version in English, then in the languages in which families were shown it.
async fn texts(caller: &Caller) -> Result<Vec<PaperText>, Problem> {
    let office = caller.office();
    let mut versions = policies::published(office.ledger.reader(), office.organisation).await?;
    versions.retain(|version| version.policy == PARENT);
    let ids: Vec<RecordId> = versions.iter().map(|version| version.id).collect();
    let mut translations = policies::translations_of(office.ledger.reader(), office.organisation, &ids).await?;
    translations.retain(|translation| translation.checked.is_some() && translation.wording.is_some());
    let mut all = Vec::new();
    for version in versions.into_iter().rev() {
        let own = translations.iter().filter(|translation| translation.of == version.id);
        let own: Vec<PaperText> = own.map(|it| PaperText { version: version.clone(), translation: Some(it.clone()) }).collect();
        all.push(PaperText { version, translation: None });
        all.extend(own);
    }
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
    let texts = texts(&caller).await?;
    if texts.is_empty() {
        return Err(AgreementsError::NoText.into());
    }
    let text = texts.iter().find(|text| text.word() == fields.get("version"));
    if text.is_none() {
        fields.wrong("version", "Choose which text is on the paper");
    }
    let (Some(on), Some(text)) = (on.filter(|_| fields.are_right()), text) else {
        return shown(&house, &caller, &group, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("agreements"))).await?;
    let mut entered = 0;
    for row in &rows {
        match keep(&mut unit, row, &fields, text, on, caller.today()).await {
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
async fn keep(unit: &mut Unit, row: &Row<'_>, fields: &Fields, text: &PaperText, on: Date, today: Date) -> Result<bool, AgreementsError> {
    let child = &row.access.person;
    let chosen = fields.get(&format!("by-{}", child.id));
    let adult = row.adults.iter().find(|adult| adult.id.to_string() == chosen);
    let signing = |policy, version, translation, signer, name, role| Signing {
        policy,
        version,
        translation,
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
        let translation = text.translation.as_ref().map(|translation| translation.id);
        agreements::sign(unit, &signing(PARENT, text.version.id, translation, adult.id, &adult.name, Role::Parent.title())).await?;
    }
    let has_own = fields.get(&format!("own-{}", child.id)) == "yes";
    if let Some(need) = row.own().filter(|_| has_own) {
        let rules = policies::current(unit.connection(), unit.act().organisation, need).await?.ok_or(AgreementsError::NoText)?;
        agreements::sign(unit, &signing(need, rules.id, None, child.id, &child.details.name(), Role::Pupil.title())).await?;
    }
    Ok(adult.is_some() || has_own)
}

pub(in crate::agreements) async fn paper(
    State(house): State<Shared>,
    caller: Caller,
    Path(group): Path<String>,
    wanted: Query<InLanguage>,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &group).await?;
    let office = caller.office();
    let version = policies::current(office.ledger.reader(), office.organisation, PARENT).await?.ok_or(AgreementsError::NoText)?;
    let translations = policies::translations_of(office.ledger.reader(), office.organisation, &[version.id]).await?;
    let offer = choose(translations, &wanted.lang, "");
    let document = match &offer.shown {
        Some(translation) => translation.document()?,
        None => version.document()?,
    };
    let document = document.for_audience("parent");
    let names: Vec<(String, String)> = asked
        .pupils
        .iter()
        .filter(|(access, _)| access.asks_adult())
        .map(|(access, _)| (access.person.details.name(), format!("{}/agreements/person/{}", house.address(), access.person.id)))
        .collect();
    let class = asked.group.name.as_str();
    let page = PaperPage { id: &group, class, document: &document, number: version.number, offer: &offer, names: &names };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}
