//! The way from a request to the journal: at once where the journal can write without waiting ([`Direct`]), else through a queue.
//! It never drops an event in silence: when the queue is full the request waits, and after [`PATIENCE`] it is refused, as it is
//! when the event is taken and not written in that time. What cannot be recorded does not happen.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use crate::event::Event;

/// How long a request waits for room.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// A journal that can keep an event on the thread of whoever records it: the queue costs two changes of thread.
pub trait Direct: Send + Sync {
    /// Whether the event was written as [`Ticket::written`] means it. It must not wait, for the disk neither; where it would
    /// have to, it says no and nothing has happened: the event then goes by the queue.
    fn keep(&self, event: &Event) -> bool;
}

/// Takes events. Cheap to clone; the journal ends when the last one is gone.
#[derive(Clone)]
pub struct Recorder {
    sender: mpsc::Sender<Entry>,
    direct: Arc<OnceLock<Arc<dyn Direct>>>,
}

/// The other end: where the journal takes events from. When it is dropped, waiting requests are refused and their events lost.
pub struct Inbox {
    receiver: mpsc::Receiver<Entry>,
    direct: Arc<OnceLock<Arc<dyn Direct>>>,
}

/// An event on its way. Dropping it unacknowledged tells the one who recorded it that it is [`Unwritten::Lost`].
pub struct Entry {
    /// The event.
    pub event: Event,
    written: oneshot::Sender<()>,
}

/// A promise that an event will be written, kept or broken.
#[derive(Debug)]
#[must_use = "an event is safe only once its ticket says that it was written"]
pub struct Ticket {
    written: oneshot::Receiver<()>,
}

/// Why an event was not taken. The request it is about must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No room for as long as [`PATIENCE`]: the disk is full, broken or too slow.
    #[error(
        "recording an event: the journal had no room for {} s; requests are refused until it has: look at the disk of the data folder",
        PATIENCE.as_secs()
    )]
    Full,
    /// The journal has stopped.
    #[error("recording an event: the journal has stopped; requests are refused until it runs again")]
    Closed,
}

/// Why an event is not known to be written. The request it is about must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unwritten {
    /// It waits, and has done so for as long as [`PATIENCE`]. It may still be written: the record then says more than happened,
    /// never less.
    #[error(
        "recording an event: it was not written within {} s; requests are refused until it can be: look at the disk of the data folder",
        PATIENCE.as_secs()
    )]
    Late,
    /// The journal stopped first.
    #[error("recording an event: the journal stopped before it was written, so it is lost")]
    Lost,
}

// === impl Recorder ===

impl Recorder {
    /// A recorder and its inbox, with room for `capacity` events that nobody has taken yet. At least 1; some thousands bridge
    /// a slow disk without holding much memory.
    pub fn channel(capacity: usize) -> (Self, Inbox) {
        let (sender, receiver) = mpsc::channel(capacity.clamp(1, Semaphore::MAX_PERMITS));
        let direct = Arc::default();
        (Self { sender, direct: Arc::clone(&direct) }, Inbox { receiver, direct })
    }

    /// Whether the event could be written at once, which is all there is to do then. Where not, nothing has happened yet, and
    /// [`Recorder::record`] is the way.
    pub fn keep_at_once(&self, event: &Event) -> bool {
        self.direct.get().is_some_and(|direct| direct.keep(event))
    }

    /// Hands an event over to the queue. Waits while there is no room, at most [`PATIENCE`]. Needs a runtime with a timer.
    ///
    /// Dropping the future before it is ready hands nothing over.
    ///
    /// # Errors
    /// When there was no room, or the journal has stopped.
    pub async fn record(&self, event: Event) -> Result<Ticket, Refused> {
        let (written, ticket) = oneshot::channel();
        match self.sender.send_timeout(Entry { event, written }, PATIENCE).await {
            Ok(()) => Ok(Ticket { written: ticket }),
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => Err(Refused::Full),
            Err(mpsc::error::SendTimeoutError::Closed(_)) => Err(Refused::Closed),
        }
    }
}

// === impl Ticket ===

impl Ticket {
    /// Ready when the event was written: it then outlives the death of this process. Power loss may still cost what the
    /// journal has not yet forced to the disk. Needs a runtime with a timer.
    ///
    /// # Errors
    /// When that took longer than [`PATIENCE`], or the journal stopped first.
    pub async fn written(self) -> Result<(), Unwritten> {
        match timeout(PATIENCE, self.written).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Unwritten::Lost),
            Err(_) => Err(Unwritten::Late),
        }
    }
}

// === impl Inbox ===

impl Inbox {
    /// Offers recorders the direct way. The first offer stays.
    pub fn offer(&self, direct: Arc<dyn Direct>) {
        let _ = self.direct.set(direct);
    }

    /// Waits for events and puts at most `most` (at least 1) of them at the end of `batch`, in the order in which they were
    /// recorded. Gives their number; 0 means that no more will come. Nothing is lost when the future is dropped.
    pub async fn take(&mut self, batch: &mut Vec<Entry>, most: usize) -> usize {
        self.receiver.recv_many(batch, most.max(1)).await
    }

    /// Takes no more events: who waits and who comes is refused. What was handed over can still be taken.
    pub fn close(&mut self) {
        self.receiver.close();
    }
}

// === impl Entry ===

impl Entry {
    /// Tells the one who recorded the event that it was written. That nobody may be listening any more is no matter.
    pub fn acknowledge(self) {
        let _ = self.written.send(());
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Recorder").field("sender", &self.sender).finish_non_exhaustive()
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Inbox").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Entry").field("event", &self.event).finish_non_exhaustive()
    }
}
