//! Details: something that only some readers need, folded away. Works without script.

use maud::{Markup, Render, html};

use super::Example;

/// Folded text.
#[derive(Debug, Clone)]
pub struct Details<'a> {
    /// What is inside, as one would ask for it.
    pub summary: &'a str,
    /// Whether it is unfolded at first.
    pub open: bool,
    /// The inside.
    pub content: Markup,
}

impl Render for Details<'_> {
    fn render(&self) -> Markup {
        html! {
            details.govuk-details open[self.open] {
                summary.govuk-details__summary { span.govuk-details__summary-text { (self.summary) } }
                div.govuk-details__text { (self.content) }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let content = html! { "The address is on the list “gambling”, line 12, and that category is closed for Key Stage 2." };
    vec![
        Example::new("Folded", &Details { summary: "Why was this closed?", open: false, content: content.clone() }),
        Example::new("Unfolded", &Details { summary: "How was this decided?", open: true, content }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_folded_unless_told() {
        let render = |open| Details { summary: "Why?", open, content: html! { "Because" } }.render().into_string();
        assert!(render(true).starts_with(r#"<details class="govuk-details" open>"#));
        assert!(render(false).starts_with(r#"<details class="govuk-details">"#));
    }
}
