//! The text of a version.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;

use super::{day, tag};
use crate::document::{Document, Shown};
use crate::policies::{Comment, Policy, State, Version};
use crate::web::Content;

/// A version's text.
pub(in crate::policies) struct TextPage<'a> {
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) version: &'a Version,
    pub(in crate::policies) document: &'a Document,
    /// What others said of it; nobody but staff and governors is shown that.
    pub(in crate::policies) said: &'a [Comment],
    pub(in crate::policies) is_public: bool,
}

/// The same, for everybody.
pub(in crate::policies) struct PublicTextPage<'a> {
    pub(in crate::policies) text: TextPage<'a>,
    /// Other versions that were in force.
    pub(in crate::policies) past: &'a [&'a Version],
    pub(in crate::policies) is_large: bool,
}

impl Content for TextPage<'_> {
    fn title(&self) -> String {
        self.document.title.clone()
    }

    fn place(&self) -> &'static str {
        if self.is_public { "" } else { "/policies" }
    }

    fn content(&self) -> Markup {
        let version = self.version;
        html! {
            @if !self.is_public { (BackLink { text: self.policy.title, href: Href::path(&format!("policies/{}", self.policy.word)) }) }
            p.govuk-body { (tag(version)) " Version " (version.number)
                @if let Some(approval) = &version.approval { ", approved on " (day(approval.on)) }
                @if let Some(publication) = &version.publication { ", in force from " (day(publication.from)) ", next review by " (day(publication.review_by)) }
                "."
            }
            @if !self.is_public && version.publication.is_some() {
                p.govuk-body.sg-not-printed { (prints(&format!("policies/{}/{}", self.policy.word, version.number))) }
            }
            (Shown { document: self.document, with_clauses: !self.is_public })
            @if !self.said.is_empty() {
                h2.govuk-heading-m { "What others said of it" }
                @for comment in self.said { (comment) }
            }
        }
    }
}

impl Content for PublicTextPage<'_> {
    fn title(&self) -> String {
        self.text.title()
    }

    fn place(&self) -> &'static str {
        "/published"
    }

    fn content(&self) -> Markup {
        let word = self.text.policy.word;
        let this = match self.text.version.state {
            State::Current => format!("published/{word}"),
            _ => format!("published/{word}/{}", self.text.version.number),
        };
        html! {
            div.sg-large[self.is_large] {
                (BackLink { text: "All policies", href: Href::path("published") })
                (self.text.content())
                p.govuk-body.sg-not-printed {
                    @if self.is_large { a.govuk-link href=(Href::path(&this)) { "In ordinary print" } }
                    @else { a.govuk-link href=(Href::path(&format!("{this}?large=yes"))) { "In large print" } }
                    ". " (prints(&format!("published/{word}/{}", self.text.version.number)))
                }
                @if !self.past.is_empty() {
                    h2.govuk-heading-m.sg-not-printed { "Other versions" }
                    ul.govuk-list.sg-not-printed {
                        @for version in self.past {
                            li {
                                a.govuk-link href=(Href::path(&format!("published/{word}/{}", version.number))) { "Version " (version.number) }
                                @if let Some(publication) = &version.publication { ", from " (day(publication.from)) }
                                ": " (version.change)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Links to the PDFs of a text that stands at this path.
fn prints(path: &str) -> Markup {
    html! {
        "To print or to keep: "
        a.govuk-link href=(Href::path(&format!("{path}/text.pdf"))) { "as PDF" }
        ", or "
        a.govuk-link href=(Href::path(&format!("{path}/text.pdf?large=yes"))) { "as PDF in large print" }
        "."
    }
}
