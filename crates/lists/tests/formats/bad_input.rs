//! Sources made to hurt, or cut off on the way.

use std::path::PathBuf;

use lists::parse::format::Format;
use lists::source::{Limits, Over, SourceError, SourceSpec};

use crate::support::{file, folder, gzip, refused, spec, tar};
use crate::trees::SQUIDGUARD;

fn over(spec: &SourceSpec, limits: &Limits) -> Over {
    match refused(spec, limits) {
        SourceError::Over { over, .. } => over,
        other => panic!("expected a limit, got {other}"),
    }
}

#[test]
fn every_limit_is_an_error_that_names_it() {
    let small = Limits { file_bytes: 1 << 20, source_bytes: 4 << 20, lines: 1_000, files: 4, scratch: None };
    // 64 MiB of nothing in 64 kB.
    let (_bomb_folder, bomb) = file("bomb.txt.gz", &gzip(&vec![b'a'; 64 << 20]));
    assert_eq!(over(&SourceSpec { format: Some(Format::Domains), ..spec(&bomb) }, &small), Over::FileBytes(1 << 20));
    let (_tar_folder, bomb) = file("bomb.tar.gz", &gzip(&tar(&[("a.txt", &vec![b'a'; 64 << 20])])));
    assert_eq!(over(&spec(&bomb), &small), Over::SourceBytes(4 << 20));
    let (_lines_folder, lines) = file("a.txt", "a.example\n".repeat(2_000).as_bytes());
    assert_eq!(over(&spec(&lines), &small), Over::Lines(1_000));
    let many: Vec<(String, &[u8])> = (0..5).map(|number| (format!("{number}.txt"), &b"a.example\n"[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(over(&spec(folder(&many).path()), &small), Over::Files(4));
    let (_many_folder, archive) = file("many.tar", &tar(&many));
    assert_eq!(over(&spec(&archive), &small), Over::Files(4));
    let deep = folder(&[(&format!("{}a.txt", "d/".repeat(40)), b"a.example\n")]);
    assert_eq!(over(&spec(deep.path()), &small), Over::Depth(32));
}

#[test]
fn cut_and_damaged_archives_are_refused_by_name() {
    let whole = gzip(&tar(&SQUIDGUARD));
    let mut flipped = whole.clone();
    let checksum = flipped.len() - 6;
    flipped[checksum] ^= 1;
    let plain_tar = tar(&SQUIDGUARD);
    let list = gzip("a.example\n".repeat(5_000).as_bytes());
    for (name, bytes) in [
        ("a.tar.gz", &whole[..whole.len() / 2]),
        ("a.tar.gz", &whole[..whole.len() - 4]),
        ("a.tar.gz", &flipped[..]),
        ("a.tar", &plain_tar[..700]),
        ("a.tar", b"this is no archive, whatever its name says, and it is long enough to hold a header".repeat(8).as_slice()),
        ("a.txt.gz", &list[..list.len() / 2]),
        ("a.tar.gz", b"\x1f\x8b"),
    ] {
        let (_folder, path) = file(name, bytes);
        let error = refused(&spec(&path), &Limits::default());
        assert!(matches!(&error, SourceError::Read { path: named, .. } if *named == path), "{name} {}: {error}", bytes.len());
    }
    let (_folder, path) = file("a.tar", &plain_tar);
    let nowhere = Limits { scratch: Some(PathBuf::from("/nonexistent")), ..Limits::default() };
    assert!(matches!(refused(&spec(&path), &nowhere), SourceError::Unpack { .. }));
}
