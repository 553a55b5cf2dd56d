//! Secret bytes, and the two operations on them: authenticated encryption with random nonces, and derivation.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, rand};
use zeroize::Zeroizing;

use super::error::KeyError;

/// Bytes of every symmetric key.
pub(crate) const KEY_LEN: usize = 32;
/// Bytes by which a sealed message is longer than the message: nonce before, tag behind.
pub(super) const OVERHEAD: usize = NONCE_LEN + TAG_LEN;
/// Bytes of an authentication tag of AES-GCM.
pub(super) const TAG_LEN: usize = 16;

/// Thirty-two secret bytes, in one place of the heap, overwritten when dropped. Cannot be shown, copied or compared.
pub(crate) struct Secret(Box<Zeroizing<[u8; KEY_LEN]>>);

/// A key of AES-256-GCM. The library overwrites it when it is dropped.
pub(super) struct AeadKey(RandomizedNonceKey);

struct Length<const N: usize>;

// === impl Secret ===

impl Secret {
    /// From the system's own source of chance.
    pub(crate) fn random() -> Result<Self, KeyError> {
        Self::filled(|bytes| rand::fill(bytes).map_err(|_| KeyError::Chance))
    }

    /// Filled by `fill`, in place, so that no copy is left behind.
    pub(crate) fn filled<E>(fill: impl FnOnce(&mut [u8; KEY_LEN]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Self(Box::new(Zeroizing::new([0; KEY_LEN])));
        fill(&mut secret.0)?;
        Ok(secret)
    }

    /// A copy of `bytes`, where they have the right length.
    pub(super) fn copied(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; KEY_LEN] = bytes.try_into().ok()?;
        let mut secret = Self(Box::new(Zeroizing::new([0; KEY_LEN])));
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    /// HKDF-SHA-256 (RFC 5869) of secret bytes. `salt` is empty or public, `purpose` is one of ours and names the use.
    pub(crate) fn derived(from: &[u8], salt: &[u8], purpose: &str) -> Result<Self, KeyError> {
        let info = [purpose.as_bytes()];
        let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(from);
        let out = key.expand(&info, Length::<KEY_LEN>).map_err(|_| KeyError::Refused { doing: "derive a key" })?;
        Self::filled(|bytes| out.fill(bytes).map_err(|_| KeyError::Refused { doing: "derive a key" }))
    }

    /// The bytes, for the operation at hand.
    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    pub(super) fn to_aead(&self) -> Result<AeadKey, KeyError> {
        AeadKey::new(self.bytes())
    }
}

// === impl AeadKey ===

impl AeadKey {
    pub(super) fn new(bytes: &[u8; KEY_LEN]) -> Result<Self, KeyError> {
        RandomizedNonceKey::new(&AES_256_GCM, bytes).map(Self).map_err(|_| KeyError::Refused { doing: "take a key" })
    }

    /// Nonce, ciphertext and tag in one piece, behind what `out` holds already.
    pub(super) fn seal(&self, mut out: Vec<u8>, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        let refused = |_| KeyError::Refused { doing: "encrypt" };
        let mut body = Vec::with_capacity(plain.len() + TAG_LEN);
        body.extend_from_slice(plain);
        let nonce = self.0.seal_in_place_append_tag(Aad::from(aad), &mut body).map_err(refused)?;
        out.reserve_exact(NONCE_LEN + body.len());
        out.extend_from_slice(nonce.as_ref());
        out.append(&mut body);
        Ok(out)
    }

    /// What was sealed; nothing where key, associated data or a single bit differs.
    pub(super) fn open(&self, aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let mut body = Zeroizing::new(body.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let length = self.0.open_in_place(nonce, Aad::from(aad), &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

impl<const N: usize> hkdf::KeyType for Length<N> {
    fn len(&self) -> usize {
        N
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivation_is_the_one_of_the_rfc() {
        // RFC 5869, appendix A.3: SHA-256, no salt, no purpose.
        let secret = Secret::derived(&[0x0b; 22], &[], "").expect("derived");
        let expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d";
        assert_eq!(hex(secret.bytes()), expected);
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_words_only() {
        let key = Secret::random().expect("chance").to_aead().expect("key");
        let sealed = key.seal(Vec::new(), b"row 1", b"a word").expect("sealed");
        assert_eq!(sealed.len(), 6 + OVERHEAD);
        assert_eq!(key.open(b"row 1", &sealed).as_deref().map(Vec::as_slice), Some(b"a word".as_slice()));
        assert!(key.open(b"row 2", &sealed).is_none());
        assert_ne!(key.seal(Vec::new(), b"row 1", b"a word").expect("sealed"), sealed, "a nonce is never used twice");
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
