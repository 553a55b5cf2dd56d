//! The keyed hash of hosts and paths, made so that one pass gives the hash of every suffix of a host and of every prefix of
//! a path that an entry could name.
//!
//! It is seeded from the content of the pack, so that whoever writes one list cannot aim collisions at the table that it
//! ends up in. A collision could only cost time: every hit is confirmed by name.

use super::format::is_path_edge;

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
const FINISHER: u64 = 0xd6e8_feb8_6659_fd93;

/// A running hash. Bytes are taken in pieces of up to eight; a piece ends at every place where a hash may be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Hasher {
    state: u64,
    piece: u64,
    count: u64,
}

impl Hasher {
    /// A hash under `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { state: seed ^ FINISHER, piece: 0, count: 0 }
    }

    /// The hash of a whole host, for the writer.
    pub fn of_host(seed: u64, host: &str) -> Self {
        let mut last = Self::new(seed);
        each_suffix(seed, host, false, |_, hasher| last = hasher);
        last
    }

    /// The hash of a host's entry for the pages that begin with `path`, for the writer.
    pub fn of_url(seed: u64, host: &str, path: &str) -> u64 {
        let mut hash = 0;
        Self::of_host(seed, host).each_prefix(path, |_, value| hash = value);
        hash
    }

    /// The value to look up.
    pub const fn value(self) -> u64 {
        fold(self.state, FINISHER)
    }

    /// Calls `found(end, hash)` for each prefix of `path` that an entry could name, the whole path last.
    pub fn each_prefix(mut self, path: &str, mut found: impl FnMut(usize, u64)) {
        self.piece(u64::from(b'/'));
        self.close();
        for (at, byte) in path.bytes().enumerate().skip(1) {
            if is_path_edge(byte) {
                self.close();
                found(at, self.value());
            }
            self.piece(u64::from(byte));
        }
        self.close();
        found(path.len(), self.value());
    }

    const fn piece(&mut self, byte: u64) {
        self.piece = self.piece << 8 | byte;
        self.count += 1;
        if self.count == 8 {
            self.close();
        }
    }

    const fn close(&mut self) {
        self.state = fold(self.state ^ self.piece, MULTIPLIER ^ self.count);
        self.piece = 0;
        self.count = 0;
    }
}

/// Calls `found(start, hasher)` for each suffix of `host` at a label edge, the shortest first and the whole host last;
/// for an address only for the whole.
pub fn each_suffix(seed: u64, host: &str, is_address: bool, mut found: impl FnMut(usize, Hasher)) {
    let mut hasher = Hasher::new(seed);
    for (at, byte) in host.bytes().enumerate().rev() {
        if byte == b'.' {
            hasher.close();
            if !is_address {
                found(at + 1, hasher);
            }
        } else {
            hasher.piece(u64::from(byte));
        }
    }
    hasher.close();
    found(0, hasher);
}

const fn fold(left: u64, right: u64) -> u64 {
    let product = left as u128 * right as u128;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_hashes_as_the_host_it_is() {
        let mut found = Vec::new();
        each_suffix(7, "www.news.bbc.co.uk", false, |start, hasher| found.push((start, hasher.value())));
        let expected = ["uk", "co.uk", "bbc.co.uk", "news.bbc.co.uk", "www.news.bbc.co.uk"];
        assert_eq!(found.len(), expected.len());
        for ((start, value), host) in found.iter().zip(expected) {
            assert_eq!(&"www.news.bbc.co.uk"[*start..], host);
            assert_eq!(*value, Hasher::of_host(7, host).value());
            assert_ne!(*value, Hasher::of_host(8, host).value());
        }
    }

    #[test]
    fn an_address_has_no_parents() {
        let mut starts = Vec::new();
        each_suffix(7, "192.0.2.1", true, |start, _| starts.push(start));
        assert_eq!(starts, [0]);
        let mut whole = 0;
        each_suffix(7, "192.0.2.1", true, |_, hasher| whole = hasher.value());
        assert_eq!(whole, Hasher::of_host(7, "192.0.2.1").value());
    }

    #[test]
    fn a_prefix_hashes_as_the_entry_it_is() {
        let mut found = Vec::new();
        Hasher::of_host(7, "a.example").each_prefix("/one/two?three=4&five", |end, value| found.push((end, value)));
        let ends: Vec<_> = found.iter().map(|(end, _)| &"/one/two?three=4&five"[..*end]).collect();
        assert_eq!(ends, ["/one", "/one/two", "/one/two?three", "/one/two?three=4", "/one/two?three=4&five"]);
        for (end, value) in found {
            assert_eq!(value, Hasher::of_url(7, "a.example", &"/one/two?three=4&five"[..end]));
        }
        assert_ne!(Hasher::of_url(7, "a.example", "/one"), Hasher::of_url(7, "b.example", "/one"));
    }
}
