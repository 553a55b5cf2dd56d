//! Who can open: the names of holders.

use std::fmt;

/// The name of somebody who holds a passphrase or a recovery sheet: a role, such as `head`, `dsl` or `dpo`. Never a person's name: it
/// is stored in clear.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolderName(String);

/// A text that is no holder's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a holder: a role of 1 to 24 small letters, digits and hyphens is expected, such as head, dsl or dpo")]
pub struct HolderNameError;

impl HolderName {
    /// Most bytes.
    pub const LONGEST: usize = 24;

    /// Takes a name.
    ///
    /// # Errors
    /// Where it is empty, too long, or has other letters than `a` to `z`, `0` to `9` and `-`.
    pub fn parse(text: &str) -> Result<Self, HolderNameError> {
        let fits = (1..=Self::LONGEST).contains(&text.len());
        let plain = text.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-');
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(HolderNameError) }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HolderName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::str::FromStr for HolderName {
    type Err = HolderNameError;

    fn from_str(text: &str) -> Result<Self, HolderNameError> {
        Self::parse(text)
    }
}
