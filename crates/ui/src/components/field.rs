//! What the fields of a form share: label, hint, message, and the ids that tie them to the field.

use maud::{Markup, html};

/// The words round one field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) id: &'a str,
    pub(super) hint: Option<&'a str>,
    pub(super) error: Option<&'a str>,
}

impl Field<'_> {
    /// For `aria-describedby`: the hint and the message, as far as they are there.
    pub(super) fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.id));
        let error = self.error.map(|_| format!("{}-error", self.id));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    pub(super) fn hint_and_error(&self) -> Markup {
        html! {
            @if let Some(hint) = self.hint { div.govuk-hint id={ (self.id) "-hint" } { (hint) } }
            @if let Some(error) = self.error {
                p.govuk-error-message id={ (self.id) "-error" } { span.govuk-visually-hidden { "Error: " } (error) }
            }
        }
    }

    /// The group round label and field, marked when there is a mistake.
    pub(super) fn group(&self, inside: &Markup) -> Markup {
        html! { div.govuk-form-group.govuk-form-group--error[self.error.is_some()] { (inside) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_described_by_what_is_there() {
        let described = |hint, error| Field { id: "x", hint, error }.described_by();
        assert_eq!(described(None, None), None);
        assert_eq!(described(Some("h"), None).as_deref(), Some("x-hint"));
        assert_eq!(described(Some("h"), Some("e")).as_deref(), Some("x-hint x-error"));
    }
}
