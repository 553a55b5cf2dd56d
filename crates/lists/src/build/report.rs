//! What a build took, what it left out, and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The whole build.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Each list, in the order given.
    pub lists: Vec<ListReport>,
    /// Distinct entries of the pack.
    pub entries: u64,
    /// Source categories that the mapping does not know, with the number of lines they cost.
    pub unknown_labels: BTreeMap<String, u64>,
    /// Source categories that the mapping leaves out, with its reason.
    pub ignored_labels: BTreeMap<String, String>,
}

/// One list.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListReport {
    /// As configured.
    pub name: String,
    /// Its files, in the order read.
    pub files: Vec<FileReport>,
    /// Entries taken back by the list's own exceptions.
    pub excepted: u64,
    /// Exceptions that took back nothing: they name a part of what another line lists as a whole, which a pack cannot say,
    /// or something that is not listed.
    pub exceptions_unapplied: u64,
    /// What is no list of sites, with the reason.
    pub notes: Vec<(String, String)>,
}

/// One file.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its path within the list.
    pub name: String,
    /// Its category as the list calls it.
    pub label: String,
    /// The format it was read as.
    pub format: String,
    /// Whether the list means it as a list of good sites.
    pub white: bool,
    /// Lines taken.
    pub taken: u64,
    /// Exceptions read.
    pub exceptions: u64,
    /// Lines of a category that the mapping leaves out.
    pub ignored: u64,
    /// Lines of a category that the mapping does not know.
    pub unmapped: u64,
    /// Lines left out, by reason.
    pub skipped: BTreeMap<String, SkipCount>,
}

/// Lines left out for one reason.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipCount {
    /// How many.
    pub lines: u64,
    /// The first few, with their line numbers.
    pub examples: Vec<(u32, String)>,
}

impl Report {
    /// Lines taken, over all files.
    pub fn taken(&self) -> u64 {
        self.files().map(|file| file.taken).sum()
    }

    /// Lines left out by a reader, over all files.
    pub fn skipped(&self) -> u64 {
        self.files().flat_map(|file| file.skipped.values()).map(|count| count.lines).sum()
    }

    fn files(&self) -> impl Iterator<Item = &FileReport> {
        self.lists.iter().flat_map(|list| &list.files)
    }
}

impl ListReport {
    /// Lines taken, over all its files.
    pub fn taken(&self) -> u64 {
        self.files.iter().map(|file| file.taken).sum()
    }
}
