//! A version of a policy: how it comes into force, and what that asks of whoever has signed.

use std::fmt;

use calendar::{Date, Instant};
use ids::{PersonId, RecordId};

use super::PoliciesError;
use crate::document::{self, Document};

/// How far a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is written.
    Draft,
    /// Others are asked.
    Consulting,
    /// The governing body has said yes.
    Approved,
    /// It holds.
    Current,
    /// It held once.
    Superseded,
    /// It will never hold.
    Dropped,
}

/// A version.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub id: RecordId,
    /// Of which policy, by its word.
    pub policy: String,
    /// Its number, from 1.
    pub number: i64,
    /// How far it is.
    pub state: State,
    /// Its text with placeholders.
    pub source: String,
    /// What whoever has signed the version before must do.
    pub must_sign: bool,
    /// What is new in it.
    pub change: String,
    /// Who wrote it.
    pub author: PersonId,
    /// Who approved it, when and where that is minuted.
    pub approval: Option<Approval>,
    /// How it was put into force.
    pub publication: Option<Publication>,
    /// When it was begun.
    pub made_at: Instant,
    /// Of the record: give it back with a change.
    pub version: i64,
}

/// The governing body said yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// On this day.
    pub on: Date,
    /// Where that is minuted.
    pub minute: String,
    /// Who entered it.
    pub by: PersonId,
}

/// It was put into force.
#[derive(Clone, PartialEq, Eq)]
pub struct Publication {
    /// Its text as it was filled in then. It never changes again.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: [u8; 32],
    /// When.
    pub at: Instant,
    /// From this day on.
    pub from: Date,
    /// When it is to be looked at again. It is never moved silently.
    pub review_by: Date,
}

// === impl State ===

impl State {
    pub(super) const ALL: [Self; 6] = [Self::Draft, Self::Consulting, Self::Approved, Self::Current, Self::Superseded, Self::Dropped];

    pub(super) fn number(self) -> i16 {
        Self::ALL.iter().zip(0..).find(|(state, _)| **state == self).map_or(0, |(_, number)| number)
    }

    pub(super) fn of(number: i16) -> Result<Self, PoliciesError> {
        usize::try_from(number).ok().and_then(|at| Self::ALL.get(at).copied()).ok_or(PoliciesError::Stored { what: "a version's state" })
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Consulting => "Others are asked",
            Self::Approved => "Approved",
            Self::Current => "In force",
            Self::Superseded => "No longer in force",
            Self::Dropped => "Dropped",
        }
    }

    /// Whether its text may still change.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Consulting)
    }
}

// === impl Version ===

impl Version {
    /// Its text as people read it: as it was put into force, or, before that, as it is written.
    pub fn text(&self) -> &str {
        self.publication.as_ref().map_or(&self.source, |publication| &publication.text)
    }

    /// The same, parsed.
    ///
    /// # Errors
    /// Where it cannot be shown.
    pub fn document(&self) -> Result<Document, PoliciesError> {
        Ok(document::parse(self.text())?)
    }
}

/// Whether what a paragraph with a clause says is another than before: then everybody signs anew, whatever the author thinks.
/// Headings, and paragraphs without a mark, do not count.
pub fn changes_a_duty(before: &Document, after: &Document) -> bool {
    duties(before) != duties(after)
}

fn duties(document: &Document) -> Vec<(Vec<String>, String)> {
    let mut all = Vec::new();
    for block in &document.blocks {
        let line = |spans: &[document::Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
        match &block.kind {
            document::Kind::List { items, .. } => {
                let marked = items.iter().filter(|item| !item.clauses.is_empty() || !block.clauses.is_empty());
                all.extend(marked.map(|item| (item.clauses.clone(), line(&item.spans))));
            }
            document::Kind::Heading(spans) | document::Kind::Subheading(spans) | document::Kind::Paragraph(spans) => {
                if !block.clauses.is_empty() {
                    all.push((block.clauses.clone(), line(spans)));
                }
            }
        }
    }
    all
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, policy, number, state, .. } = self;
        formatter
            .debug_struct("Version")
            .field("id", id)
            .field("policy", policy)
            .field("number", number)
            .field("state", state)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Publication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Publication").field("at", &self.at).field("review_by", &self.review_by).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_duty_is_found_and_a_changed_heading_is_none() {
        let text = |body: &str| document::parse(&format!("# T\n\n{body}")).expect("a text");
        let before = text("## Herad\n\nHello.\n\n- I ask first. {{clauses B-222}}\n- Thank you.");
        assert!(!changes_a_duty(&before, &text("## Heard\n\nHello!\n\n- I ask first. {{clauses B-222}}\n- Thanks.")));
        assert!(changes_a_duty(&before, &text("## Herad\n\nHello.\n\n- I ask. {{clauses B-222}}\n- Thank you.")));
        assert!(changes_a_duty(&before, &text("## Herad\n\nHello.\n\n- Thank you.")), "one that is gone");
    }
}
