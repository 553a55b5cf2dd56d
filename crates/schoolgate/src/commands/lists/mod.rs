//! `schoolgate lists`: build, look into, refresh and seal lists.

mod build;
mod report;
mod seal;
mod stats;
mod update;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::refresh::Step;
use crate::world::World;

/// What to do with lists.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Build a pack from lists on this machine
    Build(build::Args),
    /// Say what is in a pack
    Stats(stats::Args),
    /// Fetch the configured lists and put a new pack in force
    Update(update::Args),
    /// Seal a feed of illegal material, so that no address of it is kept
    Seal(seal::Args),
}

/// Runs it.
///
/// # Errors
/// Each command says what it could not do, and what stays as it was.
pub fn run(command: &Command, world: &World) -> Result<ExitCode> {
    match command {
        Command::Build(args) => build::run(args, world),
        Command::Stats(args) => stats::run(args),
        Command::Update(args) => update::run(args, world),
        Command::Seal(args) => seal::run(args),
    }
}

/// Prints to standard output. Names come from other people's files: what would steer a terminal is left out.
fn print(text: &str) -> Result<()> {
    let text: String = text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
    std::io::stdout().lock().write_all(text.as_bytes()).context("writing to standard output")
}

/// A number with a comma after each three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes in the largest unit that leaves something before the point.
pub(super) fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB"];
    let mut value = bytes as f64;
    let mut name = "bytes";
    for unit in units {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        name = unit;
    }
    if name == "bytes" { format!("{bytes} bytes") } else { format!("{value:.1} {name}") }
}

/// `1 line`, `2 lines`.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// What is being done, in words.
fn words(step: Step<'_>) -> String {
    match step {
        Step::Fetching { list, bytes, total: Some(total) } => format!("fetching {list}: {} of {}", size(bytes), size(total)),
        Step::Fetching { list, bytes, total: None } => format!("fetching {list}: {}", size(bytes)),
        Step::Reading { list, entries } => format!("reading {list}: {} entries", grouped(entries as u64)),
        Step::Building { what, done } => format!("building the pack: {what}, {:.0} %", done * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        let shown = [0, 12, 999, 1000, 123_456, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "12", "999", "1,000", "123,456", "1,234,567"]);
        let shown = [0, 1023, 1024, 1536, 5 << 20, 3 << 30].map(size);
        assert_eq!(shown, ["0 bytes", "1023 bytes", "1.0 KiB", "1.5 KiB", "5.0 MiB", "3.0 GiB"]);
    }
}
