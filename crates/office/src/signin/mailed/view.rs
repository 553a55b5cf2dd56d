//! The markup for parents, most of whom read it on a telephone.

use maud::{Markup, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::text_input::{Kind, TextInput};

use crate::signin::view::{send, summary};
use crate::web::Content;

/// Where a letter is asked for.
pub(super) struct AskPage<'a> {
    pub(super) email: &'a str,
    pub(super) error: Option<&'a str>,
}

/// That a letter may be on its way.
pub(super) struct SentPage;

/// What a link shows before it is used.
pub(super) struct OpenPage<'a> {
    pub(super) token: &'a str,
}

/// That a link is good no more.
pub(super) struct GonePage;

impl Content for AskPage<'_> {
    fn title(&self) -> String {
        "Parents and carers: sign in".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let hint = "The one that the school has from you. We send a link to it, and no password is needed.";
        html! {
            (summary("email", self.error))
            h1.govuk-heading-l { "Parents and carers: sign in" }
            form method="post" action="/parents" {
                (TextInput { name: "email", label: "Your mail address", hint: Some(hint), error: self.error, value: self.email, kind: Kind::Text, autocomplete: Some("email") })
                (send("Send me a link", Weight::Main))
            }
        }
    }
}

impl Content for SentPage {
    fn title(&self) -> String {
        "Look at your mail".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Look at your mail" }
            p.govuk-body-l { "If the school has this address from a parent or carer, a letter with a link is on its way." }
            p.govuk-body { "The link works once, within half an hour. If no letter comes within ten minutes, look among unwanted mail; then ask the school office which address they have. No more than three letters go to one address in an hour." }
        }
    }
}

impl Content for OpenPage<'_> {
    fn title(&self) -> String {
        "Sign in".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Sign in" }
            p.govuk-body { "This link works once." }
            form method="post" action={ "/parents/" (self.token) } { (send("Sign in", Weight::Main)) }
        }
    }
}

impl Content for GonePage {
    fn title(&self) -> String {
        "This link works no more".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "This link works no more" }
            p.govuk-body-l { "It was used, or half an hour has passed." }
            (Button { text: "Ask for a new link", weight: Weight::Main, action: Action::Go(Href::path("parents")) })
        }
    }
}
