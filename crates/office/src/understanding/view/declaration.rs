//! The yearly declaration.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::radios::Choice;
use ui::components::tag::{Mood, Tag};

use crate::understanding::Declaration;
use crate::web::{Content, Fields, Form, long};

/// What somebody says of themselves once a year, and has said.
pub(in crate::understanding) struct DeclarationPage<'a> {
    pub(in crate::understanding) word: &'a str,
    /// Whether they have said so this school year.
    pub(in crate::understanding) is_said: bool,
    pub(in crate::understanding) said: &'a [Declaration],
    pub(in crate::understanding) fields: &'a Fields,
}

impl Content for DeclarationPage<'_> {
    fn title(&self) -> String {
        "My accounts on social media".to_owned()
    }

    fn place(&self) -> &'static str {
        "/my/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let statement = "On each social media account of my own, the privacy settings keep pupils and parents out of what is private";
        html! {
            (form.summary())
            (BackLink { text: "My agreements", href: Href::path("my/agreements") })
            h1.govuk-heading-l { "My accounts on social media" }
            p.govuk-body-l { "You have agreed to set the privacy settings of your own accounts. Once a year the school asks whether they still are." }
            p.govuk-body { "Nobody looks at your accounts. What is kept is that you said so, and when." }
            @if self.is_said {
                p.govuk-body { (Tag { text: "Said this school year", mood: Mood::Good }) }
            } @else {
                form method="post" action="/my/declaration" novalidate {
                    (form.word())
                    (form.boxes("private", "Are they private?", Some("Have a look first: services change their settings."), &[Choice { value: "yes", label: statement, hint: None }]))
                    (form.send("Say so for this school year"))
                }
            }
            @if !self.said.is_empty() {
                h2.govuk-heading-m { "What you have said so far" }
                ul.govuk-list.govuk-list--bullet {
                    @for said in self.said { li { (said.year) ": on " (long(said.on)) } }
                }
            }
        }
    }
}
