//! All entries of a build: one arena of keys, one small row per line of a list.

use std::collections::{HashMap, HashSet};

use filter::category::{Category, CategorySet};
use filter::host::Host;
use filter::pack::format::{Kind, MAX_KEY, is_path_edge};
use filter::pack::hash::Hasher;

use super::{BuildError, MAX_ENTRIES};
use crate::parse::Pattern;

/// The seed under which entries are sorted. Only the order of work depends on it, and that must be the same everywhere.
const SORTING_SEED: u64 = 0;

/// Rows and keys.
#[derive(Debug, Default)]
pub(super) struct Entries {
    keys: String,
    rows: Vec<Row>,
    /// The row from which the present list begins.
    list_start: usize,
    exceptions: HashMap<(Kind, String), bool>,
}

/// One line of a list.
#[derive(Debug, Clone, Copy)]
struct Row {
    hash: u64,
    start: usize,
    file: u32,
    line: u32,
    length: u16,
    host_length: u8,
    kind: Kind,
    category: Category,
}

/// All lines that name one thing.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// Host, and path where there is one.
    pub(super) key: &'a str,
    /// Bytes of the key that are the host.
    pub(super) host_length: usize,
    pub(super) kind: Kind,
    pub(super) categories: CategorySet,
    /// File, line and category of each, in order, without repeats.
    pub(super) origins: Vec<(u32, u32, Category)>,
}

/// The groups with the arena that their keys stand in.
#[derive(Debug)]
pub(super) struct Groups {
    keys: String,
    rows: Vec<Row>,
    /// Where each group's rows begin.
    starts: Vec<usize>,
}

// === impl Entries ===

impl Entries {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes an entry; expressions are kept elsewhere, and a key over [`MAX_KEY`] is cut at no edge but left out.
    pub(super) fn push(&mut self, pattern: &Pattern, category: Category, file: u32, line: u32) -> Result<(), BuildError> {
        let Some((kind, host, path)) = parts(pattern) else { return Ok(()) };
        let length = host.as_str().len() + path.len();
        if length > MAX_KEY {
            return Ok(());
        }
        if self.rows.len() >= MAX_ENTRIES {
            return Err(BuildError::TooManyEntries);
        }
        let start = self.keys.len();
        self.keys.push_str(host.as_str());
        self.keys.push_str(path);
        let hash = match path {
            "" => Hasher::of_host(SORTING_SEED, host.as_str()).value(),
            path => Hasher::of_url(SORTING_SEED, host.as_str(), path),
        };
        // Both casts are safe: the key is at most MAX_KEY bytes, a host at most 253.
        let (length, host_length) = (length as u16, host.as_str().len() as u8);
        self.rows.push(Row { hash, start, file, line, length, host_length, kind, category });
        Ok(())
    }

    /// Remembers an exception of the present list.
    pub(super) fn except(&mut self, pattern: &Pattern) {
        if let Some((kind, host, path)) = parts(pattern) {
            self.exceptions.insert((kind, format!("{host}{path}")), false);
        }
    }

    /// Ends a list: takes back what its own exceptions name, and says how many entries that was and how many exceptions
    /// took back nothing.
    pub(super) fn apply_exceptions(&mut self) -> (u64, u64) {
        let start = std::mem::replace(&mut self.list_start, self.rows.len());
        if self.exceptions.is_empty() {
            return (0, 0);
        }
        let mut exceptions = std::mem::take(&mut self.exceptions);
        let before = self.rows.len();
        let keys = &self.keys;
        let kept: Vec<Row> = self.rows.drain(start..).filter(|row| !is_excepted(&mut exceptions, *row, key_of(keys, *row))).collect();
        self.rows.extend(kept);
        self.list_start = self.rows.len();
        ((before - self.rows.len()) as u64, exceptions.values().filter(|used| !**used).count() as u64)
    }

    /// All entries, each with every line that names it.
    pub(super) fn into_groups(self) -> Groups {
        let Self { keys, mut rows, .. } = self;
        rows.sort_unstable_by(|left, right| {
            let ids = |row: &Row| (row.hash, row.kind);
            ids(left)
                .cmp(&ids(right))
                .then_with(|| key_of(&keys, *left).cmp(key_of(&keys, *right)))
                .then_with(|| (left.file, left.line, left.category.id()).cmp(&(right.file, right.line, right.category.id())))
        });
        let same =
            |left: Row, right: Row| left.hash == right.hash && left.kind == right.kind && key_of(&keys, left) == key_of(&keys, right);
        let starts = (0..rows.len()).filter(|at| *at == 0 || !same(rows[at - 1], rows[*at])).collect();
        Groups { keys, rows, starts }
    }
}

// === impl Groups ===

impl Groups {
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn get(&self, number: usize) -> Group<'_> {
        let end = self.starts.get(number + 1).copied().unwrap_or(self.rows.len());
        let rows = &self.rows[self.starts[number]..end];
        let mut origins: Vec<_> = rows.iter().map(|row| (row.file, row.line, row.category)).collect();
        origins.dedup();
        let first = rows[0];
        Group {
            key: key_of(&self.keys, first),
            host_length: usize::from(first.host_length),
            kind: first.kind,
            categories: rows.iter().map(|row| row.category).collect(),
            origins,
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Group<'_>> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// The hosts that have entries for single pages, each once, in a fixed order.
    pub(super) fn hosts_with_urls(&self) -> Vec<&str> {
        let urls = self.iter().filter(|group| matches!(group.kind, Kind::Url | Kind::UrlBelow));
        let mut hosts: Vec<&str> = urls.map(|group| &group.key[..group.host_length]).collect::<HashSet<_>>().into_iter().collect();
        hosts.sort_unstable();
        hosts
    }
}

fn key_of(keys: &str, row: Row) -> &str {
    &keys[row.start..row.start + usize::from(row.length)]
}

/// Kind, host and path of an entry. A path loses the edge it ends with, since entries end at edges anyway.
fn parts(pattern: &Pattern) -> Option<(Kind, &Host, &str)> {
    Some(match pattern {
        Pattern::Exact(host) => (Kind::Exact, host, ""),
        // An address has nothing below it.
        Pattern::Suffix(host) => (if host.is_address() { Kind::Exact } else { Kind::Suffix }, host, ""),
        Pattern::Url(prefix) | Pattern::UrlBelow(prefix) => {
            let kind = if matches!(pattern, Pattern::Url(_)) { Kind::Url } else { Kind::UrlBelow };
            match prefix.path.trim_end_matches(|letter: char| letter.is_ascii() && is_path_edge(letter as u8)) {
                "" => (if kind == Kind::Url { Kind::Exact } else { Kind::Suffix }, &prefix.host, ""),
                path => (kind, &prefix.host, path),
            }
        }
        Pattern::HostExpression(_) | Pattern::UrlExpression(_) => return None,
    })
}

/// Whether an exception of the same list takes the entry back: one for the same thing, or for a domain that it is within.
fn is_excepted(exceptions: &mut HashMap<(Kind, String), bool>, row: Row, key: &str) -> bool {
    let mut mark = |kind: Kind, key: &str| exceptions.get_mut(&(kind, key.to_owned())).map(|used| *used = true).is_some();
    if mark(row.kind, key) || (row.kind == Kind::Exact && mark(Kind::Suffix, key)) {
        return true;
    }
    let host = &key[..usize::from(row.host_length)];
    let mut parent = Some(host);
    while let Some(name) = parent {
        if mark(Kind::Suffix, name) {
            return true;
        }
        parent = name.split_once('.').map(|(_, parent)| parent);
    }
    false
}
