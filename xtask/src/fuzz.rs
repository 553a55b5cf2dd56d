//! `cargo xtask fuzz`: feeds each parser with what nobody would write, for as long as is asked.
//!
//! What a run finds goes into the corpus of its target, and from there is replayed by an ordinary test of the crate.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail};

use crate::shell;

const TARGETS: &str = "fuzz/fuzz_targets";
const DEFAULT_SECONDS: u64 = 60;

/// Runs one target, or each in turn.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let (target, seconds) = parse(arguments)?;
    let all = targets(&shell::root().join(TARGETS))?;
    let chosen: Vec<&String> = all.iter().filter(|name| target.is_none_or(|target| target == name.as_str())).collect();
    if chosen.is_empty() {
        bail!("there is no such fuzz target; {TARGETS} has: {}", all.join(", "));
    }
    let probe = shell::cargo(&["+nightly", "fuzz", "--version"])?.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        bail!("fuzzing needs a nightly toolchain and cargo-fuzz: rustup toolchain install nightly && cargo install --locked cargo-fuzz");
    }
    for name in chosen {
        println!("== {name}: {seconds} s ==");
        let limit = format!("-max_total_time={seconds}");
        shell::run(&mut shell::cargo(&["+nightly", "fuzz", "run", name, "--", &limit])?).with_context(|| format!("fuzz {name}"))?;
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
