//! Laying the entries out as the sections of a pack file (`filter::pack::format`).

use std::collections::BTreeSet;

use filter::category::CategorySet;
use filter::pack::format::{self, BUCKET, HEADER_LEN, Kind, MAGIC, MAX_FULL_RUN, MAX_SETS, Section, Slot, VERSION, push_number};
use filter::pack::hash::Hasher;
use filter::pack::sources::Sources;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::BuildError;
use super::entries::{Group, Groups};

/// Slots used per buckets, on average 6.5 of 8: the fuller, the smaller, and the more look-ups run over into a second bucket.
const FILL: (usize, usize) = (13, 2);
/// Used slots for each word of presence bits: eight bits a slot, of which one in twenty absent hosts finds its three set.
const SLOTS_A_WORD: usize = 8;
/// Seeds that are tried before a build gives up.
const SEEDS: u64 = 16;

/// The sections that hold entries.
pub(super) struct Sections {
    seed: u64,
    sets: Vec<u8>,
    presence: Vec<u8>,
    slots: Vec<u8>,
    ranks: Vec<u8>,
    names: Vec<u8>,
}

/// What one slot stands for.
#[derive(Clone, Copy)]
enum Item {
    Group(u32),
    /// The number of a host with entries for single pages.
    Marker(u32),
}

/// Lays out slots and records.
pub(super) fn lay_out(groups: &Groups, sources: &Sources, progress: &mut dyn FnMut(&str, f32)) -> Result<Sections, BuildError> {
    let sets = distinct_sets(groups)?;
    let markers = groups.hosts_with_urls();
    let used = groups.len() + markers.len();
    let buckets = (used * FILL.1).div_ceil(FILL.0).max(1);
    let content = content_hash(groups, sources);
    for attempt in 0..SEEDS {
        progress("placing", 0.2);
        let seed = content.wrapping_add(attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut items = items(groups, &markers, seed);
        // In the order of their buckets, so that the table is filled from front to back.
        items.sort_unstable_by_key(|(hash, item)| (*hash, item.order()));
        let Some(places) = place(&items, buckets) else { continue };
        progress("writing", 0.6);
        let table = Table { groups, markers: &markers, sets: &sets, seed, buckets };
        return table.write(&items, &places);
    }
    Err(BuildError::Uneven)
}

/// The file: header and sections.
pub(super) fn assemble(sections: &Sections, expressions: &str, sources: &str, entries: u64) -> Vec<u8> {
    let parts: [&[u8]; Section::ALL.len()] =
        [&sections.sets, &sections.presence, &sections.slots, &sections.ranks, expressions.as_bytes(), sources.as_bytes(), &sections.names];
    let mut file = Vec::with_capacity(HEADER_LEN + parts.iter().map(|part| part.len()).sum::<usize>());
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&sections.seed.to_le_bytes());
    file.extend_from_slice(&entries.to_le_bytes());
    let mut offset = HEADER_LEN as u64;
    for part in parts {
        file.extend_from_slice(&offset.to_le_bytes());
        file.extend_from_slice(&(part.len() as u64).to_le_bytes());
        file.extend_from_slice(&xxh3_64(part).to_le_bytes());
        offset += part.len() as u64;
    }
    let checksum = xxh3_64(&file);
    file.extend_from_slice(&checksum.to_le_bytes());
    for part in parts {
        file.extend_from_slice(part);
    }
    file
}

impl Item {
    const fn order(self) -> (u8, u32) {
        match self {
            Self::Group(number) => (0, number),
            Self::Marker(number) => (1, number),
        }
    }
}

/// The distinct sets in order, the empty one first.
fn distinct_sets(groups: &Groups) -> Result<Vec<u64>, BuildError> {
    let sets: BTreeSet<u64> = groups.iter().map(|group| group.categories.bits()).chain([CategorySet::EMPTY.bits()]).collect();
    if sets.len() > MAX_SETS { Err(BuildError::TooManySets) } else { Ok(sets.into_iter().collect()) }
}

/// A number that stands for all that goes in, so that no single list's author knows the seed.
fn content_hash(groups: &Groups, sources: &Sources) -> u64 {
    let mut hash = Xxh3::new();
    for group in groups.iter() {
        hash.update(group.key.as_bytes());
        hash.update(&[0xff, group.kind as u8]);
        hash.update(&group.categories.bits().to_le_bytes());
    }
    hash.update(sources.to_text(std::iter::empty()).as_bytes());
    hash.digest()
}

