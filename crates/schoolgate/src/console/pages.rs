//! The handlers: take the request apart, ask what is in force, render. Each page is made from one state of the rules.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use filter::category::Category;
use office::clauses;
use office::control::Found;
use office::web::{Caller, ProblemPage};
use serde::Deserialize;
use ui::{Asset, Href};

use super::view::{CapabilityPage, Content, FieldMistake, Form, PolicyPage, PreviewsPage, ProfilePage, ProfilesPage, WhyPage};
use super::{Console, facts, preview};
use crate::answer::{self, Answer, Asker, Question, QuestionError};
use crate::controls;
use crate::live::InForce;

type Shared = State<Arc<Console>>;

/// The query of `/why`: a link with it can be passed on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WhyQuery {
    address: Option<String>,
    #[serde(default)]
    who: String,
    #[serde(default)]
    at: String,
}

pub(super) async fn overview(State(console): Shared, caller: Caller) -> Response {
    let in_force = console.live.in_force();
    let profiles = facts::profiles(&in_force.config);
    let gate = facts::gate(&console.gate, &in_force.config, console.world.now());
    let records = facts::records(&console.records, &in_force.config).await;
    console.page(&caller, &in_force, &facts::home(&console.live, &in_force, &profiles, gate, records))
}

pub(super) async fn why(State(console): Shared, caller: Caller, query: Result<Query<WhyQuery>, QueryRejection>) -> Response {
    let Ok(Query(query)) = query else { return console.bad_query(&caller) };
    let in_force = console.live.in_force();
    let profiles = facts::profiles(&in_force.config);
    let outcome = query.address.as_deref().map(|address| console.answer(&in_force, address, &query));
    let block_page = outcome.as_ref().and_then(|outcome| outcome.as_ref().ok()).and_then(block_page);
    let status = if matches!(outcome, Some(Err(_))) { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let form = Form { address: query.address.unwrap_or_default(), who: query.who, at: query.at };
    (status, console.page(&caller, &in_force, &WhyPage { form, profiles: &profiles, outcome, block_page })).into_response()
}

pub(super) async fn profiles(State(console): Shared, caller: Caller) -> Response {
    let in_force = console.live.in_force();
    console.page(&caller, &in_force, &ProfilesPage { profiles: &in_force.config.profiles })
}

pub(super) async fn profile(State(console): Shared, caller: Caller, name: Result<Path<String>, PathRejection>) -> Response {
    let in_force = console.live.in_force();
    let profile = name.ok().and_then(|Path(name)| facts::profile(&in_force.config, &name));
    match profile {
        Some(profile) => console.page(&caller, &in_force, &ProfilePage { profile, school: &in_force.config.school }),
        None => console.no_such_page(&caller),
    }
}

pub(super) async fn profiles_csv(State(console): Shared) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"profiles.csv\"")];
    (headers, facts::csv(&console.live.in_force().config.profiles)).into_response()
}

pub(super) async fn lists(State(console): Shared, caller: Caller) -> Response {
    let in_force = console.live.in_force();
    console.page(&caller, &in_force, &facts::lists(&console.live, &in_force, console.world.now()))
}

pub(super) async fn help_lines(State(console): Shared, caller: Caller) -> Response {
    let in_force = console.live.in_force();
    console.page(&caller, &in_force, &facts::help_lines(&in_force.config))
}

pub(super) async fn policy(State(console): Shared, caller: Caller) -> Response {
    let in_force = console.live.in_force();
    let found = console.found(&in_force).await;
    console.page(&caller, &in_force, &PolicyPage { clauses: clauses::all(), found })
}

pub(super) async fn policy_of(State(console): Shared, caller: Caller, name: Result<Path<String>, PathRejection>) -> Response {
    let Ok(Path(capability)) = name else { return console.no_such_page(&caller) };
    let clauses: Vec<_> = clauses::all().iter().filter(|clause| clause.capability == capability).collect();
    if clauses.is_empty() {
        return console.no_such_page(&caller);
    }
    let in_force = console.live.in_force();
    let found = console.found(&in_force).await;
    console.page(&caller, &in_force, &CapabilityPage { capability, clauses, found })
}

pub(super) async fn previews(State(console): Shared, caller: Caller, query: Result<Query<preview::Query>, QueryRejection>) -> Response {
    let Ok(Query(query)) = query else { return console.bad_query(&caller) };
    let in_force = console.live.in_force();
    let profiles = facts::profiles(&in_force.config);
    console.page(&caller, &in_force, &PreviewsPage { profiles: &profiles, versions: &preview::VERSIONS, staff: query.is_staff() })
}

