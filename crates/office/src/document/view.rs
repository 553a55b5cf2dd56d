//! How a text is shown.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::picture::{Motif, Picture, Size};
use ui::components::tag::{Mood, Tag};

use super::{Block, Document, Item, Kind, Language, Span, Style};

/// A text as a part of a page: its title is a first-level heading.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The text.
    pub document: &'a Document,
    /// Whether the clauses stand beside it, for whoever checks it.
    pub with_clauses: bool,
    /// In which language it is, where that is not the one of the page.
    pub language: Option<&'static Language>,
}

/// Two texts line by line, the second one a translation of the first.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The English.
    pub english: &'a Document,
    /// What is to say the same.
    pub translation: &'a Document,
    /// In which language.
    pub language: &'static Language,
}

/// The name of a language as those who speak it read it.
#[derive(Debug, Clone, Copy)]
pub struct Named(pub &'static Language);

impl Render for Shown<'_> {
    fn render(&self) -> Markup {
        html! {
            article.sg-document lang=[self.language.map(|it| it.tag)] dir=[self.language.map(|it| it.direction.word())] {
                h1.govuk-heading-l { (self.document.title) }
                @for block in &self.document.blocks {
                    @match &block.kind {
                        Kind::Heading(spans) => h2.govuk-heading-m { (line(spans)) },
                        Kind::Subheading(spans) => h3.govuk-heading-s { (line(spans)) },
                        Kind::Paragraph(spans) => p.govuk-body { (line(spans)) (self.marks(&block.clauses)) },
                        Kind::List { is_numbered: true, items } => ol.govuk-list.govuk-list--number.govuk-list--spaced { @for item in items { (self.item(item)) } },
                        Kind::List { items, .. } if items.iter().any(|item| item.picture.is_some()) => ul.sg-picture-rules { @for item in items { (self.item(item)) } },
                        Kind::List { items, .. } => ul.govuk-list.govuk-list--bullet.govuk-list--spaced { @for item in items { (self.item(item)) } },
                    }
                }
            }
        }
    }
}

impl Shown<'_> {
    fn item(&self, item: &Item) -> Markup {
        html! {
            li {
                @match item.picture.as_deref().and_then(|word| word.parse::<Motif>().ok()) {
                    Some(motif) => { (Picture { motif, size: Size::Medium }) span { (line(&item.spans)) } },
                    None => (line(&item.spans)),
                }
                (self.marks(&item.clauses))
            }
        }
    }

    fn marks(&self, clauses: &[String]) -> Markup {
        html! {
            @if self.with_clauses && !clauses.is_empty() { " " span.govuk-hint.sg-document__clauses { "(" (clauses.join(", ")) ")" } }
        }
    }
}

impl Render for Beside<'_> {
    fn render(&self) -> Markup {
        let (left, right) = (lines(self.english), lines(self.translation));
        html! {
            table.govuk-table.sg-compare {
                caption.govuk-table__caption.govuk-visually-hidden { "Each line in English, and in " (self.language.english) " beside it" }
                thead.govuk-table__head {
                    tr.govuk-table__row {
                        th.govuk-table__header scope="col" { "English" }
                        th.govuk-table__header scope="col" lang=(self.language.tag) dir=(self.language.direction.word()) { (self.language.own) }
                    }
                }
                tbody.govuk-table__body {
                    @for at in 0..left.len().max(right.len()) {
                        tr.govuk-table__row {
                            td.govuk-table__cell { @if let Some(line) = left.get(at) { (line) } }
                            td.govuk-table__cell lang=(self.language.tag) dir=(self.language.direction.word()) {
                                @if let Some(line) = right.get(at) { (line) }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Render for Named {
    fn render(&self) -> Markup {
        html! { span lang=(self.0.tag) dir=(self.0.direction.word()) { (self.0.own) } }
    }
}

/// All lines of a text, each as it is read; headings are strong.
fn lines(document: &Document) -> Vec<Markup> {
    let of = |block: &Block| match &block.kind {
        Kind::Heading(spans) | Kind::Subheading(spans) => vec![html! { strong { (line(spans)) } }],
        Kind::Paragraph(spans) => vec![line(spans)],
        Kind::List { items, .. } => items.iter().map(|item| html! { "– " (line(&item.spans)) }).collect(),
    };
    std::iter::once(html! { strong { (document.title) } }).chain(document.blocks.iter().flat_map(of)).collect()
}

fn line(spans: &[Span]) -> Markup {
    html! { @for span in spans { (span) } }
}

impl Render for Span {
    fn render(&self) -> Markup {
        html! {
            @match &self.style {
                Style::Plain => (self.text),
                Style::Strong => strong { (self.text) },
                Style::Emphasis => em { (self.text) },
                // What leads elsewhere than the text was checked to lead is shown as text.
                Style::Link(to) => @if let Ok(href) = Href::parse(to) { a.govuk-link href=(href) { (self.text) } } @else { (self.text) },
                Style::Gap => (Tag { text: &format!("Missing: {}", self.text), mood: Mood::Bad }),
            }
        }
    }
}
