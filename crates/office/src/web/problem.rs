//! What went wrong, for the person who asked.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledger::{Fault, LedgerError};
use reports::ReportError;

use crate::people::PeopleError;
use crate::signin::SignInError;

/// Why there is no page. The guard turns it into one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is not there, or not for this person: the two look alike.
    NotThere,
    /// What was sent does not come from one of our own pages, or from one that is too old.
    NotOurs,
    /// A page to which nothing can be sent, or a form that cannot be looked at.
    NotSo,
    /// What was sent cannot be read.
    NotReadable,
    /// Somebody else changed the record meanwhile.
    Conflict,
    /// It cannot be done, and the text says why and what to do.
    Told(String),
    /// The records cannot be had; the text says why.
    Records(String),
    /// Too many ask for the same at once.
    Busy,
    /// Something is broken. What, stands in the log.
    Broken,
}

/// What the guard finds in an answer that is to become a page.
#[derive(Clone)]
pub(super) struct Unframed(pub(super) Arc<Problem>);

// === impl Problem ===

impl Problem {
    /// Status, heading and text.
    pub fn words(&self) -> (StatusCode, &str, &str) {
        match self {
            Self::NotThere => (
                StatusCode::NOT_FOUND,
                "There is no such page",
                "The address may be misspelt, or the page is not for the role in which you are signed in.",
            ),
            Self::NotOurs => (
                StatusCode::FORBIDDEN,
                "Nothing was changed",
                "What was sent does not come from a page of this session. Open the page again and send it from there.",
            ),
            Self::NotSo => (
                StatusCode::METHOD_NOT_ALLOWED,
                "This cannot be done here",
                "Pages are looked at and forms are sent; this was the other way round.",
            ),
            Self::NotReadable => (
                StatusCode::BAD_REQUEST,
                "This cannot be read",
                "What was sent is not what the form asks for. Open the page again and fill it in.",
            ),
            Self::Conflict => (
                StatusCode::CONFLICT,
                "Somebody else was faster",
                "Somebody else changed this at the same time, so nothing of yours was saved. Open the page again and look at what they changed.",
            ),
            Self::Told(text) => (StatusCode::UNPROCESSABLE_ENTITY, "This was not done", text),
            Self::Records(text) => (StatusCode::SERVICE_UNAVAILABLE, "The records cannot be had", text),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Many ask for this at once",
                "Try again in a minute. The text itself can be read meanwhile, and your browser can print it.",
            ),
            Self::Broken => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "Nothing was changed. Try again; if it stays so, tell whoever looks after this machine: its log says what happened.",
            ),
        }
    }

    fn broken(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = error.to_string(), "a page could not be made");
        Self::Broken
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, _, text) = self.words();
        let mut response = (status, format!("{text}\n")).into_response();
        response.extensions_mut().insert(Unframed(Arc::new(self)));
        response
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Conflict => Self::Conflict,
            LedgerError::Database { fault: Fault::Gone, .. } => {
                Self::Records("The database cannot be reached, so nothing is shown or changed. Sites are filtered as before.".to_owned())
            }
            other => Self::broken(&other),
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::NotThere => Self::NotThere,
            PeopleError::Ledger(error) => error.into(),
            PeopleError::Stored { .. } => Self::broken(&error),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Records(error) => error.into(),
            SignInError::Person(error) => error.into(),
            SignInError::Chance => Self::broken(&error),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Made { .. } => Self::broken(&error),
            told => Self::Told(format!("{} Your browser can print the page instead.", sentence(&told.to_string()))),
        }
    }
}

/// A message as a sentence of its own.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
