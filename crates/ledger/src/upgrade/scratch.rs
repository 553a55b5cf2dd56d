//! The folder in which a copy of the records lies while an upgrade is rehearsed.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::LedgerError;
use crate::lock::Lock;

/// One name in every data folder, so that what a killed rehearsal left is found and removed.
const NAME: &str = ".rehearsal";

/// The folder, empty, for this account and this process alone. It goes with the value, and what is in it.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
    _lock: Lock,
}

/// Removes what a killed rehearsal left in the data folder `data`. One that is under way is left alone.
///
/// # Errors
/// What the system says.
pub fn clear(data: &Path) -> Result<(), LedgerError> {
    if !data.join(NAME).exists() {
        return Ok(());
    }
    match Scratch::make(data) {
        Ok(_) | Err(LedgerError::Rehearsing { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

// === impl Scratch ===

impl Scratch {
    /// In the data folder `data`.
    pub(super) fn make(data: &Path) -> Result<Self, LedgerError> {
        let path = data.join(NAME);
        let failed = |source| LedgerError::Folder { what: "making a folder for a copy of the records,", path: path.clone(), source };
        loop {
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
                _ => {}
            }
            let folder = match File::open(&path) {
                // Whoever had it before has removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                opened => opened.map_err(failed)?,
            };
            let number = folder.metadata().map_err(failed)?.ino();
            let lock = Lock::of(folder).map_err(failed)?.ok_or_else(|| LedgerError::Rehearsing { path: data.to_owned() })?;
            // Or removed it after we had opened it: then this lock is on nothing.
            if path.metadata().is_ok_and(|now| now.ino() == number) {
                let scratch = Self { path: path.clone(), _lock: lock };
                scratch.empty().map_err(failed)?;
                return Ok(scratch);
            }
        }
    }

    /// Where a file of this name lies in it.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn empty(&self) -> io::Result<()> {
        fs::read_dir(&self.path)?.try_for_each(|file| fs::remove_file(file?.path()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is removed before the next rehearsal, or at the next start.
        let _ = fs::remove_dir_all(&self.path);
    }
}
