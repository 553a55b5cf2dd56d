//! The corpus of the fuzz targets that need a proxy, run as ordinary tests: what fuzzing once found stays found.

#![expect(clippy::panic, reason = "a check that fails has found something")]

#[path = "../../../fuzz/src/wire.rs"]
pub mod wire;

use std::path::Path;

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 4] =
    [("requests", wire::requests), ("answers", wire::answers), ("parent", wire::parent), ("hello", wire::hello)];

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
