//! Filters: what a list shows, chosen above it. A form that is looked at, not sent: the choice stands in the address and can be passed on.

use maud::{Markup, Render, html};

use super::Example;
use super::button::{Action, Button, Weight};
use super::select::Select;
use super::text_input::{Kind, TextInput};
use crate::Href;

/// The fields above a list.
#[derive(Debug, Clone)]
pub struct Filters<'a> {
    /// What is looked through: "People".
    pub label: &'a str,
    /// The path of the list.
    pub path: &'a str,
    /// The fields.
    pub fields: Markup,
    /// Where everything is shown again, if something is chosen.
    pub clear: Option<Href>,
}

impl Render for Filters<'_> {
    fn render(&self) -> Markup {
        html! {
            form.sg-filter method="get" action=(Href::path(self.path)) role="search" aria-label=(self.label) {
                (self.fields)
                div.sg-filter__do {
                    (Button { text: "Find", weight: Weight::Secondary, action: Action::Send })
                    @if let Some(clear) = &self.clear { a.govuk-link href=(clear) { "Show everything" } }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let options = [("", "Everybody"), ("pupil", "Pupils"), ("staff", "Staff")];
    let fields = html! {
        (TextInput { name: "filter-name", label: "Name", hint: None, error: None, value: "rag", kind: Kind::Search, autocomplete: None })
        (Select { name: "filter-who", label: "Who", hint: None, error: None, options: &options, chosen: Some("pupil") })
    };
    vec![Example::new("Two chosen", &Filters { label: "People", path: "people", fields, clear: Some(Href::path("people")) })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_stands_in_the_address() {
        let filters = Filters { label: "People", path: "people", fields: html! { "x" }, clear: None };
        let markup = filters.render().into_string();
        assert!(markup.contains(r#"method="get" action="/people" role="search" aria-label="People""#), "{markup}");
        assert!(!markup.contains("Show everything"));
    }
}
