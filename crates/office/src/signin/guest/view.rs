//! The markup for guests, and for those who let them in.

use ids::PersonId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::select::Select;
use ui::components::table::{Column, Table};
use ui::components::text_input::{Kind, TextInput};

use super::Reason;
use super::pages::STAYS;
use crate::signin::view::{send, summary, word};
use crate::web::Content;

/// Where a guest comes in.
pub(super) struct DoorPage<'a> {
    pub(super) notice: &'a [&'a str],
    /// Whether the device is on a network of the school.
    pub(super) is_here: bool,
    /// Until when whoever comes in alone is let in, where one may.
    pub(super) until: Option<&'a str>,
    /// By which this page is known again.
    pub(super) page: &'a str,
    pub(super) given: &'a str,
    pub(super) family: &'a str,
    pub(super) reason: &'a str,
    /// Field and what is wrong with it.
    pub(super) error: Option<(&'a str, &'a str)>,
}

/// A code, shown once.
pub(super) struct CodePage<'a> {
    pub(super) code: &'a str,
    pub(super) until: &'a str,
    /// Whether the guest reads it, who is in already.
    pub(super) is_own: bool,
    /// Where it is typed.
    pub(super) address: &'a str,
}

/// The guests.
pub(super) struct GuestsPage<'a> {
    pub(super) word: &'a str,
    pub(super) rows: &'a [Row],
    pub(super) given: &'a str,
    pub(super) family: &'a str,
    pub(super) reason: &'a str,
    /// Field and what is wrong with it.
    pub(super) error: Option<(&'a str, &'a str)>,
}

/// One of them.
pub(super) struct Row {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) reason: &'static str,
    pub(super) host: Option<String>,
    pub(super) accepted: Option<String>,
    pub(super) until: String,
}

/// What is wrong with this field.
fn fault<'a>(error: Option<(&str, &'a str)>, name: &str) -> Option<&'a str> {
    error.filter(|(field, _)| *field == name).map(|(_, message)| message)
}

fn field<'a>(name: &'a str, label: &'a str, value: &'a str, error: Option<(&str, &'a str)>) -> Markup {
    TextInput { name, label, hint: None, error: fault(error, name), value, kind: Kind::Text, autocomplete: Some("off") }.render()
}

fn reasons(label: &str, chosen: &str, error: Option<(&str, &str)>) -> Markup {
    let mut options = vec![("", "Choose")];
    options.extend(Reason::ALL.map(|reason| (reason.as_str(), reason.title())));
    Select { name: "reason", label, hint: None, error: fault(error, "reason"), options: &options, chosen: Some(chosen) }.render()
}

impl Content for DoorPage<'_> {
    fn title(&self) -> String {
        "Guests".to_owned()
    }

    fn place(&self) -> &'static str {
        ""
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let (field, message) = self.error.unzip();
        let code = fault(self.error, "code");
        html! {
            (summary(field.unwrap_or_default(), message))
            h1.govuk-heading-l { "Guests of the school" }
            @if !self.is_here {
                p.govuk-body-l { "Guests sign in here on the school’s network. Join it first, and ask at the school office if you cannot." }
            } @else {
                h2.govuk-heading-m { "Please read this first" }
                ul.govuk-list.govuk-list--bullet { @for line in self.notice { li { (line) } } }
                form method="post" action="/guest" {
                    (TextInput { name: "code", label: "Your code", hint: Some("8 letters, from whoever you are visiting"), error: code, value: "", kind: Kind::Text, autocomplete: Some("off") })
                    (accept("accepted"))
                    (send("Go on", Weight::Main))
                }
                @if let Some(until) = self.until { (self.register(until)) }
            }
        }
    }
}

