//! The records of this installation: which database, and whose.

use std::path::PathBuf;

use anyhow::{Context, Result};
use calendar::Instant;
use ledger::{Ledger, Place};

use crate::config::Config;
use crate::data::DataFolder;

/// The database that the configuration names.
pub fn place(config: &Config, data: &DataFolder) -> Place {
    config.records.database.clone().unwrap_or_else(|| Place::in_folder(data.root()))
}

/// The file that keeps heads of the audit trail.
pub fn heads_file(config: &Config, data: &DataFolder) -> PathBuf {
    config.records.heads_file.clone().unwrap_or_else(|| data.root().join("audit-heads.txt"))
}

/// Opens the records for this process alone, and makes them if there are none.
///
/// # Errors
/// Where another process has them, or the database cannot be opened.
pub async fn open(config: &Config, data: &DataFolder, now: Instant) -> Result<Ledger> {
    Ok(Ledger::open(data.root(), &place(config, data), now).await?)
}

/// A runtime for a command that asks the records and ends.
///
/// # Errors
/// Where the system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}
