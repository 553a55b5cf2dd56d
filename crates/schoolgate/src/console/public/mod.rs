//! The public address: what the school has published, for everybody, and nothing else. It has the records on a connection that can only
//! read, knows no session and no key, and answers to any name: there is nothing here that a page of another site must not see.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use calendar::Instant;
use jiff::tz::TimeZone;
use office::web::{Content, Front, Press, Problem, Reading, framed, open_router};
use tokio::net::TcpListener;
use tower_service::Service as _;
use ui::Words;

use super::secure::Secure;
use super::{Certificate, Console, HEADERS, MAX_TARGET, PATIENCE, pages, server, too_long, too_slow};
use crate::config::ConsoleConfig;

/// Text and path of each entry of the menu.
const MENU: [(&str, &str); 2] = [("Policies", "/published"), ("Privacy", "/privacy")];

/// The site of what is published.
struct PublicSite {
    console: Arc<Console>,
    /// Apart from that of the console, so that a crowd here does not keep a class waiting for its paper.
    press: Press,
}

/// Serves it until `stop` ends, then lets requests that were begun come to their end for five seconds.
pub async fn serve_public(
    listener: TcpListener,
    certificate: Certificate,
    config: &ConsoleConfig,
    console: Arc<Console>,
    stop: impl Future<Output = ()> + Send,
) {
    let secure = Secure::start(listener, certificate, console.world.clone(), config);
    let router = routes(&console);
    server::serve(secure, move |from, request| answer(router.clone(), from, request), stop).await;
}

async fn answer(mut router: Router, _from: IpAddr, request: Request<hyper::body::Incoming>) -> Response {
    match tokio::time::timeout(PATIENCE, router.call(request.map(Body::new))).await {
        Ok(Ok(answered)) => answered,
        Err(_) => too_slow(),
    }
}

/// Its pages, each with its reason to be open. For tests that walk them all.
pub fn published() -> Vec<(&'static str, &'static str)> {
    office::open_pages().into_iter().map(|page| (page.path, page.why)).collect()
}

fn routes(console: &Arc<Console>) -> Router {
    let front: Arc<dyn Front> = Arc::new(PublicSite { console: Arc::clone(console), press: Press::default() });
    let nothing = get(|| async { Problem::NotThere }).layer(from_fn_with_state(Arc::clone(&front), framed));
    open_router(&front, office::open_pages())
        .route("/", get(|| async { Redirect::to("/published") }))
        .route("/assets/{name}", get(pages::asset).with_state(Arc::clone(console)))
        .fallback_service(nothing.with_state(()))
        .layer(from_fn_with_state((), guard))
}

/// Before and after every page: only looking, of a bearable length, and with the headers of the answer.
async fn guard(State(()): State<()>, request: Request<Body>, next: Next) -> Response {
    let mut response = if !matches!(*request.method(), Method::GET | Method::HEAD) {
        (axum::http::StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")], "Pages are only looked at here.\n").into_response()
    } else if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > MAX_TARGET) {
        too_long()
    } else {
        next.run(request).await
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(axum::http::HeaderValue::from_static(value));
    }
    response
}

// === impl PublicSite ===

impl Front for PublicSite {
    fn reading(&self) -> Result<Reading, String> {
        // Why not, is a matter of those who look after the machine.
        self.console.reading().map_err(|_| "What the school has published cannot be shown at the moment. Try again later.".to_owned())
    }

    fn now(&self) -> Instant {
        self.console.now()
    }

    fn zone(&self) -> TimeZone {
        self.console.zone()
    }

    fn words(&self) -> Words {
        self.console.words()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        self.console.facts()
    }

    fn press(&self) -> &Press {
        &self.press
    }

    fn open_page(&self, content: &dyn Content) -> String {
        self.console.public_page(content, &MENU)
    }
}
