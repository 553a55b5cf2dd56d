//! A class's paper: what is printed, and what is entered when it comes back.

use ids::PersonId;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::empty_state::EmptyState;
use ui::components::qr::Qr;
use ui::components::radios::Choice;

use super::{day, sentence, tag};
use crate::agreements::pages::PaperText;
use crate::agreements::{Access, Need, Standing};
use crate::document::{Document, Shown};
use crate::policies::{Languages, Offer, PARENT};
use crate::web::{Content, Fields, Form};

/// What came back.
pub(in crate::agreements) struct ClassPage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) id: &'a str,
    pub(in crate::agreements) name: &'a str,
    pub(in crate::agreements) rows: &'a [Row<'a>],
    /// The texts that may be on the paper, the newest first.
    pub(in crate::agreements) texts: &'a [PaperText],
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
    /// The number of its version.
    pub(in crate::agreements) number: i64,
    /// In which languages there is one, and in which one it is.
    pub(in crate::agreements) offer: &'a Offer,
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
        let open = |row: &&Row<'_>| row.access.needs.iter().any(|(_, standing)| standing.asks());
        let texts: Vec<(String, String)> = self.texts.iter().map(|text| (text.word(), named(text))).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(word, text)| (word.as_str(), text.as_str())).collect();
        html! {
            (form.summary())
            (BackLink { text: "Who has signed", href: Href::path("agreements") })
            h1.govuk-heading-l { "Paper of " (self.name) }
            (self.prints())
            p.govuk-body { a.govuk-link href=(Href::path(&format!("agreements/class/{}/understood", self.id))) { "Say who has understood the rules" } }
            @if self.rows.iter().filter(open).count() == 0 {
                (EmptyState { title: "Every form is in", text: "What must be signed is signed for each pupil of this class whose paper you may enter.", action: None })
            } @else {
                form method="post" action=(Href::path(&format!("agreements/class/{}", self.id))) novalidate {
                    (form.word())
                    (form.day("on", "The day on the paper", None))
                    (form.select("version", "The text on the paper", Some("Its version and language stand on each sheet. Keep those in one language first, then those in another."), &texts))
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
    fn prints(&self) -> Markup {
        let path = |rest: &str| Href::path(&format!("agreements/class/{}/paper{rest}", self.id));
        html! {
            p.govuk-body {
                "Print the forms of those who still have to sign: "
                a.govuk-link href=(path(".pdf")) { "as PDF" } ", "
                a.govuk-link href=(path(".pdf?large=yes")) { "as PDF in large print" } ", or "
                a.govuk-link href=(path("")) { "from a page, without the children’s own texts" } "."
            }
        }
    }

    fn row(&self, row: &Row<'_>) -> Markup {
        let (id, name) = (row.access.person.id, row.access.person.details.name());
        let (by, own) = (format!("by-{id}"), format!("own-{id}"));
        let adults: Vec<(String, &str)> = row.adults.iter().map(|adult| (adult.id.to_string(), adult.name.as_str())).collect();
        let mut options = vec![("", "Not back yet")];
        options.extend(adults.iter().map(|(id, name)| (id.as_str(), *name)));
        let form = Form { fields: self.fields, word: self.word };
        html! {
            div.sg-paper {
                @if row.parents_need().is_some() {
                    @if row.adults.is_empty() { p.govuk-body { strong { (name) } ": no adult is known who may sign. Add one on the pupil’s page." } }
                    @else { (form.select(&by, &name, None, &options)) }
                }
                @if row.own().is_some() {
                    (form.boxes(&own, &format!("{name}, the child’s own name or mark"), None, &[Choice { value: "yes", label: "It is on the paper", hint: None }]))
                }
            }
        }
    }
}

// === impl Row ===

impl Row<'_> {
    /// Whether an adult is still to sign.
    fn parents_need(&self) -> Option<Standing> {
        parents_need(self.access).map(|(_, standing)| standing).filter(|standing| standing.asks())
    }

    /// What the child is still to sign, by the word of the policy.
    pub(in crate::agreements) fn own(&self) -> Option<&'static str> {
        self.access.asks_child()
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
                (Languages { offer: self.offer, path: &format!("agreements/class/{}/paper", self.id), more: "" })
            }
            @for (name, address) in self.names {
                section.sg-sheet {
                    div.sg-sheet__mark { (Qr { text: address, label: &format!("Finds the record of {name}") }) }
                    p.govuk-body { strong { "For " (name) } ", " (self.class) ". Version " (self.number)
                        @if let Some(translation) = &self.offer.shown { ", in " (translation.language.english) ", text " (translation.number) ". The English text is the one that counts; the office has it" }
                        "." }
                    (Shown { document: self.document, with_clauses: false, language: self.offer.language() })
                    dl.sg-lines {
                        @for line in ["Your full name", "What you are to the child", "Signature", "Date", "The child’s own name or mark"] { dt { (line) } dd {} }
                    }
                }
            }
        }
    }
}

/// Which text it is, as it stands on the sheet.
fn named(text: &PaperText) -> String {
    let (number, from) = (text.version.number, day(text.version.from));
    match &text.translation {
        None => format!("Version {number}, in force from {from}"),
        Some(translation) => {
            let gone = if translation.withdrawn.is_some() { ", withdrawn since" } else { "" };
            format!("Version {number}, in {}, text {}{gone}", translation.language.english, translation.number)
        }
    }
}

fn parents_need(access: &Access) -> Option<(&Need, Standing)> {
    access.needs.iter().find(|(need, _)| need.policy == PARENT).map(|(need, standing)| (need, *standing))
}
