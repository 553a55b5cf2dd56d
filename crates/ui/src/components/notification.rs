//! Notification: news about the whole page, above its heading. Success is read out at once; other news is a region.

use maud::{Markup, Render, html};

use super::Example;

/// News.
#[derive(Debug, Clone)]
pub struct Notification<'a> {
    /// The id of its title, unlike any other on the page.
    pub id: &'a str,
    /// What kind of news.
    pub kind: Kind,
    /// The news in one sentence.
    pub heading: &'a str,
    /// More about it, if there is more.
    pub text: Option<&'a str>,
}

/// A kind of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something to know before going on.
    Important,
    /// What was asked for has been done.
    Success,
}

impl Render for Notification<'_> {
    fn render(&self) -> Markup {
        let success = self.kind == Kind::Success;
        html! {
            div.govuk-notification-banner.govuk-notification-banner--success[success] role=(if success { "alert" } else { "region" })
                aria-labelledby=(self.id) data-module="govuk-notification-banner" {
                div.govuk-notification-banner__header {
                    h2.govuk-notification-banner__title id=(self.id) { @if success { "Done" } @else { "Important" } }
                }
                div.govuk-notification-banner__content {
                    p.govuk-notification-banner__heading { (self.heading) }
                    @if let Some(text) = self.text { p.govuk-body { (text) } }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let text = Some("Pupils see the change within a second.");
    vec![
        Example::new("Done", &Notification { id: "done", kind: Kind::Success, heading: "The rule is in force.", text }),
        Example::new(
            "Important",
            &Notification { id: "important", kind: Kind::Important, heading: "The lists are nine days old.", text: None },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_interrupts() {
        let render = |kind| Notification { id: "n", kind, heading: "News", text: None }.render().into_string();
        assert!(render(Kind::Success).contains(r#"role="alert""#));
        assert!(render(Kind::Important).contains(r#"role="region""#));
    }
}
