//! The way from a request to the journal. It never drops an event in silence: when it is full the request waits, and after
//! [`PATIENCE`] it is refused, as it is when the event is taken and not written in that time. What cannot be recorded does not
//! happen.

use std::fmt;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use crate::event::Event;

/// How long a request waits for room.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Takes events. Cheap to clone; the journal ends when the last one is gone.
#[derive(Debug, Clone)]
pub struct Recorder {
    sender: mpsc::Sender<Entry>,
}

/// The other end: where the journal takes events from. When it is dropped, waiting requests are refused and their events lost.
#[derive(Debug)]
pub struct Inbox {
    receiver: mpsc::Receiver<Entry>,
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
        (Self { sender }, Inbox { receiver })
    }

    /// Hands an event over. Waits while there is no room, at most [`PATIENCE`]. Needs a runtime with a timer.
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

impl fmt::Debug for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Entry").field("event", &self.event).finish_non_exhaustive()
    }
}
