//! People as a table for a spreadsheet. No address, no phone number, nothing that is sealed.

mod workbook;

use super::import::Column;
use super::person::Person;
use super::text::{Email, Short};

pub use workbook::TooManyRows;

/// The columns, in their order; an import reads them again.
const COLUMNS: [Column; 10] = [
    Column::Id,
    Column::Given,
    Column::Family,
    Column::KnownAs,
    Column::Membership,
    Column::Email,
    Column::Language,
    Column::Year,
    Column::Started,
    Column::Ended,
];

/// A CSV in UTF-8 with a mark, so that Excel shows names right. A cell that a spreadsheet would take for a formula begins with a quote.
/// Whoever has several memberships has a row with the first of them.
pub fn csv(people: &[Person]) -> String {
    table(&COLUMNS.map(Column::as_str), people.iter().map(cells))
}

/// The same as a workbook of Excel. Its cells are texts, whatever stands in them, so none of them is a formula.
///
/// # Errors
/// Where there are more people than a workbook has rows.
pub fn xlsx(people: &[Person]) -> Result<Vec<u8>, TooManyRows> {
    workbook(&COLUMNS.map(Column::as_str), people.iter().map(cells))
}

fn cells(person: &Person) -> Vec<String> {
    let details = &person.details;
    let short = |text: &Option<Short>| text.as_ref().map(Short::to_string).unwrap_or_default();
    let cell = |column: &Column| match column {
        Column::Id => person.key().into_owned(),
        Column::Given => details.given.to_string(),
        Column::Family => details.family.to_string(),
        Column::KnownAs => short(&details.known_as),
        Column::Membership => details.memberships.iter().next().map(|membership| membership.to_string()).unwrap_or_default(),
        Column::Email => details.email.as_ref().map(Email::to_string).unwrap_or_default(),
        Column::Language => short(&details.language),
        Column::Year => details.year.map(|year| year.to_string()).unwrap_or_default(),
        Column::Started => person.started.to_string(),
        Column::Ended => person.ended.map(|ended| ended.to_string()).unwrap_or_default(),
        _ => String::new(),
    };
    COLUMNS.iter().map(cell).collect()
}

/// Any table as a workbook.
pub(crate) fn workbook(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, TooManyRows> {
    let first = headings.iter().map(|heading| (*heading).to_owned()).collect();
    workbook::write(std::iter::once(first).chain(rows))
}

/// Any table, as harmless as that of people.
pub(crate) fn table(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = "\u{feff}".to_owned();
    row(&mut text, headings.iter().map(|heading| (*heading).to_owned()));
    rows.for_each(|cells| row(&mut text, cells.into_iter()));
    text
}

fn row(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&quoted(&harmless(&cell)));
    }
    text.push_str("\r\n");
}

/// Text that no spreadsheet runs (OWASP, "CSV Injection").
fn harmless(cell: &str) -> String {
    // A quote that stands before a formula already would be taken off by an import, so it gets another.
    let bare = cell.trim_start_matches('\'');
    if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text_in_both() {
        let rows = || [vec!["=HYPERLINK(\"http://evil.example\")".to_owned(), "@SUM(1)".to_owned(), "O'Neill".to_owned()]].into_iter();
        let csv = table(&["a", "b", "c"], rows());
        assert!(csv.contains("\"'=HYPERLINK(") && csv.contains(",'@SUM(1),O'Neill"), "{csv}");
        let book = workbook(&["a", "b", "c"], rows()).expect("a workbook");
        assert!(book.starts_with(b"PK\x03\x04"));
    }
}
