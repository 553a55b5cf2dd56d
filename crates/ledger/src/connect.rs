//! Connections: how each database is spoken to.

use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use crate::{Fault, LedgerError, Place};

/// How long a change waits for its turn before it is refused. PostgreSQL is told the same below.
const TURN: Duration = Duration::from_secs(10);

/// Connections that read. They never wait for a writer.
const READERS: u32 = 4;

/// Changes at once on PostgreSQL. SQLite has one writer by nature, and one connection for it.
const POSTGRES_WRITERS: u32 = 12;

/// What a set of connections is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Units. A commit does not wait for the disk: [`crate::durable`] forces many at once.
    Write,
    /// Questions.
    Read,
    /// One connection whose commits do wait for the disk.
    Confirm,
}

/// Opens a set of connections to `place`.
pub(crate) async fn connect(place: &Place, purpose: Use) -> Result<DatabaseConnection, LedgerError> {
    let options = match place {
        Place::Sqlite(path) => sqlite(path, purpose),
        Place::Postgres(url) => postgres(url, purpose),
    };
    Database::connect(options).await.map_err(|source| LedgerError::Connect { place: place.clone(), fault: Fault::of(&source), source })
}

/// Write-ahead log, foreign keys, freed pages overwritten, and no wait for the disk at each commit (`docs/adr/0009`).
fn sqlite(path: &std::path::Path, purpose: Use) -> ConnectOptions {
    // The path goes in whole below: in a URL, `?` and `%` would mean something else.
    let mut options = common("sqlite::memory:", if purpose == Use::Read { READERS } else { 1 });
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .in_memory(false)
            .shared_cache(false)
            .filename(&path)
            .create_if_missing(purpose == Use::Write)
            .read_only(purpose == Use::Read)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(TURN)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", "4000")
            // In KiB, as the minus says; taken as it is used.
            .pragma("cache_size", "-8192")
            .row_buffer_size(512)
            .thread_name(|number| format!("records-{number}"))
    });
    options
}

fn postgres(url: &str, purpose: Use) -> ConnectOptions {
    let connections = match purpose {
        Use::Write => POSTGRES_WRITERS,
        Use::Read => READERS,
        Use::Confirm => 1,
    };
    let mut options = common(url, connections);
    options.test_before_acquire_if_idle_for(Duration::from_secs(1));
    options.map_sqlx_postgres_opts(move |options| {
        let wait = if purpose == Use::Write { "off" } else { "on" };
        let read_only = if purpose == Use::Read { "on" } else { "off" };
        let settings = [("synchronous_commit", wait), ("default_transaction_read_only", read_only), ("lock_timeout", "10s")];
        options.application_name("schoolgate").options(settings)
    });
    options
}

fn common(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    // Statements hold what people wrote, so they are in no log. A connection stays: SQLite removes the write-ahead log with the
    // last one, and what waits to be forced to the disk is in there.
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(TURN)
        .connect_timeout(TURN)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}
