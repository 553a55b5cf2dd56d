//! Date input: a day that the person knows, in three fields, as GOV.UK asks for one. No calendar to click through.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;

/// A day.
#[derive(Debug, Clone)]
pub struct DateInput<'a> {
    /// Name of the field: the parts are called `NAME-day`, `NAME-month` and `NAME-year`, and an error leads to `NAME-day`.
    pub name: &'a str,
    /// What is asked for.
    pub legend: &'a str,
    /// Help with the answer, best an example: "For example, 27 3 2026".
    pub hint: Option<&'a str>,
    /// What is wrong with the answer.
    pub error: Option<&'a str>,
    /// Day, month and year as they were typed.
    pub value: [&'a str; 3],
}

impl Render for DateInput<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: self.hint, error: self.error };
        let parts = ["day", "month", "year"].into_iter().zip(["Day", "Month", "Year"]).zip(self.value);
        field.group(&html! {
            fieldset.govuk-fieldset role="group" aria-describedby=[field.described_by()] {
                legend.govuk-fieldset__legend { (self.legend) }
                (field.hint_and_error())
                div.govuk-date-input {
                    @for ((part, label), value) in parts { (self.part(part, label, value)) }
                }
            }
        })
    }
}

impl DateInput<'_> {
    fn part(&self, part: &str, label: &str, value: &str) -> Markup {
        let id = format!("{}-{part}", self.name);
        let width = if part == "year" { "govuk-input--width-4" } else { "govuk-input--width-2" };
        html! {
            div.govuk-date-input__item {
                div.govuk-form-group {
                    label.govuk-label.govuk-date-input__label for=(id) { (label) }
                    input.govuk-input.govuk-date-input__input.govuk-input--error[self.error.is_some()].(width)
                        type="text" inputmode="numeric" id=(id) name=(id) value=[Some(value).filter(|value| !value.is_empty())];
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let plain = DateInput {
        name: "first-day",
        legend: "First day here",
        hint: Some("For example, 1 9 2026"),
        error: None,
        value: ["1", "9", "2026"],
    };
    let error = Some("The last day must be a day that exists");
    let faulty = DateInput { name: "last-day", legend: "Last day here", error, value: ["31", "2", "2027"], ..plain.clone() };
    vec![Example::new("Filled in", &plain), Example::new("No such day", &faulty)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_label_and_the_group_its_hint_and_error() {
        let date = DateInput { name: "x", legend: "When", hint: Some("h"), error: Some("e"), value: ["1", "", "<"] };
        let markup = date.render().into_string();
        assert!(markup.contains(r#"aria-describedby="x-hint x-error""#), "{markup}");
        for part in ["day", "month", "year"] {
            assert!(
                markup.contains(&format!(r#"for="x-{part}""#)) && markup.contains(&format!(r#"id="x-{part}" name="x-{part}""#)),
                "{part}"
            );
        }
        assert!(markup.contains(r#"value="&lt;""#) && markup.matches("value=").count() == 2, "{markup}");
    }
}
