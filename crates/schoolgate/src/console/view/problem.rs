//! What stands where a page would, when there is none: what happened and how to go on.

use maud::{Markup, html};

use super::{Content, Place};

/// The page.
#[derive(Debug)]
pub(in crate::console) struct ProblemPage<'a> {
    pub(in crate::console) title: &'a str,
    pub(in crate::console) text: String,
}

impl Content for ProblemPage<'_> {
    fn title(&self) -> String {
        self.title.to_owned()
    }

    fn place(&self) -> Place {
        Place::Nowhere
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-xl { (self.title) }
            p.govuk-body-l { (self.text) }
            ul.govuk-list.govuk-list--bullet {
                li { a.govuk-link href="/" { "Go to the overview" } }
                li { a.govuk-link href="/why" { "Ask what happens to an address" } }
            }
        }
    }
}
