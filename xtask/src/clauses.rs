//! `cargo xtask clauses`: the register of promises, checked against the code: no control and no proof that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use crate::shell;

/// The register, from the root of the checkout.
const REGISTER: &str = "crates/office/clauses.csv";
/// Its columns that are read here.
const ID: usize = 0;
const CAPABILITY: usize = 5;
const CONTROL: usize = 8;
const PROOF: usize = 9;
const MISSING: usize = 10;

/// Checks, and prints how far each capability is.
pub(crate) fn run() -> anyhow::Result<()> {
    let root = shell::root();
    let text = fs::read_to_string(root.join(REGISTER)).with_context(|| format!("reading {REGISTER}"))?;
    let rows = rows(&text)?;
    let controls = controls(root)?;
    let wrong = faults(&rows, &controls, &|proof| is_there(root, proof));
    print!("{}", table(&rows));
    println!("{} controls stand in the code.", controls.len());
    match wrong.as_slice() {
        [] => Ok(()),
        wrong => bail!("{REGISTER} is not true:\n  {}", wrong.join("\n  ")),
    }
}

/// Each clause with the tests that it names as its proof.
pub(crate) fn proofs(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(root.join(REGISTER)).with_context(|| format!("reading {REGISTER}"))?;
    let pair = |row: &csv::StringRecord| Some((row.get(ID)?.to_owned(), row.get(PROOF)?.to_owned()));
    Ok(rows(&text)?.iter().filter_map(pair).collect())
}

type Rows = Vec<csv::StringRecord>;

fn rows(text: &str) -> anyhow::Result<Rows> {
    csv::Reader::from_reader(text.as_bytes()).into_records().collect::<Result<_, _>>().with_context(|| format!("reading {REGISTER}"))
}

/// Ids of all controls: `id: "..."` in a `controls.rs`.
fn controls(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let folder = root.join("crates/office/src");
    let mut found = BTreeSet::new();
    for capability in fs::read_dir(&folder).with_context(|| format!("looking into {}", folder.display()))? {
        let Ok(text) = fs::read_to_string(capability?.path().join("controls.rs")) else { continue };
        found.extend(text.lines().filter_map(|line| Some(line.trim().strip_prefix("id: \"")?.strip_suffix("\",")?.to_owned())));
    }
    Ok(found)
}

/// Whether a proof names a test: `FILE::TEST`, the file below `crates`.
fn is_there(root: &Path, proof: &str) -> bool {
    let Some((file, test)) = proof.split_once("::") else { return false };
    let text = fs::read_to_string(root.join("crates").join(file)).unwrap_or_default();
    let test = format!("fn {test}(");
    // What stands right above is the mark of a test, perhaps with other marks between.
    // `on_both!` makes a test of each function in it, one for each database.
    let in_macro = |before: &str| before.ends_with("\n    async ") && before.contains("on_both! {");
    let marked = |before: &str| before.lines().rev().take(6).any(|line| line.contains("test]") || line.contains("test("));
    text.match_indices(&test).any(|(at, _)| marked(&text[..at]) || in_macro(&text[..at]))
}

fn faults(rows: &Rows, controls: &BTreeSet<String>, is_there: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    let mut named = BTreeSet::new();
    for row in rows {
        let cell = |column| row.get(column).unwrap_or_default();
        let id = cell(ID);
        if !seen.insert(id) {
            wrong.push(format!("{id} stands there twice"));
        }
        for control in cell(CONTROL).split_whitespace() {
            named.insert(control.to_owned());
            if !controls.contains(control) {
                wrong.push(format!("{id}: there is no control {control}"));
            }
        }
        wrong
            .extend(cell(PROOF).split_whitespace().filter(|proof| !is_there(proof)).map(|proof| format!("{id}: there is no test {proof}")));
        let (control, proof, missing) = (cell(CONTROL).is_empty(), cell(PROOF).is_empty(), cell(MISSING).is_empty());
        match (control, proof, missing) {
            (false, false, _) | (true, true, true) => {}
            (true, true, false) => wrong.push(format!("{id}: something is missing, but nothing stands")),
            (true, false, true) | (false, true, true) => {
                wrong.push(format!("{id}: a control or a proof alone does not meet it; say what is missing"))
            }
            (true, false, false) | (false, true, false) => {}
        }
    }
    // What the law asks for and no policy says.
    let unnamed = controls.difference(&named).filter(|control| !control.starts_with("upkeep."));
    wrong.extend(unnamed.map(|control| format!("the control {control} keeps no clause")));
    wrong
}

/// Met, partly and not yet for each capability.
fn table(rows: &Rows) -> String {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in rows {
        let is_empty = |column| row.get(column).unwrap_or_default().is_empty();
        let at = match (is_empty(CONTROL), is_empty(PROOF), is_empty(MISSING)) {
            (false, false, true) => 0,
            (true, true, _) => 2,
            _ => 1,
        };
        counts.entry(row.get(CAPABILITY).unwrap_or_default()).or_default()[at] += 1;
    }
    let mut text = format!("{:<16}{:>6}{:>8}{:>9}\n", "capability", "met", "partly", "not yet");
    let mut all = [0; 3];
    for (capability, each) in &counts {
        text.push_str(&line(capability, *each));
        for (sum, count) in all.iter_mut().zip(each) {
            *sum += count;
        }
    }
    text.push_str(&line("all", all));
    text
}

fn line(name: &str, [met, partly, not_yet]: [usize; 3]) -> String {
    format!("{name:<16}{met:>6}{partly:>8}{not_yet:>9}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(row: &str) -> Vec<String> {
        let rows = rows(&format!("id,b,c,d,e,capability,g,h,control,proof,missing\n{row}")).expect("csv");
        faults(&rows, &BTreeSet::from(["a.b".to_owned()]), &|proof| proof == "x.rs::holds")
    }

    #[test]
    fn a_control_or_proof_that_is_not_there_is_named() {
        assert_eq!(found("A-1,,,,,x,,,a.b,x.rs::holds,\n"), Vec::<String>::new());
        assert_eq!(found("A-1,,,,,x,,,a.b c.d,x.rs::holds,\n"), ["A-1: there is no control c.d"]);
        assert_eq!(found("A-1,,,,,x,,,a.b,x.rs::gone,\n"), ["A-1: there is no test x.rs::gone"]);
        assert_eq!(found("A-1,,,,,x,,,a.b,,\n"), ["A-1: a control or a proof alone does not meet it; say what is missing"]);
        assert_eq!(found("A-1,,,,,x,,,,,\n"), ["the control a.b keeps no clause"]);
        assert_eq!(found("A-1,,,,,x,,,a.b,x.rs::holds,\nA-1,,,,,x,,,,,\n"), ["A-1 stands there twice"]);
    }

    #[test]
    fn each_capability_is_counted() {
        let rows = rows("id,b,c,d,e,f,g,h,i,j,k\nA-1,,,,,x,,,a,b,\nA-2,,,,,x,,,a,b,more\nA-3,,,,,y,,,,,\n").expect("csv");
        let text = table(&rows);
        assert!(
            text.contains(&line("x", [1, 1, 0])) && text.contains(&line("y", [0, 0, 1])) && text.contains(&line("all", [1, 1, 1])),
            "{text}"
        );
    }
}