pub(super) async fn preview(
    State(console): Shared,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
    query: Result<Query<preview::Query>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else { return console.bad_query(&caller) };
    let in_force = console.live.in_force();
    let profile = name.ok().and_then(|Path(name)| facts::profile(&in_force.config, &name));
    let page = profile.and_then(|profile| preview::page(&in_force, profile, &query, console.world.now()));
    match page {
        Some(page) => ([(header::CONTENT_SECURITY_POLICY, page.content_security_policy())], Html(page.html)).into_response(),
        None => console.no_such_page(&caller),
    }
}

pub(super) async fn asset(name: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Response {
    let found = name.ok().and_then(|Path(name)| ui::assets().iter().find(|asset| asset.path.strip_prefix(ui::ASSETS_PATH) == Some(&name)));
    let Some(asset) = found else { return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response() };
    let gzip = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("gzip"));
    let kept =
        [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, Asset::CACHE_CONTROL), (header::VARY, "Accept-Encoding")];
    match gzip {
        true => (kept, [(header::CONTENT_ENCODING, "gzip")], asset.gzip).into_response(),
        false => (kept, asset.bytes).into_response(),
    }
}

/// The preview of what somebody sees in place of the site.
fn block_page(answer: &Answer) -> Option<Href> {
    let outcome = match (answer.action.as_str(), &answer.address) {
        ("allow", _) => return None,
        (_, None) => "sealed",
        ("warn", Some(_)) => "warn",
        ("ask", Some(_)) => "ask",
        ("gate", Some(_)) => "gate",
        (_, Some(_)) => "blocked",
    };
    let mut path = format!("block-page/{}?outcome={outcome}", answer.profile);
    if let Some(category) = answer.category.as_ref().filter(|category| Category::from_slug(&category.slug).is_some()) {
        path.push_str(&format!("&category={}", category.slug));
    }
    if let Some(address) = &answer.address {
        path.push_str("&address=");
        path.extend(address.bytes().map(escaped));
    }
    Some(Href::path(&path))
}

/// A byte as it stands in the value of a query.
fn escaped(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

// === impl Console: what the handlers share ===

impl Console {
    fn page(&self, caller: &Caller, in_force: &InForce, content: &dyn Content) -> Response {
        Html(self.framed(in_force, content, Some(caller))).into_response()
    }

    async fn found(&self, in_force: &InForce) -> Vec<Found> {
        let now = self.world.now();
        let recorded = self.desk.recorded(in_force, now).await;
        controls::look(in_force, self.live.data(), recorded, now).await
    }

    fn answer(&self, in_force: &InForce, address: &str, query: &WhyQuery) -> Result<Answer, FieldMistake> {
        let mistake = |field: &'static str| move |error: QuestionError| FieldMistake { field, message: capital(&error.to_string()) };
        if address.trim().is_empty() {
            return Err(FieldMistake { field: "address", message: "Enter a web address".to_owned() });
        }
        let now = self.world.now();
        let at = match query.at.trim() {
            "" => None,
            text => Some(answer::time(text, &in_force.config.time_zone, now).map_err(mistake("at"))?),
        };
        let who = if query.who.is_empty() { Asker::Unknown } else { Asker::Profile(query.who.clone()) };
        let question = Question { address: address.to_owned(), who, at };
        in_force.answer(&question, now).map_err(|error| match error {
            QuestionError::Address(_) => mistake("address")(error),
            QuestionError::NoSuch { .. } => mistake("who")(error),
            QuestionError::Time(_) => mistake("at")(error),
        })
    }

    fn no_such_page(&self, caller: &Caller) -> Response {
        let text = "The address may be misspelt, or the page belongs to another version. Nothing is wrong with Schoolgate.";
        self.problem(caller, StatusCode::NOT_FOUND, "There is no such page", text)
    }

    fn bad_query(&self, caller: &Caller) -> Response {
        let text = "What stands behind the question mark of the address cannot be read. Fill in the form instead.";
        self.problem(caller, StatusCode::BAD_REQUEST, "This question cannot be read", text)
    }

    fn problem(&self, caller: &Caller, status: StatusCode, title: &str, text: &str) -> Response {
        (status, self.page(caller, &self.live.in_force(), &ProblemPage { title, text })).into_response()
    }
}

/// A message as a sentence of its own.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
