//! Records of an earlier version: what would be done to them, and whether it can be, tried where nothing is at stake.

use std::collections::BTreeMap;
use std::path::Path;

use calendar::Instant;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait as _};

use crate::backup::catalog;
use crate::connect::{Use, connect};
use crate::handle::immediate;
use crate::{Fault, LedgerError, Place, audit, damage, migrations};

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

/// Tries the steps that are to be done. SQLite: on a copy that lies in the folder `scratch`, which is empty and for this account alone, while
/// others work on. PostgreSQL: in one transaction that is taken back, during which others wait for the tables that change.
///
/// # Errors
/// Where a step fails, or the records cannot be had. They are as they were.
pub async fn rehearse(place: &Place, scratch: &Path, now: Instant) -> Result<Rehearsal, LedgerError> {
    match place {
        Place::Sqlite(_) => on_a_copy(place, &scratch.join("rehearsal.sqlite"), now).await,
        Place::Postgres(_) => taken_back(place, now).await,
    }
}

async fn on_a_copy(place: &Place, copy: &Path, now: Instant) -> Result<Rehearsal, LedgerError> {
    let failed = || LedgerError::database(REHEARSING);
    let reader = connect(place, Use::Read).await?;
    let name = copy.to_string_lossy().into_owned();
    // <https://www.sqlite.org/lang_vacuum.html#vacuuminto>: as it was at one moment, whoever writes meanwhile.
    let copied = reader.execute_raw(Statement::from_sql_and_values(reader.get_database_backend(), "VACUUM INTO $1", [name.into()])).await;
    reader.close().await.map_err(failed())?;
    copied.map_err(failed())?;
    let database = connect(&Place::Sqlite(copy.to_owned()), Use::Write).await?;
    let before = counted(&database).await?;
    migrations::run(&database, migrations::ALL, now).await?;
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

async fn taken_back(place: &Place, now: Instant) -> Result<Rehearsal, LedgerError> {
    let failed = || LedgerError::database(REHEARSING);
    let database = connect(place, Use::Write).await?;
    let transaction = database.begin_with_options(immediate()).await.map_err(failed())?;
    let before = counted(&transaction).await?;
    for migration in migrations::pending(&transaction, migrations::ALL).await? {
        let outcome = migrations::apply_within(&transaction, migration, now).await;
        outcome.map_err(|source| LedgerError::Migration { migration: migration.name, fault: Fault::of(&source), source })?;
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
        let count: i64 = row.and_then(|row| row.try_get_by_index(0).ok()).unwrap_or_default();
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

/// Makes records as an earlier version of this program did, which knew the first `steps` steps. For tests.
///
/// # Errors
/// Where the database refuses.
#[doc(hidden)]
pub async fn make_as_of(place: &Place, steps: usize, now: Instant) -> Result<(), LedgerError> {
    let database: DatabaseConnection = connect(place, Use::Write).await?;
    migrations::run(&database, migrations::ALL.get(..steps).unwrap_or(migrations::ALL), now).await?;
    database.close().await.map_err(LedgerError::database("closing the records"))
}

/// How many steps this program knows. For tests.
#[doc(hidden)]
pub const fn steps() -> usize {
    migrations::ALL.len()
}
