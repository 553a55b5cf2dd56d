//! The files: who may read them, and what is done with what a sudden end left.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use activity::journal::{JournalError, read};

use crate::support::{Place, append, event, left_behind, today, write};

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).expect("metadata").permissions().mode() & 0o7777
}

#[tokio::test]
async fn nobody_else_can_read_them() {
    let place = left_behind([event(0)]).await;
    assert_eq!((mode(&place.folder()), mode(&place.file())), (0o700, 0o600));
    for entry in fs::read_dir(place.folder()).expect("folder") {
        assert_eq!(mode(&entry.expect("entry").path()), 0o600);
    }
}

#[tokio::test]
async fn a_folder_that_was_open_to_others_is_closed() {
    let place = left_behind([event(0)]).await;
    fs::set_permissions(place.folder(), Permissions::from_mode(0o755)).expect("mode");
    fs::set_permissions(place.file(), Permissions::from_mode(0o644)).expect("mode");
    let (recorder, journal) = place.open();
    write(&recorder, [event(1)]).await;
    journal.stop().expect("stop");
    assert_eq!((mode(&place.folder()), mode(&place.file())), (0o700, 0o600));
}

/// A journal of three events with `tail` behind it loses `cut` lines, keeps the three and takes a fourth.
async fn check_torn(tail: &[u8], cut: u64) {
    let place = left_behind((0..3).map(event)).await;
    append(&place.file(), tail);
    let (recorder, journal) = place.open();
    assert_eq!(journal.torn(), cut, "{}", tail.escape_ascii());
    write(&recorder, [event(3)]).await;
    journal.stop().expect("stop");
    assert_eq!(place.ids(), (0..4).map(|number| event(number).id).collect::<Vec<_>>(), "{}", tail.escape_ascii());
}

#[tokio::test]
async fn a_torn_tail_is_cut_and_counted() {
    check_torn(b"", 0).await;
    check_torn(b"{\"at\":\"2026-11", 1).await;
    check_torn(b"{\"at\":\"2026-11\n", 1).await;
    check_torn(b"{\"at\":1}garbage\n{\"at\"", 2).await;
    check_torn(b"\n", 1).await;
    check_torn(&[0; 200_000], 1).await;
    check_torn(&[&[b'x'; 1_500_000][..], b"\n"].concat(), 1).await;
    check_torn(&[b"{\"at\":\"", &[b'x'; 1_500_000][..], b"\"}\n"].concat(), 1).await;
}

#[tokio::test]
async fn a_file_torn_at_any_byte_keeps_every_whole_line() {
    let place = left_behind((0..2).map(event)).await;
    let whole = fs::read(place.file()).expect("file");
    let lines = |upto: usize| whole[..upto].iter().filter(|byte| **byte == b'\n').count().saturating_sub(1);
    for upto in 0..whole.len() {
        fs::write(place.file(), &whole[..upto]).expect("file");
        place.open().1.stop().expect("stop");
        assert_eq!(place.ids().len(), lines(upto), "cut at byte {upto}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_left_alone() {
    let place = left_behind([event(0)]).await;
    for text in ["name,class\nAda,6B\n", "{\"format\":\"schoolgate-journal\",\"version\":2}\n{}\n"] {
        fs::write(place.file(), text).expect("file");
        assert!(matches!(place.open_at(crate::support::NOW), Err(JournalError::Foreign { .. })));
        assert!(matches!(read(&place.folder(), today()), Err(JournalError::Foreign { .. })));
        assert_eq!(fs::read_to_string(place.file()).expect("file"), text);
    }
}

#[tokio::test]
async fn a_line_that_cannot_be_read_hides_no_other_and_is_not_told() {
    let place = left_behind([event(0)]).await;
    append(&place.file(), b"{\"at\":\"ada's secret\"}\n");
    let (recorder, journal) = place.open();
    assert_eq!(journal.torn(), 0, "it is JSON: a later version may know it");
    write(&recorder, [event(1)]).await;
    journal.stop().expect("stop");
    let read: Vec<_> = read(&place.folder(), today()).expect("file").collect();
    let error = read[1].as_ref().expect_err("no event").to_string();
    assert!(error.contains("line 3") && !error.contains("secret"), "{error}");
    assert_eq!((read.len(), read[0].is_ok(), read[2].is_ok()), (3, true, true));
}

#[tokio::test]
async fn a_day_is_read_while_it_is_written() {
    let place = left_behind((0..3).map(event)).await;
    append(&place.file(), b"{\"at\":\"2026-");
    assert_eq!(place.ids().len(), 3);
    assert!(place.read(crate::support::day("2026-11-01")).is_empty(), "a day without a file has no events");
}

#[tokio::test]
async fn two_processes_do_not_write_one_journal() {
    let place = Place::new();
    let (_recorder, journal) = place.open();
    assert!(matches!(place.open_at(crate::support::NOW), Err(JournalError::InUse { .. })));
    journal.stop().expect("stop");
    place.open().1.stop().expect("stop");
}
