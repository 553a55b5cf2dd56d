//! `cargo xtask proofs`: shows that a proof of the register fails once what it proves is taken out.
//!
//! It works in a copy of the checkout, which is kept beside our tools: one change at a time, that one test, and it must fail.

mod table;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use private_postgres::{Server, VARIABLE};

use crate::{clauses, shell, tools};
use table::MUTATIONS;

/// A feature that is taken out.
struct Mutation {
    /// Which clause nothing keeps then.
    clause: &'static str,
    /// What is taken out, for people.
    taken: &'static str,
    /// Where, from the root of the checkout.
    file: &'static str,
    /// What stands there, exactly once.
    text: &'static str,
    /// What stands there instead.
    with: &'static str,
    /// The test that must fail, as the clause names it.
    proof: &'static str,
}

/// What came of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
}

/// Where it is tried out.
struct Trial<'a> {
    copy: PathBuf,
    /// The checkout's own, where all that is not ours is built already.
    target: String,
    postgres: &'a Server,
}

/// Tries each mutation, or those of one clause.
pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    let chosen: Vec<&Mutation> = match arguments {
        [] => MUTATIONS.iter().collect(),
        [clause] => MUTATIONS.iter().filter(|mutation| mutation.clause == *clause).collect(),
        _ => bail!("usage: cargo xtask proofs [clause]"),
    };
    if chosen.is_empty() {
        bail!(
            "no mutation is about that clause; xtask/src/proofs/table.rs has: {}",
            MUTATIONS.iter().map(|m| m.clause).collect::<Vec<_>>().join(", ")
        );
    }
    let wrong = faults(shell::root())?;
    if !wrong.is_empty() {
        bail!("xtask/src/proofs/table.rs is not true any more, put it right first:\n  {}", wrong.join("\n  "));
    }
    tools::install_missing()?;
    let postgres = Server::start(&std::env::temp_dir())?;
    let trial = Trial { copy: copied(shell::root())?, target: target()?, postgres: &postgres };
    println!("The tests as they stand, in {}", trial.copy.display());
    let whole: BTreeSet<&str> = chosen.iter().map(|mutation| mutation.proof).collect();
    for proof in whole {
        if trial.outcome(proof)? == Outcome::Failed {
            bail!("{proof} fails with nothing taken out, so it shows nothing; mend it first: cargo xtask test {}", name_of(proof));
        }
    }
    let mut lines = Vec::new();
    let mut survived = 0;
    for mutation in chosen {
        println!("{} {}", mutation.clause, mutation.taken);
        let start = Instant::now();
        let outcome = trial.without(mutation).with_context(|| format!("trying {}", mutation.clause))?;
        survived += usize::from(outcome == Outcome::Passed);
        lines.push(line(mutation, outcome, start.elapsed().as_secs()));
    }
    println!("\n{:<7} {:<12} {:>4}  taken out; proof", "clause", "its proof", "s");
    lines.iter().for_each(|line| println!("{line}"));
    if survived > 0 {
        bail!("{survived} of {} proofs pass without what they prove; make each test look at what was taken out", lines.len());
    }
    println!("Each of {} proofs fails when what it proves is taken out, and passes with it.", lines.len());
    Ok(())
}

fn line(mutation: &Mutation, outcome: Outcome, seconds: u64) -> String {
    let said = if outcome == Outcome::Failed { "fails" } else { "STILL PASSES" };
    format!("{:<7} {said:<12} {seconds:>4}  {}\n{:27}{}", mutation.clause, mutation.taken, "", mutation.proof)
}

/// What in the table is not so any more.
fn faults(root: &Path) -> anyhow::Result<Vec<String>> {
    let named = clauses::proofs(root)?;
    let mut wrong = Vec::new();
    for Mutation { clause, file, text, with, proof, .. } in MUTATIONS {
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        match source.matches(text).count() {
            1 => {}
            0 => wrong.push(format!("{clause}: `{text}` does not stand in {file} any more; say what is to be taken out now")),
            more => wrong.push(format!("{clause}: `{text}` stands {more} times in {file}; take more of the line")),
        }
        if text == with {
            wrong.push(format!("{clause}: nothing is taken out"));
        }
        if !named.iter().any(|(id, proofs)| id == clause && proofs.split_whitespace().any(|named| named == *proof)) {
            wrong.push(format!("{clause}: the register does not name {proof} as its proof; name one that it does"));
        }
        if selection(proof).is_none() {
            wrong.push(format!("{clause}: {proof} is no test of office, and others need the program built, which those who share the target folder would start"));
        }
    }
    Ok(wrong)
}

