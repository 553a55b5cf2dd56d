//! The corpus of the fuzz target `config`, run as an ordinary test: what fuzzing once found stays found.

#[path = "../../../fuzz/src/config.rs"]
pub mod config;

use std::path::Path;

#[test]
fn everything_in_the_corpus_passes() {
    // Tests start in the folder of their crate.
    let folder = Path::new("../../fuzz/corpus/config").to_path_buf();
    let mut names: Vec<_> = std::fs::read_dir(&folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no corpus");
    for name in names {
        // The name comes first, so that a panic says which file it was.
        println!("{}", name.display());
        config::config(&std::fs::read(&name).expect("a readable file"));
    }
}
