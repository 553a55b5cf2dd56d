//! Select: one of many. With six or fewer, use radios: they are easier for nearly everybody.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;

/// One of many.
#[derive(Debug, Clone)]
pub struct Select<'a> {
    /// Id and name of the field.
    pub name: &'a str,
    /// What is asked for.
    pub label: &'a str,
    /// Help with the answer.
    pub hint: Option<&'a str>,
    /// What is wrong with the answer.
    pub error: Option<&'a str>,
    /// Value and text of each choice.
    pub options: &'a [(&'a str, &'a str)],
    /// The value of the one chosen; none: the first, as browsers do.
    pub chosen: Option<&'a str>,
}

impl Render for Select<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: self.hint, error: self.error };
        field.group(&html! {
            label.govuk-label for=(self.name) { (self.label) }
            (field.hint_and_error())
            select.govuk-select.govuk-select--error[self.error.is_some()] id=(self.name) name=(self.name)
                aria-describedby=[field.described_by()] {
                @for (value, text) in self.options { option value=(value) selected[self.chosen == Some(*value)] { (text) } }
            }
        })
    }
}

pub(super) fn examples() -> Vec<Example> {
    let options = [("", "Choose a profile"), ("ks1", "Early years and Key Stage 1"), ("ks2", "Key Stage 2"), ("staff", "Staff")];
    let plain = Select { name: "profile-chosen", label: "Profile", hint: None, error: None, options: &options, chosen: Some("ks2") };
    let error = Some("Choose whom it is for");
    let faulty = Select { name: "profile", hint: Some("Who the rule is for."), error, chosen: None, ..plain.clone() };
    vec![Example::new("One chosen", &plain), Example::new("Nothing chosen", &faulty)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_one_is_selected_and_the_label_is_tied() {
        let options = [("a", "A"), ("b", "B")];
        let select = Select { name: "x", label: "Which", hint: None, error: None, options: &options, chosen: Some("b") };
        let markup = select.render().into_string();
        assert!(markup.contains(r#"<option value="b" selected>B</option>"#) && markup.contains(r#"<label class="govuk-label" for="x">"#));
    }
}
