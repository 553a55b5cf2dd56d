//! Pagination: a long list in parts, one part before and one after.

use maud::{Markup, Render, html};

use super::Example;
use crate::Href;

/// The way to the parts beside this one.
#[derive(Debug, Clone)]
pub struct Pagination<'a> {
    /// What is in parts, to tell two such lists on a page apart: "Requests".
    pub label: &'a str,
    /// Where this part stands: "51 to 100 of 312".
    pub place: &'a str,
    /// The part before, if there is one.
    pub previous: Option<Href>,
    /// The part after, if there is one.
    pub next: Option<Href>,
}

impl Render for Pagination<'_> {
    fn render(&self) -> Markup {
        html! {
            nav.govuk-pagination aria-label={ (self.label) ": parts" } {
                @if let Some(href) = &self.previous { (step("prev", "prev", "Previous", href)) }
                p.govuk-body.sg-pagination__place { (self.place) }
                @if let Some(href) = &self.next { (step("next", "next", "Next", href)) }
            }
        }
    }
}

fn step(class: &str, rel: &str, text: &str, href: &Href) -> Markup {
    html! {
        div class={ "govuk-pagination__" (class) } {
            a.govuk-link.govuk-pagination__link href=(href) rel=(rel) {
                span.govuk-pagination__link-title { (text) span.govuk-visually-hidden { " part" } }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let middle = Pagination {
        label: "Requests",
        place: "51 to 100 of 312",
        previous: Some(Href::path("requests")),
        next: Some(Href::path("requests?from=101")),
    };
    vec![Example::new("In the middle", &middle)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_lead_one_way_only() {
        let first = Pagination { label: "Requests", place: "1 to 50 of 60", previous: None, next: Some(Href::path("x")) };
        let markup = first.render().into_string();
        assert!(markup.contains(r#"rel="next""#) && !markup.contains(r#"rel="prev""#), "{markup}");
    }
}
