//! The file that events of today go to, written by two: the journal's own thread, and whoever records an event and finds that it
//! can be written at once. A write goes to the system's memory and takes about two microseconds; the way through the thread costs
//! five times that, and wakes two threads (ADR 0012).
//!
//! The threads that serve readers must not wait for a disk. So only the journal's thread writes when the file has failed or has not
//! been opened; and while it is being forced to the disk too, once a write has been seen to wait for that (slow disks do).

use std::hint::spin_loop;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use event::{Direct, Event};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::files::DayFile;
use super::line;

/// How often to look whether another thread has finished its write: some two microseconds, the time that one takes.
const LOOKS: usize = 100;
/// Room for a line; few are longer.
const LINE: usize = 512;
/// A write that takes longer than this has waited for the disk.
const WAITED: Duration = Duration::from_millis(1);

/// The file, and what its two kinds of writers tell each other.
#[derive(Debug, Default)]
pub(super) struct Today {
    open: Mutex<Open>,
    /// Whether something was written that no fsync has begun to cover.
    is_dirty: AtomicBool,
    /// Tells the thread that the file has become dirty.
    dirtied: Notify,
    /// Whether an fsync is under way.
    is_syncing: AtomicBool,
    /// Whether writes wait for an fsync on this disk.
    waits_for_sync: AtomicBool,
}

/// What stands under the lock.
#[derive(Debug, Default)]
pub(super) struct Open {
    pub(super) file: Option<DayFile>,
    /// The instants of the file's day, where others than the thread may write.
    pub(super) others: Option<Range<Timestamp>>,
}

// === impl Today ===

impl Today {
    /// For the thread alone: it may wait.
    pub(super) fn open(&self) -> MutexGuard<'_, Open> {
        // No writer leaves a half-made change behind, whatever ends it: a torn line is cut before the next.
        self.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Notes that something was written. The fsync that is due then is the thread's business.
    pub(super) fn dirty(&self) {
        if !self.is_dirty.swap(true, Ordering::AcqRel) {
            self.dirtied.notify_one();
        }
    }

    /// Ready when the file has become dirty since the last time.
    pub(super) async fn dirtied(&self) {
        self.dirtied.notified().await;
    }

    /// Whether the file is dirty.
    pub(super) fn is_dirty(&self) -> bool {
        self.is_dirty.load(Ordering::Acquire)
    }

    /// From now on it is clean, since an fsync begins or the file is gone.
    pub(super) fn clean(&self) {
        self.is_dirty.store(false, Ordering::Release);
    }

    /// Forces `file` to the disk; meanwhile only the thread writes.
    pub(super) fn sync(&self, file: &std::fs::File) -> io::Result<()> {
        let result = file.sync_data();
        self.is_syncing.store(false, Ordering::Release);
        result
    }

    /// Before [`Today::sync`] is begun.
    pub(super) fn begin_sync(&self) {
        self.is_syncing.store(true, Ordering::Release);
        self.clean();
    }

    /// The lock, unless somebody keeps it longer than a write in memory takes.
    fn try_open(&self) -> Option<MutexGuard<'_, Open>> {
        for _ in 0..LOOKS {
            match self.open.try_lock() {
                Ok(open) => return Some(open),
                Err(TryLockError::WouldBlock) => spin_loop(),
                Err(TryLockError::Poisoned(_)) => return None,
            }
        }
        None
    }
}

impl Direct for Today {
    fn keep(&self, event: &Event) -> bool {
        let is_syncing = self.is_syncing.load(Ordering::Acquire);
        if is_syncing && self.waits_for_sync.load(Ordering::Relaxed) {
            return false;
        }
        let mut text = Vec::with_capacity(LINE);
        if line::write(event, &mut text).is_err() {
            return false;
        }
        let Some(mut open) = self.try_open() else { return false };
        let Open { file: Some(file), others: Some(day) } = &mut *open else { return false };
        if !day.contains(&event.at) {
            return false;
        }
        let begun = is_syncing.then(Instant::now);
        let written = file.append(&text).is_ok();
        if begun.is_some_and(|begun| begun.elapsed() > WAITED) {
            self.waits_for_sync.store(true, Ordering::Relaxed);
        }
        if !written {
            // The thread will meet the same failure, say so, and open the way again when it is over.
            open.others = None;
        }
        drop(open);
        if written {
            self.dirty();
        }
        written
    }
}
