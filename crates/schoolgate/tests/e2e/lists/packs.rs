//! `lists stats` on packs that are not what they should be.

use testkit::folder::Folder;

use super::{hosts, run};

#[test]
fn a_pack_that_is_not_whole_is_refused_with_the_reason() {
    let folder = Folder::new().expect("folder");
    folder.write("games.txt", hosts(500, "game")).expect("list");
    run(folder.path(), &["lists", "build", "games.txt", "--out", "good"]).ok();
    let good = std::fs::read(folder.join("good")).expect("pack");
    let check = |bytes: &[u8], words: &str| {
        folder.write("bad", bytes).expect("pack");
        run(folder.path(), &["lists", "stats", "bad"]).refused(&["reading the pack bad", words]);
    };
    for length in [0, 7, 100, good.len() / 2, good.len() - 1] {
        check(&good[..length], "cut off");
    }
    check(&[&good[..], b"x"].concat(), "1 bytes too many");
    check(HTML_START, "not a Schoolgate pack");
    let mut other = good.clone();
    other[8] += 1;
    check(&other, "build the pack again");
    for at in (16..good.len()).step_by(good.len() / 40) {
        let mut bent = good.clone();
        bent[at] ^= 0x10;
        check(&bent, "damaged");
    }
    run(folder.path(), &["lists", "stats", "nowhere"]).refused(&["nowhere", "No such file"]);
    run(folder.path(), &["lists", "stats", "."]).refused(&["reading the pack ."]);
}

/// The beginning of what a server sends in place of a file.
const HTML_START: &[u8] = b"<!DOCTYPE html><html><head><title>Not found</title></head></html>";
