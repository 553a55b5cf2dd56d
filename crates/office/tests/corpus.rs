//! The corpus of the fuzz target `people`, run as an ordinary test: what fuzzing once found stays found.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

#[path = "../../../fuzz/src/people.rs"]
pub mod check;

use std::path::Path;

#[test]
fn everything_in_the_corpus_passes() {
    // Tests start in the folder of their crate.
    let folder = Path::new("../../fuzz/corpus/people");
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no corpus");
    for name in names {
        // The name comes first, so that a panic says which file it was.
        println!("{}", name.display());
        check::people(&std::fs::read(&name).expect("a readable file"));
    }
}

/// Cells of such files in any order, cut anywhere.
#[test]
fn files_of_any_cells_pass() {
    const CELLS: [&str; 26] = [
        "id",
        "given",
        "family",
        "name",
        "year",
        "class",
        "child",
        "pr",
        "ended",
        "started",
        "role",
        "password",
        "P1",
        "P2",
        "=1+1",
        "'",
        "\"",
        "\"\"",
        "Year 3",
        "31/12/2025",
        "2025-02-30",
        "Headteacher",
        "a@b.example",
        "\u{feff}",
        "\r",
        "\u{202e}",
    ];
    let mut chance = fastrand::Rng::with_seed(3);
    for _ in 0..4_000 {
        let mut file = vec![chance.u8(..)];
        for _ in 0..chance.usize(..40) {
            file.extend_from_slice(CELLS[chance.usize(..CELLS.len())].as_bytes());
            file.push([b',', b',', b',', b';', b'\n', b'\t'][chance.usize(..6)]);
        }
        file.truncate(file.len() - chance.usize(..4).min(file.len()));
        check::people(&file);
    }
}
