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
    /// Who have written it, the last one last.
    pub writers: Vec<PersonId>,
    /// The day on which it was written last.
    pub written_on: Date,
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

/// Whether the second text differs from the first by typing mistakes alone: the same paragraphs and lines for the same readers, with the same
/// clauses; what has a clause says the same to the letter, and the rest nearly so. Anything else needs approval, and everybody signs anew.
pub fn is_correction(before: &Document, after: &Document) -> bool {
    let (before, after) = (lines(before), lines(after));
    before.len() == after.len() && before.iter().zip(&after).all(|(before, after)| before.is_corrected_by(after))
}

/// A line of a text, with what it binds to.
struct Line<'a> {
    kind: u8,
    only: &'a [String],
    clauses: Vec<&'a String>,
    text: String,
}

/// How alike two lines are that differ by a typing mistake, from 0 to 1.
const ALIKE: f64 = 0.9;

impl Line<'_> {
    fn is_corrected_by(&self, after: &Self) -> bool {
        let same = self.kind == after.kind && self.only == after.only && self.clauses == after.clauses;
        let is_near = || self.clauses.is_empty() && strsim::normalized_levenshtein(&self.text, &after.text) >= ALIKE;
        same && (self.text == after.text || is_near())
    }
}

fn lines(document: &Document) -> Vec<Line<'_>> {
    let said = |spans: &[document::Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
    let mut all = vec![Line { kind: 0, only: &[], clauses: Vec::new(), text: document.title.clone() }];
    for block in &document.blocks {
        let line = |kind, spans| Line { kind, only: &block.only, clauses: block.clauses.iter().collect(), text: said(spans) };
        match &block.kind {
            document::Kind::Heading(spans) => all.push(line(1, spans)),
            document::Kind::Subheading(spans) => all.push(line(2, spans)),
            document::Kind::Paragraph(spans) => all.push(line(3, spans)),
            document::Kind::List { is_numbered, items } => {
                let kind = if *is_numbered { 4 } else { 5 };
                all.extend(items.iter().map(|item| Line {
                    kind,
                    only: &block.only,
                    clauses: block.clauses.iter().chain(&item.clauses).collect(),
                    text: said(&item.spans),
                }));
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
    fn a_typing_mistake_is_told_from_everything_else() {
        let text = |body: &str| document::parse(&format!("# T\n\n{body}")).expect("a text");
        let (good, duty) = ("## Herad\n\nHello to all of you.\n\n", "- I ask first. {{clauses B-222}}\n- Thank you.");
        let is = |body: &str| is_correction(&text(&format!("{good}{duty}")), &text(body));
        assert!(is(&format!("## Herad\n\nHello to all of yuo.\n\n{duty}")));
        for other in [
            format!("{good}- I ask. {{{{clauses B-222}}}}\n- Thank you."),
            format!("{good}- Thank you."),
            format!("{good}{duty}\n- I pay for what I break."),
            format!("{good}- I ask first.\n- Thank you."),
            format!("{{{{only staff}}}}\n{good}{duty}"),
            format!("## Herad\n\nGoodbye to everybody else.\n\n{duty}"),
        ] {
            assert!(!is(&other), "{other}");
        }
    }
}
