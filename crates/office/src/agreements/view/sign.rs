//! A text with the place to sign.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::radios::Choice;

use super::{day, tag, title};
use crate::agreements::Standing;
use crate::document::{Document, Shown};
use crate::people::Person;
use crate::policies::{Languages, Offer, Version};
use crate::web::{Content, Fields, Form};

/// A text with the place to sign.
pub(in crate::agreements) struct SignPage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) version: &'a Version,
    pub(in crate::agreements) document: &'a Document,
    /// In which languages there is one, and in which one it is.
    pub(in crate::agreements) offer: &'a Offer,
    pub(in crate::agreements) person: &'a Person,
    /// Whether an adult helps a child to make its own mark.
    pub(in crate::agreements) is_helped: bool,
    pub(in crate::agreements) is_own: bool,
    /// As it is printed beside the name.
    pub(in crate::agreements) role: &'static str,
    pub(in crate::agreements) standing: Option<Standing>,
    /// Whether they may ask about it.
    pub(in crate::agreements) may_ask: bool,
    pub(in crate::agreements) fields: &'a Fields,
}

impl Content for SignPage<'_> {
    fn title(&self) -> String {
        // The title of a window has no language of its own.
        if self.offer.shown.is_some() { title(&self.version.policy).to_owned() } else { self.document.title.clone() }
    }

    fn place(&self) -> &'static str {
        "/my/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let path = format!("my/agreements/{}/{}", self.version.policy, self.person.id);
        let is_signed = matches!(self.standing, Some(Standing::Signed { .. }));
        html! {
            (form.summary())
            (BackLink { text: "My agreements", href: Href::path("my/agreements") })
            (Languages { offer: self.offer, path: &path, more: "" })
            (Shown { document: self.document, with_clauses: false, language: self.offer.language() })
            @if self.may_ask { p.govuk-body { a.govuk-link href=(Href::path(&format!("questions?policy={}", self.version.policy))) { "Ask what something in it means" } } }
            h2.govuk-heading-m id="sign" { (self.heading()) }
            @if let Some(Standing::Signed { on }) = self.standing { p.govuk-body { (tag(Standing::Signed { on })) " It was signed on " (day(on)) "." } }
            form method="post" action=(Href::path(&path)) novalidate {
                (form.word())
                input type="hidden" name="version" value=(self.version.id);
                // Which text was read: kept with the answer, and refused where it is not the one that is shown now.
                @if let Some(translation) = &self.offer.shown { input type="hidden" name="translation" value=(translation.id); }
                @if is_signed {
                    (form.hidden("name"))
                    p.govuk-body { "You can take your signature back. From then on the school treats it as if it was never given." }
                    (Button { text: "Take it back", weight: Weight::Warning, action: Action::SendAs { name: "answer", value: "back" } })
                } @else {
                    (form.boxes("read", self.question(), None, &[Choice { value: "yes", label: self.statement(), hint: None }]))
                    (form.text("name", if self.is_helped { "The child’s full name, or the name they write" } else { "Your full name" }, None))
                    p.govuk-body { "Signed as " strong { (self.role) } " of version " (self.version.number)
                        @if let Some(language) = self.offer.language() { ", read in " (language.english) }
                        ", today. This is an agreement on rules. It gives nobody leave to use your data or pictures; the school asks for that apart." }
                    div.sg-actions {
                        (Button { text: "I agree and sign", weight: Weight::Main, action: Action::SendAs { name: "answer", value: "yes" } })
                        (Button { text: "I do not agree", weight: Weight::Secondary, action: Action::SendAs { name: "answer", value: "no" } })
                    }
                }
            }
        }
    }
}

impl SignPage<'_> {
    fn heading(&self) -> String {
        let name = self.person.details.name();
        match (self.is_own, self.is_helped) {
            (true, false) => "Sign".to_owned(),
            (true, true) => format!("{name} signs, with your help"),
            (false, _) => format!("Sign for {name}"),
        }
    }

    const fn question(&self) -> &'static str {
        if self.is_helped { "Have you read it together?" } else { "Have you read it?" }
    }

    const fn statement(&self) -> &'static str {
        if self.is_helped { "We have read it together, and the child knows what it means" } else { "I have read it and understood it" }
    }
}
