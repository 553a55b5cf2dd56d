//! The report of a build, as a person reads it.

use std::fmt::Write as _;

use lists::build::{FileReport, ListReport, Report, SkipCount};

use super::{counted, grouped};

/// Files of a list that are named one by one; of the rest, only those from which something was left out.
const FILES: usize = 200;
/// Notes of a list that are shown.
const NOTES: usize = 20;

/// The whole report, without its totals.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    for list in &report.lists {
        self::list(&mut text, list);
    }
    categories(&mut text, report);
    white(&mut text, report);
    text
}

/// What it all comes to.
pub(super) fn totals(report: &Report) -> String {
    let files: usize = report.lists.iter().map(|list| list.files.len()).sum();
    format!(
        "In all: {} from {} and {}; {} taken, {} left out\n",
        counted(report.entries, "entry", "entries"),
        counted(report.lists.len() as u64, "list", "lists"),
        counted(files as u64, "file", "files"),
        counted(report.taken(), "line", "lines"),
        grouped(report.skipped())
    )
}

// Writing to a String cannot fail.

fn list(text: &mut String, list: &ListReport) {
    let _ = writeln!(text, "List \"{}\": {} taken", list.name, counted(list.taken(), "line", "lines"));
    for (at, file) in list.files.iter().enumerate() {
        if at < FILES || !file.skipped.is_empty() {
            self::file(text, file);
        }
    }
    if list.files.len() > FILES {
        let _ = writeln!(text, "  and {} more files, of which every line was taken", grouped((list.files.len() - FILES) as u64));
    }
    if list.excepted > 0 {
        let _ = writeln!(text, "  Taken back by the list's own exceptions: {}", grouped(list.excepted));
    }
    if list.exceptions_unapplied > 0 {
        let _ = writeln!(text, "  Exceptions that took nothing back: {}", grouped(list.exceptions_unapplied));
    }
    if !list.notes.is_empty() {
        let _ = writeln!(text, "  Not read as lists:");
    }
    for (name, why) in list.notes.iter().take(NOTES) {
        let _ = writeln!(text, "    {name}: {why}");
    }
    if list.notes.len() > NOTES {
        let _ = writeln!(text, "    and {} more", grouped((list.notes.len() - NOTES) as u64));
    }
    text.push('\n');
}

fn file(text: &mut String, file: &FileReport) {
    let white = if file.white { ", a white list" } else { "" };
    let _ = write!(text, "  {} ({}, category \"{}\"{white}): {} taken", file.name, file.format, file.label, grouped(file.taken));
    let parts =
        [(file.exceptions, "exceptions"), (file.ignored, "of categories that are left out"), (file.unmapped, "of unknown categories")];
    for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(text, ", {} {what}", grouped(count));
    }
    text.push('\n');
    for (why, count) in &file.skipped {
        let _ = writeln!(text, "    left out, {why}: {}{}", counted(count.lines, "line", "lines"), examples(count));
    }
}

fn examples(count: &SkipCount) -> String {
    let shown: Vec<_> = count.examples.iter().take(2).map(|(line, example)| format!("line {line}: {example}")).collect();
    if shown.is_empty() { String::new() } else { format!(" ({})", shown.join("; ")) }
}

fn categories(text: &mut String, report: &Report) {
    if !report.unknown_labels.is_empty() {
        let _ = writeln!(text, "Categories nobody has mapped (add them to a mapping file, --mapping):");
        for (label, lines) in &report.unknown_labels {
            let _ = writeln!(text, "  {label}: {} not taken", counted(*lines, "line", "lines"));
        }
        text.push('\n');
    }
    if !report.ignored_labels.is_empty() {
        let _ = writeln!(text, "Categories that the mapping leaves out:");
        for (label, why) in &report.ignored_labels {
            let _ = writeln!(text, "  {label}: {why}");
        }
        text.push('\n');
    }
}

fn white(text: &mut String, report: &Report) {
    let files: Vec<_> =
        report.lists.iter().flat_map(|list| list.files.iter().filter(|file| file.white).map(move |file| (list, file))).collect();
    if files.is_empty() {
        return;
    }
    let _ = writeln!(text, "White lists, which block nothing:");
    for (list, file) in files {
        let (name, taken) = (&file.name, counted(file.taken, "line", "lines"));
        let _ = writeln!(text, "  {} {name}: {taken} taken as good sites, {} not used", list.name, grouped(file.ignored + file.unmapped));
    }
    text.push('\n');
}
