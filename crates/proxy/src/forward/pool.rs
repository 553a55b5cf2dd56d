//! Idle connections to origins, kept for the next request. Each worker has a pool of its own. hyper-util's pool, made to be shared
//! between threads and to race connections, was a good part of what ADR 0012 saves.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use filter::Host;
use filter::safesearch::SafeSearch;
use tokio::time::Instant;

/// Most idle connections kept for one key.
const MOST: usize = 32;
/// How long one is kept. Servers close them after a minute or so, and a request must not be sent into the closing.
pub(super) const KEPT: Duration = Duration::from_secs(30);

/// What a connection may be used for again: host, port and level of safe search. One that was made for a grown-up must never carry
/// a child's search.
pub(crate) type Key = (Host, u16, SafeSearch);

type Kept<L> = HashMap<Key, Vec<(L, Instant)>>;

/// The idle connections of a worker.
pub(super) struct Pool<L> {
    kept: Mutex<Kept<L>>,
}

// === impl Pool ===

impl<L> Pool<L> {
    /// The connection that was put back last, of those that are ready for a request.
    pub(super) fn take(&self, key: &Key, is_ready: impl Fn(&L) -> bool) -> Option<L> {
        let mut kept = self.lock();
        let links = kept.get_mut(key)?;
        // One whose last answer is only just being finished may come up before it is ready.
        let ready = links.iter().rposition(|(link, _)| is_ready(link))?;
        let (link, since) = links.swap_remove(ready);
        (since.elapsed() < KEPT).then_some(link)
    }

    /// Keeps a connection whose answer has been read to its end.
    pub(super) fn put(&self, key: Key, link: L, is_closed: impl Fn(&L) -> bool) {
        let mut kept = self.lock();
        let links = kept.entry(key).or_default();
        if links.len() >= MOST {
            links.retain(|(link, _)| !is_closed(link));
        }
        if links.len() < MOST {
            links.push((link, Instant::now()));
        }
    }

    /// Lets go of what is closed or has been idle for too long.
    pub(super) fn sweep(&self, is_closed: impl Fn(&L) -> bool) {
        self.lock().retain(|_, links| {
            links.retain(|(link, since)| !is_closed(link) && since.elapsed() < KEPT);
            !links.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, Kept<L>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L> Default for Pool<L> {
    fn default() -> Self {
        Self { kept: Mutex::default() }
    }
}

impl<L> fmt::Debug for Pool<L> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pool").field("keys", &self.lock().len()).finish()
    }
}
