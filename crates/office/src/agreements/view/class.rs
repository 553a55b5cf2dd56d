//! A class's paper: what is printed, and what is entered when it comes back.

use ids::PersonId;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::empty_state::EmptyState;
use ui::components::qr::Qr;

use super::{sentence, tag};
use crate::agreements::{Access, Need, Standing};
use crate::document::{Document, Shown};
use crate::policies::PARENT;
use crate::web::{Content, Fields, Form};

/// What came back.
pub(in crate::agreements) struct ClassPage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) id: &'a str,
    pub(in crate::agreements) name: &'a str,
    pub(in crate::agreements) rows: &'a [Row<'a>],
    pub(in crate::agreements) fields: &'a Fields,
}

/// A pupil, and the adults who may sign.
pub(in crate::agreements) struct Row<'a> {
    pub(in crate::agreements) access: &'a Access,
    pub(in crate::agreements) adults: Vec<Adult>,
}

/// An adult.
pub(in crate::agreements) struct Adult {
    pub(in crate::agreements) id: PersonId,
    pub(in crate::agreements) name: String,
}

/// What is printed.
pub(in crate::agreements) struct PaperPage<'a> {
    pub(in crate::agreements) id: &'a str,
    pub(in crate::agreements) class: &'a str,
    pub(in crate::agreements) document: &'a Document,
    /// Each pupil by name, and the address of the record.
    pub(in crate::agreements) names: &'a [(String, String)],
}

impl Content for ClassPage<'_> {
    fn title(&self) -> String {
        format!("Paper of {}", self.name)
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let open = |row: &&Row<'_>| parents_need(row.access).is_some_and(|(_, standing)| standing.asks());
        html! {
            (form.summary())
            (BackLink { text: "Who has signed", href: Href::path("agreements") })
            h1.govuk-heading-l { "Paper of " (self.name) }
            p.govuk-body { a.govuk-link href=(Href::path(&format!("agreements/class/{}/paper", self.id))) { "Print the forms of those who still have to sign" } }
            @if self.rows.iter().filter(open).count() == 0 {
                (EmptyState { title: "Every form is in", text: "An adult has signed for each pupil of this class.", action: None })
            } @else {
                form method="post" action=(Href::path(&format!("agreements/class/{}", self.id))) novalidate {
                    (form.word())
                    (form.day("on", "The day on the paper", None))
                    p.govuk-body { "Choose who has signed. With the keyboard: the arrow keys choose, Tab goes to the next pupil, Enter keeps them all." }
                    @for row in self.rows.iter().filter(open) { (self.row(row)) }
                    (form.send("Keep those that came back"))
                }
            }
            @for row in self.rows.iter().filter(|row| !open(row)) {
                @if let Some((need, standing)) = parents_need(row.access) {
                    p.govuk-body { (row.access.person.details.name()) ": " (tag(standing)) " " (sentence(need, standing)) }
                }
            }
        }
    }
}

impl ClassPage<'_> {
    fn row(&self, row: &Row<'_>) -> Markup {
        let field = format!("by-{}", row.access.person.id);
        let chosen = self.fields.get(&field);
        html! {
            div.govuk-form-group.sg-paper {
                label.govuk-label for=(field) { (row.access.person.details.name()) }
                @if row.adults.is_empty() {
                    p.govuk-hint { "No adult is known who may sign. Add one on the pupil’s page." }
                } @else {
                    select.govuk-select id=(field) name=(field) {
                        option value="" { "Not back yet" }
                        @for adult in &row.adults { option value=(adult.id) selected[chosen == adult.id.to_string()] { (adult.name) } }
                    }
                }
            }
        }
    }
}

impl Content for PaperPage<'_> {
    fn title(&self) -> String {
        format!("Forms of {}", self.class)
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn content(&self) -> Markup {
        html! {
            div.sg-not-printed {
                (BackLink { text: "Paper of the class", href: Href::path(&format!("agreements/class/{}", self.id)) })
                h1.govuk-heading-l { "Forms of " (self.class) }
                p.govuk-body-l { "Print this page: each pupil’s form begins on a sheet of its own. The picture in its corner finds the pupil’s record." }
                @if self.names.is_empty() { p.govuk-body { "Every form of this class is in." } }
            }
            @for (name, address) in self.names {
                section.sg-sheet {
                    div.sg-sheet__mark { (Qr { text: address, label: &format!("Finds the record of {name}") }) }
                    p.govuk-body { strong { "For " (name) } ", " (self.class) }
                    (Shown { document: self.document, with_clauses: false })
                    dl.sg-lines {
                        @for line in ["Your full name", "What you are to the child", "Signature", "Date", "The child’s own name or mark"] { dt { (line) } dd {} }
                    }
                }
            }
        }
    }
}

fn parents_need(access: &Access) -> Option<(&Need, Standing)> {
    access.needs.iter().find(|(need, _)| need.policy == PARENT).map(|(need, standing)| (need, *standing))
}
