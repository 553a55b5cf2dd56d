//! Disks that fill up, databases that go away, folders that are taken.

use std::io::{self, Write};

use testkit::postgres::{Server, Stop};

use super::*;
use crate::backup::is_unfinished;
use crate::{Fault, LedgerError};

/// A disk with room for so many bytes.
struct SmallDisk(usize);

impl Write for SmallDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named() {
    let identity = Identity::generate();
    let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
    let school = School::filled(On::Sqlite).await;
    let whole = backup(&school, &identity).await.0.len();
    // Not to the last byte: the header of age has a part of random length.
    for room in [0, 100, whole / 2, whole - 2_000] {
        let error = make(&school.source(), &recipients, SmallDisk(room), morning(), &mut |_| {}).await.map(|_| ()).expect_err("no room");
        assert!(matches!(error, BackupError::Write { .. }), "{error:?}");
        assert!(error.to_string().contains("the disk is full"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_or_database_with_something_in_it_is_refused() {
    let identity = Identity::generate();
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;
    let taken = School::empty(On::Sqlite);
    taken.folder.write("something", "of the school").expect("a file");
    let error = restored(bytes.clone(), &identity, &taken, None).await.expect_err("refused");
    assert!(matches!(error, BackupError::NotEmpty { .. }), "{error}");
    assert_eq!(files(taken.folder.path()), BTreeSet::from(["something".to_owned()]), "nothing was touched");

    let database = School::filled(On::Postgres).await;
    let before = database.content().await;
    let target = Target { folder: database.folder.join("new"), place: database.place.clone() };
    let mut watch = |_: Step<'_>| {};
    let restoring = restore(Cursor::new(bytes), copy(&identity), &target, None, morning(), &mut watch);
    let error = restoring.await.expect_err("refused");
    assert!(matches!(&error, BackupError::DatabaseNotEmpty { .. }), "{error}");
    assert_eq!(database.content().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_restore_is_of_no_use_and_says_so() {
    let identity = Identity::generate();
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;
    let school = School::empty(On::Sqlite);
    // As a power cut leaves it: the mark lies there from the first byte to the last.
    let mut seen = false;
    let (folder, target) = (school.folder.path(), school.target());
    let mut watch = |_: Step<'_>| seen |= is_unfinished(folder);
    restore(Cursor::new(bytes.clone()), copy(&identity), &target, None, morning(), &mut watch).await.expect("restored");
    assert!(seen && !is_unfinished(folder));
    let interrupted = School::empty(On::Sqlite);
    interrupted.folder.write("restore-unfinished", "").expect("a mark");
    let error = restored(bytes, &identity, &interrupted, None).await.expect_err("refused");
    assert!(matches!(error, BackupError::Unfinished { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_that_goes_away_leaves_no_backup_and_no_restore() {
    let identity = Identity::generate();
    let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
    let server = Server::start(&std::env::temp_dir()).expect("a server");
    let database = Database::empty_on(&server).expect("a database");
    let school =
        School { folder: Folder::new().expect("a folder"), place: Place::parse(database.url()).expect("its address"), postgres: None };
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;

    // In the middle of a restore.
    let (mut step, target) = (0, school.target());
    let mut take_away = |_: Step<'_>| {
        step += 1;
        if step == 2 {
            server.stop(Stop::Crash).expect("taken away");
        }
    };
    let error =
        restore(Cursor::new(bytes.clone()), copy(&identity), &target, None, morning(), &mut take_away).await.expect_err("it is gone");
    assert!(matches!(&error, BackupError::Records(error) if error.fault() == Some(Fault::Gone)), "{error:?}");
    assert_eq!(files(school.folder.path()), BTreeSet::new());

    // Given back, the same restore goes through: nothing of the first was kept.
    server.start_again().expect("given back");
    restored(bytes, &identity, &school, None).await.expect("restored");

    let mut step = 0;
    let mut take_away = |_: Step<'_>| {
        step += 1;
        if step == 2 {
            server.stop(Stop::Fast).expect("taken away");
        }
    };
    let made = make(&school.source(), &recipients, Vec::new(), morning(), &mut take_away).await.map(|_| ());
    assert!(matches!(made, Err(BackupError::Records(LedgerError::Database { .. }))), "{made:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_erased_meanwhile_is_left_out() {
    let identity = Identity::generate();
    let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
    let school = School::filled(On::Sqlite).await;
    let gone = school.folder.join("vault/cd/cdef01");
    let mut erase = |step: Step<'_>| {
        if matches!(step, Step::Files { done: 0, .. }) {
            std::fs::remove_file(&gone).expect("erased");
        }
    };
    let made = make(&school.source(), &recipients, Vec::new(), morning(), &mut erase).await.expect("a backup all the same");
    assert_eq!(made.closing.files, 1);
    restored(made.to, &identity, &School::empty(On::Sqlite), None).await.expect("a whole one");
}
