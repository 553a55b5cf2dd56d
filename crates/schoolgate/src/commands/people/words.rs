//! A report in words.

use crate::commands::lists::counted;
use crate::people::{Line, Report};
use crate::terminal::harmless;

/// For a person: the columns, what is to be known, each line but those that stay as they are, and how many there are of each.
pub(super) fn report(report: &Report) -> String {
    let mut text = String::new();
    if !report.columns.is_empty() {
        text.push_str("Columns:\n");
        for column in &report.columns {
            text.push_str(&format!("  {:<28} {}\n", harmless(&column.heading), harmless(&column.taken_as)));
        }
    }
    text.extend(report.notes.iter().map(line));
    text.extend(report.lines.iter().filter(|line| line.outcome != "left").map(line));
    if report.more > 0 {
        text.push_str(&format!("  and {}\n", counted(report.more as u64, "line more", "lines more")));
    }
    let count = |number: usize, words: &str| format!("{} {words}", crate::commands::lists::grouped(number as u64));
    let parts = [
        count(report.added, "added"),
        count(report.changed, "changed"),
        count(report.left, "left as they are"),
        count(report.refused, "refused"),
    ];
    text.push_str(&format!("{}.\n", parts.join(", ")));
    text.push_str(if report.applied {
        "It was done.\n"
    } else {
        "Nothing was changed: this says what would happen. Give --apply to do it.\n"
    });
    text
}

fn line(line: &Line) -> String {
    let at = line.line.map(|line| format!("line {line}")).unwrap_or_default();
    let what = [harmless(&line.name), harmless(&line.detail)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    format!("  {at:<11} {:<8} {what}\n", line.outcome)
}
