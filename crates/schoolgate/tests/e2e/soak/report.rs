//! What came of it: a line now and then, a table at the end, and what must hold of it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::book::Book;
use super::crowd::Crowd;
use super::school::Changes;
use super::watch::{Sample, Samples, Trend};
use super::{honest, hostile};

/// How much memory may grow, over the run, beside what it had when warm: percent of it, and KiB, which the allocator may hold anywhere.
const GROWTH: (u64, u64) = (10, 6 * 1024);
/// How many handles may be open beside those of the beginning: the journal's file of the day, which the first event opens.
pub(super) const SPARE_HANDLES: usize = 1;
/// Most handles of the records: four connections that read and one that writes, each with the file and its log, and what they share.
const RECORDS: usize = 2 * 5 + 1;
/// Of a hundred deeds of honest readers, how many may be cut short: a connection that is not used for some seconds is let go, which a
/// reader who is held up by a busy machine meets, and where the record cannot be kept for two seconds nothing opens.
const CUT: u64 = 5;

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) before: Sample,
    pub(super) after: Sample,
    /// What the handles at the end lead to.
    pub(super) open: Vec<String>,
    pub(super) samples: Samples,
    pub(super) changes: Changes,
    pub(super) time: Duration,
}

/// The state of the moment.
pub(super) fn line(book: &Book, sample: &Sample) -> String {
    let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
    format!(
        "{} asked, {} lines, {} at the origin, {} not settled; {:.1} MiB, {} handles, {} threads, {:.0} s of processor",
        count(&book.asked),
        count(&book.lines),
        count(&book.arrived),
        book.unsettled(),
        mebibytes(sample.rss),
        sample.handles,
        sample.threads,
        sample.cpu.as_secs_f64()
    )
}

fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

/// The table.
pub(super) fn print(crowd: &Crowd<'_>, measured: &Measured) {
    println!("\n{:<10} {:<34} {:>9} {:>9}", "who", "what", "well", "cut short");
    for ((side, name), (well, cut)) in crowd.counts() {
        println!("{side:<10} {name:<34} {well:>9} {cut:>9}");
    }
    let Measured { before, after, samples, changes, time, .. } = measured;
    println!("\nin {} s: {}", time.as_secs(), line(crowd.book, after));
    let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
    let (rules, lists, refused) = (count(&changes.rules), count(&changes.lists), count(&changes.refused));
    println!("{} times nothing opened since the record could not be kept at once", count(&crowd.unkept));
    println!("rules changed {rules} times, lists {lists} times; {refused} broken configurations refused");
    println!("\n{:<24} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "before", "early", "late", "highest", "after");
    let row = |name: &str, before: u64, trend: Trend, after: u64| {
        println!("{name:<24} {before:>9} {:>9} {:>9} {:>9} {after:>9}", trend.early, trend.late, trend.highest);
    };
    row("resident memory, KiB", before.rss, samples.trend(|it| it.rss), after.rss);
    row("  by share, KiB", before.pss, samples.trend(|it| it.pss), after.pss);
    row("file handles", before.handles as u64, samples.trend(|it| it.handles as u64), after.handles as u64);
    row("threads", before.threads, samples.trend(|it| it.threads), after.threads);
    println!("(early: median of the second quarter of the run; late: of the last)");
}

/// What must hold.
pub(super) fn check(crowd: &Crowd<'_>, measured: &Measured) {
    let faults = crowd.book.faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
    let sealed = (count(&crowd.book.sealed_asked), count(&crowd.book.sealed_lines));
    assert_eq!(sealed.0, sealed.1, "sealed sites asked for, and lines of them");
    let counts = crowd.counts();
    for (side, name) in
        honest::DEEDS.iter().map(|(name, _)| ("honest", *name)).chain(hostile::DEEDS.iter().map(|(name, _)| ("hostile", *name)))
    {
        assert!(counts.get(&(side, name)).is_some_and(|(well, _)| *well > 0), "nobody {name}");
    }
    let (well, cut) = counts.iter().filter(|((side, _), _)| *side == "honest").fold((0, 0), |sum, (_, it)| (sum.0 + it.0, sum.1 + it.1));
    assert!(cut * 100 <= (well + cut) * CUT, "{cut} of {} deeds of honest readers were cut short", well + cut);
    let changes = &measured.changes;
    assert!([&changes.rules, &changes.lists, &changes.refused].into_iter().all(|it| count(it) > 0), "no rules were changed");

    let memory = measured.samples.trend(|sample| sample.rss);
    let most = memory.early + memory.early * GROWTH.0 / 100 + GROWTH.1;
    assert!(memory.late <= most, "memory grows: {} KiB early, {} KiB late", memory.early, memory.late);
    assert!(measured.after.records <= RECORDS, "{} handles of the records are open", measured.after.records);
    let handles = (measured.before.handles, measured.after.handles);
    assert!(
        handles.1 <= handles.0 + SPARE_HANDLES,
        "file handles stay open: {} before, {} after: {:#?}",
        handles.0,
        handles.1,
        measured.open
    );
}
