//! `cargo xtask test`: everything that must be green, behind one door, in the order that fails soonest.

use std::time::{Duration, Instant};

use private_postgres::{Server, VARIABLE};

use crate::{clauses, deb, shell, tidy, tools};

/// One thing that must pass. Steps build with the profile and into the folder of a bare `cargo run`, so that nothing which is
/// built already is built again.
struct Step {
    name: &'static str,
    run: fn(&[&str]) -> anyhow::Result<()>,
}

/// All steps, in order: the quick ones first, so that a slip shows within seconds.
const STEPS: &[Step] = &[
    Step { name: "fmt", run: fmt },
    Step { name: "tidy", run: |_| tidy::run() },
    Step { name: "clauses", run: |_| clauses::run() },
    Step { name: "deny", run: deny },
    Step { name: "clippy", run: clippy },
    Step { name: "tests", run: tests },
    Step { name: "doctests", run: doctests },
    Step { name: "rustdoc", run: rustdoc },
    Step { name: "deb", run: |_| deb::test() },
];

/// Runs all steps, or the one that is named first, or the tests that a filter picks.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    tools::install_missing()?;
    match arguments {
        [] => run_all(),
        [name, rest @ ..] => match STEPS.iter().find(|step| step.name == *name) {
            Some(step) => (step.run)(rest),
            None => tests(arguments),
        },
    }
}

fn run_all() -> anyhow::Result<()> {
    let mut done: Vec<(&str, Duration)> = Vec::new();
    for step in STEPS {
        println!("\n== {} ==", step.name);
        let start = Instant::now();
        let result = (step.run)(&[]);
        done.push((step.name, start.elapsed()));
        println!("== {}: {:.1} s ==", step.name, start.elapsed().as_secs_f64());
        if let Err(error) = result {
            summarise(&done, true);
            return Err(error.context(format!("the step `{0}` failed; alone: cargo xtask test {0}", step.name)));
        }
    }
    summarise(&done, false);
    Ok(())
}

fn summarise(done: &[(&str, Duration)], last_failed: bool) {
    println!("\n{:<10} {:>9}", "step", "seconds");
    for (at, (name, time)) in done.iter().enumerate() {
        let failed = last_failed && at + 1 == done.len();
        println!("{name:<10} {:>9.1}{}", time.as_secs_f64(), if failed { "  FAILED" } else { "" });
    }
    let total: Duration = done.iter().map(|(_, time)| *time).sum();
    println!("{:<10} {:>9.1}", "all", total.as_secs_f64());
}

fn fmt(rest: &[&str]) -> anyhow::Result<()> {
    shell::run(shell::cargo(&["fmt", "--all", "--check"])?.args(rest))
}

fn deny(rest: &[&str]) -> anyhow::Result<()> {
    let check = ["deny", "--workspace", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
    shell::run(shell::cargo(&check)?.args(rest))
}

fn clippy(rest: &[&str]) -> anyhow::Result<()> {
    // The flag goes behind `--`, not into RUSTFLAGS: that would rebuild every dependency.
    let mut command = shell::cargo(&["clippy", "--all-targets"])?;
    shell::run(command.args(packages(rest)).args(rest).args(["--", "--deny", "warnings"]))
}

/// All tests of a run share one PostgreSQL, which ends with this process however that ends.
fn tests(rest: &[&str]) -> anyhow::Result<()> {
    let postgres = Server::start(&std::env::temp_dir())?;
    let mut command = shell::cargo(&["nextest", "run", "--profile", "ci"])?;
    shell::run(command.args(packages(rest)).args(rest).env(VARIABLE, postgres.folder()))
}

fn doctests(rest: &[&str]) -> anyhow::Result<()> {
    shell::run(shell::cargo(&["test", "--doc", "--quiet"])?.args(packages(rest)).args(rest))
}

/// The whole workspace, unless a package is asked for.
fn packages(rest: &[&str]) -> &'static [&'static str] {
    if rest.iter().any(|word| matches!(*word, "-p" | "--package")) { &[] } else { &["--workspace"] }
}

fn rustdoc(rest: &[&str]) -> anyhow::Result<()> {
    let mut command = shell::cargo(&["doc", "--no-deps", "--document-private-items"])?;
    shell::run(command.args(packages(rest)).args(rest).env("RUSTDOCFLAGS", "--deny warnings"))
}
