//! The pages on which policies are written, discussed, approved and put into force.

mod copies;
mod early;
mod print;
mod public;
mod translations;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::{PersonId, RecordId};
use ledger::code;
use serde::Deserialize;

pub(crate) use public::open_pages;

use super::view::{ComparePage, ListPage, PolicyPage, RowOfList, TextPage, WritePage};
use super::{NewText, PoliciesError, Policy, Publish, State as Stand, Version};
use super::{approve, begin, comments, consult, drop_version, early_reviews, find, latest, publish, reopen, rewrite};
use super::{translations_of, values, versions};
use crate::access::{Action, Thing};
use crate::people;
use crate::settings::{self, POLICY_REVIEW};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared, Upload, sentence};

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    const SEE: Ask = Ask::School(Action::SeePolicies);
    const WRITE: Ask = Ask::School(Action::WritePolicies);
    const COPIES: Ask = Ask::School(Action::KeepCopies);
    vec![
        Route::page("/policies", SEE, list).in_menu("Policies"),
        Route::page("/policies/copies", COPIES, copies::list),
        Route::form("/policies/copies", COPIES, copies::ask),
        Route::form("/policies/copies/sent", COPIES, copies::sent),
        Route::page("/policies/{policy}", SEE, policy),
        Route::page("/policies/{policy}/write", WRITE, write),
        Route::file("/policies/{policy}/write", WRITE, save),
        Route::form("/policies/{policy}/move", WRITE, move_on),
        Route::form("/policies/{policy}/comment", SEE, comment),
        Route::form("/policies/{policy}/answer", WRITE, answer),
        Route::form("/policies/{policy}/approve", Ask::Thing(&[Action::ApprovePolicy]), approved),
        Route::form("/policies/{policy}/publish", WRITE, published),
        Route::form("/policies/{policy}/early", WRITE, early::call),
        Route::form("/policies/{policy}/early/stays", WRITE, early::stays),
        Route::page("/policies/{policy}/compare", SEE, compare),
        Route::page("/policies/{policy}/translate", WRITE, translations::write),
        Route::file("/policies/{policy}/translate", WRITE, translations::save),
        Route::page("/policies/{policy}/translations/{translation}", SEE, translations::page),
        Route::form("/policies/{policy}/translations/{translation}/check", WRITE, translations::check),
        Route::form("/policies/{policy}/translations/{translation}/withdraw", WRITE, translations::withdraw),
        Route::page("/policies/{policy}/{number}", SEE, text),
        Route::page("/policies/{policy}/{number}/text.pdf", SEE, print::of_school),
    ]
}

