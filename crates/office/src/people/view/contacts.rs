//! Who answers for a child, and how people are reached.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::notification::{Kind, Notification};
use ui::components::summary_list::{Row, SummaryList};
use ui::components::tag::{Mood, Tag};
use ui::components::text_area::TextArea;
use ui::components::text_input::{self, TextInput};

use super::Person;
use super::adult::{bond, kin};
use crate::people::{Care, Held, Membership, Relation};
use crate::web::{Content, Fields, Form};

/// What few may see about a person: how they are reached, and who answers for them.
pub(in crate::people) struct ContactsPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) person: &'a Person,
    /// Whether protected text can be read.
    pub(in crate::people) is_open: bool,
    pub(in crate::people) has_keys: bool,
    pub(in crate::people) may_change: bool,
    pub(in crate::people) phone: Option<String>,
    pub(in crate::people) homes: &'a [HomeRow],
    pub(in crate::people) adults: &'a [AdultRow],
    pub(in crate::people) children: &'a [ChildRow],
}

/// Where somebody lives.
pub(in crate::people) struct HomeRow {
    pub(in crate::people) household: String,
    pub(in crate::people) others: Vec<String>,
    pub(in crate::people) address: Option<String>,
    pub(in crate::people) version: i64,
}

/// An adult who answers for a child.
pub(in crate::people) struct AdultRow {
    pub(in crate::people) name: String,
    pub(in crate::people) relation: Relation,
    pub(in crate::people) phone: Option<String>,
    pub(in crate::people) care: Care,
}

/// A child for whom an adult answers.
pub(in crate::people) struct ChildRow {
    pub(in crate::people) name: String,
    pub(in crate::people) relation: Relation,
}

/// An adult and a child, to be changed.
pub(in crate::people) struct ContactPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) child: &'a Person,
    pub(in crate::people) adult: &'a str,
    pub(in crate::people) relation: &'a Relation,
}

impl Content for ContactsPage<'_> {
    fn title(&self) -> String {
        format!("Family and contacts of {}", self.person.details.name())
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn content(&self) -> Markup {
        let is_pupil = self.person.details.memberships.has(Membership::Pupil);
        html! {
            (BackLink { text: "Back", href: Href::path(&format!("people/{}", self.person.id)) })
            @if !self.is_open { (self.locked()) }
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { "Few may see this page. Each look at it is recorded." }
            @if is_pupil { (self.answering()) }
            @if !self.children.is_empty() { (self.answered_for()) }
            (self.reached())
        }
    }
}

