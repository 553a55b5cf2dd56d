//! The text of a version.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;

use super::{Languages, day, tag};
use crate::document::{Document, Language, Shown};
use crate::policies::{Comment, Offer, Policy, State, Version};
use crate::web::Content;

/// A version's text.
pub(in crate::policies) struct TextPage<'a> {
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) version: &'a Version,
    pub(in crate::policies) document: &'a Document,
    /// What others said of it; nobody but staff and governors is shown that.
    pub(in crate::policies) said: &'a [Comment],
    pub(in crate::policies) is_public: bool,
    /// In which language it is, where it is not English.
    pub(in crate::policies) language: Option<&'static Language>,
}

/// The same, for everybody.
pub(in crate::policies) struct PublicTextPage<'a> {
    pub(in crate::policies) text: TextPage<'a>,
    /// In which languages there is one, and in which one it is.
    pub(in crate::policies) offer: &'a Offer,
    /// Other versions that were in force.
    pub(in crate::policies) past: &'a [&'a Version],
    pub(in crate::policies) is_large: bool,
}

impl Content for TextPage<'_> {
    fn title(&self) -> String {
        // The title of a window has no language of its own.
        if self.language.is_some() { self.policy.title.to_owned() } else { self.document.title.clone() }
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
            (Shown { document: self.document, with_clauses: !self.is_public, language: self.language })
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
        let (word, version) = (self.text.policy.word, self.text.version);
        let path =
            if version.state == State::Current { format!("published/{word}") } else { format!("published/{word}/{}", version.number) };
        let with = |more: &[&str]| {
            let lang = self.offer.language().map(|language| format!("lang={}", language.tag));
            let all: Vec<String> = lang.into_iter().chain(more.iter().map(|&more| more.to_owned())).collect();
            Href::path(&if all.is_empty() { path.clone() } else { format!("{path}?{}", all.join("&")) })
        };
        html! {
            div.sg-large[self.is_large] {
                (BackLink { text: "All policies", href: Href::path("published") })
                (Languages { offer: self.offer, path: &path, more: if self.is_large { "large=yes" } else { "" } })
                (self.text.content())
                p.govuk-body.sg-not-printed {
                    @if self.is_large { a.govuk-link href=(with(&[])) { "In ordinary print" } }
                    @else { a.govuk-link href=(with(&["large=yes"])) { "In large print" } }
                    ". " (prints(&format!("published/{word}/{}", version.number)))
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
