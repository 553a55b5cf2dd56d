//! The expressions of a pack: the few entries that name no host.
//!
//! One line each, fields parted by tabs: `host` or `url`, number of the file, line in it, category id, the expression. They are
//! matched in time linear in the address (`regex` crate), over the host or over `host/path?query` in matching form.

use regex::{RegexSet, RegexSetBuilder};

use super::Entry;
use super::parse::Defect;
use super::sources::Sources;
use crate::category::{Category, CategorySet};
use crate::target::Target;

/// Largest compiled set, in bytes of program; a pack over it is refused.
pub const MAX_PROGRAM: usize = 16 << 20;

/// All expressions of a pack.
#[derive(Default)]
pub struct Expressions {
    rows: Vec<Row>,
    over_host: Set,
    over_url: Set,
}

/// One expression and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Whether it is matched against the whole address, not only the host.
    pub over_url: bool,
    /// The expression, in the syntax of the `regex` crate.
    pub regex: String,
    /// What it gives.
    pub category: u8,
    /// Number of its file.
    pub file: u32,
    /// Line in that file, from 1.
    pub line: u32,
}

#[derive(Default)]
struct Set {
    regexes: RegexSet,
    /// The row of each regex.
    rows: Vec<u32>,
}

// === impl Expressions ===

impl Expressions {
    /// The text of the section.
    pub fn to_text(rows: &[Row]) -> String {
        rows.iter()
            .map(|row| {
                let over = if row.over_url { "url" } else { "host" };
                format!("{over}\t{}\t{}\t{}\t{}\n", row.file, row.line, row.category, row.regex)
            })
            .collect()
    }

    pub(super) fn parse(text: &str, sources: &Sources) -> Result<Self, Defect> {
        let mut rows = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let row = parse_row(line).filter(|row| sources.origin(row.file as usize, row.line, row.category).is_some());
            rows.push(row.ok_or_else(|| Defect::Line { line: at + 1, what: "not an expression with its origin".to_owned() })?);
        }
        Ok(Self { over_host: Set::of(&rows, false)?, over_url: Set::of(&rows, true)?, rows })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn each_match(&self, target: &Target, mut found: impl FnMut(u32, CategorySet)) {
        let host = target.host.as_str();
        if !self.over_host.rows.is_empty() && self.over_host.regexes.is_match(host) {
            self.each_row(&self.over_host, host, &mut found);
        }
        if let Some(address) = target.address().filter(|_| !self.over_url.rows.is_empty())
            && self.over_url.regexes.is_match(address)
        {
            self.each_row(&self.over_url, address, &mut found);
        }
    }

    fn each_row(&self, set: &Set, text: &str, found: &mut impl FnMut(u32, CategorySet)) {
        for number in set.regexes.matches(text).iter().filter_map(|at| set.rows.get(at).copied()) {
            if let Some(category) = self.rows.get(number as usize).and_then(|row| Category::from_id(row.category)) {
                found(number, CategorySet::from_iter([category]));
            }
        }
    }

    pub(super) fn entry(&self, number: u32, sources: &Sources) -> Option<Entry> {
        let row = self.rows.get(number as usize)?;
        let origin = sources.origin(row.file as usize, row.line, row.category)?;
        Some(Entry { pattern: format!("/{}/", row.regex), origins: vec![origin] })
    }
}

impl std::fmt::Debug for Expressions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Expressions").field("len", &self.len()).finish()
    }
}

// === impl Set ===

impl Set {
    fn of(rows: &[Row], over_url: bool) -> Result<Self, Defect> {
        let (numbers, texts): (Vec<u32>, Vec<&str>) =
            (0..).zip(rows).filter(|(_, row)| row.over_url == over_url).map(|(number, row)| (number, row.regex.as_str())).unzip();
        let regexes = RegexSetBuilder::new(texts).case_insensitive(true).size_limit(MAX_PROGRAM).build().map_err(|error| {
            let what = match error {
                regex::Error::CompiledTooBig(limit) => format!("the expressions need over {limit} bytes"),
                _ => "an expression is not understood".to_owned(),
            };
            Defect::Line { line: numbers.first().map_or(1, |number| *number as usize + 1), what }
        })?;
        Ok(Self { regexes, rows: numbers })
    }
}

fn parse_row(line: &str) -> Option<Row> {
    let mut fields = line.splitn(5, '\t');
    let over_url = match fields.next()? {
        "url" => true,
        "host" => false,
        _ => return None,
    };
    let (file, line, category) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Row { over_url, regex: fields.next()?.to_owned(), category, file, line })
}
