//! One person's answers, and the internet taken and given back.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::table::{Column, Table};

use super::list::often;
use super::{day, opened_on, sentence, tag, title};
use crate::agreements::{Access, Opened, Reminded, Signature, Suspension};
use crate::web::{Content, Fields, Form};

/// One person.
pub(in crate::agreements) struct PersonPage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) access: &'a Access,
    /// The texts that were opened to sign them.
    pub(in crate::agreements) opened: &'a [Opened],
    /// By letters to whoever signs.
    pub(in crate::agreements) reminded: Option<Reminded>,
    pub(in crate::agreements) history: &'a [Signature],
    /// The name beside each answer; none where it is not for the reader.
    pub(in crate::agreements) names: &'a [Option<&'a str>],
    pub(in crate::agreements) suspensions: &'a [Suspension],
    /// Why the one that holds was ordered, for whoever orders them.
    pub(in crate::agreements) reason: Option<&'a str>,
    pub(in crate::agreements) today: Date,
    pub(in crate::agreements) may_suspend: bool,
    pub(in crate::agreements) fields: &'a Fields,
}

impl Content for PersonPage<'_> {
    fn title(&self) -> String {
        format!("Agreements: {}", self.access.person.details.name())
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        html! {
            (form.summary())
            (BackLink { text: "Who has signed", href: Href::path("agreements") })
            h1.govuk-heading-l { (self.access.person.details.name()) }
            ul.govuk-list.govuk-list--spaced {
                @for (need, standing) in &self.access.needs {
                    li { (tag(*standing)) " " (sentence(need, *standing)) @if let Some(opened) = opened_on(self.opened, need.policy) { " " (opened) } }
                }
            }
            @if let Some(reminded) = self.reminded { p.govuk-body { "Reminded by mail " (often(reminded)) "." } }
            h2.govuk-heading-m { "Each answer" }
            (self.answers())
            @if self.may_suspend || !self.suspensions.is_empty() { (self.suspended(form)) }
        }
    }
}

impl PersonPage<'_> {
    fn answers(&self) -> Markup {
        let columns = ["Day", "What", "Answer", "By", "How", "Text"].map(|text| Column { text, numeric: false });
        let row = |(signature, name): (&Signature, &Option<&str>)| {
            let path = format!("agreements/signature/{}", signature.id);
            vec![
                html! { (day(signature.on)) },
                html! { (title(&signature.policy)) },
                html! { (signature.answer.title()) },
                html! { (name.unwrap_or("Another adult")) ", " (signature.role) },
                html! { (signature.method.title()) },
                html! { a.govuk-link href=(Href::path(&path)) { "See and print" span.govuk-visually-hidden { ": " (title(&signature.policy)) ", " (day(signature.on)) } } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.history.iter().zip(self.names).rev().map(row).collect();
        html! {
            @if rows.is_empty() {
                (EmptyState { title: "There is none", text: "No answer is not a yes.", action: None })
            } @else {
                (Table { caption: "Name and role as they were printed then, the newest first", columns: &columns, rows: &rows })
            }
        }
    }

    fn suspended(&self, form: Form<'_>) -> Markup {
        let path = format!("agreements/person/{}", self.access.person.id);
        html! {
            h2.govuk-heading-m { "The internet taken for a time" }
            @for suspension in self.suspensions {
                p.govuk-body { "From " (day(suspension.from)) " until " (day(suspension.until)) ", looked at again on " (day(suspension.review))
                    @if let Some(ended) = suspension.ended { ", given back on " (day(ended)) } "." }
                @if self.may_suspend && suspension.holds(self.today) {
                    @if let Some(reason) = self.reason { p.govuk-body { strong { "Why" } ": " (reason) } }
                    form method="post" action=(Href::path(&format!("{path}/give-back"))) {
                        (form.word())
                        input type="hidden" name="suspension" value=(suspension.id);
                        input type="hidden" name="seen" value=(suspension.version);
                        (Button { text: "Give it back now", weight: Weight::Secondary, action: Action::Send })
                    }
                }
            }
            @if self.may_suspend && self.access.suspension.is_none() {
                p.govuk-body { "Lessons may still need it, and every child has the same right to learn. Help lines and the page to report a concern stay open." }
                form method="post" action=(Href::path(&format!("{path}/suspend"))) novalidate {
                    (form.word())
                    (form.area("reason", "Why?", Some("The person may ask to read it. It is kept sealed.")))
                    (form.day("until", "Until the end of which day?", Some("90 days at most")))
                    (form.day("review", "When do you look at it again?", Some("Before it ends")))
                    (form.send("Take the internet for this time"))
                }
            }
        }
    }
}
