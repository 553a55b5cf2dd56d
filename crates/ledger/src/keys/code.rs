//! Recovery codes and key files: 128 secret bits that can be written down, read aloud and typed back.
//!
//! Twenty bytes: one of version and kind, sixteen secret, three of checksum. Written in Crockford's base 32, which has no letter that
//! is mistaken for another, in eight groups of four.

use aws_lc_rs::{digest, rand};
use zeroize::{Zeroize, Zeroizing};

use super::error::KeyError;
use super::secret::Secret;

/// Crockford's alphabet: I, L, O and U are left out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP: usize = 4;
const SECRET: usize = 16;
const CHECKSUM: usize = 3;
const BYTES: usize = 1 + SECRET + CHECKSUM;
const LETTERS: usize = BYTES * 8 / 5;
/// In the upper half of the first byte.
const VERSION: u8 = 1;
const KEY_FILE: u8 = 15;
const CHECK: &[u8] = b"schoolgate code";

/// A code: what a recovery sheet or a key file holds.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct Code {
    kind: CodeKind,
    secret: Zeroizing<[u8; SECRET]>,
}

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// One of the three recovery sheets: 1, 2 or 3.
    Sheet(u8),
    /// A key file, which opens by itself.
    KeyFile,
}

/// Why a text is no code. Groups count from 1, as on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// A letter that no code has.
    #[error("group {group} has a letter that no code has: codes use digits and letters, without U")]
    Letter {
        /// The group it stands in.
        group: usize,
    },
    /// Too few letters, or too many.
    #[error("it has {letters} letters and digits in place of {LETTERS}: a group is missing or stands there twice")]
    Length {
        /// How many there are.
        letters: usize,
    },
    /// All letters are possible, but together they are wrong.
    #[error("a letter is wrong: compare each group with the sheet")]
    Checksum,
    /// Right, but of something else.
    #[error("it is a code of a kind that this version does not know")]
    Kind,
}

// === impl Code ===

impl Code {
    /// A new one.
    pub(super) fn random(kind: CodeKind) -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new([0; SECRET]);
        rand::fill(secret.as_mut_slice()).map_err(|_| KeyError::Chance)?;
        Ok(Self { kind, secret })
    }

    /// Reads a code: small letters, `O` for zero, `I` and `L` for one, and any spaces, line ends and hyphens are taken.
    ///
    /// # Errors
    /// Says what is wrong, and where that can be known.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut bytes = Zeroizing::new([0_u8; BYTES]);
        let (mut letters, mut held, mut bits) = (0, 0_u32, 0_u32);
        let mut place = bytes.iter_mut();
        for letter in text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
            let value = value(letter).ok_or(CodeError::Letter { group: letters / GROUP + 1 })?;
            letters += 1;
            held = held << 5 | u32::from(value);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                let byte = (held >> bits & 0xff) as u8;
                held &= (1 << bits) - 1;
                // What is too long is counted to its end, for the error.
                if let Some(place) = place.next() {
                    *place = byte;
                }
            }
        }
        held.zeroize();
        if letters != LETTERS {
            return Err(CodeError::Length { letters });
        }
        Self::from_bytes(&bytes)
    }

    /// What it is for.
    pub const fn kind(&self) -> CodeKind {
        self.kind
    }

    /// As it is printed: `XXXX-XXXX-...`, eight groups.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LETTERS + LETTERS / GROUP));
        let (mut held, mut bits) = (0_u32, 0_u32);
        let mut letters = 0;
        for byte in self.to_bytes().iter() {
            held = held << 8 | u32::from(*byte);
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                if letters > 0 && letters % GROUP == 0 {
                    text.push('-');
                }
                let letter = ALPHABET.get((held >> bits & 0x1f) as usize).copied().unwrap_or_default();
                text.push(char::from(letter));
                letters += 1;
            }
            held &= (1 << bits) - 1;
        }
        text
    }

    /// The key that it stands for.
    pub(super) fn key(&self) -> Result<Secret, KeyError> {
        Secret::derived(self.secret.as_slice(), &[], "schoolgate v1 code to key")
    }

    fn from_bytes(bytes: &[u8; BYTES]) -> Result<Self, CodeError> {
        let [first, rest @ ..] = bytes;
        let (secret, checksum) = rest.split_at(SECRET);
        let secret = Zeroizing::new(<[u8; SECRET]>::try_from(secret).map_err(|_| CodeError::Kind)?);
        if checksum != self::checksum(*first, &secret) {
            return Err(CodeError::Checksum);
        }
        let kind = match (first >> 4, first & 0x0f) {
            (VERSION, number @ 1..=3) => CodeKind::Sheet(number),
            (VERSION, KEY_FILE) => CodeKind::KeyFile,
            _ => return Err(CodeError::Kind),
        };
        Ok(Self { kind, secret })
    }

    fn to_bytes(&self) -> Zeroizing<[u8; BYTES]> {
        let kind = match self.kind {
            CodeKind::Sheet(number) => number,
            CodeKind::KeyFile => KEY_FILE,
        };
        let first = VERSION << 4 | kind & 0x0f;
        let mut bytes = Zeroizing::new([0; BYTES]);
        let parts = [&[first], self.secret.as_slice(), &checksum(first, &self.secret)].concat();
        let parts = Zeroizing::new(parts);
        bytes.copy_from_slice(&parts);
        bytes
    }
}

