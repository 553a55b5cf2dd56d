//! Error summary: everything that is wrong with a form, above it, each line leading to its field.

use maud::{Markup, Render, html};

use super::Example;
use crate::Href;

/// What is wrong. Show it only when there is something; begin the page's title with "Error: " then.
#[derive(Debug, Clone)]
pub struct ErrorSummary<'a> {
    /// The mistakes, in the order of the fields.
    pub errors: &'a [FieldError<'a>],
}

/// One mistake.
#[derive(Debug, Clone, Copy)]
pub struct FieldError<'a> {
    /// The id of the field.
    pub field: &'a str,
    /// What to do, in the very words that stand at the field: "Enter the name of the rule".
    pub message: &'a str,
}

impl Render for ErrorSummary<'_> {
    fn render(&self) -> Markup {
        html! {
            div.govuk-error-summary data-module="govuk-error-summary" {
                div role="alert" {
                    h2.govuk-error-summary__title { "There is a problem" }
                    div.govuk-error-summary__body {
                        ul.govuk-list.govuk-error-summary__list {
                            @for error in self.errors { li { a href=(Href::fragment(error.field)) { (error.message) } } }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let errors = [
        FieldError { field: "rule-name", message: "Enter the name of the rule" },
        FieldError { field: "profile", message: "Choose whom it is for" },
    ];
    vec![Example::new("Two mistakes", &ErrorSummary { errors: &errors })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_leads_to_its_field() {
        let errors = [FieldError { field: "name", message: "Enter a <name>" }];
        let markup = ErrorSummary { errors: &errors }.render().into_string();
        assert!(markup.contains(r##"<a href="#name">Enter a &lt;name&gt;</a>"##), "{markup}");
        assert!(markup.contains(r#"role="alert""#));
    }
}
