//! All that the reader may see.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::filters::Filters;
use ui::components::pagination::Pagination;
use ui::components::select::Select;
use ui::components::table::{Column, Table};

use super::tag;
use crate::permissions::pages::Look;
use crate::permissions::{Matter, Permission, Standing};
use crate::web::{Content, long};

/// What was asked for, and how it stands.
pub(in crate::permissions) struct ListPage<'a> {
    pub(in crate::permissions) look: &'a Look,
    pub(in crate::permissions) rows: &'a [Row<'a>],
    /// How many are found, on all parts.
    pub(in crate::permissions) total: usize,
    /// Whether there is anything at all that the reader may see.
    pub(in crate::permissions) any: bool,
    /// How many stand on a part.
    pub(in crate::permissions) part: usize,
}

/// One of them.
pub(in crate::permissions) struct Row<'a> {
    pub(in crate::permissions) permission: &'a Permission,
    pub(in crate::permissions) standing: Standing,
    /// Who asked.
    pub(in crate::permissions) who: String,
}

impl Content for ListPage<'_> {
    fn title(&self) -> String {
        "Permissions".to_owned()
    }

    fn place(&self) -> &'static str {
        "/permissions"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Permissions" }
            p.govuk-body-l { "The agreement forbids some things unless somebody else has allowed them. Ask here first; here it also stands what was allowed, to whom and until when." }
            (Button { text: "Ask for a permission", weight: Weight::Main, action: Action::Go(Href::path("permissions/new")) })
            @if self.any { (self.filter()) }
            @if self.rows.is_empty() {
                @if self.any {
                    (EmptyState { title: "Nothing is found", text: "Nothing that you may see is as you have chosen.", action: Some(("Show everything", Href::path("permissions?show=all"))) })
                } @else {
                    (EmptyState { title: "Nothing was asked for yet", text: "What you ask for stands here, and so does the answer.", action: None })
                }
            } @else {
                (self.table())
                (self.parts())
                p.govuk-body { a.govuk-link href=(Href::path(&format!("permissions.csv?{}", self.query(0)))) { "The list as a table for spreadsheets (CSV)" } }
            }
        }
    }
}

impl ListPage<'_> {
    fn query(&self, from: usize) -> String {
        format!("show={}&matter={}&from={from}", if self.look.show == "all" { "all" } else { "" }, Matter::known(&self.look.matter))
    }

    fn filter(&self) -> Markup {
        let mut matters = vec![("", "Everything")];
        matters.extend(Matter::ALL.map(|matter| (matter.word(), matter.title())));
        let show = [("", "What waits or holds"), ("all", "What is over too")];
        let fields = html! {
            (Select { name: "matter", label: "What", hint: None, error: None, options: &matters, chosen: Some(&self.look.matter) })
            (Select { name: "show", label: "Show", hint: None, error: None, options: &show, chosen: Some(&self.look.show) })
        };
        Filters { label: "Permissions", path: "permissions", fields, clear: None }.render()
    }

    fn table(&self) -> Markup {
        let columns = ["What", "Who asked", "For", "How it stands"].map(|text| Column { text, numeric: false });
        let row = |row: &Row<'_>| {
            let permission = row.permission;
            vec![
                html! {
                    a.govuk-link href=(Href::path(&format!("permissions/{}", permission.id))) { (permission.matter.title()) }
                    @if let Some(about) = &permission.about { div.govuk-hint { (short(about)) } }
                },
                html! { (row.who) div.govuk-hint { "on " (long(permission.asked)) } },
                html! { (long(permission.from)) " to " (long(permission.until)) },
                html! { (tag(row.standing)) @if row.standing.is_open() { div.govuk-hint { "to be answered by " (long(permission.due)) } } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(row).collect();
        let caption = if self.total == 1 { "1 permission".to_owned() } else { format!("{} permissions", self.total) };
        Table { caption: &caption, columns: &columns, rows: &rows }.render()
    }

    fn parts(&self) -> Markup {
        let from = self.look.from;
        let last = from + self.rows.len();
        if from == 0 && last >= self.total {
            return html! {};
        }
        let place = format!("{} to {last} of {}", from + 1, self.total);
        let part = |from: usize| Href::path(&format!("permissions?{}", self.query(from)));
        let (previous, next) = ((from > 0).then(|| part(from.saturating_sub(self.part))), (last < self.total).then(|| part(last)));
        Pagination { label: "Permissions", place: &place, previous, next }.render()
    }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    const LENGTH: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= LENGTH { line.to_owned() } else { line.chars().take(LENGTH).chain(['…']).collect() }
}
