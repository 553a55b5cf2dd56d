//! The shape of the records, step by step: one ordered list, forward only.
//!
//! A migration is plain data, the statements for a database. Each runs in a transaction together with its own mark, so one that
//! is interrupted has not begun; where there is nothing yet, all of them in one. Never edit one that has been released: add the next.
//! (`sea-orm-migration` is not used: it turns on every default of `sea-orm`, `chrono` among them. `docs/adr/0009`.)

mod audit;
mod columns;
mod devices;
mod keys;
mod organisations;
mod people;
mod policies;
mod pupils;
mod register;
mod settings;
mod signin;
mod vault;
mod work;

use calendar::Instant;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement, TransactionTrait};

use crate::handle::immediate;
use crate::upgrade::Version;
use crate::{Fault, LedgerError};

/// One step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    /// Its name, which never changes.
    pub(crate) name: &'static str,
    /// What is done, in order. Data may be moved as well as tables made.
    pub(crate) statements: fn(DbBackend) -> Vec<String>,
}

/// All steps, in order. The one list.
pub(crate) const ALL: &[Migration] = &[
    Migration { name: "0001-organisations", statements: organisations::statements },
    Migration { name: "0002-audit", statements: audit::statements },
    Migration { name: "0003-keys", statements: keys::statements },
    Migration { name: "0004-vault", statements: vault::statements },
    Migration { name: "0005-work", statements: work::statements },
    Migration { name: "0006-people", statements: people::statements },
    Migration { name: "0007-signin", statements: signin::statements },
    Migration { name: "0008-devices", statements: devices::statements },
    Migration { name: "0009-pupils", statements: pupils::statements },
    Migration { name: "0010-register", statements: register::statements },
    Migration { name: "0011-settings", statements: settings::statements },
    Migration { name: "0012-policies", statements: policies::statements },
    Migration { name: "0013-agreements", statements: policies::agreements },
    Migration { name: "0014-early-reviews", statements: policies::early_reviews },
    Migration { name: "0015-copies", statements: policies::copies },
    Migration { name: "0016-copy-requests", statements: policies::requests },
    Migration { name: "0017-reminders", statements: policies::reminders },
    Migration { name: "0018-opened-texts", statements: policies::opened },
    Migration { name: "0019-permissions", statements: policies::permissions },
    Migration { name: "0020-understanding", statements: policies::understanding },
    Migration { name: "0021-translations", statements: policies::translations },
];

const MARKS: &str = "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at bigint NOT NULL)";

/// Does what has not been done yet. `now` is kept beside each step.
pub(crate) async fn run(writer: &DatabaseConnection, all: &[Migration], now: Instant) -> Result<(), LedgerError> {
    let failed = LedgerError::database("bringing the records up to date");
    // On PostgreSQL `IF NOT EXISTS` looks first and makes then: a start that was killed in between may make it meanwhile, and we are
    // refused once.
    if writer.execute_unprepared(MARKS).await.is_err() {
        writer.execute_unprepared(MARKS).await.map_err(&failed)?;
    }
    let pending = pending(writer, all).await?;
    // Records that were made in part would be records of an earlier version.
    let at_once = if pending.len() == all.len() { all.len() } else { 1 };
    for steps in pending.chunks(at_once.max(1)) {
        apply(writer, steps, now).await?;
    }
    Ok(())
}

/// Whether everything has been done, without doing anything.
pub(crate) async fn check(reader: &DatabaseConnection) -> Result<(), LedgerError> {
    match version(reader).await? {
        Version::Current => Ok(()),
        Version::NotMade => Err(LedgerError::NotMade),
        Version::Older(_) => Err(LedgerError::Older),
    }
}

/// How far the records are, without doing anything.
pub(crate) async fn version(reader: &DatabaseConnection) -> Result<Version, LedgerError> {
    match pending(reader, ALL).await {
        Ok(none) if none.is_empty() => Ok(Version::Current),
        Ok(all) if all.len() == ALL.len() => Ok(Version::NotMade),
        Ok(some) => Ok(Version::Older(some.iter().map(|migration| migration.name).collect())),
        // Without the table of marks nothing has been done at all.
        Err(LedgerError::Database { fault: Fault::Other, .. }) if !has_marks(reader).await? => Ok(Version::NotMade),
        Err(error) => Err(error),
    }
}

async fn has_marks(reader: &DatabaseConnection) -> Result<bool, LedgerError> {
    let backend = reader.get_database_backend();
    let query = match backend {
        DbBackend::Postgres => "SELECT 1 WHERE to_regclass('migration') IS NOT NULL",
        _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
    };
    let found = reader.query_one_raw(Statement::from_string(backend, query)).await;
    Ok(found.map_err(LedgerError::database("reading which version the records are"))?.is_some())
}

pub(crate) async fn pending<'a>(database: &impl ConnectionTrait, all: &'a [Migration]) -> Result<Vec<&'a Migration>, LedgerError> {
    let failed = LedgerError::database("reading which version the records are");
    let query = Statement::from_string(database.get_database_backend(), "SELECT name FROM migration ORDER BY name");
    let rows = database.query_all_raw(query).await.map_err(&failed)?;
    let done: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>().map_err(&failed)?;
    if let Some(later) = done.iter().find(|name| all.iter().all(|known| known.name != *name)) {
        return Err(LedgerError::Newer { migration: later.clone() });
    }
    Ok(all.iter().filter(|migration| done.iter().all(|name| name != migration.name)).collect())
}

/// Some steps in one transaction.
pub(crate) async fn apply(writer: &DatabaseConnection, steps: &[&Migration], now: Instant) -> Result<(), LedgerError> {
    let Some(last) = steps.last() else { return Ok(()) };
    let transaction = begin(writer).await.map_err(failed_at(last))?;
    for migration in steps {
        apply_within(&transaction, migration, now).await?;
    }
    transaction.commit().await.map_err(failed_at(last))
}

/// A transaction for steps: it may take its time. Whoever looks after a PostgreSQL may have bounded what a statement takes, and meant pages.
pub(crate) async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let transaction = writer.begin_with_options(immediate()).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        // How long it waits for somebody else stays bounded (`connect`).
        transaction.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    }
    Ok(transaction)
}

/// One step, in a transaction that somebody else ends.
pub(crate) async fn apply_within(transaction: &DatabaseTransaction, migration: &Migration, now: Instant) -> Result<(), LedgerError> {
    let (backend, failed) = (transaction.get_database_backend(), failed_at(migration));
    // First the mark: of two processes that bring one PostgreSQL up to date, the second waits here and is then refused.
    let mark = "INSERT INTO migration (name, applied_at) VALUES ($1, $2)";
    transaction
        .execute_raw(Statement::from_sql_and_values(backend, mark, [migration.name.into(), now.micros().into()]))
        .await
        .map_err(&failed)?;
    for statement in (migration.statements)(backend) {
        transaction.execute_unprepared(&statement).await.map_err(&failed)?;
    }
    Ok(())
}

fn failed_at(migration: &Migration) -> impl Fn(DbErr) -> LedgerError {
    let name = migration.name;
    move |source| LedgerError::Migration { migration: name, fault: Fault::of(&source), source }
}
