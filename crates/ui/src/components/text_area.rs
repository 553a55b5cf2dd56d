//! Text area: more than one line of text.

use maud::{Markup, Render, html};

use super::Example;
use super::field::Field;

/// Some lines of text.
#[derive(Debug, Clone)]
pub struct TextArea<'a> {
    /// Id and name of the field.
    pub name: &'a str,
    /// What is asked for.
    pub label: &'a str,
    /// Help with the answer; says how much may be written, where that is bounded.
    pub hint: Option<&'a str>,
    /// What is wrong with the answer.
    pub error: Option<&'a str>,
    /// What the person entered before, kept after a mistake.
    pub value: &'a str,
    /// How many lines show at first.
    pub rows: u8,
    /// Tag and direction of the language in which it is written, where that is not the page's: `("ur", "rtl")`.
    pub language: Option<(&'a str, &'a str)>,
}

impl Render for TextArea<'_> {
    fn render(&self) -> Markup {
        let field = Field { id: self.name, hint: self.hint, error: self.error };
        field.group(&html! {
            label.govuk-label for=(self.name) { (self.label) }
            (field.hint_and_error())
            textarea.govuk-textarea.govuk-textarea--error[self.error.is_some()] id=(self.name) name=(self.name) rows=(self.rows)
                lang=[self.language.map(|(tag, _)| tag)] dir=[self.language.map(|(_, direction)| direction)]
                aria-describedby=[field.described_by()] {
                // The first line end behind the tag is not text.
                "\n" (self.value)
            }
        })
    }
}

pub(super) fn examples() -> Vec<Example> {
    let plain = TextArea {
        name: "reason",
        label: "Why",
        hint: Some("In a sentence or two. Those who look at it later were not here."),
        error: None,
        value: "The class looks at the museum’s rooms\nuntil Friday.",
        rows: 3,
        language: None,
    };
    let error = Some("Say why");
    let faulty = TextArea { name: "reason-missing", error, value: "", ..plain.clone() };
    let urdu = TextArea {
        name: "in-urdu",
        label: "The text in Urdu",
        hint: None,
        value: "سب کے لیے",
        language: Some(("ur", "rtl")),
        ..plain.clone()
    };
    vec![Example::new("Filled in", &plain), Example::new("Left empty", &faulty), Example::new("In another language", &urdu)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_and_escaped() {
        let area = TextArea {
            name: "x",
            label: "X",
            hint: None,
            error: Some("e"),
            value: "\na</textarea><script>",
            rows: 2,
            language: Some(("ur", "rtl")),
        };
        let markup = area.render().into_string();
        assert!(markup.contains(">\n\na&lt;/textarea&gt;&lt;script&gt;</textarea>"), "{markup}");
        assert!(markup.contains(r#"lang="ur" dir="rtl" aria-describedby="x-error""#), "{markup}");
    }
}
