//! Pages on which the school says in another language what a version says: written, checked by somebody else, withdrawn.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{PersonId, RecordId};
use ledger::code;
use serde::Deserialize;

use super::{public, shelf};
use crate::access::{Action, Thing};
use crate::document::{self, Document, Language, Values};
use crate::people;
use crate::policies::store::{unstated, values_now};
use crate::policies::view::{Begins, TranslatePage, TranslationPage};
use crate::policies::{
    NewTranslation, PoliciesError, Policy, State as Stand, Translation, Version, check_translation, translate, translation,
    translations_of, values, values_of, withdraw_translation,
};
use crate::web::{Caller, Fields, Problem, Shared, Upload, sentence};

/// What is to be translated.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    version: String,
    #[serde(default)]
    language: String,
}

/// The versions that are translated: the one in force, and one that is approved.
pub(super) fn translated(all: &[Version]) -> Vec<&Version> {
    all.iter().filter(|version| matches!(version.state, Stand::Approved | Stand::Current)).collect()
}

/// A translation with what it says the same as.
struct Found<'a> {
    policy: &'static Policy,
    version: &'a Version,
    translation: Translation,
}

async fn found<'a>(caller: &Caller, policy: &'static Policy, all: &'a [Version], id: &str) -> Result<Found<'a>, Problem> {
    let id: RecordId = id.parse().map_err(|_| Problem::NotThere)?;
    let office = caller.office();
    let translation = translation(office.ledger.reader(), office.organisation, id).await?.ok_or(Problem::NotThere)?;
    let version = all.iter().find(|version| version.id == translation.of).ok_or(Problem::NotThere)?;
    Ok(Found { policy, version, translation })
}

/// What placeholders of a version stand for.
async fn filled_with(house: &Shared, caller: &Caller, version: &Version) -> Result<Values, Problem> {
    let office = caller.office();
    let values = values(office.ledger.reader(), office.scope(), &house.words().school, caller.today()).await?;
    Ok(if version.publication.is_some() { values_of(values, version) } else { values_now(values, version, caller.today()) })
}

/// A translation as it reads, or would read today.
async fn read(house: &Shared, caller: &Caller, version: &Version, translation: &Translation) -> Result<Document, Problem> {
    if translation.wording.is_some() {
        return Ok(translation.document()?);
    }
    let values = filled_with(house, caller, version).await?;
    Ok(document::parse(&document::fill(&translation.source, &values).text).map_err(PoliciesError::from)?)
}