impl From<PoliciesError> for Problem {
    fn from(error: PoliciesError) -> Self {
        match error {
            PoliciesError::NotThere => Self::NotThere,
            PoliciesError::Records(error) => error.into(),
            PoliciesError::People(error) => error.into(),
            PoliciesError::Settings(error) => error.into(),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Against {
    #[serde(default)]
    with: i64,
}

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let office = caller.office();
    let all = latest(office.ledger.reader(), office.organisation).await?;
    let early = early_reviews(office.ledger.reader(), office.organisation).await?;
    let rows: Vec<RowOfList> = super::SHELF.iter().map(|policy| RowOfList::of(policy, &all, &early, caller.today())).collect();
    Ok(Html(house.page(&ListPage { rows: &rows, keeps_copies: caller.may(Action::KeepCopies, &Thing::School) }, Some(&caller)))
        .into_response())
}

/// A policy with its versions, the newest first.
async fn shelf(caller: &Caller, word: &str) -> Result<(&'static Policy, Vec<Version>), Problem> {
    let policy = find(word).ok_or(Problem::NotThere)?;
    Ok((policy, versions(caller.office().ledger.reader(), caller.office().organisation, policy.word).await?))
}

async fn policy(State(house): State<Shared>, caller: Caller, Path(word): Path<String>) -> Result<Response, Problem> {
    policy_page(&house, &caller, &word, StatusCode::OK, Fields::default()).await
}

async fn policy_page(house: &Shared, caller: &Caller, word: &str, status: StatusCode, fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(caller, word).await?;
    let office = caller.office();
    let under_way = all.iter().find(|version| version.state.is_open() || version.state == Stand::Approved);
    let said = match under_way {
        Some(version) => comments(office.ledger.reader(), office.organisation, version.id).await?,
        None => Vec::new(),
    };
    let gaps = match under_way {
        Some(version) => public::filled(house, caller.office(), caller.today(), version).await?.gaps,
        None => Vec::new(),
    };
    let mut early = early_reviews(office.ledger.reader(), office.organisation).await?;
    early.retain(|review| review.policy == policy.word);
    let mut by: Vec<PersonId> = under_way.and_then(|version| version.writers.last().copied()).into_iter().collect();
    by.extend(early.iter().map(|review| review.called_by));
    let people = people::persons(office.ledger.reader(), office.scope(), &by).await?;
    caller.looks_at(Action::SeePolicies, people.iter().map(|person| person.id)).await?;
    let translated = translations::translated(&all);
    let ids: Vec<RecordId> = translated.iter().map(|version| version.id).collect();
    let translations = translations_of(office.ledger.reader(), office.organisation, &ids).await?;
    let may_approve =
        under_way.is_some_and(|version| caller.may(Action::ApprovePolicy, &Thing::Draft { writers: version.writers.clone() }));
    let page = PolicyPage {
        word: &caller.word(),
        policy,
        all: &all,
        under_way,
        current: all.iter().find(|version| version.state == Stand::Current),
        early: &early,
        translated: &translated,
        translations: &translations,
        said: &said,
        gaps: &gaps,
        people: &people,
        today: caller.today(),
        may_write: caller.may(Action::WritePolicies, &Thing::School),
        may_approve,
        fields: &fields,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// The version on which somebody writes: the one that is open, else the one in force, which a new one is begun from.
fn base(all: &[Version]) -> Option<&Version> {
    all.iter().find(|version| version.state.is_open()).or_else(|| all.iter().find(|version| version.state == Stand::Current))
}

/// What stands in the form for a base: another one, or the same one changed, is a conflict.
fn mark(base: Option<&Version>) -> String {
    base.map(|version| format!("{} {}", version.id, version.version)).unwrap_or_default()
}

async fn write(State(house): State<Shared>, caller: Caller, Path(word): Path<String>) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let (mut fields, base) = (Fields::default(), base(&all));
    let shipped = || policy.template.map_or_else(|| format!("# {}\n", policy.title), str::to_owned);
    fields.add("source", base.map_or_else(shipped, |version| version.source.clone()));
    fields.add("change", base.filter(|version| version.state.is_open()).map_or("", |version| &version.change));
    fields.add("seen", mark(base));
    let page = WritePage { word: &caller.word(), policy, fields: &fields };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

async fn save(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, sent: Upload) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let (source, change) = (sent.field("source").replace("\r\n", "\n"), sent.field("change"));
    let (text, base) = (NewText { source: &source, change: &change, today: caller.today() }, base(&all));
    let again = |status: StatusCode, field: &str, why: String| {
        let mut fields = Fields::default();
        fields.add("source", &source);
        fields.add("change", &change);
        // Whoever saves once more has been told.
        fields.add("seen", mark(base));
        fields.wrong(field, why);
        let page = WritePage { word: &caller.word(), policy, fields: &fields };
        Ok((status, Html(house.page(&page, Some(&caller)))).into_response())
    };
    if sent.field("seen") != mark(base) {
        let why =
            "Somebody else has changed this text since you opened it. Yours is kept below; look at theirs before you save yours over it";
        return again(StatusCode::CONFLICT, "source", why.to_owned());
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    let done = match base.filter(|version| version.state.is_open()) {
        Some(version) => rewrite(&mut unit, version, text).await,
        None => begin(&mut unit, policy.word, text).await.map(|_| ()),
    };
    match done {
        Ok(()) => {
            unit.commit().await?;
            Ok(Redirect::to(&format!("/policies/{}", policy.word)).into_response())
        }
        Err(error @ (PoliciesError::Text(_) | PoliciesError::NoChange)) => {
            drop(unit);
            let field = if matches!(error, PoliciesError::Text(_)) { "source" } else { "change" };
            again(StatusCode::UNPROCESSABLE_ENTITY, field, sentence(&error.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// The version that a form was about, as it was seen there.
fn seen<'a>(all: &'a [Version], fields: &Fields) -> Result<&'a Version, Problem> {
    let found = all.iter().find(|version| version.id.to_string() == fields.get("version")).ok_or(Problem::NotThere)?;
    if found.version.to_string() == fields.get("seen") { Ok(found) } else { Err(Problem::Conflict) }
}

async fn move_on(caller: Caller, Path(word): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let version = seen(&all, &fields)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    match fields.get("step") {
        "consult" => consult(&mut unit, version).await?,
        "reopen" => reopen(&mut unit, version).await?,
        "drop" => drop_version(&mut unit, version).await?,
        _ => return Err(Problem::NotReadable),
    }
    unit.commit().await?;
    Ok(Redirect::to(&format!("/policies/{}", policy.word)).into_response())
}

async fn comment(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let version = all.iter().find(|version| version.id.to_string() == fields.get("version")).ok_or(Problem::NotThere)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    match super::comment(&mut unit, version, fields.get("who"), fields.get("said")).await {
        Ok(()) => unit.commit().await?,
        Err(error @ PoliciesError::NoComment) => {
            drop(unit);
            let field = if fields.get("who").is_empty() { "who" } else { "said" };
            fields.wrong(field, sentence(&error.to_string()));
            return policy_page(&house, &caller, policy.word, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("/policies/{}#said", policy.word)).into_response())
}

async fn answer(caller: Caller, Path(word): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let version = all.iter().find(|version| version.id.to_string() == fields.get("version")).ok_or(Problem::NotThere)?;
    let comment: RecordId = fields.get("comment").parse().map_err(|_| Problem::NotThere)?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    super::answer(&mut unit, version, comment, fields.get("answer")).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/policies/{}#said", policy.word)).into_response())
}

async fn approved(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let named = all.iter().find(|version| version.id.to_string() == fields.get("version"));
    // Asked before anything is said, whatever was sent.
    let writers = named.map_or_else(|| vec![caller.person()], |version| version.writers.clone());
    caller.must(Action::ApprovePolicy, &Thing::Draft { writers })?;
    let version = seen(&all, &fields)?;
    let on = fields.needed_day("on", "Enter the day of the meeting that approved it");
    if fields.get("minute").is_empty() {
        fields.wrong("minute", "Say where the approval is minuted");
    }
    let Some(on) = on.filter(|_| fields.are_right()) else {
        return policy_page(&house, &caller, policy.word, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("policies"))).await?;
    match approve(&mut unit, version, on, fields.get("minute"), caller.today()).await {
        Ok(()) => unit.commit().await?,
        Err(error @ (PoliciesError::Approval | PoliciesError::NoMinute)) => {
            drop(unit);
            let field = if matches!(error, PoliciesError::Approval) { "on-day" } else { "minute" };
            fields.wrong(field, sentence(&error.to_string()));
            return policy_page(&house, &caller, policy.word, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("/policies/{}", policy.word)).into_response())
}

async fn published(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let seen = seen(&all, &fields)?;
    let office = caller.office();
    let reader = office.ledger.reader();
    let values = values(reader, office.scope(), &house.words().school, caller.today()).await?;
    let review_months = settings::read(reader, office.organisation).await?.value(&POLICY_REVIEW);
    let must_sign = fields.get("must_sign") != "no";
    let mut unit = office.ledger.begin(caller.act(code!("policies"))).await?;
    publish(&mut unit, Publish { values, today: caller.today(), review_months, must_sign, seen }).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/policies/{}", policy.word)).into_response())
}

async fn text(State(house): State<Shared>, caller: Caller, Path((word, number)): Path<(String, String)>) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let version = all.iter().find(|version| version.number.to_string() == number).ok_or(Problem::NotThere)?;
    let document = public::document(&house, caller.office(), caller.today(), version).await?;
    let said = comments(caller.office().ledger.reader(), caller.office().organisation, version.id).await?;
    Ok(Html(house.page(&TextPage { policy, version, document: &document, said: &said, is_public: false, language: None }, Some(&caller)))
        .into_response())
}

async fn compare(State(house): State<Shared>, caller: Caller, Path(word): Path<String>, with: Query<Against>) -> Result<Response, Problem> {
    let (policy, all) = shelf(&caller, &word).await?;
    let after = all.iter().find(|version| version.state != Stand::Dropped).ok_or(Problem::NotThere)?;
    let before = match with.with {
        0 => all.iter().find(|version| version.number < after.number && version.publication.is_some()),
        number => all.iter().find(|version| version.number == number),
    };
    let before = before.ok_or(Problem::NotThere)?;
    let before_text = public::document(&house, caller.office(), caller.today(), before).await?;
    let after_text = public::document(&house, caller.office(), caller.today(), after).await?;
    let is_correction = super::is_correction(&before_text, &after_text);
    let page = ComparePage { policy, before, after, before_lines: &before_text.lines(), after_lines: &after_text.lines(), is_correction };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}
