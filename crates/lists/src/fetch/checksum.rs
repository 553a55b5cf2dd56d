//! SHA-256 digests: as a type, as they stand in configuration, and as publishers write them into checksum files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::Digest;

use super::Address;

/// A SHA-256 digest; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; 32]);

/// How a publisher says what a file must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checksum {
    /// Exactly this file.
    Sha256(Sha256),
    /// What this small file says: the digest alone, or lines as `sha256sum` writes them.
    Url(Address),
}

/// Why a text holds no digest that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChecksumError {
    /// Not 64 hexadecimal digits.
    #[error("a SHA-256 checksum is 64 digits, each 0 to 9 or a to f")]
    NotADigest,
    /// A checksum file with no line for the file.
    #[error("it has no SHA-256 line for the file")]
    NoLine,
    /// A checksum file with several digests for the file.
    #[error("it has several SHA-256 lines that could be the file's")]
    SeveralLines,
}

/// Digests bytes as they come.
#[derive(Default)]
pub(super) struct Hasher(sha2::Sha256);

/// `digest`, `digest  name`, `digest *name` (GNU) or `SHA256 (name) = digest` (BSD).
fn line(text: &str) -> Option<(Sha256, &str)> {
    let text = text.trim();
    if let Some((name, sum)) = text.strip_prefix("SHA256 (").and_then(|rest| rest.rsplit_once(") = ")) {
        return Some((sum.parse().ok()?, name));
    }
    let (sum, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    Some((sum.parse().ok()?, name.trim_start().trim_start_matches('*')))
}

// === impl Sha256 ===

impl Sha256 {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// The digest of the file `name` in the text of a checksum file, as `sha256sum` or BSD write them. A text with a single digest
    /// speaks of the file beside it, whatever it calls it.
    ///
    /// # Errors
    /// Where there is none for the file, or several.
    pub fn in_checksum_file(text: &str, name: &str) -> Result<Self, ChecksumError> {
        let lines: Vec<(Self, &str)> = text.lines().filter_map(line).collect();
        if let [(sum, _)] = lines.as_slice() {
            return Ok(*sum);
        }
        let mut named = lines.iter().filter(|(_, file)| file.rsplit('/').next() == Some(name));
        match (named.next(), named.next()) {
            (Some((sum, _)), None) => Ok(*sum),
            (Some(_), Some(_)) => Err(ChecksumError::SeveralLines),
            (None, _) if lines.is_empty() => Err(ChecksumError::NoLine),
            (None, _) if name.is_empty() => Err(ChecksumError::SeveralLines),
            (None, _) => Err(ChecksumError::NoLine),
        }
    }
}

impl FromStr for Sha256 {
    type Err = ChecksumError;

    fn from_str(text: &str) -> Result<Self, ChecksumError> {
        let digits: Vec<u8> = text.chars().map_while(|digit| digit.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok()).collect();
        let mut bytes = [0; 32];
        if digits.len() != 64 || text.len() != 64 {
            return Err(ChecksumError::NotADigest);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |value, digit| value << 4 | digit);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl TryFrom<String> for Sha256 {
    type Error = ChecksumError;

    fn try_from(text: String) -> Result<Self, ChecksumError> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(sum: Sha256) -> Self {
        sum.to_string()
    }
}

// === impl Hasher ===

impl Hasher {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
    const TWO: &str = "abcdef2222222222222222222222222222222222222222222222222222222222";

    fn check(text: &str, name: &str, expected: Result<&str, ChecksumError>) {
        assert_eq!(Sha256::in_checksum_file(text, name).map(|sum| sum.to_string()).as_deref(), expected.as_ref().copied(), "{text:?}");
    }

    #[test]
    fn checksum_files_as_publishers_write_them() {
        check(ONE, "a.txt", Ok(ONE));
        check(&TWO.to_uppercase(), "a.txt", Ok(TWO));
        check(&format!("{ONE}  other-name.txt\n"), "a.txt", Ok(ONE));
        check(&format!("# sums\n{ONE}  b.txt\n{TWO} *lists/a.txt\n"), "a.txt", Ok(TWO));
        check(&format!("SHA256 (a.txt) = {ONE}\nSHA256 (b.txt) = {TWO}\n"), "b.txt", Ok(TWO));
    }

    #[test]
    fn a_checksum_file_that_does_not_say_is_refused() {
        check("", "a.txt", Err(ChecksumError::NoLine));
        check("<html>not found</html>", "a.txt", Err(ChecksumError::NoLine));
        check(&format!("{ONE}  b.txt\n{TWO}  c.txt\n"), "a.txt", Err(ChecksumError::NoLine));
        check(&format!("{ONE}  a.txt\n{TWO}  old/a.txt\n"), "a.txt", Err(ChecksumError::SeveralLines));
        check(&ONE[1..], "a.txt", Err(ChecksumError::NoLine));
    }

    proptest::proptest! {
        /// Whatever a publisher writes, a digest that is found stands in it.
        #[test]
        fn any_checksum_file_is_read_or_refused(
            lines in proptest::collection::vec("(SHA256 \\()?([0-9a-f]{63,65})?.{0,20}", 0..4),
            name in ".{0,8}",
        ) {
            let text = lines.join("\n");
            if let Ok(sum) = Sha256::in_checksum_file(&text, &name) {
                proptest::prop_assert!(text.to_lowercase().contains(&sum.to_string()));
            }
        }
    }

    #[test]
    fn digests_are_hexadecimal_and_whole() {
        assert_eq!("é".repeat(32).parse::<Sha256>(), Err(ChecksumError::NotADigest));
        assert_eq!(format!("{ONE}1").parse::<Sha256>(), Err(ChecksumError::NotADigest));
        let mut hasher = Hasher::default();
        hasher.update(b"abc");
        assert_eq!(hasher.finish().to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
