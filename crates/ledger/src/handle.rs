//! The one handle on the records.

use std::path::Path;
use std::sync::Arc;

use calendar::Instant;
use ids::EntryId;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::audit::{Sealer, Views};
use crate::connect::{Use, connect};
use crate::durable::{Disk, Durable};
use crate::lock::Lock;
use crate::unit::Unit;
use crate::upgrade::Version;
use crate::{Act, Code, Fault, LedgerError, Place, Subject, jobs, migrations};

/// The school's records. Clones are the same handle.
#[derive(Debug, Clone)]
pub struct Ledger(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    writer: DatabaseConnection,
    durable: Durable,
    reader: DatabaseConnection,
    views: Views,
    sealer: Sealer,
    /// Last, so that it is let go of when all else is closed.
    _lock: Lock,
}

// === impl Ledger ===

impl Ledger {
    /// Opens the records for this process alone, and makes them if there are none. `folder`: the data folder, which exists. `now` is kept
    /// beside each step that is made.
    ///
    /// # Errors
    /// Where another process has the folder, the database cannot be reached, or the records are of another version: only
    /// [`upgrade::carry_out`](crate::upgrade::carry_out) brings them up to date, after a rehearsal.
    pub async fn open(folder: &Path, place: &Place, now: Instant) -> Result<Self, LedgerError> {
        let lock = Lock::take(folder)?;
        let writer = connect(place, Use::Write).await?;
        match migrations::version(&writer).await? {
            Version::Current => {}
            Version::NotMade => migrations::run(&writer, migrations::ALL, now).await?,
            Version::Older(_) => return Err(LedgerError::Older),
        }
        if matches!(place, Place::Sqlite(_)) {
            jobs::release_all(&writer).await?;
        }
        let reader = connect(place, Use::Read).await?;
        let disk = match place {
            Place::Sqlite(path) => {
                let failed = |source| LedgerError::Folder { what: "forcing to the disk", path: path.clone(), source };
                Disk::of_sqlite(path).map_err(failed)?
            }
            Place::Postgres(_) => Disk::Commit(connect(place, Use::Confirm).await?),
        };
        let durable = Durable::start(disk);
        let views = Views::start(writer.clone(), durable.clone());
        let sealer = Sealer::start(writer.clone());
        Ok(Self(Arc::new(Inner { writer, durable, reader, views, sealer, _lock: lock })))
    }

    /// Opens the records for questions only, beside a process that has them, or none. Changes nothing, not even their version.
    ///
    /// # Errors
    /// Where there are none, or they are of another version.
    pub async fn read(place: &Place) -> Result<DatabaseConnection, LedgerError> {
        let reader = connect(place, Use::Read).await?;
        migrations::check(&reader).await?;
        Ok(reader)
    }

    /// The same, of an earlier version too. Whoever reads so may know only what every version has.
    pub(crate) async fn read_any(place: &Place) -> Result<DatabaseConnection, LedgerError> {
        let reader = connect(place, Use::Read).await?;
        match migrations::version(&reader).await? {
            Version::NotMade => Err(LedgerError::NotMade),
            Version::Current | Version::Older(_) => Ok(reader),
        }
    }

    /// Begins a unit of work. Waits for its turn, 10 s at most.
    ///
    /// # Errors
    /// Where the database cannot be reached, or another change holds it for longer.
    pub async fn begin(&self, act: Act) -> Result<Unit, LedgerError> {
        let transaction = self.0.writer.begin_with_options(immediate()).await.map_err(LedgerError::database("beginning a change"))?;
        Ok(Unit::new(act, transaction, self.0.durable.clone()))
    }

    /// Records that somebody looked at identified records, and returns when that is on the disk. Only then may they be shown.
    ///
    /// # Errors
    /// Each means: do not show them.
    pub async fn view(&self, act: &Act, action: Code, subjects: &[Subject]) -> Result<Vec<EntryId>, LedgerError> {
        self.0.views.record(act, action, subjects).await
    }

    /// For what changes no record and has no entry: the queue of jobs.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.0.writer
    }

    /// What stores read through.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// Removes from the database's own files what was deleted from its tables: keys of erased records above all. SQLite overwrites
    /// deleted rows (`secure_delete`), but its log keeps the pages as they were until it is written back; PostgreSQL keeps deleted rows
    /// until they are swept up, and its log until it is recycled. To be called after each erasure.
    ///
    /// # Errors
    /// Where the database refuses, or a reader keeps the log in use; it is to be called again then.
    pub async fn forget(&self) -> Result<(), LedgerError> {
        let failed = LedgerError::database("removing what was erased from the database's files");
        let writer = &self.0.writer;
        if writer.get_database_backend() == DbBackend::Postgres {
            writer.execute_unprepared("VACUUM record_key").await.map_err(failed)?;
            return Ok(());
        }
        // Waits for readers as long as any other change.
        let written_back = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let row = writer.query_one_raw(written_back).await.map_err(&failed)?;
        match row.and_then(|row| row.try_get_by_index::<i64>(0).ok()) {
            Some(0) => Ok(()),
            _ => Err(LedgerError::Database {
                what: "removing what was erased from the database's files",
                fault: Fault::Busy,
                source: DbErr::Custom("the log is in use".to_owned()),
            }),
        }
    }

    /// Seals the trail and closes the records in good order. Without it nothing that was acknowledged is lost, only the tail is
    /// sealed at the next start.
    ///
    /// # Errors
    /// Where a connection does not close.
    pub async fn close(self) -> Result<(), LedgerError> {
        let failed = LedgerError::database("closing the records");
        self.0.sealer.finish().await;
        self.0.reader.clone().close().await.map_err(&failed)?;
        self.0.writer.clone().close().await.map_err(&failed)
    }
}

/// A unit that reads first and writes then would be refused if somebody else wrote in between: SQLite's lock is taken at once.
pub(crate) fn immediate() -> TransactionOptions {
    TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() }
}
