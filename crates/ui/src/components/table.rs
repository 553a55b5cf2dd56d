//! Table: facts to compare. On a phone each row becomes a card, and each cell says its column.

use maud::{Markup, Render, html};

use super::Example;

/// A table.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// What it shows; always there, since it is also the table's name for those who cannot see it.
    pub caption: &'a str,
    /// The columns, in order. The first one names the row.
    pub columns: &'a [Column<'a>],
    /// The cells of each row, as many as there are columns; what is more is left out.
    pub rows: &'a [Vec<Markup>],
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Its heading.
    pub text: &'a str,
    /// Whether it holds numbers, which stand to the right.
    pub numeric: bool,
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        self.with_headings(&html! {
            @for column in self.columns {
                th.govuk-table__header.govuk-table__header--numeric[column.numeric] scope="col" role="columnheader" { (column.text) }
            }
        })
    }
}

impl Table<'_> {
    /// The table under these headings, one for each column.
    pub(super) fn with_headings(&self, headings: &Markup) -> Markup {
        // The roles say again what the elements are, because browsers forget it when a phone shows them as blocks.
        html! {
            table.govuk-table.sg-table role="table" {
                caption.govuk-table__caption.govuk-table__caption--m { (self.caption) }
                thead.govuk-table__head role="rowgroup" { tr.govuk-table__row role="row" { (headings) } }
                tbody.govuk-table__body role="rowgroup" {
                    @for row in self.rows { tr.govuk-table__row role="row" { (self.cells(row)) } }
                }
            }
        }
    }

    fn cells(&self, row: &[Markup]) -> Markup {
        html! {
            @for (place, (column, cell)) in self.columns.iter().zip(row).enumerate() {
                @if place == 0 {
                    th.govuk-table__header scope="row" role="rowheader" { (cell) }
                } @else {
                    td.govuk-table__cell.govuk-table__cell--numeric[column.numeric] role="cell" data-label=(column.text) { (cell) }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let columns =
        [Column { text: "List", numeric: false }, Column { text: "From", numeric: false }, Column { text: "Names", numeric: true }];
    let row = |name: &str, from: &str, count: &str| vec![html! { (name) }, html! { (from) }, html! { (count) }];
    let rows = [row("Gambling", "Starter list", "214"), row("Adult", "lists.example, refreshed this morning", "1,204,388")];
    vec![Example::new("Two lists", &Table { caption: "Lists in force", columns: &columns, rows: &rows })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_belongs_to_a_named_row_and_column() {
        let columns = [Column { text: "List", numeric: false }, Column { text: "Names", numeric: true }];
        let rows = [vec![html! { "Gambling" }, html! { "214" }, html! { "left out" }]];
        let markup = Table { caption: "Lists", columns: &columns, rows: &rows }.render().into_string();
        assert!(markup.contains(r#"scope="row" role="rowheader">Gambling</th>"#), "{markup}");
        assert!(markup.contains(r#"data-label="Names">214</td>"#), "{markup}");
        assert!(markup.contains(">Lists</caption>") && !markup.contains("left out"));
    }
}
