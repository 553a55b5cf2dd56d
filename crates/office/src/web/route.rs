//! One route: where it stands, what it asks for, and what answers.

use std::fmt;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{self, MethodRouter};

use super::Shared;
use crate::access::Action;

/// What must be allowed before a page is shown or a form is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Nothing, and nobody needs to be signed in, for the reason given.
    Nothing(&'static str),
    /// To manage the own sign-in: whoever is signed in may, with a password alone too.
    Own,
    /// The action on the school as a whole; the guard decides.
    School(Action),
    /// One of the actions on a thing that only the handler knows: it must ask, or nothing leaves.
    Thing(&'static [Action]),
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Look.
    Page,
    /// Send a form.
    Form,
    /// Send a file.
    File,
}

/// One route.
#[derive(Clone)]
pub struct Route {
    /// Its path, with `{name}` for what differs.
    pub path: &'static str,
    /// What it does.
    pub want: Want,
    /// What it asks for.
    pub ask: Ask,
    /// What it is called in the menu, if it stands there.
    pub menu: Option<&'static str>,
    pub(super) handler: MethodRouter<Shared>,
}

// === impl Route ===

impl Route {
    /// A page.
    pub fn page<H: Handler<T, Shared>, T: 'static>(path: &'static str, ask: Ask, handler: H) -> Self {
        Self::any(path, Want::Page, ask, routing::get(handler))
    }

    /// A form that is sent. At most 64 KiB.
    pub fn form<H: Handler<T, Shared>, T: 'static>(path: &'static str, ask: Ask, handler: H) -> Self {
        Self::any(path, Want::Form, ask, routing::post(handler))
    }

    /// A file that is sent, with fields; the handler takes it as an [`Upload`](super::Upload). At most 16 MiB.
    pub fn file<H: Handler<T, Shared>, T: 'static>(path: &'static str, ask: Ask, handler: H) -> Self {
        Self::any(path, Want::File, ask, routing::post(handler))
    }

    /// One whose handler brings its own state.
    pub const fn any(path: &'static str, want: Want, ask: Ask, handler: MethodRouter<Shared>) -> Self {
        Self { path, want, ask, menu: None, handler }
    }

    /// It stands in the menu, called so, for whoever may open it.
    #[must_use]
    pub const fn in_menu(mut self, text: &'static str) -> Self {
        self.menu = Some(text);
        self
    }

    /// Its method.
    pub const fn method(&self) -> Method {
        match self.want {
            Want::Page => Method::GET,
            Want::Form | Want::File => Method::POST,
        }
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Route").field("path", &self.path).field("want", &self.want).field("ask", &self.ask).finish_non_exhaustive()
    }
}
