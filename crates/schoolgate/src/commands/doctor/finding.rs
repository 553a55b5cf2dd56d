//! What a check found: how it stands, in a sentence, and what to do.

use serde::Serialize;

use crate::terminal::{Ink, Paint, harmless};

/// How something stands. The order is from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// In order.
    Good,
    /// It could not be found out. Never counted as good.
    Unknown,
    /// Somebody should look.
    Warn,
    /// Somebody must act.
    Bad,
}

/// Whose it is to put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Part {
    /// Of whoever keeps the machine running. On a fresh install all of it is in order.
    Machine,
    /// Of the school: it has to be chosen, paid for or agreed on, and no install can bring it.
    School,
}

/// What was found, as printed.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// Whose it is to put right.
    pub(super) part: Part,
    /// What was looked at.
    check: &'static str,
    /// How it stands.
    pub(super) state: State,
    /// In a sentence.
    says: String,
    /// What to do; nothing where nothing is.
    todo: Option<String>,
}

/// What a check says; the table of checks adds the title.
#[derive(Debug)]
pub(super) struct Told {
    state: State,
    says: String,
    todo: Option<String>,
}

/// Why something could not be found out.
#[derive(Debug)]
pub(super) struct Unknown(String);

/// What a check gives: any number of findings.
pub(super) type Look = Result<Vec<Told>, Unknown>;

// === impl Told ===

impl Told {
    pub(super) fn good(says: impl Into<String>) -> Self {
        Self { state: State::Good, says: says.into(), todo: None }
    }

    pub(super) fn warn(says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { state: State::Warn, says: says.into(), todo: Some(todo.into()) }
    }

    pub(super) fn bad(says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { state: State::Bad, says: says.into(), todo: Some(todo.into()) }
    }
}

impl From<Told> for Look {
    fn from(told: Told) -> Self {
        Ok(vec![told])
    }
}

// === impl Unknown ===

impl Unknown {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

// === impl Finding ===

impl Finding {
    /// The findings of one check.
    pub(super) fn of(part: Part, check: &'static str, look: Look) -> Vec<Self> {
        let told = look.unwrap_or_else(|Unknown(why)| vec![Told { state: State::Unknown, says: format!("Not known: {why}."), todo: None }]);
        told.into_iter().map(|Told { state, says, todo }| Self { part, check, state, says, todo }).collect()
    }

    /// As a person reads it.
    pub(super) fn written(&self, paint: Paint) -> String {
        let (word, ink) = match self.state {
            State::Good => ("Good", Ink::Green),
            State::Unknown => ("Unknown", Ink::Yellow),
            State::Warn => ("Warn", Ink::Yellow),
            State::Bad => ("Bad", Ink::Red),
        };
        let word = paint.with(ink, &format!("{word:<8}"));
        let says = harmless(&self.says).replace('\n', &format!("\n{:26}", ""));
        let says = if self.state == State::Bad { paint.with(ink, &says) } else { says };
        let todo = self.todo.as_deref().map(|todo| format!("{:26}To do: {}\n", "", harmless(todo))).unwrap_or_default();
        format!("{word}{:<18}{says}\n{todo}", self.check)
    }
}
