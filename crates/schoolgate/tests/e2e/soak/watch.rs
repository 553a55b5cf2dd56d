//! Memory, file handles, threads and processor time of the gate, as the system counts them.

use std::fs;
use std::time::Duration;

/// What the gate holds at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sample {
    /// Resident memory, in KiB: all of it, and with shared pages counted by share.
    pub(super) rss: u64,
    pub(super) pss: u64,
    pub(super) handles: usize,
    /// Of the records: connections are opened when several ask at once, up to a bound.
    pub(super) records: usize,
    pub(super) threads: u64,
    /// Processor time so far.
    pub(super) cpu: Duration,
}

/// Samples, one a second.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<Sample>);

/// The middle of two stretches of time, and the highest of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trend {
    pub(super) early: u64,
    pub(super) late: u64,
    pub(super) highest: u64,
}

/// What the open handles lead to, for whoever looks for one that stays.
pub(super) fn handles(process: u32) -> Vec<String> {
    let entries = fs::read_dir(format!("/proc/{process}/fd")).expect("handles").flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| Some(fs::read_link(entry.path()).ok()?.display().to_string())).collect();
    names.sort();
    names
}

// === impl Sample ===

impl Sample {
    pub(super) fn of(process: u32) -> Self {
        let read =
            |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).unwrap_or_else(|error| panic!("the gate is gone: {error}"));
        let number = |text: &str, field: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(field));
            line.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok()).expect("a number of /proc")
        };
        let memory = read("smaps_rollup");
        // proc(5): the name in brackets may hold anything; behind it, the twelfth and thirteenth are ticks of a hundredth of a second.
        let stat = read("stat");
        let ticks: u64 = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).flat_map(str::parse::<u64>).sum();
        let (records, handles): (Vec<_>, Vec<_>) = handles(process).into_iter().partition(|name| name.contains("/records.sqlite"));
        Self {
            rss: number(&memory, "Rss:"),
            pss: number(&memory, "Pss:"),
            handles: handles.len(),
            records: records.len(),
            threads: number(&read("status"), "Threads:"),
            cpu: Duration::from_millis(ticks * 10),
        }
    }
}

// === impl Samples ===

impl Samples {
    pub(super) fn push(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// How something went after the first quarter, which warms up: the median of the third that follows, and of the last.
    pub(super) fn trend(&self, of: impl Fn(&Sample) -> u64) -> Trend {
        let warm: Vec<u64> = self.0.iter().skip(self.0.len() / 4).map(&of).collect();
        let third = (warm.len() / 3).max(1);
        let median = |part: &[u64]| {
            let mut sorted = part.to_vec();
            sorted.sort_unstable();
            sorted[sorted.len() / 2]
        };
        let highest = self.0.iter().map(of).max().unwrap_or_default();
        Trend { early: median(&warm[..third]), late: median(&warm[warm.len() - third..]), highest }
    }
}
