//! The key under which what waits is kept.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use ids::{OrganisationId, RecordId};

use super::message::Message;
use crate::LedgerError;

/// A key of this machine, from its key file. It opens whether or not the records are unlocked.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct OutboxKey(RandomizedNonceKey);

// === impl OutboxKey ===

impl OutboxKey {
    /// From 32 secret bytes.
    ///
    /// # Errors
    /// When the library refuses them, which it does for no bytes.
    pub fn new(bytes: &[u8; 32]) -> Result<Self, LedgerError> {
        RandomizedNonceKey::new(&AES_256_GCM, bytes).map(Self).map_err(|_| LedgerError::Random)
    }

    pub(super) fn seal(&self, organisation: OrganisationId, id: RecordId, message: &Message) -> Result<Vec<u8>, LedgerError> {
        let mut body = message.to_bytes();
        let place = place(organisation, id);
        let nonce = self.0.seal_in_place_append_tag(Aad::from(place), &mut body).map_err(|_| LedgerError::Random)?;
        Ok([nonce.as_ref().as_slice(), &body].concat())
    }

    /// `None` where the key is another one, or the row was altered or moved.
    pub(super) fn open(&self, organisation: OrganisationId, id: RecordId, sealed: &[u8]) -> Option<Message> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let mut body = zeroize::Zeroizing::new(body.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::from(place(organisation, id)), &mut body).ok()?;
        Message::from_bytes(plain)
    }
}

/// What a sealed message belongs to.
fn place(organisation: OrganisationId, id: RecordId) -> Vec<u8> {
    [b"schoolgate v1 outbox".as_slice(), &organisation.to_bytes(), &id.to_bytes()].concat()
}
