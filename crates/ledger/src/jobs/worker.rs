//! The worker: claims what is due, runs it, says how it went. One for each process.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use calendar::{Clock, Instant};
use ids::{OrganisationId, RecordId};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::claim::{Claims, LEASE};
use super::entity::Model;
use super::put::{self, NewJob};
use super::retry::{Failure, Retry};
use crate::{Code, Ledger, LedgerError};

/// What a running job is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Which.
    pub id: RecordId,
    /// Whose, if not the whole installation's.
    pub organisation: Option<OrganisationId>,
    /// What it is about, if about one record.
    pub subject: Option<RecordId>,
    /// Which attempt, from 1.
    pub attempt: u16,
    /// When it was begun.
    pub now: Instant,
}

/// What comes after a job that went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing, or for what recurs its next time.
    Done,
    /// It asks to be run again then.
    At(Instant),
}

/// A job that runs.
pub type Run = Pin<Box<dyn Future<Output = Result<Next, Failure>> + Send>>;

type Schedule = Arc<dyn Fn(Instant) -> Option<Instant> + Send + Sync>;

/// A kind of work and how it is done.
#[derive(Clone)]
pub struct Kind {
    code: Code,
    retry: Retry,
    schedule: Option<Schedule>,
    run: Arc<dyn Fn(Job) -> Run + Send + Sync>,
}

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Jobs at once. Default 4.
    pub at_once: usize,
    /// How often it looks for what is due. Default 1 s.
    pub every: Duration,
}

/// A worker. Dropped, it leaves what it had claimed to the next.
#[derive(Debug)]
pub struct Worker {
    inner: Arc<Inner>,
    settings: WorkerSettings,
}

#[derive(Debug)]
struct Inner {
    claims: Claims,
    clock: Clock,
    kinds: Vec<Kind>,
}

/// Whether the database was away when it was last asked.
#[derive(Debug, Default)]
struct Trouble {
    is_away: bool,
}

/// A worker that works by itself until it is stopped.
#[derive(Debug)]
pub struct Working {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

// === impl Kind ===

impl Kind {
    /// Work that is done when it is asked for.
    pub fn new<F>(code: Code, run: impl Fn(Job) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Next, Failure>> + Send + 'static,
    {
        Self { code, retry: Retry::default(), schedule: None, run: Arc::new(move |job| Box::pin(run(job))) }
    }

    /// Tried again in this way.
    #[must_use]
    pub fn retried(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    /// Work of the whole installation that recurs. `next`: its first time strictly after a moment, `None` when that cannot be told
    /// (it is then asked again in an hour). What was missed while nothing ran is done once, at the start.
    #[must_use]
    pub fn recurring(self, next: impl Fn(Instant) -> Option<Instant> + Send + Sync + 'static) -> Self {
        Self { schedule: Some(Arc::new(next)), ..self }
    }

    fn next(&self, now: Instant) -> Option<i64> {
        const HOUR: i64 = 3_600_000_000;
        let schedule = self.schedule.as_ref()?;
        Some(schedule(now).map_or(now.micros().saturating_add(HOUR), Instant::micros))
    }

    fn say_failed(&self, attempt: i16, failure: Failure) {
        tracing::warn!(kind = %self.code, attempt, error = %failure, "a job failed");
    }

    fn say_lapsed(&self) {
        tracing::warn!(kind = %self.code, "a job took so long that its claim lapsed; another worker has it");
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kind").field("code", &self.code).field("retry", &self.retry).finish_non_exhaustive()
    }
}

// === impl WorkerSettings ===

impl Default for WorkerSettings {
    fn default() -> Self {
        Self { at_once: 4, every: Duration::from_secs(1) }
    }
}

// === impl Worker ===

impl Worker {
    /// A worker for these kinds of work. Those that recur are put into the queue, or moved to their next time where that is sooner.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn new(ledger: &Ledger, clock: Clock, kinds: Vec<Kind>, settings: WorkerSettings) -> Result<Self, LedgerError> {
        let now = clock.now();
        let writer = ledger.writer().clone();
        for kind in &kinds {
            if let Some(due) = kind.next(now).and_then(|due| Instant::from_micros(due).ok()) {
                put::insert(&writer, None, NewJob { kind: kind.code, subject: None, due }, now.micros()).await?;
            }
        }
        let worker = put::new_id(now.micros())?.into();
        Ok(Self { inner: Arc::new(Inner { claims: Claims { writer, worker }, clock, kinds }), settings })
    }

    /// Does everything that is due now, one after the other, and says how many attempts that were.
    ///
    /// # Errors
    /// When the database refuses; what was claimed then comes back by itself.
    pub async fn do_what_is_due(&self) -> Result<usize, LedgerError> {
        let mut done = 0;
        while let Some(job) = self.inner.take().await? {
            Arc::clone(&self.inner).run(job).await?;
            done += 1;
        }
        Ok(done)
    }

    /// Works by itself from now on. Must be called within a runtime.
    pub fn start(self) -> Working {
        let (stop, stopped) = watch::channel(false);
        Working { stop, task: tokio::spawn(self.work(stopped)) }
    }

    async fn work(self, mut stopped: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut trouble = Trouble::default();
        while !*stopped.borrow() {
            while running.try_join_next().is_some() {}
            if running.len() < self.settings.at_once
                && let Some(job) = trouble.told_once(self.inner.take().await)
            {
                running.spawn(Arc::clone(&self.inner).run_and_tell(job));
                continue;
            }
            tokio::select! {
                _ = stopped.changed() => {}
                _ = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(self.settings.every) => {}
            }
        }
        while running.join_next().await.is_some() {}
    }
}

// === impl Trouble ===

impl Trouble {
    /// The job, if there is one. That the database is away is said once, not each second.
    fn told_once(&mut self, found: Result<Option<Model>, LedgerError>) -> Option<Model> {
        let was = std::mem::replace(&mut self.is_away, found.is_err());
        match found {
            Ok(job) => return job,
            Err(_) if was => {}
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the queue of jobs cannot be read; it is tried again each second");
            }
        }
        None
    }
}

// === impl Working ===

impl Working {
    /// Claims nothing more and waits for what runs, but no longer than `patience`; what is not finished then comes back at the next
    /// start.
    pub async fn stop(self, patience: Duration) {
        let _ = self.stop.send(true);
        let mut task = self.task;
        if tokio::time::timeout(patience, &mut task).await.is_err() {
            task.abort();
        }
    }
}

// === impl Inner ===

impl Inner {
    async fn take(&self) -> Result<Option<Model>, LedgerError> {
        let codes: Vec<&'static str> = self.kinds.iter().map(|kind| kind.code.as_str()).collect();
        if codes.is_empty() {
            return Ok(None);
        }
        self.claims.take(&codes, self.clock.now().micros()).await
    }

