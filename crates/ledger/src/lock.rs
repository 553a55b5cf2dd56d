//! One process on one data folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use crate::LedgerError;

/// Held while the records are open, or brought up to date. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

impl Lock {
    /// Takes the lock of the data folder, or says at once that another process has it.
    pub(crate) fn take(folder: &Path) -> Result<Self, LedgerError> {
        let path = folder.join("records.lock");
        let failed = |source| LedgerError::Folder { what: "locking", path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        Self::of(file).map_err(failed)?.ok_or_else(|| LedgerError::InUse { path: folder.to_owned() })
    }

    /// The lock of an open file or folder; none where another process has it.
    pub(crate) fn of(file: File) -> io::Result<Option<Self>> {
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
