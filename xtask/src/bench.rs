//! `cargo xtask bench`: figures that can be trusted, measured in the profile that ships.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::{shell, tools};

/// How long the machine is watched before a measurement.
const WATCH: Duration = Duration::from_secs(2);
/// Cores that others may keep busy before we call the machine busy.
const QUIET: f64 = 0.5;
/// What the program prints on standard output once it serves.
const READY: &str = "Schoolgate is running";

/// Measurements that start other programs and load them. They watch by themselves, all the time, that nothing else is at work.
const BESIDE_PEERS: &[&str] = &["proxy", "reload", "memory", "pages", "gate"];
/// Says that figures for trying are wanted, though other programs are at work.
const ALLOW_BUSY: &str = "--allow-busy";

/// Runs one measurement by name.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let Some((name, more)) = arguments.split_first() else {
        bail!("usage: cargo xtask bench verdict|judge|ledger|cold|{} [{ALLOW_BUSY}]", BESIDE_PEERS.join("|"));
    };
    if BESIDE_PEERS.contains(name) {
        return beside_peers(name, more);
    }
    let busy = busy_cores()?;
    if busy > QUIET && !more.contains(&ALLOW_BUSY) {
        bail!("other programs keep {busy:.1} cores busy, so the figures would mean little; wait, or add {ALLOW_BUSY}");
    }
    println!("other programs keep {busy:.1} cores busy");
    if *name == "cold" {
        return cold();
    }
    let more: Vec<&str> = more.iter().copied().filter(|word| *word != ALLOW_BUSY).collect();
    shell::run(shell::cargo(&["run", "--release", "--manifest-path", "bench/Cargo.toml", "--", name])?.args(more))
}

/// Installs the peers, builds the product as it ships, and measures.
fn beside_peers(name: &str, more: &[&str]) -> anyhow::Result<()> {
    tools::install_peers()?;
    let program = shell::built(&["--release"])?;
    println!("measured: {}", program.display());
    let mut command = shell::cargo(&["run", "--release", "--manifest-path", "bench/Cargo.toml", "--", name, "--schoolgate"])?;
    shell::run(command.arg(&program).args(more))
}

/// Times both commands of the README in a fresh clone with an empty target folder. Crates are already downloaded: how fast the
/// network is says nothing about us.
fn cold() -> anyhow::Result<()> {
    let scratch = shell::tools_dir()?.join("cold");
    remove(&scratch)?;
    let clone = scratch.join("clone");
    shell::run(shell::command("git")?.args(["clone", "--quiet", "."]).arg(&clone))?;
    shell::run(shell::cargo(&["fetch", "--locked"])?.current_dir(&clone))?;

    let in_clone = |arguments: &[&str]| -> anyhow::Result<Command> {
        let mut command = shell::cargo(arguments)?;
        command.current_dir(&clone).env("CARGO_TARGET_DIR", scratch.join("target"));
        Ok(command)
    };
    let demo = until_ready(&mut in_clone(&["run", "--", "run", "--demo"])?)?;
    let start = Instant::now();
    shell::run(&mut in_clone(&["xtask", "test"])?)?;
    let test = start.elapsed();

    println!("cold `cargo run -- run --demo`, to the line that says it is running: {:.0} s", demo.as_secs_f64());
    println!("then `cargo xtask test`: {:.0} s", test.as_secs_f64());
    remove(&scratch)
}

/// Starts a program and measures until it says that it serves; then ends it.
fn until_ready(command: &mut Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("start `{}`", shell::line(command)))?;
    let output = child.stdout.take().context("read what the program prints")?;
    // On Unix `cargo run` becomes the program it built, so the child to end is the program itself.
    let is_ready = BufReader::new(output).lines().map_while(Result::ok).any(|line| line.contains(READY));
    let time = start.elapsed();
    child.kill().context("end the program")?;
    child.wait().context("wait for the program to end")?;
    if !is_ready {
        bail!("`{}` ended without the line \"{READY}\"", shell::line(command));
    }
    Ok(time)
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).with_context(|| format!("remove {}", folder.display())),
        _ => Ok(()),
    }
}

/// How many cores are at work while this process waits.
fn busy_cores() -> anyhow::Result<f64> {
    let read = || std::fs::read_to_string("/proc/stat").context("read the load from /proc/stat");
    let before = Ticks::parse(&read()?)?;
    #[expect(clippy::disallowed_methods, reason = "there is nothing to wait for but time")]
    std::thread::sleep(WATCH);
    Ok(Ticks::parse(&read()?)?.busy_since(&before))
}

/// Processor time since the machine started, in ticks over all cores.
struct Ticks {
    busy: u64,
    total: u64,
    cores: usize,
}

// === impl Ticks ===

impl Ticks {
    /// Reads the text of `/proc/stat` (proc(5)): the first line sums all cores; its fourth and fifth numbers are idle time.
    fn parse(text: &str) -> anyhow::Result<Self> {
        let sum = text.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("find the line `cpu` in /proc/stat")?;
        let numbers: Vec<u64> = sum.split_whitespace().map(str::parse).collect::<Result<_, _>>().context("read /proc/stat")?;
        // The two guest columns behind the eighth are counted in the first already.
        let total = numbers.iter().take(8).sum();
        let idle: u64 = numbers.iter().skip(3).take(2).sum();
        let cores = text.lines().skip(1).filter(|line| line.starts_with("cpu")).count();
        Ok(Self { busy: total - idle, total, cores })
    }

    fn busy_since(&self, before: &Self) -> f64 {
        let share = self.busy.saturating_sub(before.busy) as f64 / self.total.saturating_sub(before.total).max(1) as f64;
        share * self.cores as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Ticks;

    #[test]
    fn load_is_the_busy_share_of_all_cores() {
        let before = Ticks::parse("cpu  100 0 0 100 0 0 0 0 0 0\ncpu0 1\ncpu1 1\nintr 5\n").expect("well formed");
        let after = Ticks::parse("cpu  150 0 0 210 40 0 0 0 50 0\ncpu0 1\ncpu1 1\nintr 5\n").expect("well formed");
        assert!((after.busy_since(&before) - 0.5).abs() < 1e-9, "50 busy of 200 ticks on 2 cores");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(Ticks::parse("").is_err());
        assert!(Ticks::parse("cpu  a b c\n").is_err());
    }
}
