//! What /proc says (proc(5)): processor time and memory of programs with all their children, and of the whole machine.

use std::fs::read_to_string;
use std::time::Duration;

use anyhow::Context;
use rustix::param::clock_ticks_per_second;

/// Waits: for the next look at something that cannot tell by itself, or for the end of a window of time.
#[expect(clippy::disallowed_methods, reason = "a measurement is made of time, and other people's programs do not say when they are ready")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A process and everything it has started that still runs.
pub(crate) fn tree(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut at = 0;
    while let Some(pid) = found.get(at).copied() {
        let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        for task in tasks {
            let children = read_to_string(task.path().join("children")).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
        at += 1;
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Seconds of processor time, user and system, that a running program and its children have used.
pub(crate) fn used_seconds(pid: u32) -> f64 {
    seconds(tree(pid).into_iter().filter_map(stat).map(|time| time.own).sum())
}

/// Bytes of memory that everything we have started holds, but for some programs and their children; a page that several processes share
/// is counted in part for each (PSS).
pub(crate) fn memory_bytes_but(those: &[u32]) -> u64 {
    let own = std::process::id();
    let left_out: Vec<u32> = those.iter().flat_map(|pid| tree(*pid)).collect();
    let of_one = |pid| pss_kib(&read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default());
    tree(own).into_iter().filter(|pid| *pid != own && !left_out.contains(pid)).filter_map(of_one).sum::<u64>() * 1024
}

/// Seconds of processor time that everything but this program and what it has started has used since the machine started.
pub(crate) fn others_seconds() -> anyhow::Result<f64> {
    let all = busy_ticks(&read_to_string("/proc/stat").context("read /proc/stat")?).context("find the times in /proc/stat")?;
    let ours: u64 = tree(std::process::id()).into_iter().filter_map(stat).map(|time| time.own + time.waited_for).sum();
    Ok(seconds(all) - seconds(ours))
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / clock_ticks_per_second() as f64
}

/// Processor time of a process, in ticks.
#[derive(Debug, PartialEq, Eq)]
struct Time {
    own: u64,
    /// Of children that have ended and were waited for.
    waited_for: u64,
}

fn stat(pid: u32) -> Option<Time> {
    parse_stat(&read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Reads `/proc/PID/stat`. The second field is a name in brackets, in which anything may stand.
fn parse_stat(text: &str) -> Option<Time> {
    let (_, rest) = text.rsplit_once(')')?;
    // Fields 14 to 17, counted from the third.
    let mut numbers = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    let mut next = || numbers.next()?.ok();
    let (user, system) = (next()?, next()?);
    let (children_user, children_system) = (next()?, next()?);
    Some(Time { own: user + system, waited_for: children_user + children_system })
}

/// Reads the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, and more that is counted in those before or is
/// not time of this machine.
fn busy_ticks(text: &str) -> Option<u64> {
    let numbers: Vec<u64> = text.lines().next()?.strip_prefix("cpu ")?.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let [user, nice, system, _, _, irq, softirq, ..] = numbers.as_slice() else { return None };
    Some(user + nice + system + irq + softirq)
}

fn pss_kib(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_any_name() {
        let text = "12 (a ) b) (c) S 1 12 12 0 -1 4194304 100 7 0 0 31 12 5 4 20 0 1 0 100 1 1";
        assert_eq!(parse_stat(text), Some(Time { own: 43, waited_for: 9 }));
        assert_eq!(parse_stat("12 (cut off) S 1"), None);
    }

    #[test]
    fn a_machine_is_busy_with_work_and_not_with_waiting() {
        assert_eq!(busy_ticks("cpu  10 2 5 1000 300 1 4 77 0 0\ncpu0 1\n"), Some(22));
        assert_eq!(busy_ticks("intr 5\n"), None);
    }

    #[test]
    fn memory_is_the_proportional_share() {
        let text = "55d0-7ffc ---p 00000000 00:00 0 [rollup]\nRss:            5120 kB\nPss:            3072 kB\nPss_Dirty:       4 kB\n";
        assert_eq!(pss_kib(text), Some(3072));
        assert_eq!(pss_kib(""), None);
    }

    #[test]
    fn children_belong_to_the_tree_and_their_time_to_us() {
        let mut child = std::process::Command::new("sleep").arg("30").spawn().expect("start");
        assert!(tree(std::process::id()).contains(&child.id()));
        assert!(memory_bytes_but(&[]) > 0);
        assert_eq!(memory_bytes_but(&[child.id()]), 0);
        child.kill().expect("kill");
        child.wait().expect("wait");
        assert!(!tree(std::process::id()).contains(&child.id()));
    }
}
