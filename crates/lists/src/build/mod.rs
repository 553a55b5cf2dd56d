//! Building packs: what the readers found goes in, the bytes of a pack and a report come out.
//!
//! The same lists in the same order give the same bytes on every machine: nothing depends on time, place or chance.

mod entries;
mod report;
mod table;

use std::collections::HashMap;

use filter::category::{Category, CategorySet, Kind};
use filter::pack::expressions::{Expressions, Row};
use filter::pack::sources::{FileSource, ListSource, Sources};
use filter::pack::{PackError, format};

use self::entries::Entries;
pub use self::report::{FileReport, ListReport, Report, SkipCount};
use crate::mapping::{Mapped, Mapping};
use crate::parse::{Pattern, Skip};

/// Most entries a pack may have. Well over every list known (the largest have some ten million), it bounds the memory of a
/// build: about 60 bytes an entry.
pub const MAX_ENTRIES: usize = 40_000_000;
/// Examples that a report keeps per reason.
const EXAMPLES: usize = 3;

/// Why no pack could be built. Nothing has been written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// More entries than [`MAX_ENTRIES`].
    #[error("building the pack: the lists have over {MAX_ENTRIES} entries; leave out a list")]
    TooManyEntries,
    /// More distinct combinations of categories than a pack can number.
    #[error("building the pack: the lists combine categories in over {} ways; map fewer categories", format::MAX_SETS - 1)]
    TooManySets,
    /// Names and origins of over four gigabytes.
    #[error("building the pack: the names of all entries together are over 4 GiB; leave out a list")]
    TooLarge,
    /// Hostile input: no seed spreads the entries well.
    #[error("building the pack: the entries cannot be spread evenly over the table; one of the lists looks made to cause this")]
    Uneven,
    /// Expressions that need more memory together than a pack may give them.
    #[error("building the pack: the expressions of all lists together are too large; leave out a list that has many")]
    Expressions,
    /// Nothing was understood at all: an empty pack would open everything that the old one closed.
    #[error("building the pack: no entry was understood in any list, so the old pack stays")]
    Empty,
    /// The finished pack does not read back. A fault of this program.
    #[error("building the pack: the finished pack does not read back ({0}); please report this")]
    ReadBack(PackError),
}

/// Takes in lists, one after the other.
#[derive(Debug)]
pub struct Builder<'a> {
    mapping: &'a Mapping,
    entries: Entries,
    rows: Vec<Row>,
    sources: Sources,
    report: Report,
    labels: HashMap<String, CategorySet>,
    white: bool,
}

/// A finished pack.
#[derive(Debug)]
pub struct Built {
    /// The file.
    pub bytes: Vec<u8>,
    /// What went in and what did not.
    pub report: Report,
}

// === impl Builder ===

impl<'a> Builder<'a> {
    /// A build with this mapping of source categories.
    pub fn new(mapping: &'a Mapping) -> Self {
        Self {
            mapping,
            entries: Entries::default(),
            rows: Vec::new(),
            sources: Sources::default(),
            report: Report::default(),
            labels: HashMap::new(),
            white: false,
        }
    }

    /// Begins a list. What follows belongs to it.
    pub fn begin_list(&mut self, name: &str) {
        self.sources.lists.push(ListSource { name: name.to_owned() });
        self.report.lists.push(ListReport { name: name.to_owned(), ..ListReport::default() });
    }

    /// Ends the list: its own exceptions take back what they name.
    pub fn end_list(&mut self) {
        let (excepted, unapplied) = self.entries.apply_exceptions();
        if let Some(report) = self.report.lists.last_mut() {
            report.excepted = excepted;
            report.exceptions_unapplied = unapplied;
        }
    }

    /// Begins a file of the list. `label` is its category as the list calls it; `white` says that the list means it as a
    /// list of good sites: then only a positive category of ours is taken from it.
    pub fn begin_file(&mut self, name: &str, label: &str, format: &str, white: bool) {
        let list = self.sources.lists.len().saturating_sub(1);
        self.sources.files.push(FileSource { list, name: name.to_owned(), label: label.to_owned() });
        self.white = white;
        let file = FileReport { name: name.to_owned(), label: label.to_owned(), format: format.to_owned(), white, ..FileReport::default() };
        if let Some(report) = self.report.lists.last_mut() {
            report.files.push(file);
        }
    }

    /// Something that belongs to the list but is no list of sites: an alias, a read-me, a file of no known format.
    pub fn note(&mut self, name: &str, why: String) {
        if let Some(report) = self.report.lists.last_mut() {
            report.notes.push((name.to_owned(), why));
        }
    }

