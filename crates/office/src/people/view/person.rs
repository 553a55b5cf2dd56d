//! One person.

use calendar::Date;
use ids::PersonId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::{Column, Table};

use super::classes::as_what;
use super::{Holding, Person, Role, day};
use crate::people::{Group, Member, Membership, Part, Titles};
use crate::web::{Content, Fields, Form};

/// One person, as far as the reader may see.
pub(in crate::people) struct PersonPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) person: &'a Person,
    pub(in crate::people) today: Date,
    pub(in crate::people) classes: &'a [(Group, Member)],
    pub(in crate::people) teachers: &'a [(PersonId, String)],
    pub(in crate::people) adults: &'a [(PersonId, String)],
    pub(in crate::people) children: &'a [(PersonId, String)],
    pub(in crate::people) sponsor: &'a [(PersonId, String)],
    pub(in crate::people) holdings: &'a [Holding],
    /// Whether the reader may end each of them.
    pub(in crate::people) ends: &'a [bool],
    /// What the reader may give.
    pub(in crate::people) given: &'a [Role],
    pub(in crate::people) may_change: bool,
    pub(in crate::people) sees_contacts: bool,
    pub(in crate::people) sees_history: bool,
    pub(in crate::people) titles: &'a Titles,
    /// What was typed to give a role.
    pub(in crate::people) fields: &'a Fields,
}

impl Content for PersonPage<'_> {
    fn title(&self) -> String {
        self.person.details.name()
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        html! {
            (BackLink { text: "All people", href: Href::path("people") })
            (Form { fields: self.fields, word: self.word }.summary())
            h1.govuk-heading-l { (self.person.details.name()) }
            (self.facts())
            (self.ways())
            @if !self.holdings.is_empty() { (self.roles()) }
            @if !self.given.is_empty() { (self.give()) }
        }
    }
}

impl PersonPage<'_> {
    fn facts(&self) -> Markup {
        let details = &self.person.details;
        let to = |what: &str| Some(Href::path(&format!("people/{}/{what}", self.person.id))).filter(|_| self.may_change);
        let mut rows = vec![Row { key: "Is", value: html! { (details.memberships) }, change: to("change") }];
        let mut fact = |key: &'static str, value: Markup, is_there: bool, change: Option<Href>| {
            if is_there {
                rows.push(Row { key, value, change });
            }
        };
        let year = details.year.map(|year| year.to_string());
        fact("Year group", html! { @if let Some(year) = &year { (year) } }, year.is_some(), to("change"));
        let has_class = !self.classes.is_empty() || (self.may_change && details.memberships.has(Membership::Pupil));
        fact("Classes", self.in_classes(), has_class, to("classes"));
        fact("Class teachers", people(self.teachers), !self.teachers.is_empty(), None);
        let contacts = || Some(Href::path(&format!("people/{}/contacts", self.person.id))).filter(|_| self.sees_contacts);
        fact("Responsible adults", people(self.adults), !self.adults.is_empty(), contacts());
        fact("Answers for", people(self.children), !self.children.is_empty(), None);
        fact("Who answers for them", people(self.sponsor), !self.sponsor.is_empty(), to("change"));
        let email = details.email.as_ref().filter(|_| self.sees_contacts).map(ToString::to_string);
        fact("Mail address", html! { @if let Some(email) = &email { (email) } }, email.is_some(), to("change"));
        let language = details.language.as_ref().map(ToString::to_string);
        fact("Language at home", html! { @if let Some(language) = &language { (language) } }, language.is_some(), to("change"));
        fact("Here since", html! { (day(self.person.started)) }, true, None);
        let ended = self.person.ended;
        fact("Last day", html! { @if let Some(ended) = ended { (day(ended)) } }, ended.is_some(), to("end"));
        SummaryList { rows: &rows }.render()
    }

    fn in_classes(&self) -> Markup {
        html! {
            @if self.classes.is_empty() { "None yet" }
            @for (at, (group, member)) in self.classes.iter().enumerate() {
                @if at > 0 { ", " }
                (group.name)
                @if member.part != Part::Pupil { " (" (as_what(member.part)) ")" }
            }
        }
    }

    /// What else can be done here.
    fn ways(&self) -> Markup {
        let path = format!("/people/{}", self.person.id);
        let memberships = self.person.details.memberships;
        let has_family = memberships.has(Membership::Pupil) || memberships.has(Membership::Parent);
        let teaches = memberships.has(Membership::Staff) || memberships.has(Membership::Volunteer);
        let has_left = self.person.ended.is_some_and(|ended| ended < self.today);
        if !self.may_change && !self.sees_contacts && !self.sees_history {
            return html! {};
        }
        html! {
            ul.govuk-list.sg-actions {
                @if self.may_change {
                    li { a.govuk-link href={ (path) "/change" } { "Change details" } }
                    @if teaches { li { a.govuk-link href={ (path) "/classes" } { "Classes that they teach or help in" } } }
                }
                @if self.sees_contacts {
                    li { a.govuk-link href={ (path) "/contacts" } { @if has_family { "Family and contacts" } @else { "Telephone and address" } } }
                }
                @if self.sees_history { li { a.govuk-link href={ (path) "/history" } { "What was changed, and by whom" } } }
                @if self.may_change {
                    li { a.govuk-link href={ (path) "/end" } { @if has_left { "They come back" } @else { "They leave" } } }
                }
            }
        }
    }

    fn roles(&self) -> Markup {
        let cell = |(holding, ends): (&Holding, &bool)| {
            vec![
                html! { (self.titles.of(holding.role)) },
                html! { @if let Some(authority) = &holding.authority { (authority) } },
                html! { (day(holding.started)) },
                html! { @match holding.ended { Some(ended) if ended < holding.started => "Taken back", Some(ended) => (day(ended)), None => "No end set" } },
                html! {
                    @if *ends {
                        form method="post" action={ "/people/" (self.person.id) "/role/end" } {
                            input type="hidden" name="word" value=(self.word);
                            input type="hidden" name="holding" value=(holding.id);
                            (Button { text: "End this role", weight: Weight::Secondary, action: Action::Send })
                        }
                    } @else if !holding.holds(self.today) { "Ended" }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.holdings.iter().zip(self.ends).map(cell).collect();
        let columns = ["Role", "By what", "From", "Until", "Do"].map(|text| Column { text, numeric: false });
        Table { caption: "Roles", columns: &columns, rows: &rows }.render()
    }

    fn give(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let mut options = vec![("", "Choose a role")];
        options.extend(self.given.iter().map(|role| (role.as_str(), self.titles.of(*role))));
        html! {
            h2.govuk-heading-m { "Give a role" }
            form method="post" action={ "/people/" (self.person.id) "/role" } novalidate {
                (form.word())
                (form.select("role", "Role", Some("From today."), &options))
                (form.day("until", "Until", Some("If it is for a term. Without it, until somebody ends it.")))
                (form.text("authority", "By what", Some("Such as the minute of the governors’ meeting.")))
                (form.send("Give this role"))
            }
        }
    }
}

fn people(people: &[(PersonId, String)]) -> Markup {
    html! {
        ul.govuk-list {
            @for (id, name) in people { li { a.govuk-link href={ "/people/" (id) } { (name) } } }
        }
    }
}
