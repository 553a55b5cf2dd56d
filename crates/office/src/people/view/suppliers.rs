//! The register of suppliers.

use calendar::Date;
use ids::PersonId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::day;
use crate::people::Supplier;
use crate::web::{Content, Fields, Form};

/// All suppliers.
pub(in crate::people) struct SuppliersPage<'a> {
    pub(in crate::people) suppliers: &'a [Supplier],
    pub(in crate::people) owners: &'a [(PersonId, String)],
    pub(in crate::people) today: Date,
    pub(in crate::people) may_change: bool,
}

/// One of them, or a new one.
pub(in crate::people) struct SupplierPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) of: Option<&'a Supplier>,
}

impl Content for SuppliersPage<'_> {
    fn title(&self) -> String {
        "Suppliers".to_owned()
    }

    fn place(&self) -> &'static str {
        "/suppliers"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Suppliers" }
            p.govuk-body-l { "Who provides IT and other services, what each has accepted, and when that is looked at again." }
            @if self.may_change {
                div.sg-actions { (Button { text: "Add a supplier", weight: Weight::Secondary, action: Action::Go(Href::path("suppliers/new")) }) }
            }
            @if self.suppliers.is_empty() {
                (EmptyState { title: "There are no suppliers yet", text: "Whoever supports the school’s IT belongs here first.", action: None })
            } @else {
                (self.table())
                p.govuk-body.sg-no-print {
                    "All as a table for spreadsheets: "
                    a.govuk-link href="/suppliers.csv" { "CSV" } " or " a.govuk-link href="/suppliers.xlsx" { "Excel (XLSX)" }
                }
            }
        }
    }
}

impl SuppliersPage<'_> {
    fn table(&self) -> Markup {
        let row = |supplier: &Supplier| {
            let details = &supplier.details;
            let owner = self.owners.iter().find(|(id, _)| Some(*id) == details.owner).map(|(_, name)| name.as_str());
            vec![
                html! {
                    @if self.may_change { a.govuk-link href={ "/suppliers/" (supplier.id) } { (details.name) } } @else { (details.name) }
                },
                html! { (details.services) },
                html! { @if let Some(contact) = &details.contact { (contact) } },
                html! { @if let (Some(policy), Some(accepted)) = (&details.policy, details.accepted) { (policy) ", on " (day(accepted)) } },
                html! { @if let Some(review) = details.review { (day(review)) } },
                html! { @if let Some(owner) = owner { (owner) } },
                self.stands(supplier),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.suppliers.iter().map(row).collect();
        let columns = ["Supplier", "Provides", "Contact", "Has accepted", "Looked at again", "Answers for it", "Stands"];
        let columns = columns.map(|text| Column { text, numeric: false });
        Table { caption: "Suppliers", columns: &columns, rows: &rows }.render()
    }

    fn stands(&self, supplier: &Supplier) -> Markup {
        let wants = supplier.wants(self.today);
        html! {
            @if !supplier.serves(self.today) { (Tag { text: "Ended", mood: Mood::Plain }) }
            @else if wants.is_empty() { (Tag { text: "In order", mood: Mood::Good }) }
            @else { (Tag { text: "Put right", mood: Mood::Bad }) " " (wants.join("; ")) }
        }
    }
}

impl Content for SupplierPage<'_> {
    fn title(&self) -> String {
        self.of.map_or_else(|| "Add a supplier".to_owned(), |supplier| supplier.details.name.to_string())
    }

    fn place(&self) -> &'static str {
        "/suppliers"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let path = self.of.map_or_else(|| "/suppliers/new".to_owned(), |supplier| format!("/suppliers/{}", supplier.id));
        html! {
            (BackLink { text: "All suppliers", href: Href::path("suppliers") })
            (form.summary())
            h1.govuk-heading-l { (self.title()) }
            form method="post" action=(path) novalidate {
                (form.word())
                @if self.of.is_some() { (form.hidden("version")) }
                (form.text("name", "What it is called", None))
                (form.text("services", "What it provides", Some("Such as: IT support, filtering.")))
                (form.text("contact", "How it is reached", Some("A mail address or a telephone number.")))
                (form.text("policy", "Which policy it has accepted", Some("With its edition.")))
                (form.day("accepted", "When it accepted that", None))
                (form.day("review", "When the arrangement is looked at again", None))
                (form.text("owner", "Who in the school answers for it", Some("First name and family name of somebody of the staff.")))
                (form.send("Save"))
            }
            @if let Some(supplier) = self.of.filter(|supplier| supplier.ended.is_none()) {
                h2.govuk-heading-m { "No longer" }
                form method="post" action={ (path) "/end" } {
                    (form.word())
                    input type="hidden" name="version" value=(supplier.version);
                    p.govuk-body { "It stays in the register, with its last day." }
                    (Button { text: "It serves the school no longer", weight: Weight::Warning, action: Action::Send })
                }
            }
        }
    }
}
