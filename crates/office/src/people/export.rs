//! People as a table for a spreadsheet. No address, no phone number, nothing that is sealed.

use super::import::Column;
use super::person::Person;
use super::text::{Email, Short};

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
    let mut text = "\u{feff}".to_owned();
    row(&mut text, COLUMNS.iter().map(|column| column.as_str().to_owned()));
    for person in people {
        let details = &person.details;
        let short = |text: &Option<Short>| text.as_ref().map(Short::to_string).unwrap_or_default();
        let cells = COLUMNS.iter().map(|column| match column {
            // Who was typed in has no key of a source: their own id is one.
            Column::Id => details.source.as_ref().map_or_else(|| person.id.to_string(), Short::to_string),
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
        });
        row(&mut text, cells);
    }
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
