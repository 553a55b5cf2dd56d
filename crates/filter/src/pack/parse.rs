//! Reading a pack file: everything is checked here, once, so that look-ups can be simple.

use bytes::{Buf, Bytes};
use xxhash_rust::xxh3::xxh3_64;

use super::expressions::Expressions;
use super::format::{BUCKET, HEADER_LEN, MAGIC, MAX_SETS, Section, Slot, VERSION};
use super::sources::Sources;
use super::{Bucket, Pack};
use crate::category::CategorySet;

/// Why a file is not taken as a pack. The pack in force stays in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Shorter than its header, or ends before its last section.
    #[error("the pack is cut off: it has {found} bytes and needs {needed}")]
    Truncated {
        /// Bytes there are.
        found: usize,
        /// Bytes there should be.
        needed: usize,
    },
    /// Another kind of file.
    #[error("the file is not a Schoolgate pack (build one with `schoolgate lists build`)")]
    Foreign,
    /// A pack of another version of Schoolgate.
    #[error("the pack has layout version {found}, this program reads version {VERSION}: build the pack again")]
    Version {
        /// The version in the file.
        found: u32,
    },
    /// The header does not fit its checksum.
    #[error("the pack's header is damaged (its checksum does not fit)")]
    Header,
    /// A part of the file is wrong.
    #[error("the pack's {section} are damaged: {defect}")]
    Section {
        /// Which part.
        section: Section,
        /// What is wrong with it.
        defect: Defect,
    },
    /// Bytes after the last section.
    #[error("the pack has {extra} bytes too many at its end")]
    Trailing {
        /// How many.
        extra: usize,
    },
}

/// What is wrong with a section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// It does not begin where the one before it ends.
    #[error("it is not where it should be")]
    Place,
    /// Bits have changed.
    #[error("its checksum does not fit")]
    Checksum,
    /// Its length is not what the other parts say.
    #[error("its length is wrong")]
    Length,
    /// A value that no writer makes.
    #[error("a value in it is out of range")]
    Value,
    /// Text that is not understood.
    #[error("line {line}: {what}")]
    Line {
        /// From 1.
        line: usize,
        /// In a few words.
        what: String,
    },
}

pub(super) fn parse(file: &Bytes) -> Result<Pack, PackError> {
    let header = file.get(..HEADER_LEN).ok_or_else(|| {
        let foreign = file.len() >= MAGIC.len() && !file.starts_with(&MAGIC);
        if foreign { PackError::Foreign } else { PackError::Truncated { found: file.len(), needed: HEADER_LEN } }
    })?;
    if !header.starts_with(&MAGIC) {
        return Err(PackError::Foreign);
    }
    let version = (&header[8..12]).get_u32_le();
    if version != VERSION {
        return Err(PackError::Version { found: version });
    }
    if xxh3_64(&header[..HEADER_LEN - 8]) != number(header, HEADER_LEN - 8) {
        return Err(PackError::Header);
    }
    let sections = Sections { sections: cut(file, header)? };
    let sets = sections.sets()?;
    let presence = sections.presence()?;
    let buckets = sections.buckets(sets.len())?;
    let names = sections.get(Section::Names);
    let ranks = sections.ranks(buckets.len(), names.len())?;
    let sources =
        Sources::parse(sections.text(Section::Sources)?).map_err(|defect| PackError::Section { section: Section::Sources, defect })?;
    let expressions = Expressions::parse(sections.text(Section::Expressions)?, &sources)
        .map_err(|defect| PackError::Section { section: Section::Expressions, defect })?;
    Ok(Pack {
        seed: number(header, 16),
        entries: number(header, 24),
        checksum: number(header, HEADER_LEN - 8),
        sets,
        presence,
        buckets,
        ranks,
        expressions,
        sources,
        names,
    })
}

