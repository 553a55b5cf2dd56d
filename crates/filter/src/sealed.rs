//! Sealed lists: suspected illegal material, of which no address is ever kept, shown or printed.
//!
//! A sealed list holds keyed hashes only. There is no way to list or export what is on it, no switch to turn it off, and
//! it is judged before everything else. The lists themselves (IWF, CTIRU) are licensed to the school, its trust or its
//! provider and never come with the program (domain: FIL-1 to FIL-3).

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::host::Host;
use crate::own::suffixes;
use crate::target::Target;

/// First bytes of a sealed file.
const MAGIC: [u8; 8] = *b"SGSEAL\r\n";
/// Version of its layout.
const VERSION: u32 = 1;
const HEADER_LEN: usize = 40;

/// One sealed list. `Debug` shows its size only.
#[derive(Clone)]
pub struct SealedList {
    key: [u8; 16],
    hashes: Box<[u128]>,
}

/// What a line of a feed seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealedEntry {
    /// A whole host and everything below it.
    Host(Host),
    /// One address exactly, in matching form, as the good practice asks: not the whole site.
    Address(Box<str>),
}

/// Why a file is not taken as a sealed list. The one in force stays in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// Another kind of file, or another version.
    #[error("the file is not a sealed list of this version")]
    Foreign,
    /// Cut off, or with something at its end.
    #[error("the sealed list has the wrong length: it is cut off or was added to")]
    Length,
    /// Bits have changed.
    #[error("the sealed list is damaged (its checksum does not fit)")]
    Checksum,
    /// Sealed with another key than this school's.
    #[error("the sealed list was made with another key")]
    Key,
    /// Nothing on it: a feed that arrived empty must not replace a full one.
    #[error("the sealed list is empty")]
    Empty,
}

// === impl SealedList ===

impl SealedList {
    /// Seals entries under `key`.
    pub fn seal(key: [u8; 16], entries: impl IntoIterator<Item = SealedEntry>) -> Self {
        let mut hashes: Vec<u128> = entries
            .into_iter()
            .map(|entry| match entry {
                SealedEntry::Host(host) => hash(key, b'h', host.as_str()),
                SealedEntry::Address(address) => hash(key, b'a', &address),
            })
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self { key, hashes: hashes.into_boxed_slice() }
    }

    /// How many addresses are sealed.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether nothing is sealed.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether the host, a domain above it, or the address (with or without its query) is on the list.
    pub fn covers(&self, target: &Target) -> bool {
        if self.hashes.is_empty() {
            return false;
        }
        let holds = |what, text: &str| self.hashes.binary_search(&hash(self.key, what, text)).is_ok();
        suffixes(&target.host).any(|suffix| holds(b'h', suffix))
            || target.address().is_some_and(|address| {
                let page = address.split_once('?').map_or(address, |(page, _)| page);
                holds(b'a', address) || (page.len() < address.len() && holds(b'a', page))
            })
    }

