//! What a sealed thing belongs to, as bytes: its purpose and the parts of its place, each with its length, so that no two places
//! have the same bytes.

/// Associated data of `purpose` at a place.
pub(crate) fn of(purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().fold(purpose.len() + 8, |sum, part| sum + part.len() + 8);
    let mut bytes = Vec::with_capacity(length);
    for part in [purpose.as_bytes()].iter().chain(parts) {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_places_look_alike() {
        assert_ne!(of("a", &[b"bc", b"d"]), of("a", &[b"b", b"cd"]));
        assert_ne!(of("ab", &[b"c"]), of("a", &[b"bc"]));
        assert_ne!(of("a", &[]), of("a", &[b""]));
    }
}
