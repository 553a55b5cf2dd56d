//! `lists seal`: what is on a feed never shows.

use std::os::unix::fs::PermissionsExt;

use testkit::folder::Folder;

use super::run;

const FEED: &str = "# feed\nfoul.example\nhttps://images.example/secret/page.jpg # why\n\nnot a host at all secretword\nco.uk\n";

fn mode(folder: &Folder, name: &str) -> u32 {
    std::fs::metadata(folder.join(name)).expect("file").permissions().mode() & 0o777
}

#[test]
fn a_feed_is_sealed_and_nothing_of_it_is_shown() {
    let folder = Folder::new().expect("folder");
    folder.write("feed", FEED).expect("feed");
    let printed = run(folder.path(), &["lists", "seal", "feed", "--data", "data", "--out", "sealed"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.out.contains("Sealed: 2 addresses and hosts"), "{}", printed.out);
    assert!(printed.err.contains("2 lines are neither a host nor an address, and not sealed: 5, 6."), "{}", printed.err);
    let file = std::fs::read(folder.join("sealed")).expect("sealed");
    let shown = format!("{}{}{}", printed.out, printed.err, String::from_utf8_lossy(&file));
    for secret in ["foul", "images", "secret", "co.uk"] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
    assert_eq!((mode(&folder, "sealed"), mode(&folder, "data/sealed.key"), mode(&folder, "data")), (0o600, 0o600, 0o700));
    assert_eq!(std::fs::read(folder.join("data/sealed.key")).expect("key").len(), 16);
}

#[test]
fn the_same_key_gives_the_same_file_and_another_key_another() {
    let folder = Folder::new().expect("folder");
    folder.write("feed", FEED).expect("feed");
    let seal = |key: &str, out: &str| {
        run(folder.path(), &["lists", "seal", "feed", "--key", key, "--out", out]).ok();
        std::fs::read(folder.join(out)).expect("sealed")
    };
    let first = seal("one.key", "a");
    assert_eq!(first, seal("one.key", "b"));
    assert_ne!(first, seal("two.key", "c"));
}

#[test]
fn what_is_no_feed_or_no_key_leaves_the_sealed_file_as_it_was() {
    let folder = Folder::new().expect("folder");
    folder.write("feed", FEED).expect("feed");
    let seal = |feed: &str| run(folder.path(), &["lists", "seal", feed, "--key", "key", "--out", "sealed"]);
    seal("feed").ok();
    let before = std::fs::read(folder.join("sealed")).expect("sealed");
    folder.write("page", "<!DOCTYPE html>\n<p>Your licence for secretword has ended</p>\n").expect("page");
    folder.write("empty", "# nothing\n").expect("feed");
    folder.write("endless", "x".repeat(100_000)).expect("feed");
    for (feed, words) in [("page", "no feed"), ("empty", "no feed"), ("endless", "no feed"), ("nowhere", "nowhere")] {
        let printed = seal(feed);
        printed.refused(&[words]);
        assert!(!printed.err.contains("secretword") && !printed.out.contains("secretword"));
        assert!(std::fs::read(folder.join("sealed")).expect("sealed") == before, "{feed}");
    }
    folder.write("key", "short").expect("key");
    seal("feed").refused(&["no key"]);
    std::fs::set_permissions(folder.join("key"), PermissionsExt::from_mode(0o644)).expect("mode");
    seal("feed").refused(&["other accounts of this machine can read it", "chmod 600"]);
    assert!(std::fs::read(folder.join("sealed")).expect("sealed") == before);
}