    /// The file: magic, version, a hash that shows the key without giving it away, number, hashes, XXH3-64 of all before.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(HEADER_LEN + self.hashes.len() * 16 + 8);
        file.extend_from_slice(&MAGIC);
        file.extend_from_slice(&VERSION.to_le_bytes());
        file.extend_from_slice(&[0; 4]);
        file.extend_from_slice(&hash(self.key, b'k', "").to_le_bytes());
        file.extend_from_slice(&(self.hashes.len() as u64).to_le_bytes());
        for hash in &self.hashes {
            file.extend_from_slice(&hash.to_le_bytes());
        }
        let checksum = xxhash_rust::xxh3::xxh3_64(&file);
        file.extend_from_slice(&checksum.to_le_bytes());
        file
    }

    /// Reads a file made with the same key.
    pub fn parse(key: [u8; 16], file: &[u8]) -> Result<Self, SealedError> {
        let rest = file.strip_prefix(&MAGIC).and_then(|rest| rest.strip_prefix(&VERSION.to_le_bytes()));
        let rest = rest.and_then(|rest| rest.strip_prefix(&[0; 4])).ok_or(SealedError::Foreign)?;
        let (rest, checksum) = rest.split_last_chunk::<8>().ok_or(SealedError::Length)?;
        let (head, hashes) = rest.split_at_checked(HEADER_LEN - 16).ok_or(SealedError::Length)?;
        let count = head.last_chunk::<8>().map(|count| u64::from_le_bytes(*count));
        if !hashes.len().is_multiple_of(16) || count != Some((hashes.len() / 16) as u64) {
            return Err(SealedError::Length);
        }
        if xxhash_rust::xxh3::xxh3_64(&file[..file.len() - 8]) != u64::from_le_bytes(*checksum) {
            return Err(SealedError::Checksum);
        }
        if head.get(..16) != Some(&hash(key, b'k', "").to_le_bytes()) {
            return Err(SealedError::Key);
        }
        let hashes: Box<[u128]> = hashes.as_chunks::<16>().0.iter().map(|bytes| u128::from_le_bytes(*bytes)).collect();
        if hashes.is_empty() {
            return Err(SealedError::Empty);
        }
        if hashes.is_sorted_by(|one, next| one < next) { Ok(Self { key, hashes }) } else { Err(SealedError::Checksum) }
    }
}

impl std::fmt::Debug for SealedList {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SealedList").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl SealedEntry {
    /// Reads a line of a feed: a host, or an address with a path.
    pub fn parse(line: &str) -> Result<Self, crate::target::TargetError> {
        let target = Target::parse(line.trim())?;
        Ok(match target.address() {
            Some(address) if target.path() != Some("/") => Self::Address(address.into()),
            _ => Self::Host(target.host),
        })
    }
}

fn hash(key: [u8; 16], what: u8, text: &str) -> u128 {
    let mut hasher = SipHasher13::new_with_key(&key);
    std::hash::Hasher::write_u8(&mut hasher, what);
    std::hash::Hasher::write(&mut hasher, text.as_bytes());
    hasher.finish128().as_u128()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 16] = [7; 16];

    fn list(lines: &[&str]) -> SealedList {
        SealedList::seal(KEY, lines.iter().map(|line| SealedEntry::parse(line).expect("entry")))
    }

    fn covers(list: &SealedList, address: &str) -> bool {
        list.covers(&Target::parse(address).expect("address"))
    }

    #[test]
    fn an_address_seals_itself_and_a_host_all_below() {
        let list = list(&["https://images.example/a/b.jpg", "bad.example"]);
        assert!(covers(&list, "http://IMAGES.example/a/./B.jpg"));
        assert!(covers(&list, "http://images.example/a/b.jpg?size=2"));
        assert!(!covers(&list, "http://images.example/a/"));
        assert!(!covers(&list, "http://images.example/"));
        assert!(covers(&list, "http://x.bad.example/any"));
        assert!(list.covers(&Target::of_host(Host::parse("bad.example").expect("host"), 443)));
    }

    #[test]
    fn a_damaged_or_foreign_file_is_refused() {
        let file = list(&["bad.example", "worse.example/page"]).to_bytes();
        assert_eq!(SealedList::parse(KEY, &file).map(|list| list.len()), Ok(2));
        assert_eq!(SealedList::parse([8; 16], &file).err(), Some(SealedError::Key));
        for length in 0..file.len() {
            assert!(SealedList::parse(KEY, &file[..length]).is_err(), "cut to {length}");
        }
        for at in 0..file.len() * 8 {
            let mut bent = file.clone();
            bent[at / 8] ^= 1 << (at % 8);
            // Four bytes of the header are reserved, but the checksum covers them as well.
            assert!(SealedList::parse(KEY, &bent).is_err(), "bit {at}");
        }
        assert_eq!(SealedList::parse(KEY, &list(&[]).to_bytes()).err(), Some(SealedError::Empty));
    }

    #[test]
    fn nothing_on_it_can_be_read() {
        let list = list(&["very-bad.example"]);
        assert!(!format!("{list:?}").contains("bad"));
        assert!(!String::from_utf8_lossy(&list.to_bytes()).contains("bad"));
    }
}
