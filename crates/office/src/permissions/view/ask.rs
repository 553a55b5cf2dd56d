//! Somebody asks: first what it is about, then the questions of that.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::radios::Choice;

use crate::permissions::Matter;
use crate::web::{Content, Fields, Form};

/// What is it about?
pub(in crate::permissions) struct ChoosePage;

/// The questions of a matter.
pub(in crate::permissions) struct AskPage<'a> {
    pub(in crate::permissions) word: &'a str,
    pub(in crate::permissions) matter: Matter,
    /// Within so many school days it is answered.
    pub(in crate::permissions) days: i64,
    pub(in crate::permissions) fields: &'a Fields,
}

impl Content for ChoosePage {
    fn title(&self) -> String {
        "What do you want to do?".to_owned()
    }

    fn place(&self) -> &'static str {
        "/permissions"
    }

    fn content(&self) -> Markup {
        html! {
            (BackLink { text: "Permissions", href: Href::path("permissions") })
            h1.govuk-heading-l { "What do you want to do?" }
            ul.govuk-list.govuk-list--spaced {
                @for matter in Matter::ALL {
                    li {
                        a.govuk-link.govuk-body-l href=(Href::path(&format!("permissions/new?matter={}", matter.word()))) { (matter.title()) }
                        div.govuk-hint { (matter.decider().sentence()) }
                    }
                }
            }
        }
    }
}

impl Content for AskPage<'_> {
    fn title(&self) -> String {
        self.matter.title().to_owned()
    }

    fn place(&self) -> &'static str {
        "/permissions"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let hint = if self.matter.is_sealed() {
            "It is about somebody else, so it is sealed: you and the headteacher read it, while the records are unlocked."
        } else {
            "No names of pupils."
        };
        html! {
            (form.summary())
            (BackLink { text: "Something else", href: Href::path("permissions/new") })
            h1.govuk-heading-l { (self.matter.title()) }
            p.govuk-body { (self.matter.decider().sentence()) " You have the answer within " (self.days) " school days." }
            form method="post" action="/permissions/new" novalidate {
                (form.word())
                input type="hidden" name="matter" value=(self.matter.word());
                (form.area("about", self.matter.question(), Some(hint)))
                (form.day("from", "From which day?", None))
                (form.day("until", "Until which day?", Some("A year at most. It can be asked for again.")))
                @if let Some(promise) = self.matter.promise() {
                    (form.boxes("promise", "Do you promise this?", None, &[Choice { value: "yes", label: promise, hint: None }]))
                }
                (form.send("Ask"))
            }
        }
    }
}
