//! The writing thread: batches in, lines out, acknowledgements back.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use event::{Entry, Inbox};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use tokio::select;
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{error, info, warn};

use super::files::{DayFile, Folder};
use super::today::Today;
use super::{Health, Settings, line};

/// Most events of one write: some megabytes.
const MOST: usize = 4096;
/// How long to wait after a failure.
const RETRY_EVERY: Duration = Duration::from_millis(500);
/// How often to look whether a new day has begun when nothing happens.
const LOOK_EVERY: Duration = Duration::from_secs(3600);

/// The time, as it was given to the journal.
pub(super) type Now = Box<dyn Fn() -> Timestamp + Send>;

/// What the writing thread holds.
pub(super) struct Writer {
    folder: Folder,
    settings: Settings,
    now: Now,
    health: watch::Sender<Health>,
    inbox: Inbox,
    days: Days,
    today: Arc<Today>,
    batch: Vec<Entry>,
    buffer: Vec<u8>,
    /// When to look next: at the fsync, or at the calendar.
    due: Instant,
    syncing: Option<JoinHandle<io::Result<()>>>,
    failing: Option<Part>,
    /// The day on which old files were last deleted.
    deleted_on: Option<Date>,
}

/// What can fail apart from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Write,
    Sync,
}

/// Why the thread woke.
enum Woken {
    Events,
    Dirtied,
    Due,
    Synced(io::Result<()>),
    Stopped,
}

/// Which day an instant belongs to. Remembers the last day asked for, since nearly all events are of the same.
struct Days {
    zone: TimeZone,
    last: Option<(Date, Timestamp, Timestamp)>,
}

// === impl Writer ===

impl Writer {
    pub(super) fn new(folder: Folder, settings: Settings, now: Now, health: watch::Sender<Health>, inbox: Inbox) -> Self {
        let today = Arc::<Today>::default();
        inbox.offer(Arc::<Today>::clone(&today));
        Self {
            folder,
            days: Days { zone: settings.zone.clone(), last: None },
            settings,
            now,
            health,
            inbox,
            today,
            batch: Vec::new(),
            buffer: Vec::new(),
            due: Instant::now(),
            syncing: None,
            failing: None,
            deleted_on: None,
        }
    }

