//! The corpus of the fuzz targets, run as ordinary tests: what fuzzing once found stays found.

#![expect(clippy::panic, reason = "a check that fails has found something")]

#[path = "../../../fuzz/src/engine.rs"]
pub mod engine;
#[path = "../../../fuzz/src/parsers.rs"]
pub mod parsers;

use std::path::Path;

type Check = fn(&[u8]);

/// Each target with its check; the others are with `proxy` and the binary, whose tests reach them.
const TARGETS: [(&str, Check); 10] = [
    ("host", engine::host),
    ("target", engine::target),
    ("pack", engine::pack),
    ("sealed", engine::sealed),
    ("judge", engine::judge),
    ("readers", parsers::readers),
    ("detect", parsers::detect),
    ("mapping", parsers::mapping),
    ("archive", parsers::archive),
    ("checksum", parsers::checksum),
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
