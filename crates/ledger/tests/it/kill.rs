//! Processes that are killed in the middle of their jobs: each job is done, and none twice but those in hand.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Watch};

use calendar::{Instant, SettableClock};
use ledger::jobs::{self, Job, Kind, NewJob, Next, Retry, Worker, WorkerSettings};
use ledger::{Ledger, Place, code};

use crate::world::{MORNING, World, act, change, found, on_both, subject};

const JOBS: usize = 200;
const KILLS: u32 = 12;
const AT_ONCE: usize = 4;

const FOLDER: &str = "LEDGER_KILL_FOLDER";
const URL: &str = "LEDGER_KILL_URL";
const RUN: &str = "LEDGER_KILL_RUN";

on_both! {
    async fn every_job_is_done_whatever_is_killed(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let mut unit = ledger.begin(act()).await.expect("a unit");
        for number in 0..JOBS {
            let job = NewJob { kind: code!("letter"), subject: Some(subject(&format!("{number}")).id), due: at(0) };
            jobs::put(&unit, job).await.expect("a job");
        }
        unit.record(&change("cases")).expect("an entry");
        unit.commit().await.expect("committed");
        ledger.close().await.expect("closed");
        for run in 0..KILLS {
            let before = journal(world.folder()).len();
            let mut child = start(&world, run);
            // It has begun something new, and is killed wherever it then is.
            wait_for(|| journal(world.folder()).len() > before + usize::try_from(run).expect("small"));
            child.kill().expect("killed");
            child.wait().expect("ended");
        }
        let status = start(&world, KILLS).wait().expect("ended");
        assert!(status.success(), "the last one finishes what is left");
        let mut done: BTreeMap<String, usize> = BTreeMap::new();
        for line in journal(world.folder()) {
            if let Some(subject) = line.strip_prefix("done ") {
                *done.entry(subject.to_owned()).or_default() += 1;
            }
        }
        assert_eq!(done.len(), JOBS, "each is done");
        let twice: usize = done.values().map(|times| times - 1).sum();
        assert!(twice <= AT_ONCE * usize::try_from(KILLS).expect("small"), "{twice} were done again");
        let ledger = world.open().await;
        assert_eq!(jobs::list(ledger.reader()).await.expect("the queue"), []);
    }
}

/// Another process that works on the same records. Its clock is a minute on, so that on PostgreSQL the claims of the last have lapsed.
fn start(world: &World, run: u32) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["kill::child", "--exact", "--ignored"]).env(FOLDER, world.folder()).env(RUN, run.to_string());
    if let Place::Postgres(url) = world.place() {
        command.env(URL, url);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process")
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "a process of its own, told by its environment what to do")]
#[ignore = "the process that `every_job_is_done_whatever_is_killed` starts and kills"]
async fn child() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("a folder"));
    let run: i64 = std::env::var(RUN).expect("a number").parse().expect("a number");
    let place = std::env::var(URL).map_or_else(|_| Place::in_folder(&folder), |url| Place::parse(&url).expect("an address"));
    let ledger = Ledger::open(&folder, &place, at(0)).await.expect("the records");
    let kind = Kind::new(code!("letter"), move |job: Job| {
        let folder = folder.clone();
        async move {
            let subject = job.subject.expect("a subject");
            note(&folder, &format!("begun {subject}\n"));
            tokio::task::yield_now().await;
            note(&folder, &format!("done {subject}\n"));
            Ok(Next::Done)
        }
    });
    // A job may be in hand at every kill.
    let kind = kind.retried(Retry { attempts: 100, ..Retry::default() });
    let clock = SettableClock::at(at(run * 61)).clock();
    let settings = WorkerSettings { at_once: AT_ONCE, every: Duration::from_millis(5) };
    let worker = Worker::new(&ledger, clock, vec![kind], settings).await.expect("a worker");
    if run == i64::from(KILLS) {
        worker.do_what_is_due().await.expect("done");
    } else {
        let _working = worker.start();
        std::future::pending::<()>().await;
    }
}

fn at(seconds: i64) -> Instant {
    Instant::from_micros(MORNING + seconds * 1_000_000).expect("a time")
}

/// A line is written whole or not at all: it is short, and the file is opened for appending.
fn note(folder: &Path, line: &str) {
    let mut file = std::fs::File::options().create(true).append(true).open(folder.join("journal")).expect("the journal");
    file.write_all(line.as_bytes()).expect("written");
}

fn journal(folder: &Path) -> Vec<String> {
    std::fs::read_to_string(folder.join("journal")).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn wait_for(is_there: impl Fn() -> bool) {
    let since = Watch::now();
    while !is_there() {
        assert!(since.elapsed() < Duration::from_secs(60), "waited for a minute");
        std::thread::yield_now();
    }
}
