//! Texts of the school, as people write them: Markdown with placeholders, and marks that tie a paragraph to its clause.
//!
//! CommonMark with headings, paragraphs, lists, links, strong and emphasis; HTML, pictures from elsewhere, tables and code are refused, so
//! a text can be shown as it is. In double braces stand placeholders (`{{role.dsl}}`), which [`fill()`] takes from the records, and
//! directives: `{{clauses A-130 B-179}}`, `{{only staff}}`, `{{picture ask}}`. What each means: `docs/policies.md`.

mod fill;
mod language;
mod parse;
mod print;
mod view;

pub use fill::{Filled, Values, fill};
pub use language::{Direction, ENGLISH, LANGUAGES, Language};
pub use parse::{DocumentError, parse};
pub use print::printed;
pub use view::{Beside, Named, Shown};

/// A text, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its one first-level heading.
    pub title: String,
    /// The rest, in order.
    pub blocks: Vec<Block>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// For whom alone it stands there, by their words; empty for everybody.
    pub only: Vec<String>,
    /// The clauses that it states.
    pub clauses: Vec<String>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A heading of the second level.
    Heading(Vec<Span>),
    /// One of the third.
    Subheading(Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list.
    List {
        /// Whether it is numbered.
        is_numbered: bool,
        /// Its items.
        items: Vec<Item>,
    },
}

/// An item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub spans: Vec<Span>,
    /// The clauses that it states.
    pub clauses: Vec<String>,
    /// The picture before it, by its name.
    pub picture: Option<String>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it says; for a gap, the word of the placeholder.
    pub text: String,
    /// How.
    pub style: Style,
}

/// How a piece of a line stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Style {
    /// As the rest.
    #[default]
    Plain,
    /// Strong.
    Strong,
    /// With emphasis.
    Emphasis,
    /// A link to this address.
    Link(String),
    /// A placeholder for which there is no value.
    Gap,
}

// === impl Document ===

impl Document {
    /// What of it is for an audience.
    #[must_use]
    pub fn for_audience(mut self, word: &str) -> Self {
        self.blocks.retain(|block| block.only.is_empty() || block.only.iter().any(|only| only == word));
        self
    }

    /// All clauses that it states, in the order of the text.
    pub fn clauses(&self) -> Vec<&str> {
        self.blocks.iter().flat_map(Block::all_clauses).map(String::as_str).collect()
    }

    /// The placeholders that are still open.
    pub fn gaps(&self) -> Vec<&str> {
        let spans = self.blocks.iter().flat_map(Block::spans);
        spans.filter(|span| span.style == Style::Gap).map(|span| span.text.as_str()).collect()
    }

    /// All that is read, without marks: a line for each heading, paragraph and item.
    pub fn lines(&self) -> Vec<String> {
        let line = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
        let of = |block: &Block| match &block.kind {
            Kind::Heading(spans) | Kind::Subheading(spans) | Kind::Paragraph(spans) => vec![line(spans)],
            Kind::List { items, .. } => items.iter().map(|item| line(&item.spans)).collect(),
        };
        std::iter::once(self.title.clone()).chain(self.blocks.iter().flat_map(of)).collect()
    }
}

// === impl Block ===

impl Block {
    fn all_clauses(&self) -> impl Iterator<Item = &String> {
        let of_items = if let Kind::List { items, .. } = &self.kind { items.as_slice() } else { &[] };
        self.clauses.iter().chain(of_items.iter().flat_map(|item| &item.clauses))
    }

    fn spans(&self) -> impl Iterator<Item = &Span> {
        let (own, items) = match &self.kind {
            Kind::Heading(spans) | Kind::Subheading(spans) | Kind::Paragraph(spans) => (spans.as_slice(), &[][..]),
            Kind::List { items, .. } => (&[][..], items.as_slice()),
        };
        own.iter().chain(items.iter().flat_map(|item| &item.spans))
    }
}
