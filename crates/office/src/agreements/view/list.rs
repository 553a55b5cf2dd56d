//! Who has signed, and who is without the internet.

use calendar::Date;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::pagination::Pagination;
use ui::components::select::Select;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};
use ui::components::text_input::{Kind, TextInput};

use super::{day, sentence};
use crate::agreements::pages::{Look, word};
use crate::agreements::{Access, Audience};
use crate::settings::Mode;
use crate::web::Content;

/// Those who are looked for.
pub(in crate::agreements) struct ListPage<'a> {
    pub(in crate::agreements) look: &'a Look,
    /// Those on this part, of all.
    pub(in crate::agreements) part: &'a [&'a Access],
    /// Where the part before begins, if this is not the first.
    pub(in crate::agreements) before: usize,
    pub(in crate::agreements) total: usize,
    pub(in crate::agreements) classes: &'a [ClassLink],
    pub(in crate::agreements) may_change_gate: bool,
}

/// A class whose paper may be entered.
pub(in crate::agreements) struct ClassLink {
    pub(in crate::agreements) id: String,
    pub(in crate::agreements) name: String,
}

/// Why somebody is without the internet, or is to sign, and since when.
pub(in crate::agreements) fn why(access: &Access) -> (Option<Date>, String) {
    if let Some(suspension) = &access.suspension {
        return (Some(suspension.from), format!("Suspended by the headteacher until {}.", day(suspension.until)));
    }
    let open: Vec<_> = access.needs.iter().filter(|(_, standing)| standing.asks()).collect();
    let since = open.iter().filter_map(|(_, standing)| standing.since()).min();
    (since, open.iter().map(|(need, standing)| sentence(need, *standing)).collect::<Vec<_>>().join(" "))
}

impl Content for ListPage<'_> {
    fn title(&self) -> String {
        "Who has signed".to_owned()
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Who has signed" }
            p.govuk-body-l { "Who has the internet at school, who is without it, since when and why." }
            (self.form())
            p.govuk-body { a.govuk-link href="/agreements/starters" { "New starters, and what they were given" } }
            @if self.may_change_gate { p.govuk-body { a.govuk-link href="/agreements/gate" { "How strictly the internet hangs on the signature" } } }
            @if !self.classes.is_empty() {
                h2.govuk-heading-m { "Paper that comes back" }
                p.govuk-body { "Print the forms of a class, or enter what has come back:" }
                ul.govuk-list.sg-actions { @for class in self.classes { li { a.govuk-link href=(Href::path(&format!("agreements/class/{}", class.id))) { (class.name) } } } }
            }
            @if self.part.is_empty() {
                (EmptyState { title: "Nobody is found", text: "Nobody of those you may see is as you have chosen.", action: Some(("Show everybody", Href::path("agreements"))) })
            } @else {
                (self.table())
                (self.parts())
                p.govuk-body { a.govuk-link href=(Href::path(&format!("agreements.csv?{}", self.look.query(0)))) { "All " (self.total) " as a table for spreadsheets (CSV)" } }
            }
        }
    }
}

impl ListPage<'_> {
    fn form(&self) -> Markup {
        let show = [("", "Everybody"), ("asks", "Still to sign"), ("without", "Without the internet")];
        let mut who = vec![("", "All")];
        who.extend(Audience::ALL.map(|audience| (word(audience), audience.title())));
        html! {
            form.sg-filter method="get" action="/agreements" role="search" {
                (TextInput { name: "find", label: "Name", hint: None, error: None, value: &self.look.find, kind: Kind::Search, autocomplete: None })
                (Select { name: "show", label: "Show", hint: None, error: None, options: &show, chosen: Some(&self.look.show) })
                (Select { name: "who", label: "Who", hint: None, error: None, options: &who, chosen: Some(&self.look.who) })
                (Button { text: "Show", weight: Weight::Secondary, action: Action::Send })
            }
        }
    }

    fn table(&self) -> Markup {
        let columns = ["Name", "Who", "Internet", "Since", "Why"].map(|text| Column { text, numeric: false });
        let row = |access: &Access| {
            let (since, why) = why(access);
            let tag = match (access.is_gated(), access.is_unsigned() && access.mode != Mode::Off) {
                (true, _) => Tag { text: "Shut", mood: Mood::Bad },
                (false, true) => Tag { text: "Open, unsigned", mood: Mood::Soon },
                (false, false) => Tag { text: "Open", mood: Mood::Good },
            };
            let year = access.person.details.year.map(|year| format!(", {year}")).unwrap_or_default();
            vec![
                html! { a.govuk-link href=(Href::path(&format!("agreements/person/{}", access.person.id))) { (access.person.details.name()) } },
                html! { (access.audience.title()) (year) },
                html! { (tag) },
                html! { @if let Some(since) = since { (day(since)) } },
                html! { (why) },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.part.iter().map(|access| row(access)).collect();
        let caption = if self.total == 1 { "1 person".to_owned() } else { format!("{} people", self.total) };
        Table { caption: &caption, columns: &columns, rows: &rows }.render()
    }

    fn parts(&self) -> Markup {
        let from = self.look.from;
        let last = from + self.part.len();
        if from == 0 && last >= self.total {
            return html! {};
        }
        let place = format!("{} to {last} of {}", from + 1, self.total);
        let part = |from: usize| Href::path(&format!("agreements?{}", self.look.query(from)));
        let (previous, next) = ((from > 0).then(|| part(self.before)), (last < self.total).then(|| part(last)));
        Pagination { label: "People", place: &place, previous, next }.render()
    }
}
