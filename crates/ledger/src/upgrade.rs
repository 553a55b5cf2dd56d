//! Records of an earlier version: what would be done to them, and whether it can be, tried where nothing is at stake.

mod scratch;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use calendar::Instant;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

use scratch::Scratch;
pub use scratch::clear;

use crate::backup::catalog;
use crate::connect::{Use, connect};
pub use crate::lock::Lock;
use crate::migrations::{self, Migration};
use crate::{LedgerError, Place, audit, damage};

/// How records stand to this program. Those of a later version are an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// There are none.
    NotMade,
    /// They are of this version.
    Current,
    /// Of an earlier one; these steps are to be done, in this order.
    Older(Vec<&'static str>),
}

/// What became of the records when the steps were tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rehearsal {
    /// Tables there were before.
    pub tables: usize,
    /// Rows there were before, in all of them.
    pub rows: u64,
    /// Tables that come new.
    pub new: Vec<String>,
    /// What is wrong with the records afterwards; empty where nothing is.
    pub wrong: Vec<String>,
}

/// What a rehearsal does, while it lasts.
const REHEARSING: &str = "trying out how the records are brought up to date";

/// How the records at `place` stand to this program. Changes nothing.
///
/// # Errors
/// Where they cannot be had, or are of a later version.
pub async fn version(place: &Place) -> Result<Version, LedgerError> {
    if matches!(place, Place::Sqlite(path) if !path.exists()) {
        return Ok(Version::NotMade);
    }
    let reader = connect(place, Use::Read).await?;
    let version = migrations::version(&reader).await;
    reader.close().await.map_err(LedgerError::database("closing the records"))?;
    version
}

/// Tries the steps that are to be done. SQLite: on a copy that lies in the data folder `data` as long as that lasts, while others work on.
/// PostgreSQL: in one transaction that is taken back. It waits 10 s at most for others; they wait for the tables that change as long as it
/// lasts, and are refused after 10 s.
///
/// # Errors
/// Where a step fails, the records cannot be had, or another process is trying it too. They are as they were.
pub async fn rehearse(place: &Place, data: &Path, now: Instant) -> Result<Rehearsal, LedgerError> {
    rehearse_steps(place, data, migrations::ALL, now).await
}

async fn rehearse_steps(place: &Place, data: &Path, all: &[Migration], now: Instant) -> Result<Rehearsal, LedgerError> {
    let scratch = Scratch::make(data)?;
    match place {
        Place::Sqlite(_) => on_a_copy(place, &scratch.join("rehearsal.sqlite"), all, now).await,
        Place::Postgres(_) => taken_back(place, all, now).await,
    }
}

/// Takes the records of the data folder for this process alone, until the lock is dropped. Whether there are any is not asked.
///
/// # Errors
/// Where another process has them.
pub fn hold(data: &Path) -> Result<Lock, LedgerError> {
    Lock::take(data)
}

/// Brings records of an earlier version up to date, step by step, each whole or not at all. Who calls has rehearsed it, and holds them.
///
/// # Errors
/// Where the records cannot be had, or a step fails: those before it hold then.
pub async fn carry_out(_held: &Lock, place: &Place, now: Instant) -> Result<(), LedgerError> {
    let writer = connect(place, Use::Write).await?;
    let done = carry_out_steps(&writer, migrations::ALL, now).await;
    let closed = writer.close().await.map_err(LedgerError::database("closing the records"));
    done.and(closed)
}

async fn carry_out_steps(writer: &DatabaseConnection, all: &[Migration], now: Instant) -> Result<(), LedgerError> {
    for migration in migrations::pending(writer, all).await? {
        migrations::apply(writer, &[migration], now).await?;
        tracing::info!(migration = migration.name, "the records were brought up to date");
    }
    Ok(())
}