impl ContactsPage<'_> {
    fn locked(&self) -> Markup {
        let (heading, text) = if self.has_keys {
            (
                "Telephone numbers, addresses and what is to be heeded are locked.",
                "A holder of a key unlocks them with “schoolgate keys unlock”. Until then they cannot be read or changed.",
            )
        } else {
            (
                "No keys were made yet, so nothing that must be protected can be kept.",
                "Whoever looks after the machine makes them with “schoolgate keys init”.",
            )
        };
        Notification { id: "locked", kind: Kind::Important, heading, text: Some(text) }.render()
    }

    fn answering(&self) -> Markup {
        let path = format!("people/{}/contacts", self.person.id);
        html! {
            h2.govuk-heading-m { "Who answers for " (self.person.details.name()) }
            @if self.adults.is_empty() { p.govuk-body { "Nobody is known yet. " (Tag { text: "Put right", mood: Mood::Bad }) } }
            @for row in self.adults { (self.adult(row, &path)) }
            @if self.may_change {
                (Button { text: "Add an adult", weight: Weight::Secondary, action: Action::Go(Href::path(&format!("{path}/new"))) })
            }
        }
    }

    fn adult(&self, row: &AdultRow, path: &str) -> Markup {
        let (relation, care) = (&row.relation, &row.care);
        let yes = |held| if held == Held::Yes { "Yes" } else { "No" };
        let mut rows = vec![
            Row { key: "Is", value: html! { (kin(relation.bond.kinship)) }, change: None },
            Row { key: "Parental responsibility", value: html! { (yes(relation.bond.responsibility)) }, change: None },
            Row { key: "Child lives with them", value: html! { (yes(relation.bond.lives_with)) }, change: None },
            Row { key: "Messages", value: messages(relation, care), change: None },
        ];
        let phone = row.phone.as_ref();
        rows.extend(phone.map(|phone| Row { key: "Telephone", value: html! { (phone) }, change: None }));
        let heed =
            [("Court order", &care.court_order), ("Do not contact", &care.do_not_contact), ("Address withheld", &care.address_withheld)];
        for (key, text) in heed.into_iter().filter(|(_, text)| !text.is_empty()) {
            rows.push(Row { key, value: html! { (Tag { text: "Heed", mood: Mood::Bad }) " " (text) }, change: None });
        }
        let own = format!("/{path}/{}", relation.adult);
        html! {
            h3.govuk-heading-s { a.govuk-link href={ "/people/" (relation.adult) } { (row.name) } }
            (SummaryList { rows: &rows })
            @if self.may_change && self.is_open {
                div.sg-actions {
                    a.govuk-link href=(own) { "Change" span.govuk-visually-hidden { " " (row.name) } }
                    @if relation.may_message == Held::No && care.do_not_contact.is_empty() {
                        form method="post" action={ (own) "/confirm" } {
                            input type="hidden" name="word" value=(self.word);
                            input type="hidden" name="version" value=(relation.version);
                            button.govuk-button.govuk-button--secondary type="submit" {
                                "This contact is right" span.govuk-visually-hidden { ": " (row.name) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn answered_for(&self) -> Markup {
        let row = |row: &ChildRow| {
            let responsible = if row.relation.bond.responsibility == Held::Yes {
                "with parental responsibility"
            } else {
                "without parental responsibility"
            };
            html! { a.govuk-link href={ "/people/" (row.relation.child) "/contacts" } { (row.name) } ", as " (kin(row.relation.bond.kinship).to_lowercase()) ", " (responsible) }
        };
        html! {
            h2.govuk-heading-m { "Answers for" }
            ul.govuk-list { @for child in self.children { li { (row(child)) } } }
        }
    }

    fn reached(&self) -> Markup {
        let path = format!("/people/{}", self.person.id);
        let may_write = self.may_change && self.is_open;
        let phone = self.phone.as_deref().unwrap_or_default();
        html! {
            h2.govuk-heading-m { "Telephone" }
            @if may_write {
                form method="post" action={ (path) "/phone" } novalidate {
                    input type="hidden" name="word" value=(self.word);
                    input type="hidden" name="version" value=(self.person.version);
                    (TextInput { name: "phone", label: "Telephone number", hint: None, error: None, value: phone, kind: text_input::Kind::Text, autocomplete: None })
                    (Button { text: "Save the number", weight: Weight::Secondary, action: Action::Send })
                }
            } @else { p.govuk-body { @if phone.is_empty() { (self.unknown()) } @else { (phone) } } }
            h2.govuk-heading-m { @if self.homes.len() > 1 { "Homes" } @else { "Home" } }
            @if self.homes.is_empty() { (self.home(0, None)) }
            @for (number, home) in self.homes.iter().enumerate() { (self.home(number, Some(home))) }
        }
    }

    fn unknown(&self) -> &'static str {
        if self.is_open { "Not known" } else { "Locked" }
    }

    fn home(&self, number: usize, home: Option<&HomeRow>) -> Markup {
        let address = home.and_then(|home| home.address.as_deref()).unwrap_or_default();
        let name = format!("address-{number}");
        html! {
            @if let Some(home) = home {
                @if !home.others.is_empty() { p.govuk-body { "With " (home.others.join(", ")) } }
            }
            @if self.may_change && self.is_open {
                form method="post" action={ "/people/" (self.person.id) "/home" } novalidate {
                    input type="hidden" name="word" value=(self.word);
                    input type="hidden" name="household" value=(home.map(|home| home.household.as_str()).unwrap_or_default());
                    input type="hidden" name="version" value=(home.map_or(0, |home| home.version));
                    input type="hidden" name="number" value=(number);
                    (AddressArea { id: &name, value: address })
                    (Button { text: "Save the address", weight: Weight::Secondary, action: Action::Send })
                }
            } @else { p.govuk-body { @if address.is_empty() { (self.unknown()) } @else { (address) } } }
        }
    }
}

/// The field of an address: several may stand on a page, each in a form of its own.
struct AddressArea<'a> {
    id: &'a str,
    value: &'a str,
}

impl Render for AddressArea<'_> {
    fn render(&self) -> Markup {
        TextArea {
            name: self.id,
            label: "Address",
            hint: Some("It is kept sealed."),
            error: None,
            value: self.value,
            rows: 3,
            language: None,
        }
        .render()
    }
}

impl Content for ContactPage<'_> {
    fn title(&self) -> String {
        format!("{} and {}", self.adult, self.child.details.name())
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
        html! {
            (BackLink { text: "Back", href: Href::path(&path) })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            form method="post" action={ "/" (path) "/" (self.relation.adult) } novalidate {
                (form.word()) (form.hidden("version"))
                (bond(form))
                h2.govuk-heading-m { "What is to be heeded" }
                p.govuk-body { "Kept sealed. Leave empty what is not so." }
                (form.area("court_order", "Court order", Some("What a court has ordered about this adult and this child.")))
                (form.area("do_not_contact", "Do not contact", Some("Why this adult must not be contacted. No message leaves while something stands here.")))
                (form.area("address_withheld", "Address withheld", Some("Why this adult must not learn where the child lives.")))
                (form.send("Save"))
            }
            h2.govuk-heading-m { "No longer" }
            p.govuk-body {
                a.govuk-link href={ "/" (path) "/" (self.relation.adult) "/end" } { "This adult answers for the child no longer" }
            }
        }
    }
}

fn messages(relation: &Relation, care: &Care) -> Markup {
    html! {
        @if relation.may_message == Held::Yes { (Tag { text: "Confirmed", mood: Mood::Good }) " Messages about the child may go to them." }
        @else if !care.do_not_contact.is_empty() { (Tag { text: "None", mood: Mood::Bad }) " They must not be contacted." }
        @else { (Tag { text: "Not confirmed", mood: Mood::Soon }) " Nothing leaves before somebody has made sure." }
    }
}
