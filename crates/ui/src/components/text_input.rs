//! Text input: one line of text.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;

/// One line of text.
#[derive(Debug, Clone)]
pub struct TextInput<'a> {
    /// Id and name of the field.
    pub name: &'a str,
    /// What is asked for.
    pub label: &'a str,
    /// Help with the answer.
    pub hint: Option<&'a str>,
    /// What is wrong with the answer.
    pub error: Option<&'a str>,
    /// What the person entered before, kept after a mistake. Never filled for a password.
    pub value: &'a str,
    /// What kind of text.
    pub kind: Kind,
    /// What the browser may fill in (an `autocomplete` token), for facts about the person at the keyboard only.
    pub autocomplete: Option<&'a str>,
}

/// A kind of text: which keyboard a phone shows, and what a browser does with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Any words.
    #[default]
    Text,
    /// A whole number.
    Number,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// Words to look for.
    Search,
    /// A secret.
    Password,
}

impl Render for TextInput<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: self.hint, error: self.error };
        // A number is a text with digits: `type=number` loses what was typed wrong, and changes under a mouse wheel.
        let (kind, input_mode) = match self.kind {
            Kind::Text => ("text", None),
            Kind::Number => ("text", Some("numeric")),
            Kind::Email => ("email", None),
            // Checked by us: a browser refuses an address without "https://", as people write it.
            Kind::Url => ("text", Some("url")),
            Kind::Search => ("search", None),
            Kind::Password => ("password", None),
        };
        let value = Some(self.value).filter(|value| !value.is_empty() && self.kind != Kind::Password);
        let spellcheck = (self.kind != Kind::Text && self.kind != Kind::Search).then_some("false");
        field.group(&html! {
            label.govuk-label for=(self.name) { (self.label) }
            (field.hint_and_error())
            input.govuk-input.govuk-input--error[self.error.is_some()].govuk-input--width-5[self.kind == Kind::Number]
                type=(kind) id=(self.name) name=(self.name) value=[value] inputmode=[input_mode] spellcheck=[spellcheck]
                autocomplete=[self.autocomplete] aria-describedby=[field.described_by()];
        })
    }
}

pub(super) fn examples() -> Vec<Example> {
    let plain = TextInput {
        name: "address",
        label: "Which page should be open?",
        hint: Some("Copy its address from the bar at the top of the browser."),
        error: None,
        value: "https://museum.example/rooms",
        kind: Kind::Url,
        autocomplete: None,
    };
    let error = Some("Enter the name of the rule");
    let faulty =
        TextInput { name: "rule-name", label: "Name of the rule", hint: None, error, value: "", kind: Kind::Text, ..plain.clone() };
    let number = TextInput { name: "days", label: "For how many days?", hint: None, value: "5", kind: Kind::Number, ..plain.clone() };
    vec![Example::new("Filled in", &plain), Example::new("Left empty", &faulty), Example::new("A number", &number)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: Kind, value: &str) -> String {
        let input = TextInput { name: "x", label: "X", hint: Some("h"), error: Some("e"), value, kind, autocomplete: None };
        input.render().into_string()
    }

    #[test]
    fn what_was_typed_is_kept_and_escaped_but_no_secret() {
        assert!(input(Kind::Text, "a\"><script>").contains(r#"value="a&quot;&gt;&lt;script&gt;""#));
        assert!(!input(Kind::Password, "secret").contains("secret"));
    }

    #[test]
    fn hint_and_error_are_tied_to_the_field() {
        let markup = input(Kind::Number, "12");
        assert!(markup.contains(r#"aria-describedby="x-hint x-error""#) && markup.contains(r#"inputmode="numeric""#), "{markup}");
        assert!(markup.contains(r#"<p class="govuk-error-message" id="x-error">"#), "{markup}");
    }
}
