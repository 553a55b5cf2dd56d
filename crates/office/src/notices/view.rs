//! The markup of the notices.

use maud::{Markup, html};
use ui::Href;
use ui::components::tag::{Mood, Tag};

use super::Notice;
use crate::document::{Document, Shown};
use crate::web::Content;

/// The list.
pub(super) struct NoticesPage<'a> {
    /// Each with the number of what is still to be filled in.
    pub(super) all: &'a [(&'static Notice, usize)],
    /// Where they are, without a slash at the end.
    pub(super) at: &'static str,
}

/// One.
pub(super) struct NoticePage<'a> {
    pub(super) notice: &'a Notice,
    pub(super) document: &'a Document,
}

// === impl NoticesPage ===

impl Content for NoticesPage<'_> {
    fn title(&self) -> String {
        "Privacy".to_owned()
    }

    fn place(&self) -> &'static str {
        self.at
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Privacy" }
            p.govuk-body { "What the school keeps about you in its online safety system, why, for how long, and what you can ask for." }
            dl.govuk-summary-list {
                @for (notice, gaps) in self.all {
                    div.govuk-summary-list__row {
                        dt.govuk-summary-list__key {
                            a.govuk-link href=(Href::path(&format!("{}/{}", self.at.trim_start_matches('/'), notice.word))) { (notice.title) }
                        }
                        dd.govuk-summary-list__value {
                            (notice.reader)
                            @if *gaps > 0 { " " (Tag { text: &to_fill_in(*gaps), mood: Mood::Bad }) }
                        }
                    }
                }
            }
        }
    }
}

fn to_fill_in(gaps: usize) -> String {
    format!("{gaps} still to be filled in")
}

// === impl NoticePage ===

impl Content for NoticePage<'_> {
    fn title(&self) -> String {
        self.document.title.clone()
    }

    fn place(&self) -> &'static str {
        if self.notice.is_public { "/privacy" } else { "/data-protection" }
    }

    fn content(&self) -> Markup {
        let gaps = self.document.gaps().len();
        html! {
            @if gaps > 0 && !self.notice.is_public {
                p.govuk-body { (Tag { text: &to_fill_in(gaps), mood: Mood::Bad }) " What stands in red is for the school to answer." }
            }
            (Shown { document: self.document, with_clauses: false, language: None })
            p.govuk-body.sg-not-printed { "Your browser prints this page, or keeps it as a PDF." }
        }
    }
}
