//! What was found.

use maud::{Markup, html};
use ui::Href;
use ui::components::empty_state::EmptyState;

use crate::web::Content;

/// What was found, kind by kind.
pub(super) struct SearchPage<'a> {
    pub(super) sought: &'a str,
    /// Whether too few letters were typed.
    pub(super) is_short: bool,
    pub(super) found: &'a [(&'static str, Vec<Hit>)],
}

/// One thing that was found.
pub(super) struct Hit {
    pub(super) text: String,
    pub(super) detail: String,
    pub(super) path: String,
}

impl Content for SearchPage<'_> {
    fn title(&self) -> String {
        if self.sought.is_empty() { "Search".to_owned() } else { format!("Search: {}", self.sought) }
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn sought(&self) -> &str {
        self.sought
    }

    fn content(&self) -> Markup {
        let is_empty = self.found.iter().all(|(_, hits)| hits.is_empty());
        html! {
            h1.govuk-heading-l { "Search" @if !self.sought.is_empty() { ": " (self.sought) } }
            @if self.is_short {
                p.govuk-body { "Type at least two letters at the top of the page: a name, a class, a role, a supplier, or what a page is called." }
            } @else if is_empty {
                (EmptyState { title: "Nothing is found", text: "Among what you may see, nothing has these words. Try a part of a word.", action: None })
            }
            @for (kind, hits) in self.found.iter().filter(|(_, hits)| !hits.is_empty()) {
                h2.govuk-heading-m { (kind) }
                ul.govuk-list.govuk-list--spaced {
                    @for hit in hits {
                        li { a.govuk-link href=(Href::path(&hit.path)) { (hit.text) } @if !hit.detail.is_empty() { ", " (hit.detail) } }
                    }
                }
            }
        }
    }
}
