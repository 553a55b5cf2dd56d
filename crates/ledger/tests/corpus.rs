//! The corpora of the fuzz targets `keys` and `backup`, run as ordinary tests: what fuzzing once found stays found.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test that cannot go on says so, and names the file before it")]

#[path = "../../../fuzz/src/backup.rs"]
pub mod backup;
#[path = "../../../fuzz/src/keys.rs"]
pub mod keys;

use std::path::Path;

fn check(target: &str, run: fn(&[u8])) {
    // Tests start in the folder of their crate.
    let folder = Path::new("../../fuzz/corpus").join(target);
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no corpus");
    for name in names {
        // The name comes first, so that a panic says which file it was.
        println!("{}", name.display());
        run(&std::fs::read(&name).expect("a readable file"));
    }
}

#[test]
fn everything_in_the_corpus_of_keys_passes() {
    check("keys", keys::keys);
}

#[test]
fn everything_in_the_corpus_of_backups_passes() {
    check("backup", backup::backup);
}

/// A corpus of refusals alone would prove nothing.
#[test]
fn the_corpus_of_backups_holds_a_whole_one() {
    let whole = std::fs::read("../../fuzz/corpus/backup/inside-whole").expect("a whole one");
    let seen = ledger::backup::verify_inside(&whole[1..]).expect("taken");
    assert!(seen.closing.rows.iter().sum::<u64>() > 3 && seen.closing.files > 0, "{:?}", seen.closing);
    let kept = std::fs::read("../../fuzz/corpus/backup/kept").expect("a good one");
    assert!(ledger::backup::Kept::parse(&kept[1..]).is_some());
}
