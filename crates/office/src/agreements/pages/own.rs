//! What somebody signs: for themselves, and for the children that they answer for.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{PersonId, RecordId};
use ledger::{Act, code};
use serde::Deserialize;

use super::things;
use crate::access::{Action, Thing};
use crate::agreements::view::{MinePage, SignPage};
use crate::agreements::{self, Access, AgreementsError, Answer, Method, Part, Signing, access_of, has_opened, open_text, signatures_for};
use crate::document::ENGLISH;
use crate::people::{self, Membership, Person};
use crate::policies::{self, Offer, Translation, Version, choose};
use crate::understanding::has_declared;
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// In which language a text is to be shown, by its tag.
#[derive(Debug, Default, Deserialize)]
pub(super) struct InLanguage {
    #[serde(default)]
    pub(super) lang: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// The people whose agreements somebody answers for: themselves, and their children.
async fn mine(caller: &Caller) -> Result<Vec<Access>, Problem> {
    let office = caller.office();
    let (reader, scope, today) = (office.ledger.reader(), office.scope(), caller.today());
    let mut ids = vec![caller.person()];
    if caller.role().of().contains(&Membership::Parent) {
        ids.extend(people::children_of(reader, scope, caller.person()).await?.iter().filter(|it| it.holds(today)).map(|it| it.child));
    }
    let things = things(caller, &ids).await?;
    let mut all = Vec::new();
    for id in ids {
        if things.get(&id).is_some_and(|thing| caller.may(Action::SignAgreement, thing)) {
            all.extend(access_of(reader, scope, id, today).await?);
        }
    }
    Ok(all)
}

pub(in crate::agreements) async fn list(State(house): State<Shared>, caller: Caller, done: Query<Done>) -> Result<Response, Problem> {
    let all = mine(&caller).await?;
    caller.looks_at(Action::SignAgreement, all.iter().map(|access| access.person.id).filter(|id| *id != caller.person())).await?;
    let office = caller.office();
    let mut kept = Vec::with_capacity(all.len());
    for access in &all {
        kept.push(signatures_for(office.ledger.reader(), office.organisation, access.person.id).await?);
    }
    let page = MinePage {
        all: &all,
        kept: &kept,
        me: caller.person(),
        is_done: !done.done.is_empty(),
        may_ask: caller.may(Action::AskQuestion, &Thing::School),
        declares: has_declared(&caller).await?.is_some(),
    };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// What is signed, for whom, and who signs.
struct Asked {
    access: Access,
    version: Version,
    /// What there is of it in other languages.
    translations: Vec<Translation>,
    /// The person's own part; else that of the adult.
    is_own: bool,
}

async fn asked(caller: &Caller, policy: &str, person: &str) -> Result<Asked, Problem> {
    let id: PersonId = person.parse().map_err(|_| Problem::NotThere)?;
    let thing = things(caller, &[id]).await?.remove(&id).unwrap_or(Thing::School);
    caller.must(Action::SignAgreement, &thing)?;
    let office = caller.office();
    let reader = office.ledger.reader();
    let access = access_of(reader, office.scope(), id, caller.today()).await?.ok_or(Problem::NotThere)?;
    let need = access.needs.iter().map(|(need, _)| need).find(|need| need.policy == policy).ok_or(Problem::NotThere)?;
    let is_own = need.part == Part::Own;
    // A pupil does not sign what an adult signs for them.
    if !is_own && id == caller.person() {
        return Err(Problem::NotThere);
    }
    let version = policies::current(reader, office.organisation, policy).await?.ok_or(Problem::NotThere)?;
    let translations = policies::translations_of(reader, office.organisation, &[version.id]).await?;
    caller.looks_at(Action::SignAgreement, Some(id).filter(|id| *id != caller.person())).await?;
    Ok(Asked { access, version, translations, is_own })
}

pub(in crate::agreements) async fn text(
    State(house): State<Shared>,
    caller: Caller,
    Path((policy, person)): Path<(String, String)>,
    wanted: Query<InLanguage>,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &policy, &person).await?;
    let offer = choose(asked.translations.clone(), &wanted.lang, &home_language(&caller).await?);
    shown(&house, &caller, &asked, &offer, StatusCode::OK, Fields::default()).await
}

/// An act of the caller's for whom it is asked.
fn act(caller: &Caller, for_person: PersonId) -> Act {
    Act { on_behalf_of: (for_person != caller.person()).then_some(for_person), ..caller.act(code!("agreements")) }
}

/// What somebody speaks at home, as it was written down; empty where nobody has.
async fn home_language(caller: &Caller) -> Result<String, Problem> {
    let office = caller.office();
    let found = people::persons(office.ledger.reader(), office.scope(), &[caller.person()]).await?;
    let language = found.first().and_then(|person| person.details.language.as_ref());
    Ok(language.map(ToString::to_string).unwrap_or_default())
}

async fn shown(
    house: &Shared,
    caller: &Caller,
    asked: &Asked,
    offer: &Offer,
    status: StatusCode,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let person = &asked.access.person;
    // Nothing but the first time is kept, so that a page that is looked at again writes nothing.
    open_text(&caller.office().ledger, act(caller, person.id), asked.version.id).await?;
    let is_helped = asked.is_own && person.id != caller.person();
    if fields.get("name").is_empty() && fields.are_right() {
        fields.set("name", if is_helped { person.details.name() } else { caller.name().to_owned() });
    }
    let reader = if asked.is_own { asked.access.audience.reader() } else { "parent" };
    let document = match &offer.shown {
        Some(translation) => translation.document()?,
        None => asked.version.document()?,
    };
    let document = document.for_audience(reader);
    let standing = asked.access.needs.iter().find(|(need, _)| need.policy == asked.version.policy).map(|(_, standing)| *standing);
    let page = SignPage {
        word: &caller.word(),
        version: &asked.version,
        document: &document,
        offer,
        person,
        is_helped,
        is_own: asked.is_own,
        role: role_of(asked, caller),
        standing,
        may_ask: caller.may(Action::AskQuestion, &Thing::School),
        fields: &fields,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// The role as it is printed beside the name.
fn role_of(asked: &Asked, caller: &Caller) -> &'static str {
    if asked.is_own && asked.access.person.id != caller.person() { "Pupil" } else { caller.role().title() }
}

/// The translation that a form says was read, and what is shown if the form comes back: the same language, as it reads now.
async fn read_in(caller: &Caller, asked: &Asked, fields: &Fields) -> Result<(Option<RecordId>, Offer), Problem> {
    let sent = fields.get("translation");
    if sent.is_empty() {
        return Ok((None, choose(asked.translations.clone(), ENGLISH.tag, "")));
    }
    let id: RecordId = sent.parse().map_err(|_| Problem::NotReadable)?;
    let office = caller.office();
    // It may be of a version that holds no longer.
    let read = policies::translation(office.ledger.reader(), office.organisation, id).await?.ok_or(Problem::NotReadable)?;
    Ok((Some(id), choose(asked.translations.clone(), read.language.tag, "")))
}

pub(in crate::agreements) async fn sign(
    State(house): State<Shared>,
    caller: Caller,
    Path((policy, person)): Path<(String, String)>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &policy, &person).await?;
    let Person { id: for_person, .. } = asked.access.person;
    let answer = match fields.get("answer") {
        "yes" => Answer::Signed,
        "no" => Answer::Declined,
        "back" => Answer::Withdrawn,
        _ => return Err(Problem::NotReadable),
    };
    let version: RecordId = fields.get("version").parse().map_err(|_| Problem::NotReadable)?;
    let office = caller.office();
    // Of another version than the one that holds it is said below that the text has changed.
    let is_current = version == asked.version.id;
    if answer == Answer::Signed && fields.get("read") != "yes" {
        fields.wrong("read", sentence(&AgreementsError::NotRead.to_string()));
    } else if answer == Answer::Signed
        && is_current
        && !has_opened(office.ledger.reader(), office.organisation, version, caller.person()).await?
    {
        fields.clear("read");
        fields.wrong("read", sentence(&AgreementsError::NotOpened.to_string()));
    }
    if fields.get("name").is_empty() {
        fields.wrong("name", sentence(&AgreementsError::NoName.to_string()));
    }
    let (translation, offer) = read_in(&caller, &asked, &fields).await?;
    if !fields.are_right() {
        return shown(&house, &caller, &asked, &offer, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    }
    let is_helped = asked.is_own && for_person != caller.person();
    let signing = Signing {
        policy: &policy,
        version,
        translation,
        signer: if is_helped { for_person } else { caller.person() },
        for_person,
        answer,
        method: if is_helped { Method::Mark } else { Method::SignedIn },
        name: fields.get("name"),
        role: role_of(&asked, &caller),
        helper: is_helped.then(|| caller.person()),
        on: caller.today(),
        today: caller.today(),
    };
    let mut unit = office.ledger.begin(act(&caller, for_person)).await?;
    match agreements::sign(&mut unit, &signing).await {
        Ok(()) => unit.commit().await?,
        Err(error @ (AgreementsError::OldText | AgreementsError::NoName)) => {
            drop(unit);
            fields.clear("read");
            fields.wrong(if matches!(error, AgreementsError::OldText) { "read" } else { "name" }, sentence(&error.to_string()));
            return shown(&house, &caller, &asked, &offer, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/my/agreements?done=yes").into_response())
}
