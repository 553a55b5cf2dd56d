//! `schoolgate backup` and `restore`: the drill that docs/backup.md asks for, and what goes wrong on a bad day.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ledger::{Ledger, Place};
use testkit::folder::Folder;
use testkit::postgres::Database;
use testkit::process::Process;

use crate::support::{output, schoolgate, text};

const PATIENCE: Duration = Duration::from_secs(60);
/// Stands in the configuration and in the vault.
const SECRET: &str = "the swing behind the bike shed";

/// A school with records, a file in its vault, a key and a folder for backups.
struct School {
    folder: Folder,
    recipient: String,
}

impl School {
    fn new(extra: &str) -> Self {
        let folder = Folder::new().expect("a folder");
        let printed = ran(folder.path(), &["backup", "new-key", "--out", "backup.key"], 0);
        let recipient = printed.split('"').nth(1).expect("a public key in quotes").to_owned();
        let config = format!(
            "school = \"Hill Top, {SECRET}\"\ndata = \"data\"\n[console]\nlisten = \"127.0.0.1:0\"\n\
             [backup]\nrecipients = [\"{recipient}\"]\nto = \"backups\"\n{extra}"
        );
        folder.write("school.toml", config).expect("a file");
        folder.write("data/vault/one.vault", SECRET).expect("a file");
        let school = Self { folder, recipient };
        school.make_records(&Place::in_folder(&school.folder.join("data")));
        school
    }

    fn make_records(&self, place: &Place) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let now = "2026-11-24T09:00:00Z".parse().expect("a time");
        let made = async { Ledger::open(&self.folder.join("data"), place, now).await?.close().await };
        runtime.block_on(made).expect("records");
    }

    fn run(&self, arguments: &[&str], code: i32) -> String {
        ran(self.folder.path(), arguments, code)
    }

    /// Makes a backup and gives its file.
    fn backup(&self) -> PathBuf {
        self.run(&["backup", "--config", "school.toml"], 0);
        self.backups().pop().expect("a backup")
    }

    fn backups(&self) -> Vec<PathBuf> {
        let names = files(&self.folder.join("backups")).into_iter().filter(|name| name.ends_with(".tar.age"));
        names.map(|name| self.folder.join("backups").join(name)).collect()
    }
}

