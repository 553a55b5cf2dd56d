//! The forms by which a person is added, changed, ended.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::notification::{Kind, Notification};
use ui::components::radios::Choice;
use ui::components::text_input;

use super::{Person, day, options, years};
use crate::people::{Group, Membership};
use crate::web::{Content, Fields, Form};

/// Somebody new, or somebody who is changed.
pub(in crate::people) struct EditPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    /// Whom it is about; nobody: somebody new.
    pub(in crate::people) of: Option<&'a Person>,
    /// Where somebody new may be put.
    pub(in crate::people) classes: &'a [Group],
    /// What somebody else changed while this was typed.
    pub(in crate::people) meanwhile: &'a [String],
}

/// Somebody leaves, or comes back.
pub(in crate::people) struct EndPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) person: &'a Person,
    pub(in crate::people) today: Date,
}

impl Content for EditPage<'_> {
    fn title(&self) -> String {
        self.of.map_or_else(|| "Add a person".to_owned(), |person| format!("Change {}", person.details.name()))
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let (back, path) = match self.of {
            None => ("people".to_owned(), "/people/new".to_owned()),
            Some(person) => (format!("people/{}", person.id), format!("/people/{}/change", person.id)),
        };
        html! {
            (BackLink { text: "Back", href: Href::path(&back) })
            (form.summary())
            @if !self.meanwhile.is_empty() { (self.overtaken()) }
            h1.govuk-heading-l { (self.title()) }
            form method="post" action=(path) novalidate {
                (form.word())
                @if self.of.is_some() { (form.hidden("version")) (form.hidden("seen")) }
                (self.inside(form))
                (form.send(if self.of.is_some() { "Save" } else { "Add this person" }))
            }
        }
    }
}

impl EditPage<'_> {
    fn overtaken(&self) -> Markup {
        let heading = "Somebody else changed this person while you did. Nothing of yours is saved yet.";
        let text = "What they changed stands below, and in the form where you had not changed it. Look at it, then save.";
        html! {
            (Notification { id: "overtaken", kind: Kind::Important, heading, text: Some(text) })
            ul.govuk-list.govuk-list--bullet { @for change in self.meanwhile { li { (change) } } }
        }
    }

    fn inside(&self, form: Form<'_>) -> Markup {
        let kinds = Membership::ALL.map(|membership| (membership.as_str(), said(membership)));
        let choices = kinds.map(|(value, (label, hint))| Choice { value, label, hint });
        let years = years();
        html! {
            (form.text("given", "First name", Some("As in the register.")))
            (form.text("family", "Family name", None))
            (form.text("known_as", "Known as", Some("If they are called otherwise than by the first name.")))
            (form.boxes("is", "What are they to the school?", Some("Tick all that are so."), &choices))
            (form.select("year", "Year group", Some("Of a pupil. It decides what the filter opens."), &options(Some("None"), &years)))
            @if self.of.is_none() { (self.place(form)) }
            (form.line("email", "Mail address", None, text_input::Kind::Email))
            (form.text("language", "Language at home", Some("If letters in English would not be understood.")))
            (form.text("sponsor", "Who answers for them", Some("For a contractor or a visitor: first name and family name of somebody of the staff.")))
        }
    }

    /// What is asked of somebody new only.
    fn place(&self, form: Form<'_>) -> Markup {
        let ids: Vec<String> = self.classes.iter().map(|group| group.id.to_string()).collect();
        let mut options = vec![("", "None yet")];
        options.extend(ids.iter().zip(self.classes).map(|(id, group)| (id.as_str(), group.name.as_str())));
        html! {
            (form.select("class", "Class", Some("Of a pupil. Who teaches is put into classes afterwards."), &options))
            (form.day("started", "First day here", None))
            (form.day("ended", "Last day here", Some("If it is known already. Accounts are closed from the day after.")))
            @if form.fields.error("another").is_some() {
                (form.boxes("another", "Is this another person?", None, &[Choice { value: "yes", label: "Yes, another person of the same name", hint: None }]))
            }
        }
    }
}

impl Content for EndPage<'_> {
    fn title(&self) -> String {
        let name = self.person.details.name();
        if self.has_left() { format!("{name} comes back") } else { format!("{name} leaves") }
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let path = format!("people/{}", self.person.id);
        html! {
            (BackLink { text: "Back", href: Href::path(&path) })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            @if self.has_left() {
                @if let Some(ended) = self.person.ended { p.govuk-body { "The last day was " (day(ended)) "." } }
                p.govuk-body { "They come back to no role: what they held has ended, and whoever may give a role gives it anew." }
                form method="post" action={ "/" (path) "/return" } novalidate {
                    (form.word()) (form.hidden("version"))
                    (form.day("on", "First day back", None))
                    (form.send("Bring them back"))
                }
            } @else {
                p.govuk-body { "Nothing is deleted. From the day after the last one every account of theirs is closed, and every role has ended." }
                form method="post" action={ "/" (path) "/end" } novalidate {
                    (form.word()) (form.hidden("version"))
                    (form.day("on", "Last day here", Some("For example, 20 7 2027")))
                    (form.text("why", "Why", Some("Such as: moved to another school. It is kept sealed with the change.")))
                    (form.send("End on this day"))
                }
            }
        }
    }
}

impl EndPage<'_> {
    fn has_left(&self) -> bool {
        self.person.ended.is_some_and(|ended| ended < self.today)
    }
}

/// What a membership is called in a form, and what it means where that is not plain.
const fn said(membership: Membership) -> (&'static str, Option<&'static str>) {
    match membership {
        Membership::Staff => ("Staff", Some("Employed here.")),
        Membership::Pupil => ("Pupil", None),
        Membership::Governor => ("Governor", None),
        Membership::Parent => ("Parent or carer", Some("An adult who answers for a pupil.")),
        Membership::Volunteer => ("Volunteer", Some("Helps without pay.")),
        Membership::Contractor => ("Contractor", Some("Works here and is employed elsewhere.")),
        Membership::Visitor => ("Visitor", Some("Is here for a day or two.")),
    }
}
