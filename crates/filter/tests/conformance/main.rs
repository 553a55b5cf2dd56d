//! Public conformance sets, which lie outside the project: WHATWG URL cases, the vectors of the Public Suffix List and a public
//! map of search engines to their safe hosts.
//!
//! A case that we answer otherwise is never waved through: either a rule of ours that stands in the documentation explains it, and
//! the rule is checked against the case, or the test fails.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test for people: it says what it counts")]

mod psl;
mod safesearch;
mod url;

use std::collections::BTreeMap;
use std::path::PathBuf;

/// What became of the cases.
#[derive(Default)]
struct Count {
    passed: usize,
    not_applicable: BTreeMap<&'static str, usize>,
    failed: Vec<String>,
}

impl Count {
    fn skip(&mut self, why: &'static str) {
        *self.not_applicable.entry(why).or_default() += 1;
    }

    fn finish(self, title: &str) {
        println!("{title}: {} passed, {} failed, not applicable:", self.passed, self.failed.len());
        self.not_applicable.iter().for_each(|(why, count)| println!("{count:>6} {why}"));
        assert!(self.failed.is_empty(), "{title}:\n{}", self.failed.join("\n"));
        assert!(self.passed > 0, "{title}: no case was run");
    }
}

#[expect(clippy::disallowed_methods, reason = "the data lies wherever the person keeps it")]
fn read_from(folder_name: &str, name: &str) -> String {
    let folder = PathBuf::from(std::env::var_os("SCHOOLGATE_DATA").expect("SCHOOLGATE_DATA names the folder"));
    std::fs::read_to_string(folder.join(folder_name).join(name)).expect("a readable file")
}

fn read(name: &str) -> String {
    read_from("3-conformance", name)
}
