//! What is to be printed, as plain values.

use std::borrow::Cow;

/// A paper: one text, or one for each of many people.
#[derive(Debug, Clone)]
pub struct Paper<'a> {
    /// Its title, as a reader shows it in its window.
    pub title: Cow<'a, str>,
    /// Whose it is: the name of the school.
    pub author: &'a str,
    /// In which language its texts are.
    pub language: Language<'a>,
    /// How large its letters are.
    pub size: Size,
    /// What is on it. Each begins on a leaf of its own, and its pages are counted from 1.
    pub sheets: Vec<Sheet<'a>>,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language<'a> {
    /// Its code of two or three letters (ISO 639): `en`, `pl`, `ur`. It also says from which side one reads.
    pub code: &'a str,
    /// The word in "2 of 5".
    pub of: &'a str,
}

/// How large the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// 10.5 points: this font's small letters are then as tall as those of Arial at 11, and taller than those of Times at 12.
    Ordinary,
    /// 18 points: large print.
    Large,
}

/// What somebody gets in their hand.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// For whom; nothing where it is for everybody.
    pub whom: Option<Whom<'a>>,
    /// What stands at the foot of each page, beside the number of the page.
    pub foot: Cow<'a, str>,
    /// Its texts.
    pub parts: Vec<Part<'a>>,
}

/// For whom a sheet is.
#[derive(Debug, Clone)]
pub struct Whom<'a> {
    /// Their name.
    pub name: &'a str,
    /// What stands below it: their class.
    pub note: &'a str,
    /// The address that a telephone finds in the picture beside it (QR code), and what that leads to.
    pub mark: Option<(&'a str, &'a str)>,
}

/// A text with what belongs to it.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// The text.
    pub document: &'a Document,
    /// What is known about it, below its title.
    pub facts: Vec<Fact<'a>>,
    /// What is to be written by hand, a line for each.
    pub lines: Vec<Cow<'a, str>>,
}

/// Something known about a text: "Version", "3".
#[derive(Debug, Clone)]
pub struct Fact<'a> {
    /// What.
    pub name: &'a str,
    /// What it is.
    pub value: String,
}

/// A text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// The rest, in order.
    pub blocks: Vec<Block>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading below the title.
    Heading(Vec<Span>),
    /// A heading below that.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub spans: Vec<Span>,
    /// The picture before it.
    pub picture: Option<Picture>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// A drawing of our own, as SVG with its namespace. Nothing that a user gave.
    pub svg: String,
    /// What is to be seen, for those who cannot see it.
    pub label: String,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it says: letters and nothing else, whatever they are.
    pub text: String,
    /// How.
    pub style: Style,
}

/// How a piece of a line stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Style {
    /// As the rest.
    Plain,
    /// Strong.
    Strong,
    /// With emphasis.
    Emphasis,
    /// A link to this address, which stands beside it in print.
    Link(String),
}

// === impl Size ===

impl Size {
    /// In points.
    pub const fn points(self) -> f64 {
        match self {
            Self::Ordinary => 10.5,
            Self::Large => 18.0,
        }
    }
}

// === impl Paper ===

impl Paper<'_> {
    /// All that is to be read on it.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let whole = [&*self.title, self.author, self.language.of];
        whole.into_iter().chain(self.sheets.iter().flat_map(Sheet::texts))
    }
}

impl Sheet<'_> {
    fn texts(&self) -> impl Iterator<Item = &str> {
        let whom = self.whom.iter().flat_map(|whom| [whom.name, whom.note]);
        whom.chain([&*self.foot]).chain(self.parts.iter().flat_map(Part::texts))
    }
}

impl Part<'_> {
    fn texts(&self) -> impl Iterator<Item = &str> {
        let facts = self.facts.iter().flat_map(|fact| [fact.name, fact.value.as_str()]);
        facts.chain(self.lines.iter().map(|line| &**line)).chain(self.document.texts())
    }
}

impl Document {
    fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.title.as_str()).chain(self.blocks.iter().flat_map(Block::spans).map(|span| span.text.as_str()))
    }
}

impl Block {
    fn spans(&self) -> impl Iterator<Item = &Span> {
        let (own, items) = match self {
            Self::Heading(spans) | Self::Subheading(spans) | Self::Paragraph(spans) => (spans.as_slice(), &[][..]),
            Self::List { items, .. } => (&[][..], items.as_slice()),
        };
        own.iter().chain(items.iter().flat_map(|item| &item.spans))
    }
}
