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

/// Least, median and most of some runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of any number of runs; none of none.
    pub(crate) fn of(runs: impl Iterator<Item = f64>) -> Option<Self> {
        let mut runs: Vec<f64> = runs.collect();
        runs.sort_by(f64::total_cmp);
        Some(Self { least: *runs.first()?, median: *runs.get((runs.len() - 1) / 2)?, most: *runs.last()? })
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} / **{}** / {}", number(self.least), number(self.median), number(self.most))
    }
}

/// A ratio as it is read: "3.4x".
pub(crate) fn ratio(spread: Spread) -> String {
    format!("{:.2} / **{:.2}x** / {:.2}", spread.least, spread.median, spread.most)
}

/// With three digits that count, and commas between thousands.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        whole if whole.fract() == 0.0 && whole < 1000.0 => format!("{value}"),
        small if small < 10.0 => format!("{value:.2}"),
        small if small < 100.0 => format!("{value:.1}"),
        _ => {
            let digits = format!("{:.0}", value.abs());
            let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|chunk| std::str::from_utf8(chunk).ok()).collect();
            format!("{}{}", if value < 0.0 { "-" } else { "" }, grouped.join(","))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::{Spread, number};

    #[test]
    fn a_spread_is_least_median_and_most() {
        let spread = Spread::of([5.0, 1.0, 3.0, 4.0, 2.0].into_iter()).expect("five runs");
        assert_eq!((spread.least, spread.median, spread.most), (1.0, 3.0, 5.0));
        assert_eq!(Spread::of(std::iter::empty()), None);
        assert_eq!(Spread::of([7.0].into_iter()).expect("one run").to_string(), "7 / **7** / 7");
    }

    #[test]
    fn numbers_have_the_digits_that_count() {
        let shown: Vec<String> = [0.1234, 0.0, 12.34, 123.4, 1234567.8, -4321.0].into_iter().map(number).collect();
        assert_eq!(shown, ["0.12", "0", "12.3", "123", "1,234,568", "-4,321"]);
    }
}