/// Wrong letters go unseen once in sixteen million times; what opens nothing is found out one step later anyway.
fn checksum(first: u8, secret: &[u8; SECRET]) -> [u8; CHECKSUM] {
    let mut hash = digest::Context::new(&digest::SHA256);
    hash.update(CHECK);
    hash.update(&[first]);
    hash.update(secret);
    let hash = hash.finish();
    let mut short = [0; CHECKSUM];
    short.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    short
}

fn value(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        letter => letter,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(kind: CodeKind, secret: [u8; SECRET]) -> Code {
        Code { kind, secret: Zeroizing::new(secret) }
    }

    #[test]
    fn the_form_stays_what_sheets_in_a_safe_have() {
        let text = code(CodeKind::Sheet(2), *b"0123456789abcdef").text();
        assert_eq!(text.as_str(), "28R3-2CHK-6GTK-CDSR-75GP-4RV4-CNK2-176Q");
        assert_eq!(text.len(), 39);
        let typed = text.to_lowercase().replace('1', "l").replace('0', "o").replace('-', " ");
        let again = Code::parse(&typed).expect("typed with slips of the kind people make");
        assert_eq!((again.kind, *again.secret), (CodeKind::Sheet(2), *b"0123456789abcdef"));
    }

    #[test]
    fn slips_are_told_with_their_place() {
        let text = code(CodeKind::KeyFile, [7; SECRET]).text();
        let check = |text: &str, expected: CodeError| assert_eq!(Code::parse(text).err(), Some(expected), "{text}");
        check("", CodeError::Length { letters: 0 });
        check(&text[..35], CodeError::Length { letters: 28 });
        check(&format!("{}{}", *text, &text[..4]), CodeError::Length { letters: 36 });
        check(&format!("{}U{}", &text[..10], &text[11..]), CodeError::Letter { group: 3 });
        check(&format!("{}é{}", &text[..10], &text[11..]), CodeError::Letter { group: 3 });
        // A sheet's number that no school has, with a right checksum.
        check(&code(CodeKind::Sheet(4), [7; SECRET]).text(), CodeError::Kind);
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(secret: [u8; SECRET], number in 1_u8..=3) {
            let text = code(CodeKind::Sheet(number), secret).text();
            let again = Code::parse(&text).expect("code");
            prop_assert_eq!((again.kind, *again.secret), (CodeKind::Sheet(number), secret));
        }

        #[test]
        fn one_wrong_letter_is_found(secret: [u8; SECRET], at in 0_usize..39, other in 0_usize..32) {
            let text = code(CodeKind::Sheet(1), secret).text();
            let mut letters: Vec<char> = text.chars().collect();
            let other = char::from(ALPHABET[other]);
            prop_assume!(letters[at] != '-' && letters[at] != other);
            letters[at] = other;
            let found = Code::parse(&letters.into_iter().collect::<String>()).err();
            prop_assert_eq!(found, Some(CodeError::Checksum));
        }
    }
}
