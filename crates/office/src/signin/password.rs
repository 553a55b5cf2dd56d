//! Passwords: which may be chosen, and how they are kept. Length counts, composition does not, and none expires (NIST SP 800-63B-4,
//! section 3.1.1.2).

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::{constant_time, rand};
use zeroize::Zeroizing;

use super::account::UserName;
use super::common::is_common;
use super::error::SignInError;

const SALT_LEN: usize = 16;
const HASH_LEN: usize = 32;
/// Which form the stored bytes have.
const FORM: u8 = 1;

/// A password that may be chosen. Overwritten when dropped.
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct NewPassword(Zeroizing<String>);

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short.
    #[error(
        "it has less than {} letters; three or four words that have nothing to do with each other are easy to keep in mind",
        NewPassword::SHORTEST
    )]
    Short,
    /// Longer than anybody types.
    #[error("it has more than {} letters", NewPassword::LONGEST)]
    Long,
    /// A letter that no keyboard gives.
    #[error("it has a control character in it, such as a tab or a line break")]
    Control,
    /// Among the first that somebody would try.
    #[error("it is among the first that somebody would try: a well-known word, a row of keys, a repetition, or your user name")]
    Common,
}

/// What one guess costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

/// A password as it is kept: form, cost, salt and Argon2id (RFC 9106) over it.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_debug_implementations, reason = "it helps whoever guesses")]
pub struct PasswordHash {
    cost: Cost,
    salt: [u8; SALT_LEN],
    hash: [u8; HASH_LEN],
}

// === impl NewPassword ===

impl NewPassword {
    /// Fewest letters. NIST asks for 15 where a password stands alone and 8 beside a second factor; many roles have one and some have not.
    pub const SHORTEST: usize = 12;
    /// Most letters.
    pub const LONGEST: usize = 128;

    /// Takes a password as typed, for the account called `user_name`.
    ///
    /// # Errors
    /// Where it is too short, too long, cannot have been typed, or would be among the first guesses.
    pub fn new(text: Zeroizing<String>, user_name: &UserName) -> Result<Self, WeakPassword> {
        let length = text.chars().count();
        if text.chars().any(char::is_control) {
            return Err(WeakPassword::Control);
        }
        if length < Self::SHORTEST {
            return Err(WeakPassword::Short);
        }
        if length > Self::LONGEST {
            return Err(WeakPassword::Long);
        }
        if is_common(&text, user_name.as_str()) {
            return Err(WeakPassword::Common);
        }
        Ok(Self(text))
    }

    /// What the program itself has made from chance, and no rule is for.
    pub(super) const fn of_program(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// As it will be kept. Takes as long as a sign-in: not on a thread that others wait for.
    ///
    /// # Errors
    /// Where the system has no chance or no memory to give.
    pub fn hash(&self, cost: Cost) -> Result<PasswordHash, SignInError> {
        let mut salt = [0; SALT_LEN];
        rand::fill(&mut salt).map_err(|_| SignInError::Chance)?;
        Ok(PasswordHash { cost, salt, hash: stretch(&self.0, &salt, cost)? })
    }
}

// === impl Cost ===

impl Cost {
    /// What new passwords get: 64 MiB, three passes, one lane. See docs/adr/0016 for what that takes.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// So little that it protects nothing: for tests alone, which make many.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1 };
    /// A changed database must not be able to take all memory, or all day.
    const MOST: Self = Self { memory_kib: 1024 * 1024, passes: 16 };

    fn fits(self) -> bool {
        self.memory_kib >= 8 && self.memory_kib <= Self::MOST.memory_kib && self.passes >= 1 && self.passes <= Self::MOST.passes
    }
}

// === impl PasswordHash ===

impl PasswordHash {
    /// Parses what [`to_bytes`](Self::to_bytes) wrote; nothing where it is out of bounds.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = bytes.split_first()?;
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (passes, rest) = rest.split_first_chunk::<4>()?;
        let (salt, hash) = rest.split_first_chunk::<SALT_LEN>()?;
        let cost = Cost { memory_kib: u32::from_le_bytes(*memory), passes: u32::from_le_bytes(*passes) };
        (*form == FORM && cost.fits()).then_some(Self { cost, salt: *salt, hash: hash.try_into().ok()? })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&[FORM], &self.cost.memory_kib.to_le_bytes()[..], &self.cost.passes.to_le_bytes(), &self.salt, &self.hash].concat()
    }

    /// Whether `typed` is the password. Takes as long for a wrong one.
    pub(super) fn is(&self, typed: &str) -> Result<bool, SignInError> {
        let hash = stretch(typed, &self.salt, self.cost)?;
        Ok(constant_time::verify_slices_are_equal(&hash, &self.hash).is_ok())
    }

    /// One that no password fits, at the cost of a real one: what an unknown user name is checked against.
    pub(super) fn of_nobody(cost: Cost) -> Self {
        Self { cost, salt: [0; SALT_LEN], hash: [0; HASH_LEN] }
    }
}

fn stretch(text: &str, salt: &[u8; SALT_LEN], cost: Cost) -> Result<[u8; HASH_LEN], SignInError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(HASH_LEN)).map_err(|_| SignInError::Chance)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; HASH_LEN];
    argon2.hash_password_into(text.as_bytes(), salt, &mut out).map_err(|_| SignInError::Chance)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str) -> Result<NewPassword, WeakPassword> {
        NewPassword::new(Zeroizing::new(text.to_owned()), &"a.adeyemi".parse().expect("a name"))
    }

    #[test]
    fn length_counts_and_composition_does_not() {
        let check = |text: &str, expected: Option<WeakPassword>| assert_eq!(chosen(text).err(), expected, "{text:?}");
        check("elevenlette", Some(WeakPassword::Short));
        check("lantern kettle moss", None);
        check("öäüéàèßøåñçž", None);
        check("lantern\tkettle moss", Some(WeakPassword::Control));
        check(&"kettle ".repeat(19), Some(WeakPassword::Long));
        check("Password123456", Some(WeakPassword::Common));
        check("a.adeyemi2026", Some(WeakPassword::Common));
    }

    #[test]
    fn what_is_kept_knows_its_password_and_no_other() {
        let hash = chosen("lantern kettle moss").expect("chosen").hash(Cost::LEAST).expect("hashed");
        let kept = PasswordHash::from_bytes(&hash.to_bytes()).expect("parsed");
        assert!(kept.is("lantern kettle moss").expect("checked"));
        assert!(!kept.is("lantern kettle mos").expect("checked") && !kept.is("").expect("checked"));
        assert!(!PasswordHash::of_nobody(Cost::LEAST).is("lantern kettle moss").expect("checked"));
        assert!(!hash.to_bytes().windows(7).any(|window| window == b"lantern"));
    }

    #[test]
    fn a_changed_row_takes_neither_all_memory_nor_all_day() {
        let bytes = PasswordHash::of_nobody(Cost::LEAST).to_bytes();
        assert_eq!(bytes.len(), 57);
        for (place, value) in [(0, 2), (1, 0), (4, 0xff), (5, 0), (8, 0xff)] {
            let mut bytes = bytes.clone();
            bytes[place] = value;
            assert!(PasswordHash::from_bytes(&bytes).is_none(), "{place}");
        }
        assert!(PasswordHash::from_bytes(&bytes[..56]).is_none() && PasswordHash::from_bytes(&[]).is_none());
    }
}
