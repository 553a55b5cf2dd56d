//! The door, and the page behind a one-time link.

use maud::{Markup, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::details::Details;
use ui::components::notification::{Kind as Tone, Notification};
use ui::components::panel::{Heading, Panel};
use ui::components::text_input::{Kind, TextInput};

use super::{PASSWORD_HINT, password, send, summary};
use crate::web::{Content, Visitor};

/// The door.
pub(in crate::signin) struct SignInPage<'a> {
    pub(in crate::signin) name: &'a str,
    pub(in crate::signin) next: &'a str,
    pub(in crate::signin) error: Option<&'a str>,
    pub(in crate::signin) visitors: &'a [Visitor],
    pub(in crate::signin) is_closed: bool,
}

/// Where the holder of a one-time link chooses a password.
pub(in crate::signin) struct ChoosePage<'a> {
    pub(in crate::signin) token: &'a str,
    pub(in crate::signin) user_name: &'a str,
    pub(in crate::signin) error: Option<&'a str>,
}

/// After that.
pub(in crate::signin) struct ChosenPage<'a> {
    pub(in crate::signin) user_name: &'a str,
}

impl Content for SignInPage<'_> {
    fn title(&self) -> String {
        "Sign in".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let code_hint = "The six figures that your telephone shows now, or a code from your paper. Leave it empty if you have none.";
        html! {
            @if self.is_closed {
                @let text = "Whoever looks after this machine sees why with “schoolgate doctor”.";
                (Notification { id: "closed", kind: Tone::Important, heading: "Nobody can sign in just now.", text: Some(text) })
            }
            (summary("name", self.error))
            h1.govuk-heading-l { "Sign in" }
            form method="post" action="/sign-in" {
                input type="hidden" name="next" value=(self.next);
                (TextInput { name: "name", label: "User name", hint: None, error: self.error, value: self.name, kind: Kind::Text, autocomplete: Some("username") })
                (password("password", "Password", None, "current-password"))
                (TextInput { name: "code", label: "Code", hint: Some(code_hint), error: None, value: "", kind: Kind::Text, autocomplete: Some("one-time-code") })
                (send("Sign in", Weight::Main))
            }
            (Details { summary: "I have no password, or cannot sign in", open: false, content: html! {
                p.govuk-body { "In a class with pictures? " a.govuk-link href="/class" { "Type the code of your class" } ". A parent or carer? " a.govuk-link href="/parents" { "Have a link sent to you" } ". A guest? " a.govuk-link href="/guest" { "Use your code" } "." }
                p.govuk-body { "Ask your teacher, the school office or whoever looks after the computers. They can give you a new link; you then choose a new password." }
            } })
            @if !self.visitors.is_empty() { (self.demonstration()) }
        }
    }
}

impl SignInPage<'_> {
    fn demonstration(&self) -> Markup {
        html! {
            h2.govuk-heading-m { "Look round as" }
            p.govuk-body { "These people are invented. One press signs you in as they would, with their password and their code." }
            ul.govuk-list.sg-visitors {
                @for visitor in self.visitors {
                    li {
                        form method="post" action="/sign-in" {
                            input type="hidden" name="next" value=(self.next);
                            input type="hidden" name="visitor" value=(visitor.user_name);
                            (send(&visitor.title, Weight::Secondary))
                        }
                    }
                }
            }
        }
    }
}

impl Content for ChoosePage<'_> {
    fn title(&self) -> String {
        "Choose a password".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        html! {
            (summary("new", self.error))
            h1.govuk-heading-l { "Choose a password" }
            p.govuk-body { "Your user name is " strong { (self.user_name) } ". Nobody at the school needs to know your password, and nobody will ask you for it." }
            form method="post" action={ "/link/" (self.token) } {
                input type="text" name="username" value=(self.user_name) autocomplete="username" hidden;
                (TextInput { name: "new", label: "New password", hint: Some(PASSWORD_HINT), error: self.error, value: "", kind: Kind::Password, autocomplete: Some("new-password") })
                (password("again", "The same again", None, "new-password"))
                (send("Keep this password", Weight::Main))
            }
        }
    }
}

impl Content for ChosenPage<'_> {
    fn title(&self) -> String {
        "Your password is kept".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        let text = format!("Your user name is {}", self.user_name);
        html! {
            (Panel { title: "Your password is kept", text: Some(&text), heading: Heading::First })
            (Button { text: "Sign in", weight: Weight::Main, action: Action::Go(Href::path("sign-in")) })
        }
    }
}
