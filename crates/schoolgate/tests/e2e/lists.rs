//! `schoolgate lists`.

mod build;
mod killed;
mod packs;
mod seal;
mod update;

use std::path::Path;
use std::process::Output;

use crate::support::{output, text};

/// What a run printed and how it ended, for looking into.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the binary in `folder`.
fn run(folder: &Path, arguments: &[&str]) -> Ran {
    ran(&output(folder, arguments))
}

fn ran(output: &Output) -> Ran {
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

impl Ran {
    /// It went well; gives what it printed.
    fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self.out
    }

    /// It said no, with each of these words somewhere.
    fn refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        for word in words {
            assert!(self.out.contains(word) || self.err.contains(word), "no {word:?} in\n{}{}", self.out, self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

/// A list of so many hosts.
fn hosts(count: usize, kind: &str) -> String {
    (0..count).map(|number| format!("{kind}-{number}.example\n")).collect()
}

/// What a killed run left in a folder.
fn leftovers(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("folder");
    let names = entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".schoolgate-")).collect()
}