    /// Runs a job that was claimed. When its outcome cannot be written its claim lapses, and it runs again.
    async fn run_and_tell(self: Arc<Self>, row: Model) {
        if let Err(error) = self.run(row).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a job's outcome was not written; it runs again");
        }
    }

    /// Runs a job that was claimed and writes how it went.
    async fn run(self: Arc<Self>, row: Model) -> Result<(), LedgerError> {
        let Some(kind) = self.kinds.iter().find(|kind| kind.code.as_str() == row.kind) else { return Ok(()) };
        let outcome = self.attempt(kind, &row).await;
        let now = self.clock.now();
        let next = kind.next(now);
        let is_ours = match outcome {
            Ok(after) => {
                let asked = match after {
                    Next::Done => None,
                    Next::At(at) => Some(at.micros()),
                };
                let next = [next, asked].into_iter().flatten().min();
                self.claims.done(&row, next, kind.schedule.is_some(), now.micros()).await?
            }
            Err(failure) => {
                kind.say_failed(row.attempts, failure);
                self.claims.failed(&row, failure, kind.retry, next, now.micros()).await?
            }
        };
        if !is_ours {
            kind.say_lapsed();
        }
        Ok(())
    }

    async fn attempt(&self, kind: &Kind, row: &Model) -> Result<Next, Failure> {
        let attempt = u16::try_from(row.attempts).unwrap_or(u16::MAX);
        if attempt > kind.retry.attempts {
            // Each attempt ended with its process: begun once more, it would end this one.
            return Err(Failure::lasting("the process ended each time while it ran"));
        }
        let job = Job {
            id: row.id.into(),
            organisation: row.organisation_id.map(OrganisationId::from),
            subject: row.subject_id.map(RecordId::from),
            attempt,
            now: self.clock.now(),
        };
        self.watch(row, (kind.run)(job)).await
    }

    /// Waits for a job's end, renewing its claim. A job that panics has failed and takes nothing with it.
    async fn watch(&self, row: &Model, run: Run) -> Result<Next, Failure> {
        let mut task = AbortOnDrop(tokio::spawn(run));
        let mut renewal = tokio::time::interval(LEASE / 4);
        renewal.tick().await;
        loop {
            tokio::select! {
                ended = &mut task.0 => return ended.unwrap_or(Err(Failure::passing("a fault of the program ended it"))),
                _ = renewal.tick() => {
                    // When it cannot be renewed, the claim lapses and what is written at the end is refused.
                    let _ = self.claims.renew(row, self.clock.now().micros()).await;
                }
            }
        }
    }
}

/// A job whose worker is dropped goes on no longer.
struct AbortOnDrop(JoinHandle<Result<Next, Failure>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
