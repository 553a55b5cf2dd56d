//! Where a program gets the time from. The binary makes the one that reads the machine's clock; tests make one that they set.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::SignedDuration;

use crate::time::{Instant, OutOfRange};

/// Gives the time, to whoever was given it. Cheap to clone.
///
/// Most code takes an [`Instant`] and no clock; a clock is for what lives on: a queue, a schedule, a session store.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

/// A clock that stands still until it is set. Clones share the time.
#[derive(Debug, Clone)]
pub struct SettableClock(Arc<AtomicI64>);

// === impl Clock ===

impl Clock {
    /// A clock that asks `now`: in the binary `Clock::new(|| world.now())`.
    pub fn new<T: Into<Instant>>(now: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Arc::new(move || now().into()))
    }

    /// The time.
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

// === impl SettableClock ===

impl SettableClock {
    /// A clock that shows `now`.
    pub fn at(now: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(now.micros())))
    }

    /// What it shows.
    pub fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst)).unwrap_or(Instant::EPOCH)
    }

    /// Sets it, backwards too.
    pub fn set(&self, now: Instant) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }

    /// Moves it on.
    ///
    /// # Errors
    /// When that would leave the years -9999 to 9999; it then stays as it was.
    pub fn advance(&self, by: SignedDuration) -> Result<(), OutOfRange> {
        self.set(self.now().checked_add(by)?);
        Ok(())
    }

    /// The clock to hand to the code under test.
    pub fn clock(&self) -> Clock {
        let shared = self.clone();
        Clock::new(move || shared.now())
    }
}
