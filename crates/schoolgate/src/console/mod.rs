//! The console: what people look at in a browser, over HTTPS. Every page works without script, and each is behind the guard of
//! `office::web`: nobody reaches one past a decision.
//!
//! Here are the pages about the gate itself, and what stands round all of them. Those about people and their work are in `office`.

mod facts;
mod house;
mod pages;
mod preview;
mod public;
mod secure;
mod server;
mod view;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use filter::host::Host;
use filter::target::Target;
use hyper::body::Incoming;
use office::access::Action;
use office::web::{Ask, Front, Peer, Press, Route, Shared, Want, open_router, router};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tower_service::Service as _;

pub use public::{published, serve_public};
pub use secure::Certificate;
use secure::Secure;

use crate::desk::Desk;
use crate::gateway::Status;
use crate::live::Live;
use crate::records::Records;
use crate::world::World;

/// How long a request may take until its answer begins: a large file over a slow line, or one that is sent a byte now and then. How long the
/// answer may be read, `server` bounds.
const PATIENCE: Duration = Duration::from_secs(300);
/// Longest path and query, in bytes: an address may be asked for, spelt with percent signs.
const MAX_TARGET: usize = 16 * 1024;

/// Headers of every answer; a page may bring a policy of its own.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, ui::shell::CONTENT_SECURITY_POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What the pages are made from.
#[expect(missing_debug_implementations, reason = "it holds who is signed in")]
pub struct Console {
    live: Arc<Live>,
    world: World,
    address: SocketAddr,
    gate: Arc<Status>,
    records: Arc<Records>,
    desk: Arc<Desk>,
    /// Text, path and need of each entry of the menu.
    menu: OnceLock<Vec<(&'static str, &'static str, Ask)>>,
    /// Where PDFs are made.
    press: Press,
}

/// Serves the console until `stop` ends, then lets requests that were begun come to their end for five seconds.
pub async fn serve(listener: TcpListener, certificate: Certificate, console: Arc<Console>, stop: impl Future<Output = ()> + Send) {
    let secure = Secure::start(listener, certificate, console.world.clone(), &console.live.in_force().config.console);
    let router = routes(console);
    server::serve(secure, move |from, request| answer(router.clone(), from, request), stop).await;
}

async fn answer(mut router: Router, from: IpAddr, request: Request<Incoming>) -> Response {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(from));
    match timeout(PATIENCE, router.call(request)).await {
        Ok(Ok(answered)) => answered,
        Err(_) => too_slow(),
    }
}

fn too_slow() -> Response {
    (StatusCode::REQUEST_TIMEOUT, "This took too long, and was given up. Try again.\n").into_response()
}

fn too_long() -> Response {
    (StatusCode::URI_TOO_LONG, "This address is too long. Ask for a shorter one.\n").into_response()
}

/// One page of the gate itself: path, need, what it is called in the menu, and what answers.
type Own = (&'static str, Ask, Option<&'static str>, MethodRouter<Arc<Console>>);

/// The pages of the gate itself.
fn own() -> Vec<Own> {
    let filter = Ask::School(Action::SeeFilter);
    let why = Ask::School(Action::AskWhy);
    let totals = Ask::School(Action::SeeTotals);
    vec![
        ("/overview", filter, Some("The gate"), get(pages::overview)),
        ("/why", why, Some("Ask why"), get(pages::why)),
        ("/profiles", filter, Some("Profiles"), get(pages::profiles)),
        ("/profiles.csv", filter, None, get(pages::profiles_csv)),
        ("/profiles/{name}", filter, None, get(pages::profile)),
        ("/lists", filter, Some("Lists"), get(pages::lists)),
        ("/help-lines", Ask::School(Action::FileReport), Some("Help lines"), get(pages::help_lines)),
        ("/policy", totals, Some("Our policy"), get(pages::policy)),
        ("/policy/{capability}", totals, None, get(pages::policy_of)),
        ("/block-page", why, Some("Block page"), get(pages::previews)),
        ("/block-page/{profile}", why, None, get(pages::preview)),
        ("/assets/{name}", Ask::Nothing("the sign-in page needs them"), None, get(pages::asset)),
        ("/health", Ask::Nothing("it says nothing but that the program runs"), None, get(|| async { "ok\n" })),
    ]
}

