//! The records of this installation: which database, and whether it can be had.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};
use calendar::Instant;
use ids::OrganisationId;
use jiff::Timestamp;
use ledger::{Ledger, LedgerError, Place, Reading};

use crate::config::Config;
use crate::data::DataFolder;
use crate::installation::Installation;
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
                self.open.get_or_init(|| protected).unlock_by_file(config, data.credentials(), now.into()).await;
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

/// The records for questions only; none where there are none yet.
///
/// # Errors
/// Where they cannot be had, or this data folder had some and they are gone.
pub async fn read(config: &Config, data: &DataFolder) -> Result<Option<Reading>> {
    let place = place(config, data);
    let missing = || Installation::of(data)?.had_no_records(data, &place).map(|()| None);
    if is_gone(&place) {
        return missing();
    }
    match Ledger::read(&place).await {
        Ok(reading) => Ok(Some(reading)),
        Err(LedgerError::NotMade) => missing(),
        Err(error) => Err(error.into()),
    }
}

/// What a database server holds is known only to it.
fn is_gone(place: &Place) -> bool {
    matches!(place, Place::Sqlite(path) if !path.exists())
}

/// Opens the records for this process alone, with the organisation whose they are. Both are made if there are none, unless this data
/// folder had some.
///
/// # Errors
/// Where another process has them, the database cannot be opened, or it holds others than it had, or none any more.
pub async fn open(config: &Config, data: &DataFolder, now: Instant) -> Result<(Ledger, OrganisationId)> {
    let (place, had) = (place(config, data), Installation::of(data)?);
    if is_gone(&place) {
        had.had_no_records(data, &place)?;
    }
    // Those of an earlier version it refuses: only `upgrade` and `run` change them, after a rehearsal and a backup.
    let ledger = Ledger::open(data.root(), &place, now).await?;
    let organisation = async {
        match ledger::organisation_of(ledger.reader()).await? {
            Some(found) => had.had_records_of(found, data, &place)?,
            None => had.had_no_records(data, &place)?,
        }
        let organisation = ledger.organisation(&config.school, now).await?;
        Installation::note(data, |known| known.organisation = Some(organisation))?;
        Ok(organisation)
    };
    match organisation.await {
        Ok(organisation) => Ok((ledger, organisation)),
        Err(error) => {
            // The folder is let go of; what is wrong with the records is told already.
            let _ = ledger.close().await;
            Err(error)
        }
    }
}

/// A runtime for a command that asks the records and ends.
///
/// # Errors
/// Where the system gives no threads.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}
