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

/// Seconds of processor time that other programs have used: everything that runs but this program, what it has started, and the kernel's
/// own threads, which work for whoever sends. (The whole machine's time less ours would count interrupts, which our load causes, as
/// somebody else's.)
pub(crate) fn others_seconds() -> anyhow::Result<f64> {
    let ours = tree(std::process::id());
    let entries = std::fs::read_dir("/proc").context("look into /proc")?;
    let all = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let others = all.filter(|pid| !ours.contains(pid)).filter_map(stat).filter(|time| !time.is_kernel);
    Ok(seconds(others.map(|time| time.own + time.waited_for).sum()))
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
    /// A thread of the kernel, which is no program.
    is_kernel: bool,
}

fn stat(pid: u32) -> Option<Time> {
    parse_stat(&read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// A process whose parent is this one, or that is it, is a thread of the kernel.
const KTHREADD: u64 = 2;

/// Reads `/proc/PID/stat`. The second field is a name in brackets, in which anything may stand.
fn parse_stat(text: &str) -> Option<Time> {
    let (pid, rest) = text.rsplit_once(')')?;
    let pid: u64 = pid.split_whitespace().next()?.parse().ok()?;
    // Field 4, and fields 14 to 17, counted from the third.
    let parent: u64 = rest.split_whitespace().nth(1)?.parse().ok()?;
    let mut numbers = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    let mut next = || numbers.next()?.ok();
    let (user, system) = (next()?, next()?);
    let (children_user, children_system) = (next()?, next()?);
    let is_kernel = pid == KTHREADD || parent == KTHREADD;
    Some(Time { own: user + system, waited_for: children_user + children_system, is_kernel })
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
        assert_eq!(parse_stat(text), Some(Time { own: 43, waited_for: 9, is_kernel: false }));
        assert_eq!(parse_stat(&text.replacen("S 1 ", "S 2 ", 1)).map(|time| time.is_kernel), Some(true));
        assert_eq!(parse_stat("12 (cut off) S 1"), None);
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