/// Runs the binary; gives all that it printed.
fn ran(folder: &Path, arguments: &[&str], code: i32) -> String {
    let ended = output(folder, arguments);
    let printed = format!("{}{}", text(&ended.stdout), text(&ended.stderr));
    assert_eq!(ended.status.code(), Some(code), "{arguments:?}: {printed}");
    assert!(!printed.contains("panicked") && !printed.contains("AGE-SECRET-KEY"), "{printed}");
    printed
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn the_drill() {
    let school = School::new("");
    let file = school.backup();
    let file = file.to_str().expect("a path");
    let drilled = |school: &School| {
        let said = school.run(&["controls", "--config", "school.toml"], 2);
        said.lines().find(|line| line.contains("A copy was opened with its key")).expect("the control").to_owned()
    };
    assert!(drilled(&school).starts_with("breached"), "nobody has opened one yet");
    let verify = ["backup", "verify", file, "--identity", "backup.key", "--config", "school.toml"];
    assert!(school.run(&verify, 0).contains("This backup is whole"));
    assert!(drilled(&school).starts_with("met"), "{}", drilled(&school));
    let printed = school.run(&["restore", file, "--identity", "backup.key", "--data", "drill"], 0);
    for expected in ["Restored into drill", "nothing later is known", "page-root/: bring your copy", "drill/config/config.toml"] {
        assert!(printed.contains(expected), "{expected:?}: {printed}");
    }
    assert_eq!(fs::read_to_string(school.folder.join("drill/vault/one.vault")).expect("a file"), SECRET);
    let config = fs::read(school.folder.join("school.toml")).expect("a file");
    assert_eq!(fs::read(school.folder.join("drill/config/config.toml")).expect("a file"), config);
    assert!(!school.folder.join("drill/restore-unfinished").exists());
    // It is a school again, and can be kept itself.
    let recipient = school.recipient.as_str();
    school.run(&["backup", "--data", "drill", "--to", "again", "--recipient", recipient, "--check-with", "backup.key"], 0);
}

#[test]
fn a_copy_of_a_backup_tells_nothing() {
    let school = School::new("");
    let bytes = fs::read(school.backup()).expect("a backup");
    let kept = fs::read(school.folder.join("backups/schoolgate-kept.json")).expect("what is kept");
    let key = fs::read_to_string(school.folder.join("backup.key")).expect("a key");
    let key = key.lines().last().expect("the key itself");
    for bytes in [bytes, kept] {
        for text in [SECRET, "config.toml", "audit_entry", "Hill Top", key] {
            assert!(!holds(&bytes, text), "{text}");
        }
    }
}

#[test]
fn a_backup_moves_to_the_trusts_database() {
    let school = School::new("");
    let file = school.backup();
    let database = Database::empty().expect("a database");
    let config = format!("data = \"large\"\n[records]\ndatabase_url = \"{}\"\n", database.url());
    school.folder.write("trust.toml", config).expect("a file");
    let file = file.to_str().expect("a path");
    school.run(&["restore", file, "--identity", "backup.key", "--data", "large", "--config", "trust.toml"], 0);
    assert_eq!(database.sql("SELECT count(*) > 3 FROM migration").expect("asked"), "t");
    assert!(!school.folder.join("large/records.sqlite").exists());
    let recipient = school.recipient.as_str();
    school.run(&["backup", "--config", "trust.toml", "--to", "from-large", "--recipient", recipient, "--check-with", "backup.key"], 0);
}

#[test]
fn what_cannot_be_restored_is_named_and_leaves_nothing() {
    let school = School::new("");
    let file = school.backup();
    let whole = fs::read(&file).expect("a backup");
    let check = |content: &[u8], key: &str, expected: &str| {
        let broken = school.folder.write("backups/broken.tar.age", content).expect("a file");
        let broken = broken.to_str().expect("a path");
        for arguments in
            [vec!["backup", "verify", broken, "--identity", key], vec!["restore", broken, "--identity", key, "--data", "broken"]]
        {
            let printed = school.run(&arguments, 1);
            assert!(printed.contains(expected), "{expected:?}: {printed}");
        }
        assert_eq!(files(&school.folder.join("broken")), BTreeSet::new());
    };
    check(&whole[..whole.len() / 2], "backup.key", "this backup is damaged");
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    check(&changed, "backup.key", "this backup is damaged");
    check(b"no backup", "backup.key", "this is no backup of Schoolgate");
    school.run(&["backup", "new-key", "--out", "other.key"], 0);
    check(&whole, "other.key", "this backup was made for another key");

    let file = file.to_str().expect("a path");
    let into = |data: &'static str| ["restore", file, "--identity", "backup.key", "--data", data];
    assert!(school.run(&into("data"), 1).contains("it is not empty"));
    school.folder.write("interrupted/restore-unfinished", "").expect("a mark");
    assert!(school.run(&into("interrupted"), 1).contains("a restore was interrupted there"));
    assert!(
        school.run(&["run", "--data", "interrupted", "--listen", "127.0.0.1:0"], 1).contains("restore into this folder was interrupted")
    );
    assert!(school.run(&["doctor", "--data", "interrupted"], 2).contains("was interrupted"));

    fs::remove_file(school.folder.join("backups/schoolgate-kept.json")).expect("lost");
    assert!(school.run(&into("fresh"), 1).contains("--no-kept"));
    let printed = school.run(&[&into("fresh")[..], &["--no-kept"]].concat(), 0);
    assert!(printed.contains("has come back"), "{printed}");
}

#[test]
fn a_key_file_is_never_overwritten() {
    let school = School::new("");
    let before = fs::read(school.folder.join("backup.key")).expect("a key");
    assert!(school.run(&["backup", "new-key", "--out", "backup.key"], 1).contains("must not be there yet"));
    assert_eq!(fs::read(school.folder.join("backup.key")).expect("a key"), before);
}

#[test]
fn without_a_recipient_nothing_is_made() {
    let school = School::new("");
    let printed = school.run(&["backup", "--data", "data", "--to", "elsewhere"], 1);
    assert!(printed.contains("no recipient is named"), "{printed}");
    assert!(!school.folder.join("elsewhere").exists());
}

/// The last good one was made days ago, so the one of last night is missing: it is made up for as soon as Schoolgate runs.
#[test]
fn a_night_that_was_missed_is_made_up_for_and_old_ones_go() {
    let school = School::new("keep_days = 2\n");
    let old = school.folder.join("backups/schoolgate-2026-01-02T021500Z.tar.age");
    school.folder.write("backups/schoolgate-2026-01-02T021500Z.tar.age", "old").expect("a file");
    let record = r#"{"good":{"at":"2026-01-02T02:15:00Z","path":"x","size":3},"failure":null}"#;
    school.folder.write("data/backup-record.json", record).expect("a file");
    let report = school.run(&["doctor", "--config", "school.toml"], 2);
    assert!(report.contains("Bad     Backup"), "{report}");

    let command = schoolgate(school.folder.path(), &["run", "--config", "school.toml"]);
    let mut running = Process::start(command).expect("it starts");
    running.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
    running.wait_for_line("a backup was made", PATIENCE).expect("it makes a backup");
    running.stop().expect("asked to stop");
    assert!(running.wait(PATIENCE).expect("it ends").success(), "{}", running.printed());
    assert!(!old.exists(), "its time was over");
    let made = school.backups();
    assert_eq!(made.len(), 1);
    let report = school.run(&["doctor", "--config", "school.toml"], 2);
    assert!(report.contains("Good    Backup"), "{report}");
    school.run(&["backup", "verify", made[0].to_str().expect("a path"), "--identity", "backup.key"], 0);
}

/// A disk that is full, or a network folder that is gone: the backups from before stay, doctor says what happened.
#[test]
fn a_backup_that_fails_leaves_the_others_and_is_told() {
    let school = School::new("");
    let good = school.backup();
    let before = files(&school.folder.join("backups"));
    // A file of the vault that cannot be read stops it in the middle.
    std::os::unix::fs::symlink("nowhere", school.folder.join("data/vault/two.vault")).expect("a link");
    let printed = school.run(&["backup", "--config", "school.toml"], 1);
    assert!(printed.contains("none of the vault's own"), "{printed}");
    assert_eq!(files(&school.folder.join("backups")), before, "nothing half-written stays");
    assert!(good.exists());
    let report = school.run(&["doctor", "--config", "school.toml"], 2);
    assert!(report.contains("Warn    Backup") && report.contains("since then one failed"), "{report}");
}

/// Killed while it writes: what it leaves is no backup, and goes with the next one.
#[test]
fn a_killed_backup_is_no_backup() {
    let school = School::new("");
    let before = Instant::now();
    school.folder.write("data/vault/large.vault", vec![7; 30_000_000]).expect("a file");
    let mut killed = 0;
    while killed < 5 && before.elapsed() < PATIENCE {
        let command = schoolgate(school.folder.path(), &["backup", "--config", "school.toml"]);
        let mut making = Process::start(command).expect("it starts");
        let is_writing = || files(&school.folder.join("backups")).iter().any(|name| name.starts_with(".schoolgate-"));
        let end = Instant::now() + PATIENCE;
        while !is_writing() && Instant::now() < end {
            std::thread::yield_now();
        }
        killed += u32::from(!making.kill().expect("killed").success());
        for backup in school.backups() {
            school.run(&["backup", "verify", backup.to_str().expect("a path"), "--identity", "backup.key"], 0);
        }
    }
    assert!(killed > 0, "at least one was killed while it wrote");
    school.backup();
    assert!(files(&school.folder.join("backups")).iter().all(|name| !name.starts_with('.')), "the leftovers are gone");
}

#[test]
fn names_are_in_order_of_time() {
    let name = |text: &str| ::schoolgate::backup::name(text.parse::<Timestamp>().expect("a time"));
    assert!(name("2026-11-24T02:15:00Z") < name("2026-11-25T02:15:00Z"));
}
