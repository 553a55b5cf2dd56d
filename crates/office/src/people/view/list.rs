//! The list of people.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::filters::Filters;
use ui::components::pagination::Pagination;
use ui::components::select::Select;
use ui::components::sorted_table::{SortedTable, Sorting};
use ui::components::table::{Column, Table};
use ui::components::text_input::{Kind, TextInput};

use super::{Person, Search, day, kinds, options, years};
use crate::people::Order;
use crate::web::Content;

/// The list of people, a part of it.
pub(in crate::people) struct ListPage<'a> {
    pub(in crate::people) search: &'a Search,
    pub(in crate::people) rows: &'a [RowOfList],
    pub(in crate::people) total: u64,
    /// How many stand on a part.
    pub(in crate::people) part: u64,
    pub(in crate::people) may_add: bool,
    pub(in crate::people) may_import: bool,
}

/// A person in it.
pub(in crate::people) struct RowOfList {
    path: String,
    name: String,
    is: String,
    year: String,
    until: String,
}

// === impl RowOfList ===

impl RowOfList {
    pub(in crate::people) fn of(person: &Person) -> Self {
        Self {
            path: format!("/people/{}", person.id),
            name: person.details.name(),
            is: person.details.memberships.to_string(),
            year: person.details.year.map(|year| year.to_string()).unwrap_or_default(),
            until: person.ended.map(day).unwrap_or_default(),
        }
    }
}

impl Content for ListPage<'_> {
    fn title(&self) -> String {
        "People".to_owned()
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "People" }
            (self.ways())
            (self.form())
            @if self.rows.is_empty() {
                (EmptyState { title: "Nobody is found", text: "Look for a part of the name, or choose less.", action: Some(("Show everybody", Href::path("people"))) })
            } @else {
                (self.table())
                (self.parts())
                p.govuk-body.sg-no-print {
                    "All " (self.total) " as a table for spreadsheets: "
                    a.govuk-link href=(Href::path(&format!("people.csv?{}", self.search.query(0)))) { "CSV" } " or "
                    a.govuk-link href=(Href::path(&format!("people.xlsx?{}", self.search.query(0)))) { "Excel (XLSX)" }
                }
            }
        }
    }
}

impl ListPage<'_> {
    /// What else can be done here.
    fn ways(&self) -> Markup {
        html! {
            @if self.may_add || self.may_import {
                div.sg-actions {
                    @if self.may_add { (Button { text: "Add a person", weight: Weight::Secondary, action: Action::Go(Href::path("people/new")) }) }
                    @if self.may_import {
                        (Button { text: "Take people in from a file", weight: Weight::Secondary, action: Action::Go(Href::path("people/import")) })
                    }
                }
            }
        }
    }

    fn form(&self) -> Markup {
        let (kinds, years) = (kinds(), years());
        let (of_kind, of_year) = (options(Some("Everybody"), &kinds), options(Some("Any"), &years));
        let left = [("", "Here now"), ("yes", "Have left")];
        let fields = html! {
            (TextInput { name: "find", label: "Name", hint: None, error: None, value: &self.search.find, kind: Kind::Search, autocomplete: None })
            (Select { name: "is", label: "Who", hint: None, error: None, options: &of_kind, chosen: Some(&self.search.is) })
            (Select { name: "year", label: "Year group", hint: None, error: None, options: &of_year, chosen: Some(&self.search.year) })
            (Select { name: "left", label: "When", hint: None, error: None, options: &left, chosen: Some(&self.search.left) })
        };
        let clear = (!self.search.query(0).is_empty()).then(|| Href::path("people"));
        Filters { label: "People", path: "people", fields, clear }.render()
    }

    fn table(&self) -> Markup {
        let has_ended = self.rows.iter().any(|row| !row.until.is_empty());
        let mut columns = vec![column("Name"), column("Is"), column("Year group")];
        columns.extend(has_ended.then(|| column("Last day")));
        let cells = |row: &RowOfList| {
            let mut cells = vec![html! { a.govuk-link href=(row.path) { (row.name) } }, html! { (row.is) }, html! { (row.year) }];
            cells.extend(has_ended.then(|| html! { (row.until) }));
            cells
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cells).collect();
        let caption = if self.total == 1 { "1 person".to_owned() } else { format!("{} people", self.total) };
        let by = |word: &str, up: Order, down: Order| {
            let to = |sort: &str| Href::path(&format!("people?{}", self.search.sorted(sort)));
            let order = self.search.order();
            if order == up {
                Sorting::Rising(to(&format!("-{word}")))
            } else if order == down {
                Sorting::Falling(to(word))
            } else {
                Sorting::By(to(word))
            }
        };
        let sorting = [by("name", Order::Name, Order::NameDown), Sorting::None, by("year", Order::Year, Order::YearDown)];
        SortedTable { table: Table { caption: &caption, columns: &columns, rows: &rows }, sorting: &sorting }.render()
    }

    fn parts(&self) -> Markup {
        let from = self.search.from;
        let last = from + self.rows.len() as u64;
        if from == 0 && last >= self.total {
            return html! {};
        }
        let place = format!("{} to {last} of {}", from + 1, self.total);
        let part = |from: u64| Href::path(&format!("people?{}", self.search.query(from)));
        let previous = (from > 0).then(|| part(from.saturating_sub(self.part)));
        let next = (last < self.total).then(|| part(last));
        Pagination { label: "People", place: &place, previous, next }.render()
    }
}

const fn column(text: &str) -> Column<'_> {
    Column { text, numeric: false }
}
