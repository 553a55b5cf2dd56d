//! The corpus of the fuzz target `keys`, run as an ordinary test: what fuzzing once found stays found.

#[path = "../../../fuzz/src/keys.rs"]
pub mod keys;

use std::path::Path;

#[test]
fn everything_in_the_corpus_passes() {
    // Tests start in the folder of their crate.
    let folder = Path::new("../../fuzz/corpus/keys");
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no corpus");
    for name in names {
        // The name comes first, so that a panic says which file it was.
        println!("{}", name.display());
        keys::keys(&std::fs::read(&name).expect("a readable file"));
    }
}
