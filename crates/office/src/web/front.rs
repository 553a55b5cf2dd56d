//! What stands behind the pages that anybody may open, and no more than that: from here no key, no session and no way to write is in
//! reach, so that the address that a school shows to the whole world has none either.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use calendar::{Date, Instant};
use jiff::tz::TimeZone;
use ui::Words;

use super::problem::Unframed;
use super::{Content, Press, Problem, ProblemPage};
use crate::people::Scope;

/// What the binary gives to the pages that anybody may open.
pub trait Front: Send + Sync + 'static {
    /// The records, to be read, once they are open.
    ///
    /// # Errors
    /// Why not, for a person.
    fn reading(&self) -> Result<Reading, String>;
    /// The moment.
    fn now(&self) -> Instant;
    /// The school's time.
    fn zone(&self) -> TimeZone;
    /// How the pages speak.
    fn words(&self) -> Words;
    /// What the configuration says, by the words that stand in the notices: how long things are kept, and where they go.
    fn facts(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// Where PDFs are made.
    fn press(&self) -> &Press;
    /// The whole page, for a reader whom nobody knows.
    fn open_page(&self, content: &dyn Content) -> String;
}

/// The records of an organisation, on a connection that the database itself lets do nothing but read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The connection.
    pub from: ledger::Reading,
    /// Whose, and of which part.
    pub scope: Scope,
}

/// A page that anybody may open.
#[derive(Debug, Clone)]
pub struct OpenPage {
    /// Its path, with `{name}` for what differs.
    pub path: &'static str,
    /// Why nobody needs to be signed in.
    pub why: &'static str,
    handler: MethodRouter<Arc<dyn Front>>,
}

/// Routes of pages that anybody may open. Without a fallback: what else is not there, is whose address it is.
pub fn open_router(front: &Arc<dyn Front>, pages: Vec<OpenPage>) -> Router {
    let mut router = Router::new();
    for page in pages {
        router = router.route(page.path, page.handler.layer(from_fn_with_state(Arc::clone(front), framed)));
    }
    router.with_state(Arc::clone(front))
}

/// Puts the frame round what went wrong.
pub async fn framed(State(front): State<Arc<dyn Front>>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    match answer.status() {
        StatusCode::METHOD_NOT_ALLOWED => answer = Problem::NotSo.into_response(),
        StatusCode::BAD_REQUEST => answer = Problem::NotReadable.into_response(),
        _ => {}
    }
    let Some(Unframed(problem)) = answer.extensions().get() else { return answer };
    let (status, title, text) = problem.words();
    // Nobody has a role here.
    let is_missing = **problem == Problem::NotThere;
    let text = if is_missing { "The address may be misspelt, or what stood there is not published any more." } else { text };
    (status, Html(front.open_page(&ProblemPage { title, text }))).into_response()
}

// === impl Front ===

impl dyn Front {
    /// The records.
    ///
    /// # Errors
    /// Where they cannot be had.
    pub fn records(&self) -> Result<Reading, Problem> {
        self.reading().map_err(Problem::Records)
    }

    /// The school's day.
    ///
    /// # Errors
    /// Where the clock stands outside of any calendar.
    pub fn today(&self) -> Result<Date, Problem> {
        Date::try_from(self.now().timestamp().to_zoned(self.zone()).date()).map_err(|_| Problem::Broken)
    }
}

// === impl OpenPage ===

impl OpenPage {
    /// A page; `why` nobody needs to be signed in.
    pub fn new<H: Handler<T, Arc<dyn Front>>, T: 'static>(path: &'static str, why: &'static str, handler: H) -> Self {
        Self { path, why, handler: routing::get(handler) }
    }
}