fn items(groups: &Groups, markers: &[&str], seed: u64) -> Vec<(u64, Item)> {
    let hash_of = |group: &Group<'_>| {
        let (host, path) = group.key.split_at(group.host_length);
        match path {
            "" => Hasher::of_host(seed, host).value(),
            path => Hasher::of_url(seed, host, path),
        }
    };
    let entries = (0..).zip(groups.iter()).map(|(number, group)| (hash_of(&group), Item::Group(number)));
    let markers = (0..).zip(markers).map(|(number, host)| (Hasher::of_host(seed, host).value(), Item::Marker(number)));
    entries.chain(markers).collect()
}

/// The bucket of each item: the first at or after its own that is not full. Nothing where too many in a row are full.
fn place(items: &[(u64, Item)], buckets: usize) -> Option<Vec<u32>> {
    let mut fill = vec![0_u8; buckets];
    items
        .iter()
        .map(|(hash, _)| {
            let home = format::bucket_of(*hash, buckets);
            let steps = (0..MAX_FULL_RUN.min(buckets)).find(|step| usize::from(fill[(home + step) % buckets]) < BUCKET)?;
            let at = (home + steps) % buckets;
            fill[at] += 1;
            u32::try_from(at).ok()
        })
        .collect()
}

/// What the records are written from.
struct Table<'a> {
    groups: &'a Groups,
    markers: &'a [&'a str],
    sets: &'a [u64],
    seed: u64,
    buckets: usize,
}

impl Table<'_> {
    fn write(&self, items: &[(u64, Item)], places: &[u32]) -> Result<Sections, BuildError> {
        let mut order: Vec<usize> = (0..items.len()).collect();
        // Stable: within a bucket the order of placing stays.
        order.sort_by_key(|number| places[*number]);
        let mut sections = Sections {
            seed: self.seed,
            sets: self.sets.iter().flat_map(|set| set.to_le_bytes()).collect(),
            presence: presence(items),
            slots: Vec::with_capacity(self.buckets * BUCKET * 8),
            ranks: Vec::with_capacity(self.buckets * 4 + 4),
            names: Vec::new(),
        };
        let mut next = order.into_iter().peekable();
        let mut record = Vec::new();
        for bucket in 0..self.buckets {
            sections.ranks.extend_from_slice(&rank(&sections.names)?);
            while let Some(number) = next.next_if(|number| places[*number] as usize == bucket) {
                let (hash, item) = items[number];
                record.clear();
                let slot = self.record(hash, item, &mut record)?;
                sections.slots.extend_from_slice(&slot.0.to_le_bytes());
                push_number(&mut sections.names, record.len() as u64);
                sections.names.extend_from_slice(&record);
            }
            sections.slots.resize((bucket + 1) * BUCKET * 8, 0);
        }
        sections.ranks.extend_from_slice(&rank(&sections.names)?);
        Ok(sections)
    }

    fn record(&self, hash: u64, item: Item, record: &mut Vec<u8>) -> Result<Slot, BuildError> {
        match item {
            Item::Group(number) => {
                let group = self.groups.get(number as usize);
                write_record(record, &group);
                let set = self.sets.binary_search(&group.categories.bits()).ok().and_then(|set| u16::try_from(set).ok());
                Ok(Slot::new(hash, group.kind, set.ok_or(BuildError::TooManySets)?))
            }
            Item::Marker(number) => {
                let host = self.markers[number as usize];
                push_number(record, host.len() as u64);
                record.extend_from_slice(host.as_bytes());
                push_number(record, 0);
                Ok(Slot::new(hash, Kind::HasUrls, 1))
            }
        }
    }
}

fn presence(items: &[(u64, Item)]) -> Vec<u8> {
    let mut words = vec![0_u64; items.len().div_ceil(SLOTS_A_WORD).max(1)];
    for (hash, _) in items {
        let (word, bits) = format::presence_of(*hash, words.len());
        words[word] |= bits;
    }
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}

fn rank(names: &[u8]) -> Result<[u8; 4], BuildError> {
    u32::try_from(names.len()).map(u32::to_le_bytes).map_err(|_| BuildError::TooLarge)
}

fn write_record(record: &mut Vec<u8>, group: &Group<'_>) {
    push_number(record, group.key.len() as u64);
    record.extend_from_slice(group.key.as_bytes());
    push_number(record, group.origins.len() as u64);
    for (file, line, category) in &group.origins {
        push_number(record, u64::from(*file));
        push_number(record, u64::from(*line));
        push_number(record, u64::from(category.id()));
    }
}
