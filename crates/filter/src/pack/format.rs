//! The layout of a pack file, shared by the reader here and the writer in `lists`.
//!
//! All numbers are little-endian. A header of [`HEADER_LEN`] bytes, then seven sections back to back in the order of
//! [`Section::ALL`]; the last, `NAMES`, is the cold one that a machine may leave on disk.
//!
//! | header bytes | meaning |
//! | --- | --- |
//! | 0..8 | [`MAGIC`] |
//! | 8..12 | [`VERSION`] |
//! | 12..16 | zero |
//! | 16..24 | seed of the hash |
//! | 24..32 | number of entries |
//! | 32..200 | per section: offset, length in bytes, XXH3-64 of its bytes (8 bytes each) |
//! | 200..208 | XXH3-64 of bytes 0..200 |

/// First bytes of a pack. The carriage return and line feed show a file that was mangled as text.
pub const MAGIC: [u8; 8] = *b"SGPACK\r\n";
/// Version of the layout. A reader takes exactly its own.
pub const VERSION: u32 = 1;
/// Bytes of the header.
pub const HEADER_LEN: usize = 208;
/// Slots of a bucket: one cache line.
pub const BUCKET: usize = 8;
/// Most category sets a pack can hold; set 0 is the empty one and marks a free slot.
pub const MAX_SETS: usize = 1 << SET_BITS;
/// Longest key in bytes: a host and a path.
pub const MAX_KEY: usize = 2048;
/// Most buckets in a row that may be full; the writer tries another seed beyond that, the reader looks no further.
pub const MAX_FULL_RUN: usize = 64;

const SET_BITS: u32 = 16;
const KIND_BITS: u32 = 3;
const PRINT_SHIFT: u32 = SET_BITS + KIND_BITS;

/// A part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The distinct category sets, 8 bytes each.
    Sets,
    /// A bit pattern for every used slot, one byte a slot: says of most hosts on no list that they are on none, from a table
    /// small enough for the processor's own memory (see [`presence_of`]).
    Presence,
    /// Buckets of eight 8-byte slots: 45 bits of fingerprint, 3 of [`Kind`], 16 of set number. Filled from the left.
    Slots,
    /// Where each bucket's records begin in `NAMES`: one u32 a bucket and one for the end.
    Ranks,
    /// Regular expressions, one a line (see [`super::expressions`]).
    Expressions,
    /// Where everything came from: text, one line per category, source and file (see [`super::sources`]).
    Sources,
    /// A record per entry in slot order: its key and every place that names it.
    Names,
}

impl Section {
    /// In the order of the file.
    pub const ALL: [Self; 7] = [Self::Sets, Self::Presence, Self::Slots, Self::Ranks, Self::Expressions, Self::Sources, Self::Names];

    /// Where the section's offset, length and checksum stand in the header.
    pub const fn header_at(self) -> usize {
        32 + self as usize * 24
    }
}

impl std::fmt::Display for Section {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Sets => "category sets",
            Self::Presence => "presence bits",
            Self::Slots => "slots",
            Self::Ranks => "ranks",
            Self::Expressions => "expressions",
            Self::Sources => "sources",
            Self::Names => "names",
        })
    }
}

/// What an entry covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// The host and nothing else.
    Exact = 0,
    /// The host and everything below it.
    Suffix = 1,
    /// Pages of exactly this host, by the beginning of their path.
    Url = 2,
    /// Pages of the host and of everything below it.
    UrlBelow = 3,
    /// No entry: says that the host has `Url` or `UrlBelow` entries, so that other hosts need not look.
    HasUrls = 4,
}

impl Kind {
    const fn from_bits(bits: u64) -> Option<Self> {
        Some(match bits {
            0 => Self::Exact,
            1 => Self::Suffix,
            2 => Self::Url,
            3 => Self::UrlBelow,
            4 => Self::HasUrls,
            _ => return None,
        })
    }
}

/// One slot of the table. Zero is free: a used slot has a set number above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(pub u64);

impl Slot {
    /// A used slot. `set` must be above zero.
    pub const fn new(hash: u64, kind: Kind, set: u16) -> Self {
        Self(hash << PRINT_SHIFT | (kind as u64) << SET_BITS | set as u64)
    }

    /// Whether the slot is free, and with it all that follow in its bucket.
    pub const fn is_free(self) -> bool {
        self.0 == 0
    }

    /// Whether the slot's fingerprint is that of `hash`.
    pub const fn is_print_of(self, hash: u64) -> bool {
        (self.0 ^ hash << PRINT_SHIFT) >> PRINT_SHIFT == 0
    }

    /// The kind; nothing where the bits are of no kind (a foreign file).
    pub const fn kind(self) -> Option<Kind> {
        Kind::from_bits(self.0 >> SET_BITS & ((1 << KIND_BITS) - 1))
    }

    /// The set number.
    pub const fn set(self) -> usize {
        (self.0 & ((1 << SET_BITS) - 1)) as usize
    }
}

/// The bucket where `hash` is looked for first: the upper half of the hash, scaled.
pub const fn bucket_of(hash: u64, buckets: usize) -> usize {
    ((hash >> 32).wrapping_mul(buckets as u64) >> 32) as usize
}

/// Where the presence of `hash` is noted among `words` words, and which of the word's bits are then set: a Bloom filter with
/// three bits in one word, so that asking it costs one access.
pub const fn presence_of(hash: u64, words: usize) -> (usize, u64) {
    let word = (hash & 0xffff_ffff).wrapping_mul(words as u64) >> 32;
    (word as usize, 1 << (hash >> 32 & 63) | 1 << (hash >> 38 & 63) | 1 << (hash >> 44 & 63))
}

/// Whether a path may end here: an entry `/a` covers `/a`, `/a/b` and `/a?b`, not `/ab`.
pub const fn is_path_edge(byte: u8) -> bool {
    matches!(byte, b'/' | b'?' | b'&' | b';' | b'=')
}

/// Appends a number, seven bits a byte, low bits first.
pub fn push_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number off the front of `bytes`; nothing where they end early or it has over 63 bits.
pub fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
