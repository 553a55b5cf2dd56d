//! Radios: one of a few, all in view. Nothing is chosen at first, so that nobody chooses by accident.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;

/// One of a few.
#[derive(Debug, Clone)]
pub struct Radios<'a> {
    /// Name of the field, and id of its first choice, so that an error leads there.
    pub name: &'a str,
    /// The question.
    pub legend: &'a str,
    /// Help with the answer.
    pub hint: Option<&'a str>,
    /// What is wrong with the answer.
    pub error: Option<&'a str>,
    /// The choices.
    pub choices: &'a [Choice<'a>],
    /// The value of the one chosen.
    pub chosen: Option<&'a str>,
}

/// One choice.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What it says.
    pub label: &'a str,
    /// What it means.
    pub hint: Option<&'a str>,
}

impl Render for Radios<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: self.hint, error: self.error };
        field.group(&html! {
            fieldset.govuk-fieldset aria-describedby=[field.described_by()] {
                legend.govuk-fieldset__legend.govuk-fieldset__legend--m { (self.legend) }
                (field.hint_and_error())
                div.govuk-radios {
                    @for (place, choice) in self.choices.iter().enumerate() { (self.choice(place, choice)) }
                }
            }
        })
    }
}

impl Radios<'_> {
    fn choice(&self, place: usize, choice: &Choice<'_>) -> Markup {
        let id = if place == 0 { self.name.to_owned() } else { format!("{}-{}", self.name, place + 1) };
        let hint_id = choice.hint.map(|_| format!("{id}-item-hint"));
        html! {
            div.govuk-radios__item {
                input.govuk-radios__input type="radio" id=(id) name=(self.name) value=(choice.value)
                    checked[self.chosen == Some(choice.value)] aria-describedby=[hint_id.as_deref()];
                label.govuk-label.govuk-radios__label for=(id) { (choice.label) }
                @if let (Some(hint), Some(hint_id)) = (choice.hint, &hint_id) {
                    div.govuk-hint.govuk-radios__hint id=(hint_id) { (hint) }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let choices = [
        Choice { value: "allow", label: "Open", hint: Some("Everybody in the profile may go there.") },
        Choice { value: "warn", label: "Warn first", hint: None },
        Choice { value: "block", label: "Closed", hint: None },
    ];
    let plain = Radios { name: "effect", legend: "What should happen?", hint: None, error: None, choices: &choices, chosen: Some("warn") };
    let error = Some("Choose what should happen");
    let faulty = Radios { name: "effect-missing", hint: Some("You can change this later."), error, chosen: None, ..plain.clone() };
    vec![Example::new("One chosen", &plain), Example::new("Nothing chosen", &faulty)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_leads_to_the_first_choice_and_only_the_chosen_is_checked() {
        let choices = [Choice { value: "a", label: "A", hint: None }, Choice { value: "b", label: "B", hint: Some("Bee") }];
        let radios = Radios { name: "x", legend: "Which?", hint: None, error: Some("Choose"), choices: &choices, chosen: Some("b") };
        let markup = radios.render().into_string();
        assert!(markup.contains(r#"id="x" name="x" value="a">"#), "{markup}");
        assert!(markup.contains(r#"id="x-2" name="x" value="b" checked aria-describedby="x-2-item-hint""#), "{markup}");
        assert!(markup.contains(r#"aria-describedby="x-error""#));
    }
}
