//! What happened, and the handle that takes it: [`Event`] is one judged request, [`Recorder`] hands it to whoever keeps it.
//!
//! An event names ids, never people. It goes into records with a purpose and a period, not into the log: `Debug` of the types
//! here shows no address, no person and no device.

mod event;
mod recorder;

pub use self::event::{Address, Circumstances, Event, Flags, Known, MAX_METHOD, MAX_PATH, MAX_RULE, SEALED, Seen, Via};
pub use self::recorder::{Direct, Entry, Inbox, PATIENCE, Recorder, Refused, Ticket, Unwritten};
