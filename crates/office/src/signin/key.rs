//! The machine's own key, from which the keys of single uses are derived.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac};
use zeroize::Zeroizing;

use super::error::SignInError;

/// 32 bytes that the binary derives from `master.key`. Whoever has that file and the database can make codes of the second factor; neither
/// alone is enough.
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct MachineKey(Zeroizing<[u8; 32]>);

// === impl MachineKey ===

impl MachineKey {
    /// From bytes that nobody can guess, the same at each start.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// HKDF-SHA-256 (RFC 5869) for one `purpose` of ours.
    fn derived(&self, purpose: &'static str) -> Result<Zeroizing<[u8; 32]>, SignInError> {
        let info = [purpose.as_bytes()];
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"schoolgate v1");
        let secret = salt.extract(self.0.as_slice());
        let out = secret.expand(&info, hkdf::HKDF_SHA256).map_err(|_| SignInError::Chance)?;
        let mut bytes = Zeroizing::new([0; 32]);
        out.fill(bytes.as_mut_slice()).map_err(|_| SignInError::Chance)?;
        Ok(bytes)
    }

    /// Seals `plain` to `place`: what was moved to another row does not open.
    pub(super) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SignInError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.derived("second factor")?.as_slice()).map_err(|_| SignInError::Chance)?;
        let mut body = plain.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(place), &mut body).map_err(|_| SignInError::Chance)?;
        Ok([nonce.as_ref().as_slice(), &body].concat())
    }

    pub(super) fn unseal(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SignInError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.derived("second factor")?.as_slice()).map_err(|_| SignInError::Chance)?;
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(SignInError::Key)?;
        let mut body = Zeroizing::new(body.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SignInError::Key)?;
        let length = key.open_in_place(nonce, Aad::from(place), &mut body).map_err(|_| SignInError::Key)?.len();
        body.truncate(length);
        Ok(body)
    }

    /// A keyed hash of `parts` for one `purpose`: words that we give out and know again, and secrets that are too short without a key.
    pub(super) fn mark(&self, purpose: &'static str, parts: &[&[u8]]) -> Result<[u8; 32], SignInError> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.derived(purpose)?.as_slice());
        let mut mark = [0; 32];
        mark.copy_from_slice(hmac::sign(&key, &super::token::hash(parts)).as_ref());
        Ok(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_seals_opens_at_its_place_and_under_it_alone() {
        let key = MachineKey::new(&[7; 32]);
        let sealed = key.seal(b"row", b"a seed").expect("sealed");
        assert_eq!(MachineKey::new(&[7; 32]).unseal(b"row", &sealed).expect("opened").as_slice(), b"a seed");
        assert!(matches!(key.unseal(b"another row", &sealed), Err(SignInError::Key)));
        assert!(matches!(MachineKey::new(&[8; 32]).unseal(b"row", &sealed), Err(SignInError::Key)));
        assert!(matches!(key.unseal(b"row", &sealed[..5]), Err(SignInError::Key)));
    }
}
