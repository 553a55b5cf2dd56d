//! `cargo xtask soak`: the minute of mixed load that is part of the tests, for longer.

use anyhow::{Context, bail};

use crate::shell;

/// The test, in the end-to-end tests of the binary, and the variable that tells it how long to run.
const TEST: &str = "soak::";
const SECONDS: &str = "SCHOOLGATE_SOAK_SECONDS";
const DEFAULT_MINUTES: u64 = 10;

/// Runs it in the development profile, which is built already, unless the one that ships is asked for.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let (minutes, profile) = parse(arguments)?;
    let mut command = shell::cargo(&["test", "--package", "schoolgate", "--test", "e2e"])?;
    // Not by nextest, which would end it after some minutes.
    command.args(profile).args([TEST, "--", "--nocapture"]).env(SECONDS, (minutes * 60).to_string());
    println!("{minutes} minutes, in the {} profile", if profile.is_empty() { "development" } else { "release" });
    shell::run(&mut command)
}

fn parse(arguments: &[&str]) -> anyhow::Result<(u64, &'static [&'static str])> {
    let (mut minutes, mut profile): (_, &[&str]) = (DEFAULT_MINUTES, &[]);
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match (*word, rest.as_slice()) {
            ("--release", _) => profile = &["--release"],
            ("--minutes", [number, ..]) => {
                minutes = number.parse().with_context(|| format!("read `{number}` as a number of minutes"))?;
                rest.next();
            }
            _ => bail!("usage: cargo xtask soak [--minutes N] [--release]"),
        }
    }
    if minutes == 0 {
        bail!("a soak takes a minute at least");
    }
    Ok((minutes, profile))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn time_and_profile_are_both_optional() {
        assert_eq!(parse(&[]).expect("nothing"), (10, &[][..]));
        assert_eq!(parse(&["--release", "--minutes", "30"]).expect("both"), (30, &["--release"][..]));
    }

    #[test]
    fn anything_else_is_refused() {
        for arguments in [&["--minutes"][..], &["--minutes", "0"], &["--minutes", "many"], &["--seconds", "9"]] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