/// Every route: its method, its path and what it asks for. For tests that walk them all.
pub fn listed() -> Vec<(Method, &'static str, Ask)> {
    let of_office = office::routes().into_iter().map(|route| (route.method(), route.path, route.ask));
    let open = office::open_pages().into_iter().map(|page| (Method::GET, page.path, Ask::Nothing(page.why)));
    of_office.chain(open).chain(own().into_iter().map(|(path, ask, ..)| (Method::GET, path, ask))).collect()
}

fn routes(console: Arc<Console>) -> Router {
    let mut routes = office::routes();
    routes.extend(own().into_iter().map(|(path, ask, menu, handler)| {
        let route = Route::any(path, Want::Page, ask, handler.with_state(Arc::clone(&console)));
        if let Some(text) = menu { route.in_menu(text) } else { route }
    }));
    let menu = routes.iter().filter_map(|route| Some((route.menu?, route.path, route.ask))).collect();
    // Made once, before the first request.
    let _ = console.menu.set(menu);
    let house: Shared = Arc::clone(&console) as Shared;
    let front: Arc<dyn Front> = Arc::clone(&console) as Arc<dyn Front>;
    router(&house, routes).merge(open_router(&front, office::open_pages())).layer(from_fn_with_state(console, guard))
}

/// Before and after every page: who is spoken to, how long the question is, and the headers of the answer.
async fn guard(State(console): State<Arc<Console>>, request: Request<Body>, next: Next) -> Response {
    let mut response = match refusal(&console, &request) {
        Some((status, text)) => (status, text).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Why a request is not even looked at. A page of another site whose name was made to point at this machine (DNS rebinding) sends
/// its own name as `Host`: it must read nothing here.
fn refusal(console: &Console, request: &Request<Body>) -> Option<(StatusCode, &'static str)> {
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET) {
        return Some((StatusCode::URI_TOO_LONG, "This address is too long for the console. Ask for a shorter one.\n"));
    }
    let hosts = request.headers().get_all(header::HOST).iter().collect::<Vec<_>>();
    let host = request.uri().host().map(str::to_owned).or_else(|| match hosts.as_slice() {
        [host] => host.to_str().ok().map(without_port),
        _ => None,
    });
    let Some(host) = host else {
        return Some((StatusCode::BAD_REQUEST, "The request does not say which host it is for.\n"));
    };
    let allowed = is_own_name(console, &host);
    (!allowed).then_some((
        StatusCode::MISDIRECTED_REQUEST,
        "This console does not answer to that name. Open it by the address that Schoolgate printed when it started, or set public_url.\n",
    ))
}

fn without_port(host: &str) -> String {
    let end = match host.rfind(':') {
        Some(colon) if !host.get(colon..).is_some_and(|rest| rest.contains(']')) => colon,
        _ => host.len(),
    };
    host.get(..end).unwrap_or(host).to_owned()
}

fn is_own_name(console: &Console, host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    // An address in figures is nobody's name, so no name was made to point here: where it listens on all, each of them is its own.
    let listens = console.address.ip();
    let is_own = |address: IpAddr| address == listens || listens.is_unspecified();
    if host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(is_own) {
        return true;
    }
    let in_force = console.live.in_force();
    let public = in_force.config.public_url.as_ref().and_then(|url| Target::parse(url.as_str()).ok());
    public.is_some_and(|public| Host::parse(host).is_ok_and(|host| host == public.host))
}

// === impl Console ===

impl Console {
    /// The console of what is in force, of the proxy that stands as `gate` says, and of the records, reached at `address`.
    pub fn new(live: Arc<Live>, world: World, address: SocketAddr, gate: Arc<Status>, records: Arc<Records>, desk: Arc<Desk>) -> Self {
        Self { live, world, address, gate, records, desk, menu: OnceLock::new(), press: Press::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_without_its_port() {
        for (given, host) in [("localhost:8480", "localhost"), ("localhost", "localhost"), ("[::1]:8480", "[::1]"), ("[::1]", "[::1]")] {
            assert_eq!(without_port(given), host);
        }
    }
}
