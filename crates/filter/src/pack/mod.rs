//! Packs: compiled category lists, read whole or refused whole.
//!
//! A look-up hashes every suffix of the host in one pass and looks each up in a table of 8-byte slots. A slot that fits is
//! a candidate only; the entry's name, in the cold part of the file, confirms it. So a wrong hit cannot happen, and a host
//! on no list costs no access to the cold part.

pub mod expressions;
pub mod format;
pub mod hash;
mod parse;
pub mod sources;

use arrayvec::ArrayVec;
use bytes::Bytes;

pub use self::parse::{Defect, PackError};
use crate::category::CategorySet;
use crate::target::Target;
use expressions::Expressions;
use format::{BUCKET, Kind, MAX_FULL_RUN, Slot};
use hash::Hasher;
use sources::Sources;

/// A pack in force. Cheap to look up, never changed; `Debug` shows its counts only.
pub struct Pack {
    seed: u64,
    entries: u64,
    checksum: u64,
    sets: Box<[CategorySet]>,
    presence: Box<[u64]>,
    buckets: Box<[Bucket]>,
    ranks: Box<[u32]>,
    expressions: Expressions,
    sources: Sources,
    names: Bytes,
}

/// Eight slots on a cache line of their own.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Bucket([u64; BUCKET]);

/// One entry that covers what was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// All categories that any list gives the entry.
    pub categories: CategorySet,
    /// How exact the entry is: bytes of the host that it names, plus those of its path. Longer is closer.
    pub length: u32,
    /// Which entry; for [`Pack::entry`].
    pub entry: EntryRef,
}

/// Names one entry of one pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryRef {
    /// The number of a slot.
    Slot(u32),
    /// The number of an expression.
    Expression(u32),
}

/// An entry as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it covers, in words of lists: `bet365.com`, `=www.example.org` (that host only), `example.com/page`, `/regex/`.
    pub pattern: String,
    /// Every place that names it.
    pub origins: Vec<Origin>,
}

/// A place that names an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The category it gives.
    pub category: crate::category::Category,
    /// The list, as configured.
    pub list: String,
    /// The file in it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// Suffixes of a host: where each begins, its hash, and the hasher for the pages below it. A host with more labels is
/// looked up in several goes.
type Suffixes = ArrayVec<(usize, u64, Hasher), 8>;

// === impl Pack ===

impl Pack {
    /// Reads a pack. Every byte is covered by a checksum, and every number is checked before it is used.
    pub fn parse(file: &Bytes) -> Result<Self, PackError> {
        parse::parse(file)
    }

    /// The same pack on another copy of its file, for a machine that maps the file a second time so that the pages of the
    /// cold part, all touched by the checksum, need not stay in memory. Nothing is read; a `file` of another length is refused.
    pub fn on(mut self, file: &Bytes) -> Option<Self> {
        let start = file.len().checked_sub(self.names.len())?;
        self.names = file.slice(start..);
        Some(self)
    }

    /// Number of entries: hosts, pages and expressions.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Names the content: packs with the same checksum are the same.
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// Bytes held in memory while the pack is in force, without the cold part.
    pub fn resident_bytes(&self) -> usize {
        size_of_val(&*self.presence) + size_of_val(&*self.buckets) + size_of_val(&*self.ranks) + size_of_val(&*self.sets)
    }

    /// Where the entries came from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The expressions.
    pub fn expressions(&self) -> &Expressions {
        &self.expressions
    }

    /// Calls `found` for every entry that covers `target`, in no order that matters. Allocates nothing, but
    /// a byte for each expression when one of them matches.
    pub fn look_up(&self, target: &Target, mut found: impl FnMut(Hit)) {
        let (host, path) = (&target.host, target.path());
        let whole = host.as_str();
        let mut suffixes = Suffixes::new();
        hash::each_suffix(self.seed, whole, host.is_address(), |start, hasher| {
            if suffixes.is_full() {
                self.look_up_suffixes(&suffixes, whole, path, &mut found);
                suffixes.clear();
            }
            suffixes.push((start, hasher.value(), hasher));
        });
        self.look_up_suffixes(&suffixes, whole, path, &mut found);
        self.expressions.each_match(target, |number, categories| {
            found(Hit { categories, length: whole.len() as u32, entry: EntryRef::Expression(number) });
        });
    }

