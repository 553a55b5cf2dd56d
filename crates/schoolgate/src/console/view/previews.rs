//! The block page: every version of it, to be looked at.

use maud::{Markup, html};
use ui::Href;
use ui::components::table::{Column, Table};

use super::Content;

/// The page.
#[derive(Debug)]
pub(in crate::console) struct PreviewsPage<'a> {
    /// Name and title of each profile.
    pub(in crate::console) profiles: &'a [(String, String)],
    /// What each link shows: words, and the query of the preview.
    pub(in crate::console) versions: &'a [(&'a str, &'a str)],
    /// Whether the links lead to the page as staff see it.
    pub(in crate::console) staff: bool,
}

impl Content for PreviewsPage<'_> {
    fn title(&self) -> String {
        "Block page".to_owned()
    }

    fn place(&self) -> &'static str {
        "/block-page"
    }

    fn content(&self) -> Markup {
        let mut columns = vec![Column { text: "Reader", numeric: false }];
        columns.extend(self.versions.iter().map(|(text, _)| Column { text, numeric: false }));
        let rows: Vec<_> = self.profiles.iter().map(|(name, title)| self.row(name, title)).collect();
        html! {
            h1.govuk-heading-xl { "The block page" }
            p.govuk-body-l { "What somebody sees in place of a site that does not open. It is worded for the age of its reader." }
            p.govuk-body {
                @if self.staff {
                    strong { "As staff see it" } ", with the reasons. " a.govuk-link href="/block-page" { "Show it as the reader sees it" }
                } @else {
                    strong { "As the reader sees it. " } a.govuk-link href="/block-page?view=staff" { "Show it as staff see it" }
                }
            }
            (Table { caption: "Every version", columns: &columns, rows: &rows })
            h2.govuk-heading-m id="buttons" { "The buttons on it" }
            p.govuk-body {
                "These are previews. In this version nothing stands in front of a browser yet, so “I think this should be open” leads back \
                 here, and “I am worried about something” to the help lines."
            }
        }
    }
}

impl PreviewsPage<'_> {
    fn row(&self, name: &str, title: &str) -> Vec<Markup> {
        let staff = if self.staff { "&view=staff" } else { "" };
        let link = |(text, query): &(&str, &str)| {
            let href = Href::path(&format!("block-page/{name}?{query}{staff}"));
            html! { a.govuk-link href=(href) { "Show" span.govuk-visually-hidden { ": " (text) ", " (title) } } }
        };
        std::iter::once(html! { (title) }).chain(self.versions.iter().map(link)).collect()
    }
}
