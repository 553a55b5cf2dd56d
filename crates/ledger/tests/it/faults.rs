//! The database is held by somebody else, is full, or goes away: what is refused says so, and nothing is half done.

use std::time::Duration;

use ledger::audit::verify;
use ledger::{Fault, Ledger, LedgerError, Place, code, damage};
use sea_orm::ConnectionTrait as _;
use testkit::postgres::{Database, Server, Stop};

use crate::world::{World, act, change, found, make, morning, number, on_both, sealed, subject};

/// Tries until it works, as a person would. Gives the number of changes that were made: the one that was acknowledged, and those of
/// which nobody could say whether they are on the disk, since they too have happened.
async fn again(ledger: &Ledger) -> i64 {
    let mut made = 0;
    let trying = async {
        loop {
            let Ok(mut unit) = ledger.begin(act()).await else { continue };
            unit.record(&change("again")).expect("an entry");
            match unit.commit().await {
                Ok(()) => return made + 1,
                Err(LedgerError::Unconfirmed { .. }) => made += 1,
                Err(_) => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), trying).await.expect("works again")
}

async fn holds(ledger: &Ledger) {
    sealed(ledger).await;
    let report = verify(ledger.reader(), &[], morning(), &|_, _| {}).await.expect("walked");
    assert!(report.holds(), "{report:?}");
}

/// One byte of a page in the middle, as a failing disk leaves it: what opens and reads elsewhere is found before it is needed.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_disk_has_lost_is_found() {
    let world = World::on_sqlite();
    let ledger = world.open().await;
    found(&ledger).await;
    let subjects: Vec<_> = (0..500).map(|number| subject(&number.to_string())).collect();
    ledger.view(&act(), code!("read"), &subjects).await.expect("recorded");
    assert_eq!(damage(ledger.reader()).await.expect("asked"), Vec::<String>::new());
    ledger.close().await.expect("closed");
    let Place::Sqlite(path) = world.place() else { unreachable!("on SQLite") };
    let mut file = std::fs::read(path).expect("the file");
    // <https://www.sqlite.org/fileformat.html#b_tree_pages>: the first byte of a leaf of a table that is clustered by its key is 10.
    let holds_entries = |page: &[u8]| page[0] == 10 && page.windows(12).any(|bytes| bytes == b"safeguarding");
    let pages: Vec<usize> = file.chunks(4096).enumerate().filter(|(_, page)| holds_entries(page)).map(|(number, _)| number).collect();
    file[pages[pages.len() / 2] * 4096] = 0;
    std::fs::write(path, file).expect("a byte is lost");
    let reader = Ledger::read(world.place()).await.expect("it opens");
    let found = damage(&reader).await.expect("asked");
    assert!(!found.is_empty());
    reader.close().await.expect("closed");
}

on_both! {
    async fn a_database_held_by_another_change_is_busy_and_then_works(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        // On SQLite the other has the file, on PostgreSQL the row that every change moves.
        let url = match world.place() {
            Place::Sqlite(path) => format!("sqlite:{}", path.display()),
            Place::Postgres(url) => url.clone(),
        };
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1);
        let other = sea_orm::Database::connect(options).await.expect("another program");
        let begin = if matches!(world.place(), Place::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
        other.execute_unprepared(begin).await.expect("begun");
        other.execute_unprepared("UPDATE revision SET number = number").await.expect("held");
        let refused = async {
            let mut unit = ledger.begin(act()).await?;
            unit.record(&change("a case"))?;
            unit.commit().await
        };
        let error = refused.await.expect_err("held");
        assert_eq!(error.fault(), Some(Fault::Busy), "{error:?}");
        assert!(error.to_string().contains("try again in a moment"), "{error}");
        other.execute_unprepared("ROLLBACK").await.expect("let go");
        make(&ledger, "a case").await;
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry").await, 2);
        holds(&ledger).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_changes_and_views_and_then_works() {
    let world = World::on_sqlite();
    let ledger = world.open().await;
    found(&ledger).await;
    // The writer has one connection, and it keeps what it was told: the file may not grow beyond its size.
    let limit = async |sql: &str| {
        let unit = ledger.begin(act()).await.expect("a unit");
        unit.connection().query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql)).await.expect(sql);
    };
    limit("PRAGMA max_page_count = 1").await;
    let many: Vec<_> = (0..2000).map(|number| subject(&number.to_string())).collect();
    let error = ledger.view(&act(), code!("read"), &many).await.expect_err("full");
    assert_eq!(error.fault(), Some(Fault::Full), "{error:?}");
    assert!(error.to_string().contains("make room"), "{error}");
    assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry").await, 1, "all of it or nothing");
    limit("PRAGMA max_page_count = 1000000").await;
    ledger.view(&act(), code!("read"), &many).await.expect("recorded");
    holds(&ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_taken_away_and_given_back_loses_nothing() {
    let server = Server::start(&std::env::temp_dir()).expect("a server");
    let database = Database::empty_on(&server).expect("a database");
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::parse(database.url()).expect("its address");
    let ledger = Ledger::open(folder.path(), &place, morning()).await.expect("opened");
    found(&ledger).await;
    for how in [Stop::Fast, Stop::Crash] {
        let before = number(&ledger, "SELECT count(*) FROM audit_entry").await;
        let mut unit = ledger.begin(act()).await.expect("a unit");
        unit.record(&change("in the middle")).expect("an entry");
        server.stop(how).expect("stopped");
        let error = unit.commit().await.expect_err("gone");
        assert!(!matches!(error, LedgerError::Unconfirmed { .. }), "it had not committed: {error:?}");
        let error = ledger.view(&act(), code!("read"), &[subject("a case")]).await.expect_err("gone");
        assert_eq!(error.fault(), Some(Fault::Gone), "{error:?}");
        server.start_again().expect("started");
        let made = again(&ledger).await;
        // A reader's connection may be one that the server closed; it is replaced after the first question.
        let counting = async { while count(&ledger).await != Some(before + made) {} };
        tokio::time::timeout(Duration::from_secs(60), counting).await.expect("what was acknowledged, and nothing else");
    }
    holds(&ledger).await;
}

async fn count(ledger: &Ledger) -> Option<i64> {
    let sql = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, "SELECT count(*) FROM audit_entry");
    ledger.reader().query_one_raw(sql).await.ok()??.try_get_by_index(0).ok()
}
