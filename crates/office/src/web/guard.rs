//! What stands before every route: who calls, whether they may, whether a form is ours; and what is framed behind it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::any;
use calendar::Date;

use super::caller::Facts;
use super::form::{Upload, word_of};
use super::problem::Unframed;
use super::{Ask, Caller, Peer, Problem, ProblemPage, Route, Shared, Want};
use crate::access::{Action, Need, Proof, Thing, Who};
use crate::gate;
use crate::people::Role;
use crate::signin::Token;
use crate::{emergency, people};

/// Where somebody signs out.
pub(crate) const SIGN_OUT: &str = "/sign-out";
/// Longest form, in bytes.
const FORM: usize = 64 * 1024;
/// Longest form with a file, in bytes.
const FILE: usize = 16 * 1024 * 1024;

/// What the guard of one route knows.
#[derive(Clone)]
struct Guard {
    house: Shared,
    ask: Ask,
    want: Want,
}

/// All routes, each behind its guard.
pub fn router(house: &Shared, routes: Vec<Route>) -> Router {
    let mut router = Router::new();
    for route in routes {
        let guard = Guard { house: Arc::clone(house), ask: route.ask, want: route.want };
        router = router.route(route.path, route.handler.layer(from_fn_with_state(guard, stand)));
    }
    // What is not there is behind the same guard, so that it looks like what is there and not for this person.
    let guard = Guard { house: Arc::clone(house), ask: Ask::Own, want: Want::Page };
    let nothing = any(|| async { Problem::NotThere }).layer(from_fn_with_state(guard, stand));
    router.fallback_service(nothing.with_state(())).with_state(Arc::clone(house))
}

async fn stand(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let mut caller = None;
    let mut answer = guard.let_in(request, next, &mut caller).await.unwrap_or_else(IntoResponse::into_response);
    // The framework's own refusals are a line of text for programmers.
    match answer.status() {
        StatusCode::METHOD_NOT_ALLOWED => answer = Problem::NotSo.into_response(),
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY if is_plain(&answer) => {
            answer = Problem::NotReadable.into_response();
        }
        _ => {}
    }
    let Some(Unframed(problem)) = answer.extensions().get() else { return answer };
    let (status, title, text) = problem.words();
    (status, Html(guard.house.page(&ProblemPage { title, text }, caller.as_ref()))).into_response()
}

// === impl Guard ===

impl Guard {
    /// Runs the handler, if all is as it must be. `caller` is who it turned out to be, whatever came of it.
    async fn let_in(&self, request: Request, next: Next, caller: &mut Option<Caller>) -> Result<Response, Problem> {
        if self.want != Want::Page && !is_same_origin(request.headers()) {
            return Err(Problem::NotOurs);
        }
        if let Ask::Nothing(_) = self.ask {
            // Nobody is looked up: the door and its pictures open too while the records cannot be had.
            let (request, _) = self.read(request).await?;
            return Ok(next.run(request).await);
        }
        let peer = request.extensions().get::<Peer>().copied();
        *caller = self.caller(cookie(request.headers(), Token::COOKIE).and_then(Token::read), peer).await?;
        let Some(caller) = caller else {
            if let Some(Peer(from)) = peer.filter(|_| self.want == Want::Form && request.uri().path() == SIGN_OUT) {
                // Their session has run out, and they go all the same: the next child must not be judged under their name.
                gate::forget_at(self.house.presence(), from, self.house.now());
            }
            return Ok(sign_in(&request));
        };
        let (mut request, word) = self.read(request).await?;
        if self.want != Want::Page && !caller.session().is_form_word(&word) {
            return Err(Problem::NotOurs);
        }
        if !matches!(self.ask, Ask::Own) && caller.needs_second_factor() {
            return Ok(Redirect::to("/my/second-factor").into_response());
        }
        if !caller.may_open(self.ask) {
            return Err(Problem::NotThere);
        }
        request.extensions_mut().insert(caller.clone());
        let answer = next.run(request).await;
        if matches!(self.ask, Ask::Thing(_)) && !caller.has_asked() && !answer.status().is_client_error() {
            tracing::error!("a page was made without a decision; it was not sent");
            return Err(Problem::Broken);
        }
        Ok(answer)
    }

