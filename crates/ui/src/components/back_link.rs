//! Back link: to the page before, at the top of a page inside a sequence.

use maud::{Markup, Render, html};

use super::Example;
use crate::Href;

/// A link back. Name where it leads when that is known ("Back to requests").
#[derive(Debug, Clone)]
pub struct BackLink<'a> {
    /// What it says.
    pub text: &'a str,
    /// Where it leads.
    pub href: Href,
}

impl Render for BackLink<'_> {
    fn render(&self) -> Markup {
        html! { a.govuk-back-link href=(self.href) { (self.text) } }
    }
}

pub(super) fn examples() -> Vec<Example> {
    vec![Example::new("With its goal", &BackLink { text: "Back to requests", href: Href::path("requests") })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_where_it_says() {
        let link = BackLink { text: "Back to <requests>", href: Href::path("requests") }.render().into_string();
        assert_eq!(link, r#"<a class="govuk-back-link" href="/requests">Back to &lt;requests&gt;</a>"#);
    }
}
