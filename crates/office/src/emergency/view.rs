//! The markup of emergencies.

use ids::{PersonId, RecordId};
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::notification::{Kind, Notification};
use ui::components::summary_list::{Row, SummaryList};
use ui::components::tag::{Mood, Tag};

use super::WITNESSES;
use crate::people::Role;
use crate::web::{Content, Fields, Form};

/// Where somebody says that it cannot wait, or that it is over.
pub(super) struct EmergencyPage<'a> {
    pub(super) word: &'a str,
    pub(super) fields: &'a Fields,
    /// Until when it is open, if it is.
    pub(super) until: Option<&'a str>,
    pub(super) role: Role,
}

/// Who has said so, and what they looked at.
pub(super) struct EmergenciesPage<'a> {
    pub(super) word: &'a str,
    pub(super) rows: &'a [EmergencyRow],
}

/// One of them.
pub(super) struct EmergencyRow {
    pub(super) id: RecordId,
    pub(super) who: String,
    pub(super) role: Role,
    pub(super) began: String,
    pub(super) over: String,
    pub(super) is_open: bool,
    /// As far as it can be read.
    pub(super) reason: Option<String>,
    /// The first of those who were looked at.
    pub(super) looked: Vec<(PersonId, String)>,
    /// How many more there are.
    pub(super) more: usize,
    pub(super) seen: Vec<String>,
    /// Whether the reader has not said yet that they have seen it.
    pub(super) is_to_be_seen: bool,
}

/// Everybody who was looked at in an emergency.
pub(super) struct LooksPage<'a> {
    pub(super) who: &'a str,
    pub(super) began: &'a str,
    pub(super) people: &'a [(PersonId, String)],
}

impl Content for LooksPage<'_> {
    fn title(&self) -> String {
        format!("Whom {} looked at", self.who)
    }

    fn place(&self) -> &'static str {
        "/emergencies"
    }

    fn content(&self) -> Markup {
        html! {
            (BackLink { text: "All emergencies", href: Href::path("emergencies") })
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body-l { "In the emergency of " (self.began) ": " (self.people.len()) " people." }
            ul.govuk-list {
                @for (id, name) in self.people { li { a.govuk-link href={ "/people/" (id) } { (name) } } }
            }
        }
    }
}

impl Content for EmergencyPage<'_> {
    fn title(&self) -> String {
        "Emergency".to_owned()
    }

    fn place(&self) -> &'static str {
        "/emergency"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        html! {
            (form.summary())
            h1.govuk-heading-l { "Emergency" }
            @if let Some(until) = self.until {
                p.govuk-body-l { "It is open for you until " strong { (until) } ", as " (self.role.title()) "." }
                p.govuk-body { "Look for whom you need with the search on top of the page. Each page that you open is recorded." }
                form method="post" action="/emergency/end" {
                    (form.word())
                    (Button { text: "It is over", weight: Weight::Main, action: Action::Send })
                }
            } @else {
                p.govuk-body-l { "For when a child is in danger now and nobody is there who may see what you need." }
                ul.govuk-list.govuk-list--bullet {
                    li { "For one hour you see every person’s page, and how they and their families are reached." }
                    li { "What you open is recorded. The headteacher and the DSL see at once that you did this, and why." }
                    li { "If a child may come to harm this minute, call 999 first." }
                }
                form method="post" action="/emergency" novalidate {
                    (form.word())
                    (form.area("reason", "Why it cannot wait", Some("What has happened, and whom you need to reach.")))
                    (Button { text: "Open for one hour", weight: Weight::Warning, action: Action::Send })
                }
            }
        }
    }
}

impl Content for EmergenciesPage<'_> {
    fn title(&self) -> String {
        "Emergencies".to_owned()
    }

    fn place(&self) -> &'static str {
        "/emergencies"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Emergencies" }
            p.govuk-body-l { "Who said that it could not wait, why, and what they looked at. Each must be seen by " (WITNESSES) " others." }
            @if self.rows.is_empty() {
                (EmptyState { title: "There were none", text: "If somebody opens what is not theirs in an emergency, it stands here.", action: None })
            }
            @for row in self.rows { (self.emergency(row)) }
        }
    }
}

impl EmergenciesPage<'_> {
    fn emergency(&self, row: &EmergencyRow) -> Markup {
        let looked = html! {
            @if row.looked.is_empty() { "Nobody’s page" }
            @for (at, (id, name)) in row.looked.iter().enumerate() {
                @if at > 0 { ", " }
                a.govuk-link href={ "/people/" (id) } { (name) }
            }
            @if row.more > 0 {
                " " a.govuk-link href={ "/emergencies/" (row.id) } { "and " (row.more) " more" }
            }
        };
        let seen = html! {
            @if row.seen.is_empty() { "Nobody yet" } @else { (row.seen.join(", ")) }
            @if row.seen.len() < WITNESSES { " " (Tag { text: "To be seen", mood: Mood::Bad }) }
        };
        let rows = [
            Row { key: "As", value: html! { (row.role.title()) }, change: None },
            Row { key: "From", value: html! { (row.began) }, change: None },
            Row {
                key: "Until",
                value: html! { (row.over) @if row.is_open { " " (Tag { text: "Open now", mood: Mood::Bad }) } },
                change: None,
            },
            Row { key: "Why", value: html! { @match &row.reason { Some(reason) => (reason), None => "Locked" } }, change: None },
            Row { key: "Looked at", value: looked, change: None },
            Row { key: "Seen by", value: seen, change: None },
        ];
        html! {
            h2.govuk-heading-m { (row.who) }
            (SummaryList { rows: &rows })
            @if row.is_to_be_seen {
                form method="post" action={ "/emergencies/" (row.id) "/seen" } {
                    input type="hidden" name="word" value=(self.word);
                    (Button { text: "I have seen this", weight: Weight::Main, action: Action::Send })
                }
            }
        }
    }
}

/// What stands on top of every page while it is open.
#[must_use]
pub fn banner(until: &str) -> Markup {
    let heading = format!("Emergency: until {until} you see what is otherwise not yours. Everything that you open is recorded.");
    html! {
        (Notification { id: "emergency", kind: Kind::Important, heading: &heading, text: None })
        p.govuk-body.sg-no-print { a.govuk-link href="/emergency" { "It is over" } }
    }
}
