//! Sorted table: a table whose reader chooses the order. Each heading that sorts is a link, so that it works without script, and the
//! order that holds is told to screen readers.

use maud::{Markup, Render, html};

use super::Example;
use super::table::{Column, Table};
use crate::Href;

/// A table whose reader chooses the order.
#[derive(Debug, Clone)]
pub struct SortedTable<'a> {
    /// The table in the order that holds.
    pub table: Table<'a>,
    /// What each of its columns does, in the same order.
    pub sorting: &'a [Sorting],
}

/// What a heading does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sorting {
    /// Nothing.
    None,
    /// Sorts by its column.
    By(Href),
    /// The table is sorted by it from the first to the last; the link turns it round.
    Rising(Href),
    /// The table is sorted by it from the last to the first; the link turns it round.
    Falling(Href),
}

impl Render for SortedTable<'_> {
    fn render(&self) -> Markup {
        let headings = self.table.columns.iter().zip(self.sorting.iter().chain(std::iter::repeat(&Sorting::None)));
        self.table.with_headings(&html! { @for (column, sorting) in headings { (heading(column, sorting)) } })
    }
}

fn heading(column: &Column<'_>, sorting: &Sorting) -> Markup {
    let (href, order, mark) = match sorting {
        Sorting::None => (None, None, ""),
        Sorting::By(href) => (Some(href), None, ""),
        Sorting::Rising(href) => (Some(href), Some("ascending"), " ▲"),
        Sorting::Falling(href) => (Some(href), Some("descending"), " ▼"),
    };
    html! {
        th.govuk-table__header.govuk-table__header--numeric[column.numeric] scope="col" role="columnheader" aria-sort=[order] {
            @if let Some(href) = href {
                a.govuk-link.govuk-link--no-visited-state href=(href) {
                    span.govuk-visually-hidden { "Sort by " } (column.text) span aria-hidden="true" { (mark) }
                }
            } @else { (column.text) }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let columns = ["Name", "Year group"].map(|text| Column { text, numeric: false });
    let row = |name: &str, year: &str| vec![html! { (name) }, html! { (year) }];
    let rows = [row("Pip Ragwort", "Year 3"), row("Sam Sedge", "Year 1")];
    let sorting = [Sorting::Rising(Href::path("people?sort=-name")), Sorting::By(Href::path("people?sort=year"))];
    let table = Table { caption: "Two pupils, by name", columns: &columns, rows: &rows };
    vec![Example::new("By name", &SortedTable { table, sorting: &sorting })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_told_and_turned_round() {
        let columns = ["A", "B", "C"].map(|text| Column { text, numeric: false });
        let rows = [vec![html! { "1" }, html! { "2" }, html! { "3" }]];
        let sorting = [Sorting::Falling(Href::path("x?sort=a")), Sorting::By(Href::path("x?sort=b"))];
        let table = Table { caption: "T", columns: &columns, rows: &rows };
        let markup = SortedTable { table, sorting: &sorting }.render().into_string();
        assert!(
            markup.contains(r#"aria-sort="descending"><a class="govuk-link govuk-link--no-visited-state" href="/x?sort=a""#),
            "{markup}"
        );
        assert_eq!(markup.matches("aria-sort").count(), 1);
        assert_eq!(markup.matches("Sort by ").count(), 2, "what does not sort is no link");
        assert!(markup.contains(r#"data-label="C">3</td>"#));
    }
}
