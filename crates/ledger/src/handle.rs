//! The one handle on the records.

use std::path::Path;
use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::connect::{Use, connect};
use crate::durable::{Disk, Durable};
use crate::lock::Lock;
use crate::unit::Unit;
use crate::{Act, Fault, LedgerError, Place, migrations};

/// The school's records. Clones are the same handle.
#[derive(Debug, Clone)]
pub struct Ledger(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    durable: Durable,
    /// Last, so that it is let go of when all else is closed.
    _lock: Lock,
}

// === impl Ledger ===

impl Ledger {
    /// Opens the records for this process alone, makes them if there are none, and brings them up to date. `folder`: the data
    /// folder, which exists. `now`: microseconds since 1970, UTC.
    pub async fn open(folder: &Path, place: &Place, now: i64) -> Result<Self, LedgerError> {
        let lock = Lock::take(folder)?;
        let writer = connect(place, Use::Write).await?;
        migrations::run(&writer, migrations::ALL, now).await?;
        let reader = connect(place, Use::Read).await?;
        let disk = match place {
            Place::Sqlite(path) => {
                let failed = |source| LedgerError::Folder { what: "forcing to the disk", path: path.clone(), source };
                Disk::of_sqlite(path).map_err(failed)?
            }
            Place::Postgres(_) => Disk::Commit(connect(place, Use::Confirm).await?),
        };
        Ok(Self(Arc::new(Inner { writer, reader, durable: Durable::start(disk), _lock: lock })))
    }

    /// Opens the records for questions only, beside a process that has them, or none. Changes nothing, not even their version.
    pub async fn read(place: &Place) -> Result<DatabaseConnection, LedgerError> {
        let reader = connect(place, Use::Read).await?;
        migrations::check(&reader).await?;
        Ok(reader)
    }

    /// Begins a unit of work. Waits for its turn, 10 s at most.
    pub async fn begin(&self, act: Act) -> Result<Unit, LedgerError> {
        // Immediate: a unit that reads first and writes then would be refused if somebody else wrote in between.
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..TransactionOptions::default() };
        let transaction = self.0.writer.begin_with_options(options).await.map_err(LedgerError::database("beginning a change"))?;
        Ok(Unit::new(act, transaction, self.0.durable.clone()))
    }

    /// What stores read through.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// Removes from the database's own files what was deleted from its tables: keys of erased records above all. SQLite overwrites
    /// deleted rows (`secure_delete`), but its log keeps the pages as they were until it is written back; PostgreSQL keeps deleted rows
    /// until they are swept up, and its log until it is recycled. To be called after each erasure.
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

    /// Closes the records in good order. Without it nothing that was acknowledged is lost.
    pub async fn close(self) -> Result<(), LedgerError> {
        let failed = LedgerError::database("closing the records");
        self.0.reader.clone().close().await.map_err(&failed)?;
        self.0.writer.clone().close().await.map_err(&failed)
    }
}
