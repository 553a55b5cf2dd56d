//! How a text is shown.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::picture::{Motif, Picture, Size};
use ui::components::tag::{Mood, Tag};

use super::{Document, Item, Kind, Span, Style};

/// A text as a part of a page: its title is a first-level heading.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The text.
    pub document: &'a Document,
    /// Whether the clauses stand beside it, for whoever checks it.
    pub with_clauses: bool,
}

impl Render for Shown<'_> {
    fn render(&self) -> Markup {
        html! {
            article.sg-document {
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
