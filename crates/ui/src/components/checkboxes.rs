//! Checkboxes: any of a few, or one thing that is so or not.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;
use super::radios::Choice;

/// Any of a few.
#[derive(Debug, Clone)]
pub struct Checkboxes<'a> {
    /// Name of each field, and id of the first, so that an error leads there.
    pub name: &'a str,
    /// The question.
    pub legend: &'a str,
    /// Help with the answer.
    pub hint: Option<&'a str>,
    /// What is wrong with the answer.
    pub error: Option<&'a str>,
    /// The choices.
    pub choices: &'a [Choice<'a>],
    /// The values of those that are ticked.
    pub ticked: &'a [&'a str],
}

impl Render for Checkboxes<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: self.hint, error: self.error };
        field.group(&html! {
            fieldset.govuk-fieldset aria-describedby=[field.described_by()] {
                legend.govuk-fieldset__legend { (self.legend) }
                (field.hint_and_error())
                div.govuk-checkboxes {
                    @for (place, choice) in self.choices.iter().enumerate() { (self.choice(place, choice)) }
                }
            }
        })
    }
}

impl Checkboxes<'_> {
    fn choice(&self, place: usize, choice: &Choice<'_>) -> Markup {
        let id = if place == 0 { self.name.to_owned() } else { format!("{}-{}", self.name, place + 1) };
        let hint_id = choice.hint.map(|_| format!("{id}-item-hint"));
        html! {
            div.govuk-checkboxes__item {
                input.govuk-checkboxes__input type="checkbox" id=(id) name=(self.name) value=(choice.value)
                    checked[self.ticked.contains(&choice.value)] aria-describedby=[hint_id.as_deref()];
                label.govuk-label.govuk-checkboxes__label for=(id) { (choice.label) }
                @if let (Some(hint), Some(hint_id)) = (choice.hint, &hint_id) {
                    div.govuk-hint.govuk-checkboxes__hint id=(hint_id) { (hint) }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let choices = [
        Choice { value: "staff", label: "Staff", hint: Some("Employed here.") },
        Choice { value: "governor", label: "Governor", hint: None },
        Choice { value: "parent", label: "Parent or carer", hint: None },
    ];
    let plain = Checkboxes {
        name: "memberships",
        legend: "What are they to the school?",
        hint: Some("Tick all that are so."),
        error: None,
        choices: &choices,
        ticked: &["staff", "parent"],
    };
    let error = Some("Tick at least one");
    let faulty = Checkboxes { name: "memberships-missing", error, ticked: &[], ..plain.clone() };
    vec![Example::new("Two ticked", &plain), Example::new("Nothing ticked", &faulty)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_may_be_ticked_and_an_error_leads_to_the_first() {
        let choices = ["a", "b", "c"].map(|value| Choice { value, label: value, hint: None });
        let boxes = Checkboxes { name: "x", legend: "Which?", hint: None, error: Some("e"), choices: &choices, ticked: &["a", "c"] };
        let markup = boxes.render().into_string();
        assert!(markup.contains(r#"id="x" name="x" value="a" checked>"#) && markup.contains(r#"id="x-3" name="x" value="c" checked>"#));
        assert_eq!(markup.matches(" checked").count(), 2, "{markup}");
    }
}