    /// Writes until it is stopped or no recorder is left. Gives the number of events that could not be written at the end.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) -> usize {
        loop {
            self.delete_old();
            match self.wake(&mut stop).await {
                Woken::Events => {
                    if !self.write(&mut stop).await {
                        break;
                    }
                }
                Woken::Dirtied => self.due = self.due.min(Instant::now() + self.settings.fsync_every),
                Woken::Due => self.look(),
                Woken::Synced(result) => self.synced(result),
                Woken::Stopped => break,
            }
        }
        self.finish().await
    }

    /// The calendar and the fsync come before new events, else they would never come on a busy day.
    async fn wake(&mut self, stop: &mut oneshot::Receiver<()>) -> Woken {
        select! {
            biased;
            result = joined(&mut self.syncing) => Woken::Synced(result),
            _ = stop => Woken::Stopped,
            () = sleep_until(self.due) => Woken::Due,
            () = self.today.dirtied() => Woken::Dirtied,
            count = self.inbox.take(&mut self.batch, MOST) => if count == 0 { Woken::Stopped } else { Woken::Events },
        }
    }

    /// Writes the batch, however long that takes. False when it was stopped while nothing could be written.
    async fn write(&mut self, stop: &mut oneshot::Receiver<()>) -> bool {
        while let Err(error) = self.try_write() {
            self.failed(Part::Write, &error);
            select! {
                _ = &mut *stop => return false,
                () = sleep(RETRY_EVERY) => {}
            }
        }
        true
    }

    /// Writes the batch, day by day, each with one write, and acknowledges what was written. What was not stays in the batch.
    fn try_write(&mut self) -> io::Result<()> {
        // Around midnight requests come a little out of order; sorted, each day's file is opened once.
        self.batch.sort_by_key(|entry| self.days.of(entry.event.at));
        while let Some(first) = self.batch.first() {
            let day = self.days.of(first.event.at);
            let count = self.batch.iter().take_while(|entry| self.days.of(entry.event.at) == day).count();
            self.buffer.clear();
            for entry in self.batch.iter().take(count) {
                line::write(&entry.event, &mut self.buffer)?;
            }
            self.leave_other_than(day);
            self.append(day)?;
            self.batch.drain(..count).for_each(Entry::acknowledge);
            self.today.dirty();
            self.worked(Part::Write);
        }
        Ok(())
    }

    /// Appends the buffer to the file of `day`, which others may write to as well from then on.
    fn append(&mut self, day: Date) -> io::Result<()> {
        let today = Arc::clone(&self.today);
        let mut open = today.open();
        // Until this has gone well: they would only meet the same failure.
        open.others = None;
        let file = match open.file.take() {
            Some(file) => file,
            None => self.folder.open_day(day)?,
        };
        open.file.insert(file).append(&self.buffer)?;
        open.others = self.days.instants(day);
        Ok(())
    }

    /// Closes the file of another day, forced to the disk.
    fn leave_other_than(&mut self, day: Date) {
        let left = self.today.open().file.take_if(|file| file.day != day);
        if let Some(file) = left
            && let Err(error) = file.handle().sync_data()
        {
            self.failed(Part::Sync, &error);
        }
    }

    /// Begins an fsync where one is due. It runs beside the writing, so that nobody waits for it.
    fn look(&mut self) {
        let now = Instant::now();
        self.due = now + LOOK_EVERY;
        if self.today.open().file.take_if(|file| file.is_deleted()).is_some() {
            warn!("the journal's file of today was deleted by somebody; a new one is begun");
            self.today.clean();
        }
        if !self.today.is_dirty() {
            return;
        }
        if self.syncing.is_some() {
            self.due = now + self.settings.fsync_every;
            return;
        }
        let handle = self.today.open().file.as_ref().map(DayFile::handle);
        if let Some(handle) = handle {
            let today = Arc::clone(&self.today);
            today.begin_sync();
            self.syncing = Some(spawn_blocking(move || today.sync(&handle)));
        }
    }

    fn synced(&mut self, result: io::Result<()>) {
        self.syncing = None;
        match result {
            Ok(()) => self.worked(Part::Sync),
            Err(error) => {
                self.failed(Part::Sync, &error);
                self.today.dirty();
                self.due = Instant::now() + RETRY_EVERY;
            }
        }
    }

    /// Takes no more, tries once more to write what there is, and forces it to the disk.
    async fn finish(&mut self) -> usize {
        self.inbox.close();
        self.today.open().others = None;
        loop {
            if let Err(error) = self.try_write() {
                self.failed(Part::Write, &error);
                break;
            }
            if self.inbox.take(&mut self.batch, MOST).await == 0 {
                break;
            }
        }
        let last = std::mem::take(&mut *self.today.open()).file;
        if let Some(file) = last
            && let Err(error) = file.handle().sync_data()
        {
            self.failed(Part::Sync, &error);
        }
        while self.inbox.take(&mut self.batch, MOST).await > 0 {}
        self.batch.len()
    }

    /// Deletes files past their days, once a day.
    pub(super) fn delete_old(&mut self) {
        let today = self.settings.zone.to_datetime((self.now)()).date();
        if self.deleted_on.replace(today) == Some(today) {
            return;
        }
        let Ok(first) = today.checked_sub(i32::from(self.settings.keep_days).days()) else { return };
        if let Err(error) = self.folder.delete_before(first) {
            let cause: &dyn std::error::Error = &error;
            warn!(error = cause, "old files of the journal could not be deleted; it is tried again tomorrow");
        }
    }

    fn failed(&mut self, part: Part, error: &io::Error) {
        let said = match part {
            Part::Write => "the journal cannot be written; requests are refused until it can be",
            Part::Sync => "the journal cannot be forced to the disk; a loss of power may cost what was written",
        };
        if self.failing.replace(part) != Some(part) {
            error!(%error, "{said}");
        }
        let since = match &*self.health.borrow() {
            Health::Failing { since, .. } => *since,
            Health::Healthy => (self.now)(),
        };
        self.health.send_replace(Health::Failing { since, error: error.to_string().into() });
    }

    fn worked(&mut self, part: Part) {
        if self.failing == Some(part) {
            info!("the journal is well again");
            self.failing = None;
            self.health.send_replace(Health::Healthy);
        }
    }
}

/// Ready when the task in `task` is; never where there is none.
async fn joined(task: &mut Option<JoinHandle<io::Result<()>>>) -> io::Result<()> {
    match task {
        Some(task) => task.await.unwrap_or_else(|error| Err(io::Error::other(error))),
        None => std::future::pending().await,
    }
}

// === impl Days ===

impl Days {
    fn of(&mut self, at: Timestamp) -> Date {
        if let Some((day, from, until)) = self.last
            && (from..until).contains(&at)
        {
            return day;
        }
        let day = self.zone.to_datetime(at).date();
        self.last = self.instants(day).map(|instants| (day, instants.start, instants.end));
        day
    }

    /// From the first instant of a day to the first of the next.
    fn instants(&self, day: Date) -> Option<Range<Timestamp>> {
        let start = |day: Date| day.to_zoned(self.zone.clone()).map(|start| start.timestamp());
        Some(start(day).ok()?..start(day.tomorrow().ok()?).ok()?)
    }
}