    /// Looks up some suffixes of `whole`. The presence bits of all are asked for before the first answer is used, so that the
    /// memory answers them together; a host on no list mostly ends there.
    fn look_up_suffixes(&self, suffixes: &Suffixes, whole: &str, path: Option<&str>, found: &mut impl FnMut(Hit)) {
        let present = (0..).zip(suffixes).fold(0_u32, |all, (at, (_, value, _))| all | u32::from(self.may_hold(*value)) << at);
        for (at, &(start, value, hasher)) in (0..).zip(suffixes) {
            if present >> at & 1 == 0 {
                continue;
            }
            let name = whole.get(start..).unwrap_or_default();
            let mut has_urls = false;
            self.each_candidate(value, |slot, number| match slot.kind() {
                Some(Kind::Suffix) => self.confirm(slot, number, name, "", found),
                Some(Kind::Exact) if start == 0 => self.confirm(slot, number, name, "", found),
                Some(Kind::HasUrls) => has_urls = true,
                Some(Kind::Exact | Kind::Url | Kind::UrlBelow) | None => {}
            });
            if let Some(path) = path.filter(|_| has_urls) {
                hasher.each_prefix(path, |end, value| {
                    let path = path.get(..end).unwrap_or_default();
                    if !self.may_hold(value) {
                        return;
                    }
                    self.each_candidate(value, |slot, number| match slot.kind() {
                        Some(Kind::UrlBelow) => self.confirm(slot, number, name, path, found),
                        Some(Kind::Url) if start == 0 => self.confirm(slot, number, name, path, found),
                        Some(Kind::Exact | Kind::Suffix | Kind::Url | Kind::HasUrls) | None => {}
                    });
                });
            }
        }
    }

    #[inline]
    fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = format::presence_of(hash, self.presence.len());
        self.presence.get(word).is_some_and(|word| word & bits == bits)
    }

    /// The entry of a hit of this pack; nothing where the reference is of another pack.
    pub fn entry(&self, entry: EntryRef) -> Option<Entry> {
        match entry {
            EntryRef::Expression(number) => self.expressions.entry(number, &self.sources),
            EntryRef::Slot(number) => {
                let (kind, mut record) = self.record(number)?;
                let key = take_key(&mut record)?;
                let pattern = match kind {
                    Kind::Exact => format!("={key}"),
                    Kind::Url => format!("={key}"),
                    Kind::Suffix | Kind::UrlBelow | Kind::HasUrls => key.to_owned(),
                };
                Some(Entry { pattern, origins: self.sources.take_origins(&mut record)? })
            }
        }
    }

    /// Every entry of the table, in slot order, for statistics and comparison.
    pub fn each_entry(&self, mut found: impl FnMut(Kind, &str, CategorySet)) {
        for (bucket, slots) in self.buckets.iter().enumerate() {
            for (place, slot) in slots.0.iter().map(|slot| Slot(*slot)).enumerate().take_while(|(_, slot)| !slot.is_free()) {
                if let Some((kind, mut record)) = self.record((bucket * BUCKET + place) as u32)
                    && let Some(key) = take_key(&mut record)
                {
                    found(kind, key, self.set(slot));
                }
            }
        }
    }

    #[inline]
    fn each_candidate(&self, hash: u64, mut found: impl FnMut(Slot, u32)) {
        let Some(first) = (!self.buckets.is_empty()).then(|| format::bucket_of(hash, self.buckets.len())) else { return };
        let mut at = first;
        for _ in 0..MAX_FULL_RUN {
            let Some(bucket) = self.buckets.get(at) else { return };
            for (place, slot) in bucket.0.iter().enumerate() {
                if Slot(*slot).is_print_of(hash) && *slot != 0 {
                    found(Slot(*slot), (at * BUCKET + place) as u32);
                }
            }
            if Slot(bucket.0[BUCKET - 1]).is_free() {
                return;
            }
            at = if at + 1 == self.buckets.len() { 0 } else { at + 1 };
        }
    }

    fn confirm(&self, slot: Slot, number: u32, name: &str, path: &str, found: &mut impl FnMut(Hit)) {
        let confirmed = self
            .record(number)
            .and_then(|(_, mut record)| take_key(&mut record))
            .is_some_and(|key| key.len() == name.len() + path.len() && key.starts_with(name) && key.ends_with(path));
        if confirmed {
            found(Hit { categories: self.set(slot), length: (name.len() + path.len()) as u32, entry: EntryRef::Slot(number) });
        }
    }

    fn set(&self, slot: Slot) -> CategorySet {
        self.sets.get(slot.set()).copied().unwrap_or(CategorySet::EMPTY)
    }

    /// The record of a used slot: records stand in slot order, and a bucket's used slots are its first.
    fn record(&self, number: u32) -> Option<(Kind, &[u8])> {
        let (bucket, place) = (number as usize / BUCKET, number as usize % BUCKET);
        let kind = Slot(*self.buckets.get(bucket)?.0.get(place)?).kind()?;
        let start = *self.ranks.get(bucket)? as usize;
        let end = *self.ranks.get(bucket + 1)? as usize;
        let mut records = self.names.get(start..end)?;
        for _ in 0..place {
            let length = usize::try_from(format::take_number(&mut records)?).ok()?;
            records = records.get(length..)?;
        }
        let length = usize::try_from(format::take_number(&mut records)?).ok()?;
        Some((kind, records.get(..length)?))
    }
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pack")
            .field("entries", &self.entries)
            .field("checksum", &format_args!("{:016x}", self.checksum))
            .finish_non_exhaustive()
    }
}

fn take_key<'a>(record: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(format::take_number(record)?).ok()?;
    let (key, rest) = record.split_at_checked(length)?;
    *record = rest;
    std::str::from_utf8(key).ok()
}
