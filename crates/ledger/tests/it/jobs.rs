//! Jobs: there when the change is, tried again when they fail, never two at once of the same, and never lost with a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use calendar::{Instant, SettableClock};
use ids::RecordId;
use jiff::SignedDuration;
use ledger::jobs::{self, Failure, Job, Kind, Listed, NewJob, Next, Retry, State, Worker, WorkerSettings};
use ledger::{Code, Ledger, code};
use tokio::sync::{Notify, Semaphore};

use crate::world::{MORNING, act, change, found, morning, number, on_both, subject};

const LETTER: Code = code!("letter");

fn clock() -> SettableClock {
    SettableClock::at(morning())
}

fn later(clock: &SettableClock, seconds: i64) {
    clock.advance(SignedDuration::from_secs(seconds)).expect("in range");
}

/// Asks for work on a record, in a unit of its own.
async fn ask(ledger: &Ledger, name: &str) {
    let mut unit = ledger.begin(act()).await.expect("a unit");
    jobs::put(&unit, wanted(name)).await.expect("a job");
    unit.record(&change(name)).expect("an entry");
    unit.commit().await.expect("committed");
}

fn wanted(name: &str) -> NewJob {
    NewJob { kind: LETTER, subject: Some(subject(name).id), due: morning() }
}

async fn worker(ledger: &Ledger, clock: &SettableClock, kinds: Vec<Kind>) -> Worker {
    Worker::new(ledger, clock.clock(), kinds, WorkerSettings::default()).await.expect("a worker")
}

async fn listed(ledger: &Ledger) -> Vec<Listed> {
    jobs::list(ledger.reader()).await.expect("the queue")
}

async fn the_one(ledger: &Ledger) -> Listed {
    let mut all = listed(ledger).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// A kind that counts how often it ran.
fn counting(outcome: Result<Next, Failure>) -> (Kind, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let kind = Kind::new(LETTER, move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        async move { outcome }
    });
    (kind, count)
}

