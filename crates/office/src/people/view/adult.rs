//! One more adult for a child, and one less.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::radios::Choice;
use ui::components::text_input;

use super::Person;
use crate::people::{Kinship, Relation};
use crate::web::{Content, Fields, Form};

/// One more adult for a child.
pub(in crate::people) struct NewContactPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) child: &'a Person,
    /// Who has the name already.
    pub(in crate::people) called: &'a [Namesake],
}

/// Somebody who has the name that was typed, and what tells them from others of that name.
pub(in crate::people) struct Namesake {
    id: String,
    name: String,
    detail: String,
}

/// An adult is to answer for a child no longer.
pub(in crate::people) struct EndContactPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) child: &'a Person,
    pub(in crate::people) adult: &'a str,
    pub(in crate::people) relation: &'a Relation,
}

// === impl Namesake ===

impl Namesake {
    /// Of a person, with the names of those for whom they answer.
    pub(in crate::people) fn of(person: &Person, children: &[String]) -> Self {
        let details = &person.details;
        let mut parts = vec![details.memberships.to_string()];
        parts.extend(details.email.as_ref().map(ToString::to_string));
        parts.extend((!children.is_empty()).then(|| format!("answers for {}", children.join(", "))));
        Self { id: person.id.to_string(), name: details.name(), detail: parts.join("; ") }
    }
}

impl Content for NewContactPage<'_> {
    fn title(&self) -> String {
        format!("Add an adult for {}", self.child.details.name())
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let path = format!("people/{}/contacts", self.child.id);
        let known = self.called.iter().map(|known| Choice { value: &known.id, label: &known.name, hint: Some(&known.detail) });
        let who: Vec<Choice<'_>> = known.chain([Choice { value: "new", label: "Somebody new", hint: None }]).collect();
        html! {
            (BackLink { text: "Back", href: Href::path(&path) })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { "No message goes to the adult before somebody has made sure that the contact is right." }
            form method="post" action={ "/" (path) "/new" } novalidate {
                (form.word())
                (form.text("given", "First name", Some("Of the adult.")))
                (form.text("family", "Family name", None))
                (form.line("email", "Mail address", Some("Of the adult. It tells one person from another of the same name."), text_input::Kind::Email))
                @if self.fields.error("who").is_some() { (form.radios("who", "Who is it?", None, &who)) }
                (bond(form))
                (form.send("Add"))
            }
        }
    }
}

impl Content for EndContactPage<'_> {
    fn title(&self) -> String {
        format!("{} answers for {} no longer", self.adult, self.child.details.name())
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let path = format!("people/{}/contacts/{}", self.child.id, self.relation.adult);
        html! {
            (BackLink { text: "Back", href: Href::path(&path) })
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { "From now on they see nothing of the child, sign nothing for it, and no message about it goes to them. What was so stays in the records." }
            form method="post" action={ "/" (path) "/end" } {
                (form.word()) (form.hidden("version"))
                (Button { text: "They answer for the child no longer", weight: Weight::Warning, action: Action::Send })
            }
        }
    }
}

/// What is between an adult and a child.
pub(super) fn bond(form: Form<'_>) -> Markup {
    let kinds = [Kinship::Parent, Kinship::Guardian, Kinship::Carer, Kinship::Relative, Kinship::Other];
    let mut options = vec![("", "Choose")];
    options.extend(kinds.map(|kinship| (kinship.as_str(), kin(kinship))));
    let choices = [Choice { value: "yes", label: "Yes", hint: None }, Choice { value: "no", label: "No, or not known", hint: None }];
    html! {
        (form.select("kinship", "What the adult is to the child", None, &options))
        (form.radios("responsibility", "Parental responsibility?", Some("By law: who has it may sign for the child."), &choices))
        (form.radios("lives_with", "Does the child live with this adult?", None, &choices))
    }
}

pub(super) const fn kin(kinship: Kinship) -> &'static str {
    match kinship {
        Kinship::Parent => "Parent",
        Kinship::Guardian => "Guardian",
        Kinship::Carer => "Carer",
        Kinship::Relative => "Relative",
        Kinship::Other => "Somebody else",
    }
}