/// By which words cargo builds the tests of a proof and no more.
fn selection(proof: &str) -> Option<Vec<&str>> {
    let (file, _) = proof.split_once("::")?;
    let file = file.strip_prefix("office/")?;
    if file.starts_with("src/") {
        return Some(vec!["--lib"]);
    }
    Some(vec!["--test", file.strip_prefix("tests/")?.split('/').next()?])
}

fn name_of(proof: &str) -> &str {
    proof.split_once("::").map_or(proof, |(_, name)| name)
}

/// The checkout's files, committed or not, in a folder beside our tools. What is there and the same is left alone, so that it is not built anew.
fn copied(root: &Path) -> anyhow::Result<PathBuf> {
    let copy = shell::tools_dir()?.join("proofs");
    let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let names = shell::output(shell::command("git")?.args(list)).context("ask git which files there are")?;
    let mut kept = BTreeSet::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), copy.join(name));
        if from.is_file() {
            put(&to, &std::fs::read(&from).with_context(|| format!("read {}", from.display()))?)?;
            kept.insert(to);
        }
    }
    drop_others(&copy, &kept)?;
    Ok(copy)
}

/// Writes a file, if it says something else.
fn put(to: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if std::fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    }
    std::fs::write(to, bytes).with_context(|| format!("write {}; is the disk full?", to.display()))
}

/// Takes away what the checkout has no more.
fn drop_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("look into {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            drop_others(&path, kept)?;
        } else if !kept.contains(&path) {
            std::fs::remove_file(&path).with_context(|| format!("take away {}", path.display()))?;
        }
    }
    Ok(())
}

/// Where the checkout builds.
fn target() -> anyhow::Result<String> {
    let said = shell::output(&mut shell::cargo(&["metadata", "--no-deps", "--format-version", "1"])?)?;
    let said: serde_json::Value = serde_json::from_str(&said).context("read what cargo says about the workspace")?;
    said.get("target_directory").and_then(|folder| folder.as_str()).map(str::to_owned).context("find the target folder in what cargo says")
}

// === impl Trial ===

impl Trial<'_> {
    /// What comes of the proof while the feature is out. The copy is whole again afterwards, whatever came.
    fn without(&self, mutation: &Mutation) -> anyhow::Result<Outcome> {
        let file = self.copy.join(mutation.file);
        let whole = std::fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
        put(&file, whole.replacen(mutation.text, mutation.with, 1).as_bytes())?;
        let outcome = self.outcome(mutation.proof);
        put(&file, whole.as_bytes())?;
        outcome
    }

    /// Builds, and runs that one test.
    fn outcome(&self, proof: &str) -> anyhow::Result<Outcome> {
        let filter = format!("package(office) & test(/(^|::){}($|::)/)", name_of(proof));
        // The whole workspace, so that other people's crates have the features with which they are built already.
        let mut command = shell::cargo(&["nextest", "run", "--profile", "ci", "--workspace"])?;
        command.args(selection(proof).context("find which tests to build")?).args(["-E", &filter]);
        command.current_dir(&self.copy).env("CARGO_TARGET_DIR", &self.target).env(VARIABLE, self.postgres.folder());
        let output = command.output().with_context(|| format!("start `{}`", shell::line(&command)))?;
        match read(output.status.code()) {
            Ok(outcome) => Ok(outcome),
            Err(why) => {
                bail!("{why}: `{}` in {} said:\n{}", shell::line(&command), self.copy.display(), String::from_utf8_lossy(&output.stderr))
            }
        }
    }
}

/// What nextest means by its status (its book, "Exit codes"). A build that breaks is no proof, and neither is a test that did not run.
fn read(status: Option<i32>) -> Result<Outcome, &'static str> {
    match status {
        Some(0) => Ok(Outcome::Passed),
        Some(100) => Ok(Outcome::Failed),
        Some(4) => Err("no test of that name ran; name one that does"),
        Some(101) => Err("it does not build so; take the feature out in another way"),
        _ => Err("the tests could not be run"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mutation_still_stands_in_its_file_and_its_proof_in_the_register() {
        assert_eq!(faults(shell::root()).expect("the register"), Vec::<String>::new());
        assert!(MUTATIONS.len() >= 5);
    }

    #[test]
    fn a_build_that_breaks_or_a_test_that_is_not_there_proves_nothing() {
        assert_eq!((read(Some(0)), read(Some(100))), (Ok(Outcome::Passed), Ok(Outcome::Failed)));
        assert!(read(Some(101)).is_err() && read(Some(4)).is_err() && read(None).is_err());
    }

    #[test]
    fn only_the_tests_of_the_proof_are_built() {
        assert_eq!(selection("office/src/a/b.rs::x"), Some(vec!["--lib"]));
        assert_eq!(selection("office/tests/signin/pupils.rs::x"), Some(vec!["--test", "signin"]));
        assert_eq!(selection("schoolgate/tests/e2e/doors.rs::x"), None);
    }
}
