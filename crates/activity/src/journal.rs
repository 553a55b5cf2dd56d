//! The journal: events as JSON lines, one file for each day of the school, in a folder that only the program's own user can open.
//!
//! One thread writes, and those who record events write beside it while nothing has to be waited for. An event is acknowledged when it has been handed to the system, so it outlives the death of the process
//! (`kill -9`); it is forced to the disk at an interval, which is what loss of power may cost. While nothing can be written the
//! events wait, the recorder fills, and requests are refused. `docs/journal.md` describes every field.

mod files;
mod line;
mod read;
mod today;
mod writer;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use event::Inbox;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::{oneshot, watch};

pub use self::files::{days, path_of};
pub use self::read::{LineError, Lines, read};
use files::Folder;
use writer::Writer;

/// How a journal is kept.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The school's time zone, in which days begin and end.
    pub zone: TimeZone,
    /// How many days are kept beside today. Older files are deleted within an hour of midnight. Default 30.
    pub keep_days: u16,
    /// How often what was written is forced to the disk: the most that loss of power can cost. Default 200 ms.
    pub fsync_every: Duration,
}

/// Whether events can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// They can.
    Healthy,
    /// They cannot: they wait, and requests are refused. Or they are written and cannot be forced to the disk, which `error`
    /// then says. It is tried again every half second.
    Failing {
        /// Since when.
        since: Timestamp,
        /// What the system says, without any event's content.
        error: Arc<str>,
    },
}

/// Why a journal cannot be opened or was not closed whole.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The system refuses.
    #[error("{what} the journal at {path}; look at the disk and at who owns the folder")]
    Io {
        /// What was tried: "opening", "reading" ...
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process writes there.
    #[error("opening the journal at {path}: another Schoolgate writes there; stop it, or choose another data folder")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A file with a day's name that is no journal, or one of another version.
    #[error("reading the journal at {path}: this is no journal of this version and was left as it is; move it elsewhere")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The writing thread cannot be started.
    #[error("starting the journal's thread")]
    Thread(#[source] io::Error),
    /// The journal could not be written when it was stopped. Each of these events was reported as lost, so its request was refused.
    #[error("stopping the journal: {events} waiting events could not be written and are lost; look at the disk of the data folder")]
    Lost {
        /// How many.
        events: usize,
    },
}

/// A journal that is being written. Dropping it ends it as [`Journal::stop`] does, but waits for nothing.
#[derive(Debug)]
pub struct Journal {
    health: watch::Receiver<Health>,
    torn: u64,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<usize>,
}

// === impl Settings ===

impl Settings {
    /// The defaults, in the school's zone.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, keep_days: 30, fsync_every: Duration::from_millis(200) }
    }
}

// === impl Journal ===

impl Journal {
    /// Opens the journal in `folder`, which is made where it is missing, and starts to write what comes to `inbox`. Torn lines
    /// at the ends of files are cut, files past their days deleted. `now` gives the time, for deleting and for [`Health`].
    ///
    /// # Errors
    /// When the folder cannot be made or read, another process writes there, or a file in it is no journal.
    pub fn open(
        folder: &Path,
        settings: Settings,
        now: impl Fn() -> Timestamp + Send + 'static,
        inbox: Inbox,
    ) -> Result<Self, JournalError> {
        let folder = Folder::open(folder)?;
        let torn = folder.mend()?;
        let (health_sender, health) = watch::channel(Health::Healthy);
        let (stop, stopped) = oneshot::channel();
        let mut writer = Writer::new(folder, settings, Box::new(now), health_sender, inbox);
        writer.delete_old();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(JournalError::Thread)?;
        let write = move || runtime.block_on(writer.run(stopped));
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(write).map_err(JournalError::Thread)?;
        Ok(Self { health, torn, stop, thread })
    }

    /// Number of torn lines that were cut when the journal was opened: the mark of a sudden end. None of them was acknowledged,
    /// unless power was lost.
    pub fn torn(&self) -> u64 {
        self.torn
    }

    /// Whether events can be written just now.
    pub fn health(&self) -> Health {
        self.health.borrow().clone()
    }

    /// The same, to be awaited.
    pub fn watch_health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Takes no more events, writes those handed over, forces all to the disk and ends. Blocks until then.
    ///
    /// # Errors
    /// When events that waited could not be written.
    pub fn stop(self) -> Result<(), JournalError> {
        // The thread may have ended already, when every recorder is gone.
        let _ = self.stop.send(());
        match self.thread.join() {
            Ok(0) => Ok(()),
            Ok(events) => Err(JournalError::Lost { events }),
            Err(_) => Err(JournalError::Thread(io::Error::other("the thread ended by a fault of the program"))),
        }
    }
}
