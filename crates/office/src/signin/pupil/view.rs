//! The markup for children: few words, large things to press. Whoever reads may be five, and somebody may read it out.

use maud::{Markup, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::symbol::Symbol;
use ui::components::text_input::{Kind, TextInput};

use super::pages::Child;
use super::{Chosen, Pictures, Way};
use crate::signin::view::{send, summary, word};
use crate::web::Content;

/// Where the code of a class is typed.
pub(super) struct CodePage<'a> {
    pub(super) error: Option<&'a str>,
}

/// The children of a class, as pictures.
pub(super) struct WhoPage<'a> {
    pub(super) code: &'a str,
    pub(super) class: &'a str,
    pub(super) way: Way,
    pub(super) children: &'a [Child],
}

/// The pictures to press.
pub(super) struct PicturesPage<'a> {
    pub(super) code: &'a str,
    pub(super) child: &'a Child,
    pub(super) chosen: &'a Chosen,
    pub(super) error: Option<&'a str>,
}

/// What a card opens.
pub(super) struct CardPage<'a> {
    pub(super) token: &'a str,
    pub(super) child: &'a Child,
}

/// That somebody is in.
pub(super) struct HerePage<'a> {
    pub(super) word: &'a str,
    pub(super) name: &'a str,
    pub(super) is_guest: bool,
}

/// That something cannot be done, for a child.
pub(super) struct TellPage<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
}

impl Content for CodePage<'_> {
    fn title(&self) -> String {
        "Which class are you in?".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        html! {
            (summary("code", self.error))
            h1.govuk-heading-xl { "Which class are you in?" }
            form method="get" action="/class" {
                (TextInput { name: "code", label: "Class code", hint: Some("6 letters. Your teacher has them."), error: self.error, value: "", kind: Kind::Text, autocomplete: Some("off") })
                (send("Go", Weight::Main))
            }
        }
    }
}

impl Content for WhoPage<'_> {
    fn title(&self) -> String {
        format!("Who are you? {}", self.class)
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        if self.way == Way::Words {
            return html! {
                h1.govuk-heading-xl { (self.class) }
                p.govuk-body-l { "You sign in with your name and your password." }
                (Button { text: "Sign in", weight: Weight::Main, action: Action::Go(Href::path("sign-in")) })
            };
        }
        html! {
            h1.govuk-heading-xl { "Who are you?" }
            @if self.children.is_empty() {
                p.govuk-body-l { "Nobody has pictures yet. Ask your teacher." }
            } @else {
                ul.sg-pictures {
                    @for child in self.children {
                        li.sg-pictures__one {
                            a.sg-press href={ "/class/" (self.code) "/" (child.id) } { (child.symbol) span { (child.name) } }
                        }
                    }
                }
            }
        }
    }
}

impl Content for PicturesPage<'_> {
    fn title(&self) -> String {
        format!("Hello, {}: press picture {}", self.child.name, self.chosen.count() + 1)
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let (count, all) = (self.chosen.count(), Pictures::LENGTH);
        let address = format!("/class/{}/{}", self.code, self.child.id);
        html! {
            (summary("pictures", self.error))
            h1.govuk-heading-xl { "Hello, " (self.child.name) }
            p.govuk-body-l { "Press your " (all) " pictures." @if count > 0 { " " (count) " done." } }
            ul.sg-dots aria-hidden="true" { @for place in 0..all { li.sg-dots__full[place < count] {} } }
            form id="pictures" method="post" action=(address) {
                input type="hidden" name="chosen" value=(self.chosen.to_text());
                ul.sg-pictures.sg-pictures--few {
                    @for symbol in Symbol::all().take(usize::from(Pictures::FIELD)) {
                        li.sg-pictures__one {
                            button.sg-press type="submit" name="press" value=(symbol.number()) { (symbol) span { (symbol.name()) } }
                        }
                    }
                }
            }
            p.govuk-body-l { a.govuk-link href=(address) { "Start again" } }
            p.govuk-body-l { a.govuk-link href={ "/class/" (self.code) } { "I am not " (self.child.name) } }
        }
    }
}

impl Content for CardPage<'_> {
    fn title(&self) -> String {
        format!("Hello, {}", self.child.name)
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-xl { "Hello, " (self.child.name) }
            form.sg-young method="post" action={ "/card/" (self.token) } {
                button.sg-press type="submit" { (self.child.symbol) strong { "Go" } }
            }
        }
    }
}

impl Content for HerePage<'_> {
    fn title(&self) -> String {
        "You are signed in".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-xl { "You are signed in, " (self.name) "." }
            form method="post" action="/sign-out" {
                (word(self.word))
                (send("Sign out", Weight::Main))
            }
            @if self.is_guest {
                p.govuk-body { "This device uses the school’s network in your name. If something worries you, tell a member of staff." }
            } @else {
                h2.govuk-heading-m { "Do you want to talk to somebody?" }
                p.govuk-body-l { "Tell your teacher. Or ring Childline: " a.govuk-link href=(Href::phone("0800 1111")) { "0800 1111" } "." }
                p.govuk-body-l { a.govuk-link href="https://www.childline.org.uk/" { "Open the Childline website" } }
            }
        }
    }
}

impl Content for TellPage<'_> {
    fn title(&self) -> String {
        self.title.to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-xl { (self.title) }
            p.govuk-body-l { (self.text) }
        }
    }
}
