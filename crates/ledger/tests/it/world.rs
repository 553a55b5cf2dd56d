//! A school's records for one test, on either database.

use std::path::Path;
use std::time::Duration;

use calendar::Instant;
use ids::{EntryId, OrganisationId, PersonId, RecordId};
use ledger::{Act, Actor, Change, Ledger, LedgerError, Origin, Place, Subject, code, store};
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;
use testkit::postgres::Database;

/// Writes a test once and runs it on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($world: crate::world::World) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                test(crate::world::World::on_sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                test(crate::world::World::on_postgres().await).await;
            }
        }
    )+};
}
pub(crate) use on_both;

/// 2026-11-24T09:00:00Z, in microseconds.
pub(crate) const MORNING: i64 = 1_795_510_800_000_000;

/// A data folder and a database.
#[derive(Debug)]
pub(crate) struct World {
    folder: TempDir,
    place: Place,
    /// Dropped with the world. None on SQLite.
    postgres: Option<Database>,
}

// === impl World ===

impl World {
    pub(crate) fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::in_folder(folder.path());
        Self { folder, place, postgres: None }
    }

    pub(crate) async fn on_postgres() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::cloned("records", migrated).await.expect("a database");
        let place = Place::parse(database.url()).expect("its address");
        Self { folder, place, postgres: Some(database) }
    }

    /// Another one on the same kind of database, in which nothing was ever made.
    pub(crate) fn bare(&self) -> Self {
        if self.postgres.is_none() {
            return Self::on_sqlite();
        }
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::empty().expect("a database");
        Self { folder, place: Place::parse(database.url()).expect("its address"), postgres: Some(database) }
    }

    /// Does to the closed records what the program would refuse, as somebody could who has the database.
    pub(crate) async fn tamper(&self, statements: &[&str]) {
        if let Some(database) = &self.postgres {
            let off = ["SET session_replication_role = replica"];
            database.sql(&off.iter().chain(statements).copied().collect::<Vec<_>>().join("; ")).expect("tampered");
            return;
        }
        let Place::Sqlite(path) = &self.place else { return };
        let file = sea_orm::Database::connect(format!("sqlite:{}", path.display())).await.expect("the file opens");
        let triggers = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'";
        let found = file.query_all_raw(Statement::from_string(file.get_database_backend(), triggers)).await.expect("asked");
        let drops: Vec<String> = found.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect();
        for sql in ["PRAGMA foreign_keys = OFF"].into_iter().chain(drops.iter().map(String::as_str)).chain(statements.iter().copied()) {
            file.execute_unprepared(sql).await.expect(sql);
        }
        file.close().await.expect("closed");
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) async fn open(&self) -> Ledger {
        self.try_open().await.expect("the records open")
    }

    pub(crate) async fn try_open(&self) -> Result<Ledger, LedgerError> {
        Ledger::open(self.folder(), &self.place, morning()).await
    }
}

/// Fills the template that the others copy.
async fn migrated(url: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    Ledger::open(folder.path(), &Place::parse(url)?, morning()).await?.close().await?;
    Ok(())
}

/// The one school of most tests.
pub(crate) fn school() -> OrganisationId {
    OrganisationId::named("Hill School")
}

/// The DSL looks after something, in the morning.
pub(crate) fn act() -> Act {
    Act {
        organisation: school(),
        site: None,
        actor: Actor::Person(PersonId::named("Ms Adeyemi")),
        role: code!("dsl"),
        on_behalf_of: None,
        purpose: code!("safeguarding"),
        at: morning(),
        origin: Origin::Address([192, 0, 2, 7].into()),
    }
}

/// A record called `name`.
pub(crate) fn subject(name: &str) -> Subject {
    Subject { kind: code!("case"), id: RecordId::named(name) }
}

/// Something was done to the record called `name`.
pub(crate) fn change(name: &str) -> Change {
    Change::new(subject(name), code!("opened"))
}

/// Makes the school.
pub(crate) async fn found(ledger: &Ledger) {
    let mut unit = ledger.begin(act()).await.expect("a unit");
    store::make_organisation(&mut unit, "Hill School").await.expect("the school");
    unit.commit().await.expect("committed");
}

/// A change to the record called `name`, on its own.
pub(crate) async fn make(ledger: &Ledger, name: &str) -> EntryId {
    let mut unit = ledger.begin(act()).await.expect("a unit");
    let entry = unit.record(&change(name)).expect("an entry");
    unit.commit().await.expect("committed");
    entry
}

/// Returns when no entry waits to be linked.
pub(crate) async fn sealed(ledger: &Ledger) {
    let all = async {
        while number(ledger, "SELECT count(*) FROM audit_unsealed").await > 0 {
            tokio::task::yield_now().await
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all).await.expect("sealed in good time");
}

/// One number from the database.
pub(crate) async fn number(ledger: &Ledger, sql: &str) -> i64 {
    let statement = Statement::from_string(ledger.reader().get_database_backend(), sql);
    let row = ledger.reader().query_one_raw(statement).await.expect("asked").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// [`MORNING`] as an instant.
pub(crate) fn morning() -> Instant {
    Instant::from_micros(MORNING).expect("a moment")
}
