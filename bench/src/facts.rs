//! What must stand beside a figure, or it says nothing: when, on which machine, of which version of what.

use std::fs::read_to_string;
use std::process::Command;

use anyhow::Context;

/// Debian's packages of the peers.
const PACKAGES: [&str; 5] = ["squid", "squidguard", "e2guardian", "nginx-light", "wrk"];

/// Two lines for the head of a table.
pub(crate) fn of_the_run() -> anyhow::Result<String> {
    let processors = read_to_string("/proc/cpuinfo").context("read /proc/cpuinfo")?;
    let system = read_to_string("/proc/sys/kernel/osrelease").context("read the version of the system")?;
    let model = model(&processors).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().context("count the cores")?;
    let commit = printed(Command::new("git").args(["describe", "--always", "--dirty"]));
    let versions = printed(Command::new("dpkg-query").args(["--show", "--showformat", "${Package} ${Version}, "]).args(PACKAGES));
    #[expect(clippy::disallowed_methods, reason = "the date of a measurement is the machine's")]
    let now = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string();
    Ok(format!(
        "{now}; {cores} cores of {model}, Linux {}; Schoolgate {commit}, release profile, mimalloc.\nBeside it: {}.",
        system.trim(),
        versions.trim_end_matches([',', ' '])
    ))
}

/// What a program says, or that it is unknown: a figure is not lost over it.
fn printed(command: &mut Command) -> String {
    let output = command.output().ok().filter(|output| output.status.success());
    output.map_or_else(|| "of unknown version".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn model(text: &str) -> Option<&str> {
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::model;

    #[test]
    fn the_model_is_that_of_the_first_core() {
        assert_eq!(model("processor\t: 0\nmodel name\t: AMD EPYC\nprocessor\t: 1\nmodel name\t: AMD EPYC\n"), Some("AMD EPYC"));
        assert_eq!(model("processor\t: 0\n"), None);
    }
}
