//! Measuring: several runs, least, middle and most.

use std::time::Instant;

/// Runs of each measurement.
pub(crate) const RUNS: usize = 5;

/// Seconds that `work` takes, with what it returns.
pub(crate) fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed().as_secs_f64(), value)
}

/// `least / middle / most` of the runs.
pub(crate) fn spread(mut runs: Vec<f64>, unit: &str) -> String {
    runs.sort_by(f64::total_cmp);
    let at = |share: usize| runs.get((runs.len() - 1) * share / 2).copied().unwrap_or_default();
    format!("{:>9.1} / {:>9.1} / {:>9.1} {unit}", at(0), at(1), at(2))
}

/// Nanoseconds per item at the middle of all batches of 32 items: the clock itself costs some 25 ns, so single items are
/// not timed.
pub(crate) fn middle_ns<T>(items: &[T], mut work: impl FnMut(&T)) -> f64 {
    let mut batches: Vec<f64> = items
        .chunks_exact(32)
        .map(|batch| {
            let start = Instant::now();
            batch.iter().for_each(&mut work);
            start.elapsed().as_nanos() as f64 / batch.len() as f64
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    batches.get(batches.len() / 2).copied().unwrap_or_default()
}

/// Nanoseconds of single items at the middle and at the 99th of a hundred. What reading the clock itself costs, at the
/// middle, is taken off.
pub(crate) fn single_ns<T>(items: &[T], mut work: impl FnMut(&T)) -> (f64, f64) {
    let time = |work: &mut dyn FnMut(&T)| {
        let mut times: Vec<u64> = items
            .iter()
            .map(|item| {
                let start = Instant::now();
                work(item);
                start.elapsed().as_nanos() as u64
            })
            .collect();
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default() as f64;
        (at(50), at(99))
    };
    let (clock, _) = time(&mut |_| {});
    let (middle, most) = time(&mut work);
    (middle - clock, most - clock)
}

/// Bytes of this process that are in memory and not backed by a file.
pub(crate) fn anonymous_bytes() -> u64 {
    status_line("RssAnon:")
}

/// Bytes of mapped files in memory.
pub(crate) fn file_bytes() -> u64 {
    status_line("RssFile:")
}

fn status_line(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib =
        status.lines().find_map(|line| line.strip_prefix(key)).and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() * 1024
}
