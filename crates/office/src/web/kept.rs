//! What is made from the records once, and made again when they have changed.

use std::sync::Arc;

use ids::OrganisationId;
use ledger::{LedgerError, Reading, store};
use tokio::sync::Mutex;

/// Something about the whole school that many pages ask for. Whoever asks first makes it and the others wait for that; it is made again once
/// the records have had an entry since, or `K` is another: the day, above all.
#[derive(Debug)]
pub struct Kept<K, T>(Mutex<Option<Made<K, T>>>);

#[derive(Debug)]
struct Made<K, T> {
    /// Of the records, read before the rest: what changes meanwhile is read again.
    revision: i64,
    key: K,
    value: Arc<T>,
}

// === impl Kept ===

impl<K: PartialEq, T> Kept<K, T> {
    /// What is kept, or what `make` makes.
    ///
    /// # Errors
    /// Where the database refuses, or `make` fails; then nothing is kept.
    pub async fn get<E: From<LedgerError>>(
        &self,
        reader: &Reading,
        organisation: OrganisationId,
        key: K,
        make: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let mut kept = self.0.lock().await;
        let revision = store::revision(reader, organisation).await?;
        if let Some(made) = kept.as_ref().filter(|made| made.revision == revision && made.key == key) {
            return Ok(Arc::clone(&made.value));
        }
        let value = Arc::new(make.await?);
        *kept = Some(Made { revision, key, value: Arc::clone(&value) });
        Ok(value)
    }
}

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}
