//! Codes on paper, for when the telephone is lost. Each is good once.

use aws_lc_rs::rand;
use ids::PersonId;

use super::error::SignInError;
use super::token::{Hash, hash};

/// How many somebody gets.
const MANY: usize = 10;
/// Letters that are not taken for each other on paper: 32 of them, five bits each. There is no `o` beside the `0`.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Ten new codes, shown once.
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct RecoveryCodes(Vec<String>);

// === impl RecoveryCodes ===

impl RecoveryCodes {
    pub(super) fn random() -> Result<Self, SignInError> {
        (0..MANY).map(|_| one()).collect::<Result<_, _>>().map(Self)
    }

    /// As they are printed: four groups of four.
    pub fn expose(&self) -> &[String] {
        &self.0
    }

    pub(super) fn hashes(&self, person: PersonId) -> impl Iterator<Item = Hash> {
        self.0.iter().map(move |code| hash_of(code, person))
    }
}

/// 80 random bits: nobody guesses that, so a fast hash is enough.
fn one() -> Result<String, SignInError> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| SignInError::Chance)?;
    let letters: Vec<char> = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|byte| char::from(*byte)).collect();
    Ok(letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// The hash of a code as somebody typed it: capitals, blanks and hyphens are all the same.
pub(super) fn hash_of(code: &str, person: PersonId) -> Hash {
    let plain: String = code.to_lowercase().replace('o', "0").chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    hash(&[b"schoolgate v1 recovery", &person.to_bytes(), plain.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_copy_it() {
        let person = PersonId::named("Ms Adeyemi");
        let codes = RecoveryCodes::random().expect("chance");
        assert_eq!(codes.expose().len(), MANY);
        let code = &codes.expose()[0];
        assert_eq!(code.len(), 19, "{code}");
        assert_eq!(hash_of(&code.to_uppercase().replace('-', " "), person), codes.hashes(person).next().expect("one"));
        assert_ne!(hash_of(code, PersonId::named("Mr Okoro")), codes.hashes(person).next().expect("one"));
    }
}
