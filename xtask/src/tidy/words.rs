//! The words of the field: each has its row in `docs/words.md` and one word in code.

use std::collections::BTreeMap;

use super::Finding;
use super::tree::{SourceFile, Tree};

const PATH: &str = "docs/words.md";

/// Terms that must be explained there.
const TERMS: &[&str] = &[
    "acceptable use agreement (AUA)",
    "block page",
    "case",
    "category",
    "concern",
    "DDSL",
    "DSL",
    "filtering and monitoring",
    "help line",
    "incident",
    "KCSIE",
    "key stage",
    "LADO",
    "pack",
    "profile",
    "referral",
    "sealed list",
    "snapshot",
    "unblock request",
    "verdict",
];

/// The table has a row for each term, each row a word for code, and no two rows the same.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(file) = tree.file(PATH) else {
        return vec![Finding::new(PATH, 0, "the table of words is missing")];
    };
    let rows: Vec<Row<'_>> = rows(file).collect();
    let mut findings = Vec::new();
    for term in TERMS.iter().filter(|term| !rows.iter().any(|row| row.term.eq_ignore_ascii_case(term))) {
        findings.push(Finding::new(PATH, 0, format!("explain the term \"{term}\"")));
    }
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &rows {
        if row.word.is_empty() {
            findings.push(Finding::new(PATH, row.line, format!("\"{}\" has no word for code", row.term)));
        } else if let Some(other) = seen.insert(row.word, row.term) {
            findings.push(Finding::new(PATH, row.line, format!("`{}` already stands for \"{other}\"", row.word)));
        }
    }
    findings
}

struct Row<'a> {
    line: usize,
    term: &'a str,
    /// Without its back-ticks.
    word: &'a str,
}

/// Rows of `| term | word | meaning |`, without the heading and its rule.
fn rows(file: &SourceFile) -> impl Iterator<Item = Row<'_>> {
    let cells = |line| -> Option<(&str, &str)> {
        let (term, rest) = str::strip_prefix(line, "| ")?.split_once('|')?;
        let (word, _) = rest.split_once('|')?;
        Some((term.trim(), word.trim().trim_matches('`')))
    };
    let rows = file.lines().filter_map(move |(line, text)| cells(text).map(|(term, word)| Row { line, term, word }));
    rows.filter(|row| !row.term.starts_with("---") && row.term != "Term")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str)]) -> String {
        let mut text = "| Term | In code | Meaning |\n| --- | --- | --- |\n".to_owned();
        for (term, word) in rows {
            text.push_str(&format!("| {term} | `{word}` | what it means |\n"));
        }
        text
    }

    fn full() -> Vec<(&'static str, &'static str)> {
        TERMS.iter().map(|term| (*term, *term)).collect()
    }

    #[test]
    fn a_full_table_is_in_order() {
        assert_eq!(check(&Tree::of(&[(PATH, &table(&full()))])), []);
    }

    #[test]
    fn a_missing_table_and_a_missing_term_are_found() {
        assert_eq!(check(&Tree::of(&[])).len(), 1);
        let findings = check(&Tree::of(&[(PATH, &table(&full()[1..]))]));
        assert_eq!(findings, [Finding::new(PATH, 0, "explain the term \"acceptable use agreement (AUA)\"")]);
    }

    #[test]
    fn one_word_stands_for_one_term() {
        let mut rows = full();
        rows.extend([("worry", "concern"), ("odd", "")]);
        let lines: Vec<usize> = check(&Tree::of(&[(PATH, &table(&rows))])).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [TERMS.len() + 3, TERMS.len() + 4]);
    }
}
