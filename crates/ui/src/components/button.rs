//! Button: sends a form, or (as a link) begins something. One main button on a page.

use maud::{Markup, Render, html};

use super::Example;
use crate::Href;

/// A button.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    /// What happens, as an order: "Save the rule", never "Submit".
    pub text: &'a str,
    /// How much it weighs.
    pub weight: Weight,
    /// What it does.
    pub action: Action<'a>,
}

/// How much a button weighs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    #[default]
    Main,
    /// Something else that can be done.
    Secondary,
    /// It destroys or stops something; the text says what.
    Warning,
}

/// What a button does.
#[derive(Debug, Clone, Default)]
pub enum Action<'a> {
    /// Sends the form it stands in; a second press within a second is ignored when script runs.
    #[default]
    Send,
    /// Sends the form it stands in, with this field, so that the server knows which button it was.
    SendAs {
        /// Name of the field.
        name: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// Goes to another page.
    Go(Href),
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        let class = match self.weight {
            Weight::Main => "govuk-button",
            Weight::Secondary => "govuk-button govuk-button--secondary",
            Weight::Warning => "govuk-button govuk-button--warning",
        };
        let (name, value) = match self.action {
            Action::SendAs { name, value } => (Some(name), Some(value)),
            Action::Send | Action::Go(_) => (None, None),
        };
        html! {
            @if let Action::Go(href) = &self.action {
                a class=(class) href=(href) role="button" draggable="false" data-module="govuk-button" { (self.text) }
            } @else {
                button type="submit" class=(class) name=[name] value=[value] data-module="govuk-button" data-prevent-double-click="true" {
                    (self.text)
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    vec![
        Example::new("The one thing to do", &Button { text: "Save the rule", weight: Weight::Main, action: Action::Send }),
        Example::new("Something else", &Button { text: "Look first", weight: Weight::Secondary, action: Action::Go(Href::path("look")) }),
        Example::new(
            "It stops something",
            &Button { text: "End the lesson now", weight: Weight::Warning, action: Action::SendAs { name: "do", value: "end" } },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(action: Action<'_>) -> String {
        Button { text: "Save", weight: Weight::Warning, action }.render().into_string()
    }

    #[test]
    fn what_sends_is_a_button_and_what_goes_is_a_link() {
        assert!(render(Action::Send).starts_with(r#"<button type="submit" class="govuk-button govuk-button--warning""#));
        assert!(render(Action::SendAs { name: "do", value: "\"x" }).contains(r#"name="do" value="&quot;x""#));
        let link = render(Action::Go(Href::path("next")));
        assert!(link.starts_with("<a ") && link.contains(r#"href="/next""#) && link.contains(r#"role="button""#));
    }
}
