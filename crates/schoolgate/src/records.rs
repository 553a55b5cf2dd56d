//! The records of this installation: which database, and whether it can be had.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};
use calendar::Instant;
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Place};

use crate::config::Config;
use crate::data::DataFolder;
use crate::keys::Protected;
use crate::live::Trouble;

/// The records of a running Schoolgate. That they cannot be had takes nothing from the gate: it filters on, and every face says so.
#[derive(Debug, Default)]
pub struct Records {
    open: OnceLock<Protected>,
    /// Why they cannot be had, or why nothing is done on them.
    trouble: Mutex<Option<Trouble>>,
}

// === impl Records ===

impl Records {
    /// The records, once they are open.
    ///
    /// # Errors
    /// Why not, for a person.
    pub fn get(&self) -> Result<&Protected, String> {
        self.open.get().ok_or_else(|| match self.trouble() {
            Some(trouble) => format!("the records cannot be had: {}", trouble.why.join(": ")),
            None => "Schoolgate is still starting; try again in a moment".to_owned(),
        })
    }

    /// Why they cannot be had, or why nothing is done on them, if that is so.
    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says what is wrong with them, or that nothing is any more. True where that was not known.
    pub fn tell(&self, trouble: Option<Trouble>) -> bool {
        let mut told = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        let why = |trouble: &Option<Trouble>| trouble.as_ref().map(|trouble| (trouble.what, trouble.why.clone()));
        let is_new = why(&told) != why(&trouble);
        *told = trouble;
        is_new
    }

    /// Tries to open them, locked unless the configuration names a key file. False when they cannot be had for now, which
    /// [`trouble`](Self::trouble) then tells.
    ///
    /// # Errors
    /// Where another process has them: that one serves this data folder.
    pub async fn open(&self, config: &Config, data: &DataFolder, now: Timestamp) -> Result<bool> {
        let trouble = match Protected::open(config, data, now.into()).await {
            Ok(protected) => {
                self.open.get_or_init(|| protected).unlock_by_file(config, now.into()).await;
                None
            }
            Err(error) if matches!(error.downcast_ref(), Some(LedgerError::InUse { .. })) => return Err(error),
            Err(error) => Some(Trouble::new(
                "The records cannot be had. Sites are filtered as before; what people do is not recorded, and no message leaves.",
                &error,
                now,
            )),
        };
        let is_open = trouble.is_none();
        self.tell(trouble);
        Ok(is_open)
    }
}

/// The database that the configuration names.
pub fn place(config: &Config, data: &DataFolder) -> Place {
    config.records.database.clone().unwrap_or_else(|| Place::in_folder(data.root()))
}

/// The file that keeps heads of the audit trail.
pub fn heads_file(config: &Config, data: &DataFolder) -> PathBuf {
    config.records.heads_file.clone().unwrap_or_else(|| data.root().join("audit-heads.txt"))
}

/// Whether there are records. What a database server holds is known only to it.
pub fn are_made(place: &Place) -> bool {
    match place {
        Place::Sqlite(path) => path.exists(),
        Place::Postgres(_) => true,
    }
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