pub(super) async fn page(
    State(house): State<Shared>,
    caller: Caller,
    Path((word, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let Found { version, translation, .. } = found(&caller, policy, &all, &id).await?;
    let office = caller.office();
    let english = public::document(&house, office, caller.today(), version).await?;
    let document = read(&house, &caller, version, &translation).await?;
    let by = [translation.checked, translation.withdrawn].into_iter().flatten().map(|(by, _)| by);
    let by: Vec<PersonId> = translation.writers.iter().copied().chain(by).collect();
    let people = people::persons(office.ledger.reader(), office.scope(), &by).await?;
    caller.looks_at(Action::SeePolicies, people.iter().map(|person| person.id)).await?;
    let unstated: Vec<String> = unstated(&english, &document).into_iter().map(str::to_owned).collect();
    let page = TranslationPage {
        word: &caller.word(),
        policy,
        version,
        translation: &translation,
        english: &english,
        document: &document,
        unstated: &unstated,
        people: &people,
        may_write: caller.may(Action::WritePolicies, &Thing::School),
        is_own: translation.writers.contains(&caller.person()),
    };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// The version that is translated, into what, and what is written over.
struct Base<'a> {
    policy: &'static Policy,
    version: &'a Version,
    language: Option<&'static Language>,
    /// What is written on, and what a new text begins with.
    under_way: Option<Translation>,
    begins: Begins,
    source: String,
}

async fn base<'a>(caller: &Caller, policy: &'static Policy, all: &'a [Version], number: &str, tag: &str) -> Result<Base<'a>, Problem> {
    let version = translated(all).into_iter().find(|version| version.number.to_string() == number).ok_or(Problem::NotThere)?;
    let Some(language) = Language::find(tag) else {
        let (under_way, begins, source) = (None, Begins::English, String::new());
        return Ok(Base { policy, version, language: None, under_way, begins, source });
    };
    let office = caller.office();
    let ids: Vec<RecordId> = all.iter().map(|version| version.id).collect();
    let mut every = translations_of(office.ledger.reader(), office.organisation, &ids).await?;
    every.retain(|translation| translation.language == language);
    let is_open = |it: &&Translation| it.of == version.id && it.withdrawn.is_none() && (it.checked.is_none() || it.wording.is_none());
    let under_way = every.iter().find(is_open).cloned();
    // The last one of this version, else of the one before it.
    let number = |it: &Translation| all.iter().find(|version| version.id == it.of).map_or(0, |version| version.number);
    let last = every.iter().filter(|it| number(it) <= version.number).max_by_key(|it| (number(it), it.number));
    let (begins, source) = match (&under_way, last) {
        (Some(open), _) => (Begins::Itself, open.source.clone()),
        (None, Some(last)) => (Begins::Earlier, last.source.clone()),
        (None, None) => (Begins::English, version.source.clone()),
    };
    Ok(Base { policy, version, language: Some(language), under_way, begins, source })
}

/// What stands in the form: another text meanwhile, or the same one changed, is a conflict.
fn mark(base: &Base<'_>) -> String {
    let of = |it: &Translation| format!("{} {}", it.id, it.version);
    base.under_way.as_ref().map(of).unwrap_or_default()
}

async fn form(house: &Shared, caller: &Caller, base: &Base<'_>, status: StatusCode, fields: Fields) -> Result<Response, Problem> {
    let english = public::document(house, caller.office(), caller.today(), base.version).await?;
    let page = TranslatePage {
        word: &caller.word(),
        policy: base.policy,
        version: base.version,
        language: base.language,
        begins: base.begins,
        english: &english,
        fields: &fields,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(super) async fn write(
    State(house): State<Shared>,
    caller: Caller,
    Path(word): Path<String>,
    wanted: Query<Wanted>,
) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let base = base(&caller, policy, &all, &wanted.version, &wanted.language).await?;
    let mut fields = Fields::default();
    fields.add("source", &base.source);
    fields.add("seen", mark(&base));
    form(&house, &caller, &base, StatusCode::OK, fields).await
}

pub(super) async fn save(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, sent: Upload) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let base = base(&caller, policy, &all, &sent.field("version"), &sent.field("language")).await?;
    let language = base.language.ok_or(Problem::NotReadable)?;
    let source = sent.field("source").replace("\r\n", "\n");
    let mut fields = Fields::default();
    fields.add("source", &source);
    // Whoever saves once more has been told.
    fields.add("seen", mark(&base));
    if sent.field("seen") != mark(&base) {
        let why = "Somebody else has changed this translation since you opened it. Yours is kept below; look at theirs before you save yours over it";
        fields.wrong("source", why);
        return form(&house, &caller, &base, StatusCode::CONFLICT, fields).await;
    }
    let values = filled_with(&house, &caller, base.version).await?;
    let new = NewTranslation { language, source: &source, values: &values, today: caller.today(), seen: base.under_way.as_ref() };
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    let id = match translate(&mut unit, base.version, new).await {
        Ok(id) => id,
        Err(error @ (PoliciesError::Records(_) | PoliciesError::NotNow | PoliciesError::NotThere)) => return Err(error.into()),
        Err(told) => {
            drop(unit);
            fields.wrong("source", sentence(&told.to_string()));
            return form(&house, &caller, &base, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
    };
    unit.commit().await?;
    Ok(Redirect::to(&format!("/policies/{}/translations/{id}", policy.word)).into_response())
}

/// The translation of a form, as it was seen there.
fn seen<'a>(found: &'a Found<'_>, fields: &Fields) -> Result<&'a Translation, Problem> {
    if found.translation.version.to_string() == fields.get("seen") { Ok(&found.translation) } else { Err(Problem::Conflict) }
}

pub(super) async fn check(caller: Caller, Path((word, id)): Path<(String, String)>, fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let found = found(&caller, policy, &all, &id).await?;
    let seen = seen(&found, &fields)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    check_translation(&mut unit, found.version, seen, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/policies/{}/translations/{id}", found.policy.word)).into_response())
}

pub(super) async fn withdraw(caller: Caller, Path((word, id)): Path<(String, String)>, fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let found = found(&caller, policy, &all, &id).await?;
    let seen = seen(&found, &fields)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    withdraw_translation(&mut unit, seen, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/policies/{}#translations", found.policy.word)).into_response())
}
