//! The console: what staff look at in a browser. Every page is made here, works without script and only reads.
//!
//! There is no sign-in yet. So it listens on this machine alone, answers only to names of this machine, changes nothing, and shows
//! no person's name: questions are asked for profiles.

mod facts;
mod pages;
mod preview;
mod view;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use filter::host::Host;
use filter::target::Target;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tracing::warn;

use crate::gateway::Status;
use crate::live::Live;
use crate::records::Records;
use crate::world::World;

/// How long requests that were begun may go on after the order to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// Longest path and query, in bytes: an address may be asked for, spelt with percent signs.
const MAX_TARGET: usize = 16 * 1024;

/// Headers of every answer; a page may bring a policy of its own.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, ui::shell::CONTENT_SECURITY_POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What the pages are made from.
#[derive(Debug)]
pub struct Console {
    live: Arc<Live>,
    world: World,
    address: SocketAddr,
    gate: Arc<Status>,
    records: Arc<Records>,
}

/// Serves the console until `stop` ends, then lets requests that were begun come to their end for five seconds.
///
/// # Errors
/// Where the port can no longer be listened on.
pub async fn serve(listener: TcpListener, console: Console, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let (ordered, waiting) = tokio::sync::oneshot::channel();
    let stop = async move {
        stop.await;
        // Nobody waits any more when serving has failed.
        let _ = ordered.send(());
    };
    let serving = axum::serve(listener, routes(Arc::new(console))).with_graceful_shutdown(stop).into_future();
    tokio::pin!(serving);
    tokio::select! {
        served = &mut serving => return served,
        _ = waiting => {}
    }
    timeout(LAST_REQUESTS, serving).await.unwrap_or_else(|_| {
        warn!("some requests to the console were cut off, because they did not end");
        Ok(())
    })
}

/// Every page.
fn routes(console: Arc<Console>) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/why", get(pages::why))
        .route("/profiles", get(pages::profiles))
        .route("/profiles.csv", get(pages::profiles_csv))
        .route("/profiles/{name}", get(pages::profile))
        .route("/lists", get(pages::lists))
        .route("/help-lines", get(pages::help_lines))
        .route("/policy", get(pages::policy))
        .route("/policy/{capability}", get(pages::policy_of))
        .route("/block-page", get(pages::previews))
        .route("/block-page/{profile}", get(pages::preview))
        .route("/assets/{name}", get(pages::asset))
        .route("/health", get(|| async { "ok\n" }))
        .fallback(pages::not_found)
        .method_not_allowed_fallback(pages::wrong_method)
        .layer(from_fn_with_state(Arc::clone(&console), guard))
        .with_state(console)
}

/// Before and after every page: who is spoken to, how long the question is, and the headers of the answer.
async fn guard(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
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
fn refusal(console: &Console, request: &Request) -> Option<(StatusCode, &'static str)> {
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
    if host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address == console.address.ip()) {
        return true;
    }
    let in_force = console.live.in_force();
    let public = in_force.config.public_url.as_ref().and_then(|url| Target::parse(url.as_str()).ok());
    public.is_some_and(|public| Host::parse(host).is_ok_and(|host| host == public.host))
}

// === impl Console ===

impl Console {
    /// The console of what is in force, of the proxy that stands as `gate` says, and of the records, reached at `address`.
    pub fn new(live: Arc<Live>, world: World, address: SocketAddr, gate: Arc<Status>, records: Arc<Records>) -> Self {
        Self { live, world, address, gate, records }
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
