//! Who answers for what, and what things are called here.

use ids::PersonId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};
use ui::components::text_input;

use crate::people::pages::is_given;
use crate::people::{Role, Row, Titles};
use crate::web::{Content, Fields, Form};

/// Who answers for what.
pub(in crate::people) struct DutiesPage<'a> {
    pub(in crate::people) rows: &'a [Row],
    pub(in crate::people) names: &'a [(PersonId, String)],
    pub(in crate::people) may_change: bool,
    pub(in crate::people) titles: &'a Titles,
}

/// A duty, to be given to other roles.
pub(in crate::people) struct DutyPage<'a> {
    pub(in crate::people) titles: &'a Titles,
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) row: &'a Row,
}

/// What roles and terms are called here.
pub(in crate::people) struct NamesPage<'a> {
    pub(in crate::people) rows: &'a [NameRow],
}

/// A role or a term.
pub(in crate::people) struct NameRow {
    pub(in crate::people) word: &'static str,
    pub(in crate::people) usual: String,
    pub(in crate::people) own: Option<String>,
    /// How many must hold it, of a role that is given.
    pub(in crate::people) least: Option<u8>,
}

/// One of them, to be changed.
pub(in crate::people) struct NamePage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) row: &'a NameRow,
}

const fn column(text: &str) -> Column<'_> {
    Column { text, numeric: false }
}

impl Content for DutiesPage<'_> {
    fn title(&self) -> String {
        "Duties".to_owned()
    }

    fn place(&self) -> &'static str {
        "/duties"
    }

    fn content(&self) -> Markup {
        let unowned = self.rows.iter().filter(|row| !row.vacant().is_empty()).count();
        html! {
            h1.govuk-heading-l { "Duties" }
            p.govuk-body-l { "What the policy promises, and who sees to it today." }
            @if unowned == 0 { p.govuk-body { "Every duty has somebody in each of its roles." } }
            @else { p.govuk-body { (unowned) " of " (self.rows.len()) " duties are not fully owned. " (Tag { text: "Put right", mood: Mood::Bad }) } }
            (self.table())
            @if self.may_change { p.govuk-body.sg-no-print { a.govuk-link href="/names" { "What roles are called here, and how many must hold one" } } }
        }
    }
}

impl DutiesPage<'_> {
    fn table(&self) -> Markup {
        let row = |row: &Row| {
            vec![
                html! {
                    @if self.may_change { a.govuk-link href={ "/duties/" (row.duty.word) } { (row.duty.title) } } @else { (row.duty.title) }
                },
                self.holders(row, row.roles.accountable),
                self.holders(row, row.roles.lead),
                self.holders(row, row.roles.day_to_day),
                html! { (row.duty.clauses.join(", ")) },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(row).collect();
        let columns = ["Duty", "Answers for it", "Leads it", "Does it from day to day", "Clauses"].map(column);
        Table { caption: "Who sees to what", columns: &columns, rows: &rows }.render()
    }

    fn holders(&self, row: &Row, role: Role) -> Markup {
        let mut holders: Vec<&str> = row
            .holders
            .iter()
            .filter(|holding| holding.role == role)
            .filter_map(|holding| self.names.iter().find(|(id, _)| *id == holding.person).map(|(_, name)| name.as_str()))
            .collect();
        holders.sort_unstable();
        holders.dedup();
        html! {
            (self.titles.of(role)) ": "
            @if holders.is_empty() { (Tag { text: "Nobody", mood: Mood::Bad }) } @else { (holders.join(", ")) }
        }
    }
}

impl Content for DutyPage<'_> {
    fn title(&self) -> String {
        self.row.duty.title.to_owned()
    }

    fn place(&self) -> &'static str {
        "/duties"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let roles: Vec<(&str, &str)> =
            Role::ALL.iter().filter(|role| is_given(**role)).map(|role| (role.as_str(), self.titles.of(*role))).collect();
        html! {
            (BackLink { text: "All duties", href: Href::path("duties") })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { "Promised in " (self.row.duty.clauses.join(", ")) "." }
            form method="post" action={ "/duties/" (self.row.duty.word) } novalidate {
                (form.word()) (form.hidden("seen"))
                (form.select("accountable", "Answers for it in the end", None, &roles))
                (form.select("lead", "Leads it", None, &roles))
                (form.select("day_to_day", "Does it from day to day", None, &roles))
                (form.send("Save"))
            }
        }
    }
}

impl Content for NamesPage<'_> {
    fn title(&self) -> String {
        "What things are called here".to_owned()
    }

    fn place(&self) -> &'static str {
        "/duties"
    }

    fn content(&self) -> Markup {
        let row = |row: &NameRow| {
            vec![
                html! { a.govuk-link href={ "/names/" (row.word) } { (row.usual) } },
                html! { @match &row.own { Some(own) => (own), None => "As usual" } },
                html! { @if let Some(least) = row.least { (least) } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(row).collect();
        let columns = [column("Usual name"), column("Called here"), Column { text: "How many must hold it", numeric: true }];
        html! {
            (BackLink { text: "All duties", href: Href::path("duties") })
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body-l { "Your school’s own names for roles and terms, and how many people must hold each role. A role with fewer is shown in red." }
            (Table { caption: "Roles and terms", columns: &columns, rows: &rows })
        }
    }
}

impl Content for NamePage<'_> {
    fn title(&self) -> String {
        format!("What “{}” is called here", self.row.usual)
    }

    fn place(&self) -> &'static str {
        "/duties"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        html! {
            (BackLink { text: "All names", href: Href::path("names") })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            form method="post" action={ "/names/" (self.row.word) } novalidate {
                (form.word()) (form.hidden("seen"))
                (form.text("own", "Called here", Some("Leave it empty for the usual name.")))
                @if self.row.least.is_some() {
                    (form.line("least", "How many people must hold it", Some("0 where it may be vacant."), text_input::Kind::Number))
                }
                (form.send("Save"))
            }
        }
    }
}
