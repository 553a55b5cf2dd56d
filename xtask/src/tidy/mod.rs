//! `cargo xtask tidy`: the house rules that neither the compiler nor clippy knows.
//!
//! Every rule is a pure function from what was read to what is wrong; all findings are shown at once.

mod arrows;
mod features;
mod files;
mod graph;
mod lints;
mod tree;
mod walls;
mod words;

use std::fmt;

use anyhow::bail;

use crate::shell;
use graph::Graph;
use tree::Tree;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// From the root of the checkout.
    path: String,
    /// From 1; 0 where the file as a whole is meant.
    line: usize,
    /// What is wrong, and what to do.
    message: String,
}

// === impl Finding ===

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// The rules about the text of files.
const FILE_RULES: &[fn(&Tree) -> Vec<Finding>] = &[
    files::module_doc,
    files::length,
    files::machine_paths,
    files::unfinished,
    lints::no_allow,
    lints::expect_has_reason,
    lints::workspace_lints,
    walls::check,
    words::check,
];

/// The rules about who depends on whom.
const GRAPH_RULES: &[fn(&Graph) -> Vec<Finding>] = &[arrows::own_crates, arrows::direct, arrows::reached, arrows::banned];

/// Reads the checkout, applies every rule and shows all that is wrong.
pub(crate) fn run() -> anyhow::Result<()> {
    let tree = Tree::read(shell::root())?;
    let graph = Graph::read()?;
    let mut findings: Vec<Finding> = FILE_RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.extend(GRAPH_RULES.iter().flat_map(|rule| rule(&graph)));
    findings.extend(features::check(&features::Features::of_run()?, &features::Features::of_test()?));
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("tidy: {} to put right", findings.len());
    }
    println!(
        "tidy: {} files, {} crates of ours and {} of others are in order",
        tree.files.len(),
        graph.own().count(),
        graph.foreign().count()
    );
    Ok(())
}
