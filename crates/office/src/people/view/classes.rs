//! In which classes somebody is.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::table::{Column, Table};

use super::{Person, day};
use crate::people::{Group, Member, Membership, Part};
use crate::web::{Content, Fields, Form};

/// In which classes somebody is, and where they are put.
pub(in crate::people) struct ClassesPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) person: &'a Person,
    pub(in crate::people) current: &'a [(Group, Member)],
    pub(in crate::people) classes: &'a [Group],
}

impl Content for ClassesPage<'_> {
    fn title(&self) -> String {
        format!("Classes of {}", self.person.details.name())
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
        let is_pupil = self.person.details.memberships.has(Membership::Pupil);
        let ids: Vec<String> = self.classes.iter().map(|group| group.id.to_string()).collect();
        let mut options = vec![("", "Choose a class")];
        options.extend(ids.iter().zip(self.classes).map(|(id, group)| (id.as_str(), group.name.as_str())));
        let mut parts = vec![("", "Choose")];
        if is_pupil {
            parts.push((Part::Pupil.as_str(), as_what(Part::Pupil)));
        }
        parts.extend([Part::Teacher, Part::Tutor, Part::Assistant].map(|part| (part.as_str(), as_what(part))));
        let memberships = self.person.details.memberships;
        let teaches = memberships.has(Membership::Staff) || memberships.has(Membership::Volunteer);
        html! {
            (BackLink { text: "Back", href: Href::path(&path) })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            @if self.current.is_empty() { p.govuk-body { "In no class of this school year." } } @else { (self.table()) }
            h2.govuk-heading-m { @if is_pupil && !teaches { "Move to a class" } @else { "Put into a class" } }
            form method="post" action={ "/" (path) "/classes" } novalidate {
                (form.word())
                (form.select("class", "Class", Some(if is_pupil && !teaches { "From today. The class before ends yesterday." } else { "From today." }), &options))
                @if teaches || !is_pupil { (form.select("part", "As", None, &parts)) }
                (form.send("Save"))
            }
        }
    }
}

impl ClassesPage<'_> {
    fn table(&self) -> Markup {
        let row = |(group, member): &(Group, Member)| {
            vec![
                html! { (group.name) },
                html! { (as_what(member.part)) },
                html! { (day(member.started)) },
                html! {
                    form method="post" action={ "/people/" (self.person.id) "/classes/end" } {
                        input type="hidden" name="word" value=(self.word);
                        input type="hidden" name="class" value=(group.id);
                        (Button { text: "Take out", weight: Weight::Secondary, action: Action::Send })
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.current.iter().map(row).collect();
        let columns = ["Class", "As", "Since", "Do"].map(|text| Column { text, numeric: false });
        Table { caption: "Today", columns: &columns, rows: &rows }.render()
    }
}

/// What somebody is in a class.
pub(super) const fn as_what(part: Part) -> &'static str {
    match part {
        Part::Pupil => "Pupil",
        Part::Teacher => "Teacher",
        Part::Tutor => "Tutor",
        Part::Assistant => "Assistant",
    }
}