    /// Takes an entry. `labels` are its categories as the source calls them, the most particular first; the first that the
    /// mapping knows counts.
    pub fn entry(&mut self, line: u32, labels: &[&str], pattern: &Pattern) -> Result<(), BuildError> {
        let Some(categories) = self.categories(labels) else { return Ok(()) };
        if let Pattern::Suffix(host) = pattern
            && host.is_too_wide_to_list()
        {
            self.skip(line, Skip::NotTaken("it names a whole public suffix, so all sites of a country or kind"), host.as_str());
            return Ok(());
        }
        let file = u32::try_from(self.sources.files.len().saturating_sub(1)).map_err(|_| BuildError::TooLarge)?;
        for category in categories.iter() {
            match pattern {
                Pattern::HostExpression(regex) => {
                    self.rows.push(Row { over_url: false, regex: regex.clone(), category: category.id(), file, line })
                }
                Pattern::UrlExpression(regex) => {
                    self.rows.push(Row { over_url: true, regex: regex.clone(), category: category.id(), file, line })
                }
                Pattern::Exact(_) | Pattern::Suffix(_) | Pattern::Url(_) | Pattern::UrlBelow(_) => {
                    self.entries.push(pattern, category, file, line)?
                }
            }
        }
        self.file_report(|report| report.taken += 1);
        Ok(())
    }

    /// Takes an exception that the list makes from itself.
    pub fn except(&mut self, pattern: &Pattern) {
        self.entries.except(pattern);
        self.file_report(|report| report.exceptions += 1);
    }

    /// Counts a line that was left out.
    pub fn skip(&mut self, line: u32, why: Skip, text: &str) {
        self.file_report(|report| {
            let count = report.skipped.entry(why.to_string()).or_default();
            count.lines += 1;
            if count.examples.len() < EXAMPLES {
                count.examples.push((line, text.chars().filter(|letter| !letter.is_control()).take(120).collect()));
            }
        });
    }

    /// What was taken and left out so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Number of entries so far.
    pub fn len(&self) -> usize {
        self.entries.len() + self.rows.len()
    }

    /// Whether nothing was taken so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Compiles the pack. `progress` hears what is being done and how far it is, from 0 to 1.
    pub fn finish(mut self, progress: &mut dyn FnMut(&str, f32)) -> Result<Built, BuildError> {
        if self.is_empty() {
            return Err(BuildError::Empty);
        }
        progress("sorting", 0.0);
        self.rows.sort_unstable();
        self.rows.dedup();
        let groups = self.entries.into_groups();
        self.report.entries = groups.len() as u64 + self.rows.len() as u64;
        let sections = table::lay_out(&groups, &self.sources, progress)?;
        let used = groups
            .iter()
            .flat_map(|group| group.categories.iter().collect::<Vec<_>>())
            .chain(self.rows.iter().filter_map(|row| Category::from_id(row.category)));
        let used: CategorySet = used.collect();
        let texts = (Expressions::to_text(&self.rows), self.sources.to_text(used.iter()));
        let bytes = table::assemble(&sections, &texts.0, &texts.1, self.report.entries);
        progress("checking", 0.95);
        let bytes = bytes::Bytes::from(bytes);
        filter::Pack::parse(&bytes).map_err(|error| match error {
            // Each was compiled by itself when it was read; only together they can be refused.
            PackError::Section { section: format::Section::Expressions, .. } => BuildError::Expressions,
            error => BuildError::ReadBack(error),
        })?;
        progress("done", 1.0);
        Ok(Built { bytes: bytes.into(), report: self.report })
    }

    /// What the first known of `labels` means; nothing where the entry is to be left out.
    fn categories(&mut self, labels: &[&str]) -> Option<CategorySet> {
        for label in labels {
            let set = match self.labels.get(*label) {
                Some(set) => Some(*set),
                None => self.look_up(label),
            };
            if let Some(set) = set {
                let taken = if self.white { set.intersect(CategorySet::of_kind(Kind::Positive)) } else { set };
                if taken.is_empty() {
                    self.file_report(|report| report.ignored += 1);
                    return None;
                }
                return Some(taken);
            }
        }
        self.file_report(|report| report.unmapped += 1);
        let last = labels.last().copied().unwrap_or_default();
        *self.report.unknown_labels.entry(last.to_owned()).or_default() += 1;
        None
    }

    fn look_up(&mut self, label: &str) -> Option<CategorySet> {
        let set = match self.mapping.lookup(label) {
            Mapped::To(set) => set,
            Mapped::Ignore(why) => {
                self.report.ignored_labels.insert(label.to_owned(), why.to_string());
                CategorySet::EMPTY
            }
            Mapped::Unknown => return None,
        };
        self.labels.insert(label.to_owned(), set);
        Some(set)
    }

    fn file_report(&mut self, change: impl FnOnce(&mut FileReport)) {
        if let Some(report) = self.report.lists.last_mut().and_then(|list| list.files.last_mut()) {
            change(report);
        }
    }
}
