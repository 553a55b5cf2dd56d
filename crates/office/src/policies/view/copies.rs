//! Copies that somebody asked for.

use calendar::Date;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::day;
use crate::policies::find;
use crate::policies::request::{CopyRequest, Wish};
use crate::web::{Content, Fields, Form};

/// What was asked for, the newest first, and the form for the next.
pub(in crate::policies) struct CopiesPage<'a> {
    pub(in crate::policies) word: &'a str,
    pub(in crate::policies) all: &'a [CopyRequest],
    /// What is in force: word and title.
    pub(in crate::policies) policies: &'a [(String, String)],
    /// Within so many school days a copy leaves.
    pub(in crate::policies) days: i64,
    pub(in crate::policies) today: Date,
    pub(in crate::policies) fields: &'a Fields,
}

impl Content for CopiesPage<'_> {
    fn title(&self) -> String {
        "Copies that were asked for".to_owned()
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        html! {
            (form.summary())
            (BackLink { text: "Policies", href: Href::path("policies") })
            h1.govuk-heading-l { "Copies that were asked for" }
            p.govuk-body-l { "Anybody may ask for a copy of what is published. It leaves within " (self.days) " school days. Who asked is not written down." }
            @if self.all.is_empty() {
                (EmptyState { title: "Nobody has asked yet", text: "When somebody does, say below what they asked for.", action: None })
            } @else { (self.table()) }
            @if self.policies.is_empty() {
                p.govuk-body { "No policy is in force yet, so there is nothing to copy." }
            } @else { (self.asking(form)) }
        }
    }
}

impl CopiesPage<'_> {
    fn asking(&self, form: Form<'_>) -> Markup {
        let mut policies = vec![("", "Choose")];
        policies.extend(self.policies.iter().map(|(word, title)| (word.as_str(), title.as_str())));
        let mut forms = vec![("", "Choose")];
        forms.extend(Wish::ALL.map(|form| (form.word(), form.title())));
        html! {
            h2.govuk-heading-m { "Somebody asks for a copy" }
            form method="post" action="/policies/copies" novalidate {
                (form.word())
                (form.select("policy", "Of what?", None, &policies))
                (form.select("form", "In which form?", None, &forms))
                (form.text("note", "What else is to be known? (optional)", Some("No names. For example: Polish; is fetched at the office.")))
                (form.day("asked", "When was it asked for?", None))
                (form.send("Keep it"))
            }
        }
    }

    fn table(&self) -> Markup {
        let columns = ["What", "Form", "Asked for", "Leaves by", "Left"].map(|text| Column { text, numeric: false });
        let row = |request: &CopyRequest| {
            vec![
                html! { (find(&request.policy).map_or("", |policy| policy.title)) @if !request.note.is_empty() { div.govuk-hint { (request.note) } } },
                html! { (request.form.title()) },
                html! { (day(request.asked)) },
                html! { (day(request.due)) @if request.is_late(self.today) { " " (Tag { text: "Overdue", mood: Mood::Bad }) } },
                self.left(request),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.all.iter().map(row).collect();
        let open = self.all.iter().filter(|request| request.sent.is_none()).count();
        let caption = match open {
            0 => "All have left".to_owned(),
            1 => "1 is to be sent".to_owned(),
            more => format!("{more} are to be sent"),
        };
        Table { caption: &caption, columns: &columns, rows: &rows }.render()
    }

    /// When it left, and the way to say that it has, or has not after all.
    fn left(&self, request: &CopyRequest) -> Markup {
        let title = find(&request.policy).map_or("", |policy| policy.title);
        let (does, text) = match request.sent {
            Some(_) => ("undo", format!("Not sent after all: {title}, asked for on {}", day(request.asked))),
            None => ("sent", format!("Sent today: {title}, asked for on {}", day(request.asked))),
        };
        html! {
            @if let Some(sent) = request.sent { p.govuk-body { (day(sent)) } }
            form method="post" action="/policies/copies/sent" {
                input type="hidden" name="word" value=(self.word);
                input type="hidden" name="request" value=(request.id);
                input type="hidden" name="seen" value=(request.version);
                input type="hidden" name="do" value=(does);
                (Button { text: &text, weight: Weight::Secondary, action: Action::Send })
            }
        }
    }
}
