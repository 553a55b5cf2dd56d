//! Key pairs and sealing to a public half: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

use aws_lc_rs::agreement::{PrivateKey, X25519};
use rustls::crypto::aws_lc_rs::hpke::DH_KEM_X25519_HKDF_SHA256_AES_256 as SUITE;
use rustls::crypto::hpke::{EncapsulatedSecret, Hpke, HpkePrivateKey, HpkePublicKey};
use zeroize::Zeroizing;

use super::error::KeyError;
use super::secret::{KEY_LEN, Secret, TAG_LEN};

/// Bytes by which a sealed message is longer than the message: the encapsulated key before, the tag behind.
pub(super) const SEALED_OVERHEAD: usize = KEY_LEN + TAG_LEN;

/// The half that everybody may know: with it one seals, and opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicHalf([u8; KEY_LEN]);

/// The half that opens.
pub(super) struct PrivateHalf(Secret);

// === impl PublicHalf ===

impl PublicHalf {
    /// From its stored bytes. Any thirty-two bytes are a point of the curve.
    pub const fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self(bytes)
    }

    /// As stored.
    pub const fn to_bytes(self) -> [u8; KEY_LEN] {
        self.0
    }

    /// Seals `plain` so that only the private half opens it, and only with the same purpose and place.
    pub(super) fn seal(&self, purpose: &str, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
        let key = HpkePublicKey(self.0.to_vec());
        let sealed = SUITE.seal(purpose.as_bytes(), aad, plain, &key);
        let (EncapsulatedSecret(mut sealed), mut body) = sealed.map_err(|_| KeyError::Refused { doing: "seal to a public key" })?;
        sealed.append(&mut body);
        Ok(sealed)
    }
}

// === impl PrivateHalf ===

impl PrivateHalf {
    /// A new pair's.
    pub(super) fn random() -> Result<Self, KeyError> {
        Secret::random().map(Self)
    }

    /// From secret bytes. Any thirty-two bytes are a key of X25519 (RFC 7748, section 5).
    pub(super) const fn from_secret(secret: Secret) -> Self {
        Self(secret)
    }

    pub(super) const fn secret(&self) -> &Secret {
        &self.0
    }

    /// Its other half.
    pub(super) fn public(&self) -> Result<PublicHalf, KeyError> {
        let refused = KeyError::Refused { doing: "find the public half of a key" };
        let key = PrivateKey::from_private_key(&X25519, self.0.bytes()).map_err(|_| refused.clone())?;
        let public = key.compute_public_key().map_err(|_| refused.clone())?;
        public.as_ref().try_into().map(PublicHalf).map_err(|_| refused)
    }

    /// What was sealed to the public half; nothing where key, purpose, place or a bit differs.
    pub(super) fn open(&self, purpose: &str, aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (encapsulated, body) = sealed.split_at_checked(KEY_LEN)?;
        let key = HpkePrivateKey::from(self.0.bytes().to_vec());
        SUITE.open(&EncapsulatedSecret(encapsulated.to_vec()), purpose.as_bytes(), aad, body, &key).ok().map(Zeroizing::new)
    }
}
