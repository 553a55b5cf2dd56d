//! Random words that open something: a session, a link.

use aws_lc_rs::{constant_time, digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::error::SignInError;

/// 256 random bits, as 43 letters that may stand in a cookie or an address. Kept nowhere: what is kept is its hash.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct Token(Zeroizing<String>);

/// SHA-256 of a token.
pub(super) type Hash = [u8; 32];

// === impl Token ===

impl Token {
    pub(super) fn random() -> Result<Self, SignInError> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| SignInError::Chance)?;
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// What came in a cookie or an address. Any other length is none of ours.
    pub fn read(text: &str) -> Option<Self> {
        let fits = text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The word itself, for the cookie or the address and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> Hash {
        hash(&[b"schoolgate v1 token", self.0.as_bytes()])
    }

    /// What a form must bring along, so that no other site can send it in this person's name. It opens nothing by itself.
    pub fn form_word(&self) -> String {
        URL_SAFE_NO_PAD.encode(hash(&[b"schoolgate v1 form", self.0.as_bytes()]))
    }

    /// Whether a form brought the right one. Takes as long for a wrong one.
    pub fn is_form_word(&self, word: &str) -> bool {
        constant_time::verify_slices_are_equal(self.form_word().as_bytes(), word.as_bytes()).is_ok()
    }

    /// The cookie of a session, whole. `__Host-`: sent over HTTPS only, to this host only, and no other host of the domain can set it.
    pub fn cookie(&self) -> String {
        format!("{}={}; Path=/; Secure; HttpOnly; SameSite=Lax", Self::COOKIE, self.expose())
    }

    /// The name of that cookie.
    pub const COOKIE: &'static str = "__Host-schoolgate";
}

pub(super) fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_word_belongs_to_one_session_and_opens_nothing() {
        let (one, other) = (Token::random().expect("chance"), Token::random().expect("chance"));
        assert!(one.is_form_word(&one.form_word()));
        assert!(!one.is_form_word(&other.form_word()) && !one.is_form_word(""));
        assert_ne!(Token::read(&one.form_word()).expect("it has the form").hash(), one.hash());
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        let token = Token::random().expect("chance");
        assert_eq!(Token::read(token.expose()).map(|read| read.hash()), Some(token.hash()));
        for text in ["", "abc", &"a".repeat(44), &format!("{}é", "a".repeat(41))] {
            assert!(Token::read(text).is_none(), "{text}");
        }
        assert!(token.cookie().starts_with("__Host-schoolgate=") && token.cookie().ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"));
    }
}
