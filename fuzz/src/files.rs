//! Any bytes as the files that the program itself wrote, and somebody changed: the journal, the page root, the users file.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::date;
use proxy::root::Root;
use tempfile::TempDir;

/// The lines of a day. Each is an event or told as none with its number, and reading goes on to the end.
pub fn journal(bytes: &[u8]) {
    let folder = folder();
    let file = [b"{\"format\":\"schoolgate-journal\",\"version\":1}\n", bytes].concat();
    write(&folder.path().join("2026-11-24.jsonl"), &file, 0o600);
    let Ok(lines) = activity::journal::read(folder.path(), date(2026, 11, 24)) else { panic!("the first line is in order") };
    let most = bytes.iter().filter(|byte| **byte == b'\n').count() + bytes.len() / 1024 + 1;
    let mut count = 0;
    for line in lines {
        count += 1;
        assert!(count <= most, "more lines than there are");
        if let Err(error) = line {
            let said = error.to_string();
            assert!(said.contains("line") && said.len() < 1024, "it says where, and nothing of the line: {said}");
        }
    }
}

/// The first byte says which file of the page root is changed, the rest is the new file. It is refused, or it is a root; it is
/// never written over.
pub fn root(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let (folder, now) = (folder(), Timestamp::UNIX_EPOCH);
    let [key, certificate] = &*ROOT;
    let (key, certificate) = if first & 1 == 0 { (rest, certificate.as_slice()) } else { (key.as_slice(), rest) };
    let places = ["page-root.key", "page-root.pem"].map(|name| folder.path().join(name));
    write(&places[0], key, 0o600);
    write(&places[1], certificate, 0o644);
    match Root::load_or_make(folder.path(), "Hill Top School", now) {
        Ok(root) => assert!(root.pem().contains("BEGIN CERTIFICATE") && !root.fingerprint().is_empty()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let after = places.map(|place| fs::read(place).unwrap_or_default());
    assert_eq!((after[0].as_slice(), after[1].as_slice()), (key, certificate));
}

/// A whole root, both files.
static ROOT: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let folder = folder();
    assert!(Root::load_or_make(folder.path(), "Hill Top School", Timestamp::UNIX_EPOCH).is_ok());
    ["page-root.key", "page-root.pem"].map(|name| fs::read(folder.path().join(name)).unwrap_or_default())
});

fn folder() -> TempDir {
    match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    }
}

fn write(path: &Path, bytes: &[u8], mode: u32) {
    let done = fs::write(path, bytes).and_then(|()| fs::set_permissions(path, Permissions::from_mode(mode)));
    assert!(done.is_ok(), "{done:?}");
}