async fn on_a_copy(place: &Place, copy: &Path, all: &[Migration], now: Instant) -> Result<Rehearsal, LedgerError> {
    let failed = || LedgerError::database(REHEARSING);
    let reader = connect(place, Use::Read).await?;
    let name = copy.to_string_lossy().into_owned();
    // <https://www.sqlite.org/lang_vacuum.html#vacuuminto>: as it was at one moment, whoever writes meanwhile.
    let copied = reader.execute_raw(Statement::from_sql_and_values(reader.get_database_backend(), "VACUUM INTO $1", [name.into()])).await;
    reader.close().await.map_err(failed())?;
    copied.map_err(failed())?;
    let database = connect(&Place::Sqlite(copy.to_owned()), Use::Write).await?;
    let before = counted(&database).await?;
    migrations::run(&database, all, now).await?;
    let mut tried = compared(&before, &counted(&database).await?);
    tried.wrong.extend(damage(&database).await?);
    let strays = Statement::from_string(database.get_database_backend(), "PRAGMA foreign_key_check");
    if !database.query_all_raw(strays).await.map_err(failed())?.is_empty() {
        tried.wrong.push("some rows point to others that are not there".to_owned());
    }
    let trail = audit::verify(&database, &[], now, &|_, _| {}).await?;
    tried.wrong.extend(trail.chains.into_iter().filter_map(|chain| chain.broken).map(|broken| format!("the audit trail: {broken}")));
    database.close().await.map_err(failed())?;
    Ok(tried)
}

async fn taken_back(place: &Place, all: &[Migration], now: Instant) -> Result<Rehearsal, LedgerError> {
    let failed = || LedgerError::database(REHEARSING);
    let database = connect(place, Use::Write).await?;
    let transaction = migrations::begin(&database).await.map_err(failed())?;
    let before = counted(&transaction).await?;
    for migration in migrations::pending(&transaction, all).await? {
        migrations::apply_within(&transaction, migration, now).await?;
    }
    let tried = compared(&before, &counted(&transaction).await?);
    transaction.rollback().await.map_err(failed())?;
    database.close().await.map_err(failed())?;
    Ok(tried)
}

/// Rows of each table.
async fn counted(database: &impl ConnectionTrait) -> Result<BTreeMap<String, u64>, LedgerError> {
    let failed = || LedgerError::database("counting what is in the records");
    let mut rows = BTreeMap::new();
    for table in catalog::tables(database).await.map_err(failed())? {
        // The name is the database's own, and of letters only.
        let query = format!("SELECT count(*) FROM \"{}\"", table.name);
        let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), query)).await.map_err(failed())?;
        // A count that cannot be read is none: taken for nought, it would let a loss through.
        let row = row.ok_or_else(|| DbErr::RecordNotFound(table.name.clone())).map_err(failed())?;
        let count: i64 = row.try_get_by_index(0).map_err(failed())?;
        rows.insert(table.name, count.unsigned_abs());
    }
    Ok(rows)
}

fn compared(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> Rehearsal {
    let shrunk = before.iter().filter_map(|(name, rows)| match after.get(name) {
        None => Some(format!("the table {name} with {rows} rows is gone")),
        Some(left) if left < rows => Some(format!("of {rows} rows in {name}, {left} are left")),
        Some(_) => None,
    });
    Rehearsal {
        tables: before.len(),
        rows: before.values().sum(),
        new: after.keys().filter(|name| !before.contains_key(*name)).cloned().collect(),
        wrong: shrunk.collect(),
    }
}

/// Makes records as an earlier version of this program did, which knew the first `steps` steps. For tests: a program that ships has
/// no way to make such.
///
/// # Errors
/// Where the database refuses.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub async fn make_as_of(place: &Place, steps: usize, now: Instant) -> Result<(), LedgerError> {
    let database: DatabaseConnection = connect(place, Use::Write).await?;
    migrations::run(&database, migrations::ALL.get(..steps).unwrap_or(migrations::ALL), now).await?;
    database.close().await.map_err(LedgerError::database("closing the records"))
}

/// How many steps this program knows. For tests.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub const fn steps() -> usize {
    migrations::ALL.len()
}
