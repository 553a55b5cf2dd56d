//! `cargo xtask fuzz`: feeds each parser with what nobody would write, for as long as is asked.
//!
//! A crash is written to `fuzz/artifacts`. Once mended it is put into the corpus of its target, from where an ordinary test
//! replays it; `docs/testing.md` says how.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail};

use crate::shell;

const TARGETS: &str = "fuzz/fuzz_targets";
/// Small and kept: what is worth an ordinary test.
const CORPUS: &str = "fuzz/corpus";
/// Large and not kept: what runs on this machine have come upon so far.
const FOUND: &str = "fuzz/target/found";
/// The targets that need a large part of the product built, with their feature in `fuzz/Cargo.toml`; the others build much faster
/// without.
const FEATURES: [(&str, &str); 13] = [
    ("answers", "proxy"),
    ("backup", "ledger"),
    ("config", "binary"),
    ("control", "binary"),
    ("hello", "proxy"),
    ("journal", "proxy"),
    ("keys", "ledger"),
    ("parent", "proxy"),
    ("people", "office"),
    ("radius", "binary"),
    ("requests", "proxy"),
    ("root", "proxy"),
    ("users", "binary"),
];
const DEFAULT_SECONDS: u64 = 60;

/// Runs one target, or each in turn.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let (target, seconds) = parse(arguments)?;
    let all = targets(&shell::root().join(TARGETS))?;
    let chosen: Vec<&String> = all.iter().filter(|name| target.is_none_or(|target| target == name.as_str())).collect();
    if chosen.is_empty() {
        bail!("there is no such fuzz target; {TARGETS} has: {}", all.join(", "));
    }
    check(&["+nightly", "--version"], "a nightly toolchain", "rustup toolchain install nightly --profile minimal")?;
    check(&["fuzz", "--version"], "cargo-fuzz", "cargo install --locked cargo-fuzz")?;
    for name in chosen {
        println!("== {name}: {seconds} s ==");
        let limit = format!("-max_total_time={seconds}");
        let (found, corpus) = (format!("{FOUND}/{name}"), format!("{CORPUS}/{name}"));
        std::fs::create_dir_all(shell::root().join(&found)).with_context(|| format!("make the folder {found}"))?;
        let features: Vec<&str> =
            FEATURES.iter().filter(|(target, _)| target == name).flat_map(|(_, feature)| ["--features", feature]).collect();
        let mut command = shell::cargo(&["+nightly", "fuzz", "run"])?;
        shell::run(command.args(features).args([name, &found, &corpus, "--", &limit])).with_context(|| format!("fuzz {name}"))?;
    }
    Ok(())
}

/// Whether what fuzzing needs is there, and how it is installed where it is not.
fn check(command: &[&str], what: &str, install: &str) -> anyhow::Result<()> {
    let probe = shell::cargo(command)?.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        bail!("fuzzing needs {what}, which is not here: {install}");
    }
    Ok(())
}

fn parse<'a>(arguments: &[&'a str]) -> anyhow::Result<(Option<&'a str>, u64)> {
    let number = |text: &str| text.parse().with_context(|| format!("read `{text}` as a number of seconds"));
    match arguments {
        [] => Ok((None, DEFAULT_SECONDS)),
        ["--seconds", n] => Ok((None, number(n)?)),
        [target, "--seconds", n] => Ok((Some(target), number(n)?)),
        [target] if !target.starts_with('-') => Ok((Some(target), DEFAULT_SECONDS)),
        _ => bail!("usage: cargo xtask fuzz [target] [--seconds N]"),
    }
}

/// The targets in a folder, in order of name.
fn targets(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("list the fuzz targets in {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("list the fuzz targets in {}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn target_and_time_are_both_optional() {
        assert_eq!(parse(&[]).expect("nothing"), (None, 60));
        assert_eq!(parse(&["pack"]).expect("a target"), (Some("pack"), 60));
        assert_eq!(parse(&["--seconds", "5"]).expect("a time"), (None, 5));
        assert_eq!(parse(&["pack", "--seconds", "5"]).expect("both"), (Some("pack"), 5));
    }

    #[test]
    fn anything_else_is_refused() {
        assert!(parse(&["--seconds"]).is_err());
        assert!(parse(&["pack", "--seconds", "soon"]).is_err());
        assert!(parse(&["pack", "unknown", "more"]).is_err());
    }
}
