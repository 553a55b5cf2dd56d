//! One feature set: what `cargo run` has built, the tests find ready.
//!
//! Cargo turns features on for the packages that are asked for together. If a crate gets other features in `cargo run` than in
//! the tests of the whole workspace, it is compiled twice, and the second command of the README takes minutes more.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::shell;

/// Each package with the feature sets it is built with; two where a build script wants another set than the product.
#[derive(Debug, Default)]
pub(super) struct Features(BTreeMap<String, BTreeSet<String>>);

// === impl Features ===

impl Features {
    /// As a bare `cargo run` builds them.
    pub(super) fn of_run() -> anyhow::Result<Self> {
        Self::ask(&["--package", "schoolgate", "--edges", "normal,build"])
    }

    /// As the tests of the whole workspace build them.
    pub(super) fn of_test() -> anyhow::Result<Self> {
        Self::ask(&["--workspace", "--edges", "normal,build,dev"])
    }

    fn ask(which: &[&str]) -> anyhow::Result<Self> {
        let mut command = shell::cargo(&["tree", "--locked", "--prefix", "none", "--no-dedupe", "--format", "{p}|{f}"])?;
        Ok(Self::parse(&shell::output(command.args(which))?))
    }

    fn parse(text: &str) -> Self {
        let mut sets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (package, features) in text.lines().filter_map(|line| line.split_once('|')) {
            sets.entry(package.to_owned()).or_default().insert(features.to_owned());
        }
        Self(sets)
    }
}

/// Packages of `cargo run` that the tests would build a second time.
pub(super) fn check(run: &Features, test: &Features) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (package, sets) in &run.0 {
        let Some(others) = test.0.get(package).filter(|others| *others != sets) else { continue };
        let show = |sets: &BTreeSet<String>| sets.iter().map(|set| format!("[{set}]")).collect::<Vec<_>>().join(" and ");
        let message = format!(
            "{package} is compiled again for the tests: {} in `cargo run`, {} there; name the missing features here",
            show(sets),
            show(others)
        );
        findings.push(Finding::new("crates/features/Cargo.toml", 0, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_only_tests_turn_on_is_found() {
        let run = Features::parse("schoolgate v0.1.0|\nserde v1.0.0|std\nbytes v1.0.0|std\nserde v1.0.0|std");
        let test = Features::parse("schoolgate v0.1.0|\nserde v1.0.0|derive,std\nbytes v1.0.0|std\nproptest v1.0.0|std");
        let findings = check(&run, &test);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.starts_with("serde v1.0.0 is compiled again"), "{}", findings[0].message);
    }

    #[test]
    fn the_same_features_are_in_order() {
        let run = Features::parse("serde v1.0.0|std\nserde v1.0.0|derive");
        assert!(check(&run, &Features::parse("serde v1.0.0|derive\nserde v1.0.0|std\nother v1.0.0|")).is_empty());
    }
}