    /// Who calls, if somebody is signed in and belongs to the school today.
    async fn caller(&self, session: Option<Token>, peer: Option<Peer>) -> Result<Option<Caller>, Problem> {
        let Some(session) = session else { return Ok(None) };
        let office = self.house.office().map_err(Problem::Records)?;
        let now = self.house.now();
        let Some(signed) = office.sign_ins.sessions().look(&session, now) else { return Ok(None) };
        let today = now.timestamp().to_zoned(self.house.zone()).date();
        let today = Date::try_from(today).map_err(|_| Problem::Broken)?;
        let reader = office.ledger.reader();
        let Some(person) = people::person(reader, office.scope(), signed.person).await? else { return Ok(None) };
        let from = peer.map_or(std::net::Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0);
        let mut roles = people::roles_of(reader, office.scope(), signed.person, today).await?;
        match signed.proof {
            // Pictures are little: they open what is a child's or a guest's, at the device where they were pressed, as long as it is theirs.
            Proof::Picture if gate::is_here(self.house.presence(), signed.person, from, now) => {
                roles.retain(|role| matches!(role, Role::Pupil | Role::Visitor));
            }
            Proof::Picture => roles.clear(),
            // A letter opens no more than the school would write to that address now.
            Proof::Mailed if !office.sign_ins.goes_on(&signed, now).await? => roles.clear(),
            Proof::Mailed => roles.retain(|role| *role == Role::Parent),
            Proof::Password | Proof::SecondFactor => {}
        }
        let chosen = signed.role.filter(|role| roles.contains(role));
        let Some(role) = chosen.or_else(|| roles.first().copied()) else {
            // Who has no role left has left, or what they came in with is good no more.
            match signed.proof {
                Proof::Picture | Proof::Mailed => drop(office.sign_ins.sessions().end(&session)),
                Proof::Password | Proof::SecondFactor => drop(office.sign_ins.sessions().end_all(signed.person)),
            }
            return Ok(None);
        };
        let name = person.details.name();
        let (person, proof, asked) = (signed.person, signed.proof, AtomicBool::new(false));
        let titles = people::Titles::new(people::aliases(reader, office.scope()).await?);
        let ordinary = Who { person, role, proof, need: Need::Ordinary };
        let may = office.policies.decide(&ordinary, Action::DeclareEmergency, &Thing::School).is_allowed();
        let emergency = if may { emergency::open_for(reader, office.organisation, person, role, now).await? } else { None };
        Ok(Some(Caller::new(Facts { office, person, name, roles, role, proof, session, from, now, today, emergency, titles, asked })))
    }

    /// Reads what was sent, and gives the word in it.
    async fn read(&self, request: Request) -> Result<(Request, String), Problem> {
        let most = match self.want {
            Want::Page => return Ok((request, String::new())),
            Want::Form => FORM,
            Want::File => FILE,
        };
        let (mut parts, body) = request.into_parts();
        let body: Bytes = to_bytes(body, most).await.map_err(|_| Problem::NotReadable)?;
        if self.want == Want::Form {
            let word = word_of(&body);
            return Ok((Request::from_parts(parts, Body::from(body)), word));
        }
        let upload = Upload::read(&parts.headers, body).await.ok_or(Problem::NotReadable)?;
        let word = upload.word();
        parts.extensions.insert(upload);
        Ok((Request::from_parts(parts, Body::empty()), word))
    }
}

fn is_plain(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/plain");
    answer.extensions().get::<Unframed>().is_none() && kind.starts_with("text/plain")
}

/// To the sign-in, and back to the page from there.
fn sign_in(request: &Request) -> Response {
    let page = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if request.method() != Method::GET || page == "/" {
        return Redirect::to("/sign-in").into_response();
    }
    let next: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
    (StatusCode::SEE_OTHER, [(header::LOCATION, format!("/sign-in?next={next}"))]).into_response()
}

/// Whether a form comes from a page of ours. Every browser of the last years says where a form comes from; what says nothing is no
/// browser, and brings no cookie that a browser keeps.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.strip_prefix("https://").is_some_and(|named| named.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
