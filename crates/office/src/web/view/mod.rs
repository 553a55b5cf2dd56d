//! What a page is, without its frame; and the page that says what went wrong.

mod form;

use calendar::{Date, Instant};
use maud::{Markup, html};

use super::Shared;

pub(crate) use form::Form;

/// A day as people write it: 1 September 2026.
pub(crate) fn long(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}

/// A moment by the school's clock: 1 September 2026, 09:00.
pub(crate) fn moment(house: &Shared, at: Instant) -> String {
    at.timestamp().to_zoned(house.zone()).strftime("%-d %B %Y, %H:%M").to_string()
}

/// One page, without its frame.
pub trait Content: Sync {
    /// First words of the window's title, and best the same as its first heading.
    fn title(&self) -> String;
    /// The path of the entry of the menu under which it belongs; empty where it belongs under none.
    fn place(&self) -> &'static str;
    /// The inside. Its first heading is an `h1`.
    fn content(&self) -> Markup;
    /// Whether something that was entered is wrong.
    fn has_errors(&self) -> bool {
        false
    }
    /// What was looked for, to stand in the search on top.
    fn sought(&self) -> &str {
        ""
    }
}

/// A page that says what went wrong, and what to do.
#[derive(Debug)]
pub struct ProblemPage<'a> {
    /// In a few words.
    pub title: &'a str,
    /// What to do.
    pub text: &'a str,
}

impl Content for ProblemPage<'_> {
    fn title(&self) -> String {
        self.title.to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { (self.title) }
            p.govuk-body-l { (self.text) }
            p.govuk-body { a.govuk-link href="/" { "Go to your first page" } }
        }
    }
}