on_both! {
    async fn a_job_is_there_when_its_change_is(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let unit = ledger.begin(act()).await.expect("a unit");
        jobs::put(&unit, wanted("a case")).await.expect("a job");
        drop(unit);
        assert_eq!(listed(&ledger).await, []);
        ask(&ledger, "a case").await;
        let job = the_one(&ledger).await;
        assert_eq!((job.kind.as_str(), job.subject, job.state), ("letter", Some(subject("a case").id), State::Waiting(morning())));
    }

    async fn what_is_asked_for_twice_is_done_once(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        for name in ["a case", "a case", "another case"] {
            ask(&ledger, name).await;
        }
        let (kind, count) = counting(Ok(Next::Done));
        let worker = worker(&ledger, &clock(), vec![kind]).await;
        assert_eq!(worker.do_what_is_due().await.expect("done"), 2);
        assert_eq!(count.load(Ordering::SeqCst), 2);
        assert_eq!(listed(&ledger).await, []);
    }

    async fn nothing_is_done_before_its_time(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let (kind, _) = counting(Ok(Next::Done));
        let clock = clock();
        let worker = worker(&ledger, &clock, vec![kind]).await;
        ask(&ledger, "a case").await;
        clock.set(Instant::from_micros(MORNING - 1).expect("a time"));
        assert_eq!(worker.do_what_is_due().await.expect("done"), 0);
        later(&clock, 1);
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
    }

    async fn a_failed_job_waits_twice_as_long_each_time_and_is_then_given_up(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let retry = Retry { first: Duration::from_secs(30), cap: Duration::from_secs(100), attempts: 4 };
        let (kind, count) = counting(Err(Failure::passing("the printer is out of paper").numbered(7)));
        let clock = clock();
        let worker = worker(&ledger, &clock, vec![kind.retried(retry)]).await;
        for (attempt, wait) in [(1, 30), (2, 60), (3, 100)] {
            assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
            let job = the_one(&ledger).await;
            let due = clock.now().checked_add(SignedDuration::from_secs(wait)).expect("in range");
            assert_eq!((job.attempts, job.state), (attempt, State::Waiting(due)));
            assert_eq!(job.error.as_deref(), Some("the printer is out of paper (7)"));
            later(&clock, wait - 1);
            assert_eq!(worker.do_what_is_due().await.expect("done"), 0, "not before its time");
            later(&clock, 1);
        }
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
        assert_eq!(the_one(&ledger).await.state, State::Failed);
        later(&clock, 100_000);
        assert_eq!(worker.do_what_is_due().await.expect("done"), 0);
        assert_eq!(count.load(Ordering::SeqCst), 4);
    }

    async fn what_was_given_up_is_tried_again_when_somebody_says_so(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let (kind, count) = counting(Err(Failure::lasting("there is no such printer")));
        let worker = worker(&ledger, &clock(), vec![kind]).await;
        worker.do_what_is_due().await.expect("done");
        let job = the_one(&ledger).await;
        assert_eq!((job.state, count.load(Ordering::SeqCst)), (State::Failed, 1), "a lasting failure is given up at once");
        let mut unit = ledger.begin(act()).await.expect("a unit");
        assert!(jobs::again(&mut unit, job.id).await.expect("asked"));
        unit.commit().await.expect("committed");
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry WHERE action = 'job.again'").await, 1);
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
        let mut unit = ledger.begin(act()).await.expect("a unit");
        assert!(!jobs::again(&mut unit, RecordId::named("no job")).await.expect("asked"), "there is none such");
    }

    async fn a_new_cause_revives_what_was_given_up(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let (kind, count) = counting(Err(Failure::lasting("there is no such printer")));
        let worker = worker(&ledger, &clock(), vec![kind]).await;
        worker.do_what_is_due().await.expect("done");
        ask(&ledger, "a case").await;
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    async fn a_job_that_is_asked_for_while_it_runs_runs_once_more(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let (asking, count) = (ledger.clone(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&count);
        let kind = Kind::new(LETTER, move |_| {
            let (ledger, counter) = (asking.clone(), Arc::clone(&counter));
            async move {
                if counter.fetch_add(1, Ordering::SeqCst) == 0 {
                    ask(&ledger, "a case").await;
                }
                Ok(Next::Done)
            }
        });
        let worker = worker(&ledger, &clock(), vec![kind]).await;
        assert_eq!(worker.do_what_is_due().await.expect("done"), 2);
        assert_eq!(count.load(Ordering::SeqCst), 2);
        assert_eq!(listed(&ledger).await, []);
    }

    async fn a_job_that_panics_has_failed_and_others_go_on(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let kind = Kind::new(LETTER, |job: Job| async move { assert_ne!(job.attempt, 1, "on purpose"); Ok(Next::Done) });
        let clock = clock();
        let worker = worker(&ledger, &clock, vec![kind]).await;
        worker.do_what_is_due().await.expect("done");
        assert_eq!(the_one(&ledger).await.error.as_deref(), Some("a fault of the program ended it"));
        later(&clock, 30);
        worker.do_what_is_due().await.expect("done");
        assert_eq!(listed(&ledger).await, []);
    }

    async fn what_recurs_is_done_at_its_times_and_what_was_missed_once(world) {
        let ledger = world.open().await;
        let hourly = |now: Instant| {
            let hour = 3_600_000_000;
            Instant::from_micros(now.micros() - now.micros().rem_euclid(hour) + hour).ok()
        };
        let clock = clock();
        let (kind, count) = counting(Ok(Next::Done));
        let worker = worker(&ledger, &clock, vec![kind.recurring(hourly)]).await;
        assert_eq!(worker.do_what_is_due().await.expect("done"), 0, "it is nine, and the next is at ten");
        later(&clock, 3600);
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
        let job = the_one(&ledger).await;
        assert_eq!((job.done, job.state), (Some(clock.now()), State::Waiting(hourly(clock.now()).expect("a time"))));
        // Nothing runs for five hours; then another start.
        later(&clock, 5 * 3600 + 60);
        let (kind, _) = counting(Ok(Next::Done));
        let worker = self::worker(&ledger, &clock, vec![kind.recurring(hourly)]).await;
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1, "once, not five times");
        assert_eq!(count.load(Ordering::SeqCst), 1, "the first worker did nothing more");
    }

    async fn what_recurs_is_never_given_up_for_good(world) {
        let ledger = world.open().await;
        let clock = clock();
        let (kind, _) = counting(Err(Failure::lasting("there is no folder for backups")));
        let daily = |now: Instant| now.checked_add(SignedDuration::from_hours(24)).ok();
        let worker = worker(&ledger, &clock, vec![kind.recurring(daily)]).await;
        later(&clock, 24 * 3600);
        assert_eq!(worker.do_what_is_due().await.expect("done"), 1);
        let job = the_one(&ledger).await;
        assert_eq!((job.state, job.error.as_deref()), (State::Waiting(daily(clock.now()).expect("a time")), Some("there is no folder for backups")));
    }

    async fn two_workers_never_do_the_same_at_once(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        for name in 0..30 {
            ask(&ledger, &format!("case {name}")).await;
        }
        let (now_running, most, runs) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
        let kind = {
            let (running, most, runs) = (Arc::clone(&now_running), Arc::clone(&most), Arc::clone(&runs));
            Kind::new(LETTER, move |_| {
                let (running, most, runs) = (Arc::clone(&running), Arc::clone(&most), Arc::clone(&runs));
                async move {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    running.fetch_sub(1, Ordering::SeqCst);
                    runs.add_permits(1);
                    Ok(Next::Done)
                }
            })
        };
        let settings = WorkerSettings { at_once: 2, every: Duration::from_millis(5) };
        let mut working = Vec::new();
        for _ in 0..3 {
            working.push(Worker::new(&ledger, clock().clock(), vec![kind.clone()], settings).await.expect("a worker").start());
        }
        let all = tokio::time::timeout(Duration::from_secs(30), runs.acquire_many(30)).await.expect("done in time").expect("open");
        all.forget();
        for worker in working {
            worker.stop(Duration::from_secs(30)).await;
        }
        assert_eq!(runs.available_permits(), 0, "each ran once");
        assert!(most.load(Ordering::SeqCst) <= 6, "no more at once than the workers may");
        assert_eq!(listed(&ledger).await, []);
    }

    async fn a_job_of_a_dead_worker_comes_back(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let clock = clock();
        let begun = Arc::new(Notify::new());
        let hangs = {
            let begun = Arc::clone(&begun);
            Kind::new(LETTER, move |_| {
                begun.notify_one();
                std::future::pending()
            })
        };
        let stuck = worker(&ledger, &clock, vec![hangs]).await;
        let task = tokio::spawn(async move { stuck.do_what_is_due().await });
        begun.notified().await;
        task.abort();
        let _ = task.await;
        assert_eq!(the_one(&ledger).await.state, State::Running);
        let (kind, count) = counting(Ok(Next::Done));
        let next = worker(&ledger, &clock, vec![kind]).await;
        assert_eq!(next.do_what_is_due().await.expect("done"), 0, "its claim holds for a minute");
        later(&clock, 60);
        assert_eq!(next.do_what_is_due().await.expect("done"), 1);
        assert_eq!((count.load(Ordering::SeqCst), listed(&ledger).await), (1, vec![]));
    }

    async fn a_job_that_ends_its_process_each_time_is_given_up(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let clock = clock();
        let retry = Retry { attempts: 3, ..Retry::default() };
        for _ in 0..3 {
            let begun = Arc::new(Notify::new());
            let telling = Arc::clone(&begun);
            let hangs = Kind::new(LETTER, move |_| {
                telling.notify_one();
                std::future::pending()
            });
            let stuck = worker(&ledger, &clock, vec![hangs.retried(retry)]).await;
            let task = tokio::spawn(async move { stuck.do_what_is_due().await });
            begun.notified().await;
            task.abort();
            let _ = task.await;
            later(&clock, 60);
        }
        let (kind, count) = counting(Ok(Next::Done));
        let last = worker(&ledger, &clock, vec![kind.retried(retry)]).await;
        last.do_what_is_due().await.expect("done");
        let job = the_one(&ledger).await;
        assert_eq!((job.state, count.load(Ordering::SeqCst)), (State::Failed, 0));
        assert_eq!(job.error.as_deref(), Some("the process ended each time while it ran"));
    }

    async fn a_clock_that_was_set_back_holds_nothing_up(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let clock = clock();
        later(&clock, 365 * 24 * 3600);
        let begun = Arc::new(Notify::new());
        let telling = Arc::clone(&begun);
        let hangs = Kind::new(LETTER, move |_| {
            telling.notify_one();
            std::future::pending()
        });
        let stuck = worker(&ledger, &clock, vec![hangs]).await;
        let task = tokio::spawn(async move { stuck.do_what_is_due().await });
        begun.notified().await;
        task.abort();
        let _ = task.await;
        clock.set(morning());
        let (kind, _) = counting(Ok(Next::Done));
        assert_eq!(worker(&ledger, &clock, vec![kind]).await.do_what_is_due().await.expect("done"), 1);
    }

    async fn work_of_a_kind_that_nobody_does_waits_and_is_listed(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ask(&ledger, "a case").await;
        let other = Kind::new(code!("other"), |_| async { Ok(Next::Done) });
        assert_eq!(worker(&ledger, &clock(), vec![other]).await.do_what_is_due().await.expect("done"), 0);
        assert_eq!(worker(&ledger, &clock(), vec![]).await.do_what_is_due().await.expect("done"), 0);
        assert!(matches!(the_one(&ledger).await.state, State::Waiting(_)));
    }
}

/// The lock of the folder says that nobody else lives, so nobody waits for a claim to lapse.
#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_start_takes_back_at_once_what_the_last_run_had_claimed() {
    let world = crate::world::World::on_sqlite();
    let ledger = world.open().await;
    found(&ledger).await;
    ask(&ledger, "a case").await;
    let begun = Arc::new(Notify::new());
    let telling = Arc::clone(&begun);
    let hangs = Kind::new(LETTER, move |_| {
        telling.notify_one();
        std::future::pending()
    });
    let working = worker(&ledger, &clock(), vec![hangs]).await.start();
    tokio::time::timeout(Duration::from_secs(30), begun.notified()).await.expect("begun");
    working.stop(Duration::from_millis(1)).await;
    ledger.close().await.expect("closed");
    let ledger = reopened(&world).await;
    let (kind, _) = counting(Ok(Next::Done));
    assert_eq!(worker(&ledger, &clock(), vec![kind]).await.do_what_is_due().await.expect("done"), 1);
}

/// The lock is let go of when the last task that holds the records has ended.
async fn reopened(world: &crate::world::World) -> Ledger {
    let waiting = async {
        loop {
            let opened = world.try_open().await;
            if !matches!(opened, Err(ledger::LedgerError::InUse { .. })) {
                return opened.expect("the records open");
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the lock is free")
}