/// The sections, each checked against its place, length and checksum.
fn cut(file: &Bytes, header: &[u8]) -> Result<[Bytes; Section::ALL.len()], PackError> {
    let mut sections = [const { Bytes::new() }; Section::ALL.len()];
    let mut expected = HEADER_LEN;
    for section in Section::ALL {
        let at = section.header_at();
        let (offset, length, checksum) = (number(header, at), number(header, at + 8), number(header, at + 16));
        if offset != expected as u64 {
            return Err(PackError::Section { section, defect: Defect::Place });
        }
        let end = usize::try_from(length).ok().and_then(|length| expected.checked_add(length));
        let end = end.ok_or(PackError::Section { section, defect: Defect::Length })?;
        if end > file.len() {
            return Err(PackError::Truncated { found: file.len(), needed: end });
        }
        let bytes = file.slice(expected..end);
        if xxh3_64(&bytes) != checksum {
            return Err(PackError::Section { section, defect: Defect::Checksum });
        }
        sections[section as usize] = bytes;
        expected = end;
    }
    match file.len() - expected {
        0 => Ok(sections),
        extra => Err(PackError::Trailing { extra }),
    }
}

struct Sections {
    sections: [Bytes; Section::ALL.len()],
}

impl Sections {
    fn get(&self, section: Section) -> Bytes {
        self.sections[section as usize].clone()
    }

    fn text(&self, section: Section) -> Result<&str, PackError> {
        std::str::from_utf8(&self.sections[section as usize]).map_err(|_| PackError::Section { section, defect: Defect::Value })
    }

    fn sets(&self) -> Result<Box<[CategorySet]>, PackError> {
        let wrong = |defect| PackError::Section { section: Section::Sets, defect };
        let bytes = self.get(Section::Sets);
        if !bytes.len().is_multiple_of(8) || bytes.is_empty() || bytes.len() / 8 > MAX_SETS {
            return Err(wrong(Defect::Length));
        }
        let sets: Option<Box<[_]>> = bytes.chunks_exact(8).map(|mut set| CategorySet::from_bits(set.get_u64_le())).collect();
        sets.filter(|sets| sets[0].is_empty()).ok_or_else(|| wrong(Defect::Value))
    }

    fn presence(&self) -> Result<Box<[u64]>, PackError> {
        let bytes = self.get(Section::Presence);
        if !bytes.len().is_multiple_of(8) || bytes.is_empty() {
            return Err(PackError::Section { section: Section::Presence, defect: Defect::Length });
        }
        Ok(bytes.chunks_exact(8).map(|mut word| word.get_u64_le()).collect())
    }

    fn buckets(&self, sets: usize) -> Result<Box<[Bucket]>, PackError> {
        let wrong = |defect| PackError::Section { section: Section::Slots, defect };
        let bytes = self.get(Section::Slots);
        if !bytes.len().is_multiple_of(8 * BUCKET) || bytes.len() / (8 * BUCKET) > u32::MAX as usize / BUCKET {
            return Err(wrong(Defect::Length));
        }
        let mut well_formed = true;
        let buckets = bytes.chunks_exact(8 * BUCKET).map(|mut line| {
            let bucket = Bucket(std::array::from_fn(|_| line.get_u64_le()));
            let free_at = bucket.0.iter().position(|slot| *slot == 0).unwrap_or(BUCKET);
            well_formed &= bucket.0[free_at..].iter().all(|slot| *slot == 0);
            well_formed &= bucket.0[..free_at].iter().all(|slot| (1..sets).contains(&Slot(*slot).set()) && Slot(*slot).kind().is_some());
            bucket
        });
        let buckets = buckets.collect();
        if well_formed { Ok(buckets) } else { Err(wrong(Defect::Value)) }
    }

    fn ranks(&self, buckets: usize, names: usize) -> Result<Box<[u32]>, PackError> {
        let wrong = |defect| PackError::Section { section: Section::Ranks, defect };
        let bytes = self.get(Section::Ranks);
        if bytes.len() != (buckets + 1) * 4 {
            return Err(wrong(Defect::Length));
        }
        let ranks: Box<[u32]> = bytes.chunks_exact(4).map(|mut rank| rank.get_u32_le()).collect();
        let in_order = ranks.is_sorted() && ranks.first() == Some(&0) && ranks.last().map(|end| *end as usize) == Some(names);
        if in_order { Ok(ranks) } else { Err(wrong(Defect::Value)) }
    }
}

/// The number at `at`, which is within the header by construction.
fn number(header: &[u8], at: usize) -> u64 {
    (&header[at..at + 8]).get_u64_le()
}