impl DoorPage<'_> {
    fn register(&self, until: &str) -> Markup {
        html! {
            h2.govuk-heading-m { "You have no code?" }
            p.govuk-body { "You can sign in with your name. Then this device uses the school’s network until " strong { (until) } "." }
            form method="post" action="/guest/register" {
                input type="hidden" name="page" value=(self.page);
                (field("given", "Your first name", self.given, self.error))
                (field("family", "Your family name", self.family, self.error))
                (reasons("Why are you here?", self.reason, self.error))
                (accept("accepted-too"))
                (send("Sign in as a guest", Weight::Secondary))
            }
        }
    }
}

fn accept(id: &str) -> Markup {
    html! {
        div.govuk-form-group.sg-check {
            input type="checkbox" id=(id) name="accepted" value="yes";
            label.govuk-label for=(id) { "I have read this and accept it" }
        }
    }
}

impl Content for CodePage<'_> {
    fn title(&self) -> String {
        if self.is_own { "You are in" } else { "The guest’s code" }.to_owned()
    }

    fn place(&self) -> &'static str {
        if self.is_own { "" } else { "/guests" }
    }

    fn content(&self) -> Markup {
        html! {
            @if self.is_own {
                h1.govuk-heading-l { "You are in" }
                p.govuk-body-l { "This device uses the school’s network in your name until " strong { (self.until) } "." }
                p.govuk-body { "On another device, or tomorrow, this is your code. It is not shown again." }
            } @else {
                h1.govuk-heading-l { "The guest’s code" }
                p.govuk-body-l { "Give it to your guest. It is good until " strong { (self.until) } ", and is not shown again." }
                p.govuk-body { "On the school’s network the guest opens " strong.sg-break { (self.address) } ", accepts the notice and types:" }
            }
            p.govuk-body.sg-code { (self.code) }
            @if !self.is_own { (Button { text: "Back to the guests", weight: Weight::Secondary, action: Action::Go(Href::path("guests")) }) }
        }
    }
}

impl Content for GuestsPage<'_> {
    fn title(&self) -> String {
        "Guests".to_owned()
    }

    fn place(&self) -> &'static str {
        "/guests"
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let stays: Vec<(&str, &str)> = STAYS.iter().map(|(value, text, _)| (*value, *text)).collect();
        html! {
            @let (at, message) = self.error.unzip();
            (summary(at.unwrap_or_default(), message))
            h1.govuk-heading-l { "Guests" }
            @if self.rows.is_empty() {
                (EmptyState { title: "No guest is here", text: "Let one in below.", action: None })
            } @else { (self.table()) }
            h2.govuk-heading-m { "Let a guest in" }
            p.govuk-body { "You answer for your guest. They get a code for their device, and accept a notice before anything opens." }
            form method="post" action="/guests" {
                (word(self.word))
                (field("given", "First name", self.given, self.error))
                (field("family", "Family name", self.family, self.error))
                (reasons("Why are they here?", self.reason, self.error))
                (Select { name: "stay", label: "For how long?", hint: Some("They leave earlier when you end it. Each day they type the code again."), error: None, options: &stays, chosen: Some("morning") })
                (send("Give a code", Weight::Main))
            }
        }
    }
}

impl GuestsPage<'_> {
    fn table(&self) -> Markup {
        let cell = |row: &Row| {
            vec![
                html! { (row.name) },
                html! { (row.reason) },
                html! { (row.host.as_deref().unwrap_or("Came in alone")) },
                html! { (row.accepted.as_deref().unwrap_or("Not yet")) },
                html! { (row.until) },
                html! {
                    form method="post" action={ "/guests/" (row.person) "/end" } {
                        (word(self.word))
                        button.govuk-button.govuk-button--warning.sg-small type="submit" data-module="govuk-button" data-prevent-double-click="true" {
                            "End it" span.govuk-visually-hidden { " for " (row.name) }
                        }
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cell).collect();
        let columns = ["Guest", "Why", "Let in by", "Accepted the notice", "Until", "Do"].map(|text| Column { text, numeric: false });
        Table { caption: "Guests who are here", columns: &columns, rows: &rows }.render()
    }
}
