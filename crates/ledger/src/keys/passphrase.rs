//! Passphrases, and the slow way from one to a key: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::secret::Secret;

/// Bytes of a salt.
pub(super) const SALT_LEN: usize = 16;

/// A passphrase, overwritten when dropped.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct Passphrase(Zeroizing<String>);

/// Why a text is no passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Too short to withstand somebody who has the disk.
    #[error(
        "it has less than {} letters; four or five words that have nothing to do with each other are easy to keep in mind",
        Passphrase::SHORTEST
    )]
    Short,
    /// Longer than anybody types.
    #[error("it has more than {} bytes", Passphrase::LONGEST)]
    Long,
    /// A letter that no keyboard gives.
    #[error("it has a control character in it, such as a tab or a line break")]
    Control,
}

/// What one guess costs: memory in KiB, passes over it, lanes. It is stored beside each salt, so that it can rise later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

// === impl Passphrase ===

impl Passphrase {
    /// Fewest letters. NIST SP 800-63B-4, section 3.1.1.2: 15 where nothing else is asked for.
    pub const SHORTEST: usize = 15;
    /// Most bytes.
    pub const LONGEST: usize = 1024;

    /// Takes a text as it was typed, without a line end behind it.
    ///
    /// # Errors
    /// Where it is too short, too long or cannot have been typed.
    pub fn new(text: Zeroizing<String>) -> Result<Self, PassphraseError> {
        if text.len() > Self::LONGEST {
            return Err(PassphraseError::Long);
        }
        if text.chars().any(char::is_control) {
            return Err(PassphraseError::Control);
        }
        if text.chars().count() < Self::SHORTEST {
            return Err(PassphraseError::Short);
        }
        Ok(Self(text))
    }

    pub(super) fn stretch(&self, salt: &[u8; SALT_LEN], cost: Cost) -> Result<Secret, KeyError> {
        let refused = |_| KeyError::Refused { doing: "stretch a passphrase" };
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params().map_err(refused)?);
        Secret::filled(|bytes| argon2.hash_password_into(self.0.as_bytes(), salt, bytes)).map_err(refused)
    }
}

// === impl Cost ===

impl Cost {
    /// What new passphrases get: 128 MiB, three passes, one lane. See docs/adr/0008 for what that takes and why not less.
    pub const STANDARD: Self = Self { memory_kib: 128 * 1024, passes: 3, lanes: 1 };
    /// So little that it protects nothing: for tests alone, which make many.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
    /// A changed database must not be able to take all memory, or all day.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 16 };

    /// Parses what [`Cost::to_bytes`] wrote; nothing where it is out of bounds.
    pub(super) fn from_bytes(bytes: [u8; 12]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
        let [memory_kib, passes, lanes] = [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(u32::from_le_bytes);
        let cost = Self { memory_kib, passes, lanes };
        let fits = memory_kib <= Self::MOST.memory_kib && passes <= Self::MOST.passes && lanes <= Self::MOST.lanes;
        (fits && cost.params().is_ok()).then_some(cost)
    }

    pub(super) fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        for (place, number) in bytes.chunks_exact_mut(4).zip([self.memory_kib, self.passes, self.lanes]) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    fn params(self) -> argon2::Result<Params> {
        Params::new(self.memory_kib, self.passes, self.lanes, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Result<Passphrase, PassphraseError> {
        Passphrase::new(Zeroizing::new(text.to_owned()))
    }

    #[test]
    fn a_short_one_is_refused_and_so_is_one_that_cannot_be_typed() {
        let check = |text: &str, expected: Option<PassphraseError>| assert_eq!(passphrase(text).err(), expected, "{text:?}");
        check("fourteen lette", Some(PassphraseError::Short));
        check("fifteen letters", None);
        check("öäüöäüöäüöäüöä", Some(PassphraseError::Short));
        check("fifteen letters\n", Some(PassphraseError::Control));
        check(&"a".repeat(1025), Some(PassphraseError::Long));
    }

    #[test]
    fn a_cost_out_of_bounds_is_not_taken() {
        assert_eq!(Cost::from_bytes(Cost::STANDARD.to_bytes()), Some(Cost::STANDARD));
        let with = |memory_kib, passes, lanes| Cost::from_bytes(Cost { memory_kib, passes, lanes }.to_bytes());
        assert_eq!(with(u32::MAX, 3, 1), None);
        assert_eq!(with(64 * 1024, 17, 1), None);
        assert_eq!(with(0, 0, 0), None);
    }

    /// What the reference implementation in C says (argon2-cffi), at the cost that new passphrases get.
    #[test]
    fn stretching_is_argon2id() {
        let key = passphrase("four words that differ").expect("a passphrase").stretch(b"0123456789abcdef", Cost::STANDARD).expect("a key");
        let hex: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5a2b44a2f024536aade0dc03d6b7c5b21b95f059cbd6d15dcb5269ce0c518b57");
    }
}
