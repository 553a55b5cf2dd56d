//! The corpus of the fuzz targets that need the binary's code, or several crates of it, run as ordinary tests: what fuzzing once
//! found stays found.

#![expect(clippy::panic, reason = "a check that fails has found something")]

#[path = "../../../fuzz/src/config.rs"]
pub mod config;
#[path = "../../../fuzz/src/files.rs"]
pub mod files;

use std::path::Path;

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 6] = [
    ("config", config::config),
    ("users", config::users),
    ("control", config::control),
    ("radius", config::radius),
    ("journal", files::journal),
    ("root", files::root),
];

#[test]
fn everything_in_the_corpus_passes() {
    for (target, check) in TARGETS {
        // Tests start in the folder of their crate.
        let folder = Path::new("../../fuzz/corpus").join(target);
        let mut names: Vec<_> = std::fs::read_dir(&folder).expect(target).map(|entry| entry.expect(target).path()).collect();
        names.sort();
        assert!(!names.is_empty(), "{target} has no corpus");
        for name in names {
            // The name comes first, so that a panic says which file it was.
            println!("{}", name.display());
            check(&std::fs::read(&name).expect("a readable file"));
        }
    }
}
