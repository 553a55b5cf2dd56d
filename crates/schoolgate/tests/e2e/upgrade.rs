//! Records of an earlier version: looked at, backed up, brought up to date; or left alone, with the gate open all the same.
#![cfg(debug_assertions)] // Only such a program can make them.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use ledger::{Place, upgrade};
use testkit::folder::Folder;
use testkit::process::Process;

use crate::support::{output, schoolgate, text};

const PATIENCE: Duration = Duration::from_secs(60);
/// Somebody's public key, from age's own documentation.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/// A school whose records are of an earlier version, with this in its configuration.
fn school(more: &str) -> Folder {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", format!("data = \"data\"\n{more}")).expect("configuration");
    folder.write("data/.here", "").expect("data folder");
    made_as_of_before(&folder.join("data"));
    folder
}

#[tokio::main(flavor = "current_thread")]
async fn made_as_of_before(data: &Path) {
    let morning = calendar::Instant::from(jiff::Timestamp::UNIX_EPOCH);
    upgrade::make_as_of(&Place::in_folder(data), upgrade::steps() - 2, morning).await.expect("records of an earlier version");
}

fn said(folder: &Folder, arguments: &[&str]) -> String {
    let done = output(folder.path(), &[arguments, &["--config", "school.toml"]].concat());
    format!("{}{}", text(&done.stdout), text(&done.stderr))
}

fn run(folder: &Folder) -> Process {
    Process::start(schoolgate(folder.path(), &["run", "--config", "school.toml", "--listen", "127.0.0.1:0"])).expect("start")
}

fn backups(folder: &Folder) -> usize {
    let Ok(files) = std::fs::read_dir(folder.join("backups")) else { return 0 };
    files.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "age")).count()
}

#[test]
fn what_an_upgrade_does_is_told_then_saved_then_done() {
    let folder = school(&format!("[backup]\nto = \"backups\"\nrecipients = [\"{RECIPIENT}\"]\n"));
    let checked = said(&folder, &["upgrade", "--check"]);
    for expected in ["To be done: 2 steps", "none is lost", "Nothing was changed", "backups comes first"] {
        assert!(checked.contains(expected), "{expected}: {checked}");
    }
    assert_eq!(backups(&folder), 0, "a look makes no backup");
    assert!(said(&folder, &["accounts", "link", "a.patel"]).contains("they are of an earlier version"), "changed without a backup");

    let done = said(&folder, &["upgrade"]);
    assert!(done.contains("Done: the records are up to date") && backups(&folder) == 1, "{done}");
    assert!(said(&folder, &["upgrade", "--check"]).contains("Nothing is to be done"));
    let left: Vec<_> = std::fs::read_dir(folder.join("data")).expect("folder").flatten().map(|file| file.file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("rehearsal")), "a copy of the records is left: {left:?}");
}

#[test]
fn the_next_start_brings_records_up_to_date() {
    let folder = school("");
    folder.write("data/.rehearsal/rehearsal.sqlite", "a copy of the records").expect("left by a rehearsal that was killed");
    let mut process = run(&folder);
    process.wait_for_line("no backup was made before", PATIENCE).expect("a warning");
    process.wait_for_line("the records are up to date with this version", PATIENCE).expect("done");
    process.wait_for_line("the records can be had again", PATIENCE).expect("opened");
    // The gate does not wait for that, however long it takes.
    let records = process.wait_for_line("Records ", PATIENCE).expect("the records");
    assert!(records.contains("being brought up to date"), "{records}");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    assert_eq!(process.printed().matches("migration=").count(), 2, "a rehearsal is told as an upgrade");
    assert!(!folder.join("data/.rehearsal").exists(), "a copy of the records is left");
    assert!(said(&folder, &["upgrade", "--check"]).contains("Nothing is to be done"));
}

#[test]
fn a_start_that_fails_for_another_reason_rehearses_nothing() {
    let folder = school(&format!("[backup]\nto = \"backups\"\nrecipients = [\"{RECIPIENT}\"]\n"));
    let busy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = busy.local_addr().expect("its address").to_string();
    let said_by_run = said(&folder, &["run", "--listen", &port]);
    assert!(said_by_run.contains("another program uses this port"), "{said_by_run}");
    assert_eq!(backups(&folder), 0, "each start of many costs a backup");
    assert!(said(&folder, &["upgrade", "--check"]).contains("To be done: 2 steps"));
}

#[test]
fn two_at_once_do_not_bring_the_same_records_up_to_date() {
    let folder = school("");
    let held = upgrade::hold(&folder.join("data")).expect("held");
    for command in [&["upgrade"][..], &["run", "--listen", "127.0.0.1:0"]] {
        let refused = said(&folder, command);
        assert!(refused.contains("another Schoolgate is running on this data folder"), "{command:?}: {refused}");
    }
    assert!(said(&folder, &["upgrade", "--check"]).contains("To be done: 2 steps"), "a look waits for nobody");
    drop(held);
    assert!(said(&folder, &["upgrade"]).contains("Done: the records are up to date"));
}

#[test]
fn without_the_backup_that_is_wanted_records_stay_as_they_are_and_the_gate_opens() {
    let folder = school(&format!("[backup]\nto = \"file\"\nrecipients = [\"{RECIPIENT}\"]\n"));
    folder.write("file", "in the way").expect("file");
    let mut process = run(&folder);
    process.wait_for_line("the records could not be brought up to date", PATIENCE).expect("said in the log");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running all the same");
    assert!(process.printed().contains("--without-backup"), "{}", process.printed());
    process.kill().expect("ended");
    assert!(said(&folder, &["upgrade", "--check"]).contains("To be done: 2 steps"), "the records were changed");
    let done = said(&folder, &["upgrade", "--without-backup"]);
    assert!(done.contains("No backup was made first") && done.contains("Done"), "{done}");
}
