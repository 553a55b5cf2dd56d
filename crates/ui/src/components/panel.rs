//! Panel: the end of something long, with what the person must keep.

use maud::{Markup, Render, html};

use super::Example;

/// The end of a task. It holds the page's `h1`, unless told otherwise.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    /// What has been done.
    pub title: &'a str,
    /// What to keep: a reference, say.
    pub text: Option<&'a str>,
    /// Whether the title is the page's first heading (`h1`) or one below (`h2`).
    pub heading: Heading,
}

/// The level of a panel's title.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Heading {
    /// The page's own.
    #[default]
    First,
    /// One below.
    Second,
}

impl Render for Panel<'_> {
    fn render(&self) -> Markup {
        html! {
            div.govuk-panel.govuk-panel--confirmation {
                @match self.heading {
                    Heading::First => h1.govuk-panel__title { (self.title) },
                    Heading::Second => h2.govuk-panel__title { (self.title) },
                }
                @if let Some(text) = self.text { div.govuk-panel__body { (text) } }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    vec![Example::new(
        "With a reference",
        &Panel { title: "Your request is with Mrs Lane", text: Some("Its number is 4 TH 9 K"), heading: Heading::Second },
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_title_is_the_heading_asked_for() {
        let render = |heading| Panel { title: "Done", text: None, heading }.render().into_string();
        assert!(render(Heading::First).contains("<h1") && render(Heading::Second).contains("<h2"));
    }
}
