//! Empty state: a list with nothing in it says why, and what to do.

use maud::{Markup, Render, html};

use super::Example;
use super::button::{Action, Button, Weight};
use crate::Href;

/// What stands where a list would.
#[derive(Debug, Clone)]
pub struct EmptyState<'a> {
    /// What there is none of: "No requests are waiting".
    pub title: &'a str,
    /// Whether that is good, and when something will be here.
    pub text: &'a str,
    /// What can be done about it, if anything: words and goal.
    pub action: Option<(&'a str, Href)>,
}

impl Render for EmptyState<'_> {
    fn render(&self) -> Markup {
        html! {
            div.sg-empty {
                p.govuk-heading-m { (self.title) }
                p.govuk-body { (self.text) }
                @if let Some((text, href)) = &self.action {
                    (Button { text, weight: Weight::Secondary, action: Action::Go(href.clone()) })
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    vec![
        Example::new(
            "All done",
            &EmptyState {
                title: "No requests are waiting",
                text: "When somebody asks for a page to be opened, it appears here.",
                action: None,
            },
        ),
        Example::new(
            "Something to do",
            &EmptyState {
                title: "No lists have been built yet",
                text: "Until then only the starter list protects the school.",
                action: Some(("Add a list", Href::path("lists/new"))),
            },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_why_and_what_to_do() {
        let state = EmptyState { title: "No lists", text: "Add one.", action: Some(("Add a list", Href::path("lists/new"))) };
        let markup = state.render().into_string();
        assert!(markup.contains("No lists") && markup.contains("Add one.") && markup.contains(r#"href="/lists/new""#));
    }
}
