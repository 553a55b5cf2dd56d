//! A mixed crowd, honest and hostile, for as long as is asked, before the program as it runs, while its rules change. All along and at
//! the end: nothing unjudged at the origin, every line of the journal true, memory and file handles flat.
//!
//! A minute of it is part of the tests; `cargo xtask soak --minutes 30` is the same code for longer.

#![expect(clippy::panic, clippy::print_stdout, reason = "a run that cannot go on says so, and half an hour wants to be told about")]

mod book;
mod client;
mod crowd;
mod honest;
mod hostile;
mod journal;
mod origin;
mod report;
mod school;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;

use self::book::Book;
use self::crowd::Crowd;
use self::journal::Tail;
use self::origin::Origin;
use self::report::Measured;
use self::school::{CASINOS, Changes, School, TUNNELS};
use self::watch::{Sample, Samples};

/// Readers at once.
const HONEST: usize = 10;
const HOSTILE: usize = 5;
/// Between two looks at the gate, and between two lines for whoever waits.
const LOOK: Duration = Duration::from_secs(1);
const TELL: Duration = Duration::from_secs(15);
/// How long the gate may take to let everybody go at the end.
const LAST: Duration = Duration::from_secs(90);

/// The end of the run.
#[derive(Debug)]
struct Stop {
    end: Instant,
    early: AtomicBool,
}

#[test]
fn a_mixed_crowd_leaves_nothing_unjudged_and_nothing_behind() {
    let time = Duration::from_secs(seconds());
    let origin = Origin::start(vec![format!("*.{TUNNELS}")]);
    let mut school = School::start(&origin);
    let book = Book::default();
    for kind in [TUNNELS, CASINOS] {
        book.put_hosts(kind, school::hosts(kind));
    }
    let mut tail = Tail::of(school.folder.join("data/journal"));
    let id = school.process.id();
    let before = Sample::of(id);
    let crowd = Crowd::new(&book, &school, &origin);
    let stop = Stop { end: Instant::now() + time, early: AtomicBool::new(false) };
    let (changes, mut samples) = (Changes::default(), Samples::default());
    thread::scope(|scope| {
        for number in 0..HONEST {
            let (crowd, stop) = (&crowd, &stop);
            scope.spawn(move || crowd.live("honest", honest::DEEDS, number, stop));
        }
        for number in 0..HOSTILE {
            let (crowd, stop) = (&crowd, &stop);
            // Apart from each other, so that the slow ones do not come together.
            scope.spawn(move || crowd.live("hostile", hostile::DEEDS, number * hostile::DEEDS.len() / HOSTILE, stop));
        }
        scope.spawn(|| school.keep_changing(&origin, &changes, &stop));
        watch(id, &crowd, &mut tail, &origin, &mut samples, &stop);
    });
    origin.close();
    let after = settled(id, before, &book, &mut tail, &origin);
    let measured = Measured { before, after, open: watch::handles(id), samples, changes, time };
    report::print(&crowd, &measured);
    report::check(&crowd, &measured);
    let said = school.process.printed();
    assert!(!said.contains("panicked"), "{said}");
    school.process.stop().expect("the same process as at the beginning");
    assert_eq!(school.process.wait(crate::gateway::PATIENCE).expect("end").code(), Some(0));
}

/// Compares book, origin and journal, and takes a sample, again and again until the end, which a fault brings at once.
fn watch(id: u32, crowd: &Crowd<'_>, tail: &mut Tail, origin: &Origin, samples: &mut Samples, stop: &Stop) {
    let start = Instant::now();
    let mut told = Instant::now();
    while !stop.after(LOOK) {
        settle(crowd.book, tail, origin);
        let sample = Sample::of(id);
        samples.push(sample);
        if told.elapsed() >= TELL {
            told = Instant::now();
            println!("{:>6.0} s  {}", start.elapsed().as_secs_f64(), report::line(crowd.book, &sample));
        }
        stop.early.fetch_or(crowd.book.has_faults(), Ordering::Relaxed);
    }
}

/// The order matters: what was told, and what arrived, must have been written before.
fn settle(book: &Book, tail: &mut Tail, origin: &Origin) {
    let told = book.take_told();
    let arrived = origin.take_arrived();
    book.settle(told, arrived, tail.new_lines());
}

/// Waits until nobody is left, and gives what the gate then holds.
fn settled(id: u32, before: Sample, book: &Book, tail: &mut Tail, origin: &Origin) -> Sample {
    let start = Instant::now();
    loop {
        settle(book, tail, origin);
        let sample = Sample::of(id);
        if sample.handles <= before.handles + report::SPARE_HANDLES || start.elapsed() > LAST {
            return sample;
        }
        pause(Duration::from_millis(100));
    }
}

fn login(name: &str, password: &str) -> String {
    format!("Proxy-Authorization: Basic {}\r\n", base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}")))
}

#[expect(clippy::disallowed_methods, reason = "how long it runs is for whoever starts it to say")]
fn seconds() -> u64 {
    let asked = std::env::var("SCHOOLGATE_SOAK_SECONDS").ok();
    asked.map_or(60, |text| text.parse().expect("SCHOOLGATE_SOAK_SECONDS is a number of seconds"))
}

#[expect(clippy::disallowed_methods, reason = "readers take their time, and a soak is made of time: nothing is waited for")]
fn pause(time: Duration) {
    thread::sleep(time);
}

// === impl Stop ===

impl Stop {
    fn is_now(&self) -> bool {
        self.early.load(Ordering::Relaxed) || Instant::now() >= self.end
    }

    /// Lets `time` pass, or less where the end comes first. Says whether it has.
    fn after(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        while !self.is_now() && Instant::now() < until {
            pause(Duration::from_millis(100).min(time));
        }
        self.is_now()
    }
}
