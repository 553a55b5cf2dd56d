//! Files that are written whole or not at all, and the leftovers of runs that were killed while they wrote.
//!
//! A new file is written beside its place under a temporary name, flushed to the disk and only then renamed: after a `kill -9`, a
//! power cut or on a full disk the old file is whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Temporary files are named `.schoolgate-XXXXXX.tmp`, in the folder of the file that they become.
const PREFIX: &str = ".schoolgate-";
const SUFFIX: &str = ".tmp";

/// A file being written; removed when dropped. It holds a lock, so that [`remove_leftovers`] knows it is in use. Only its owner
/// may read it.
#[derive(Debug)]
pub struct WholeFile {
    file: NamedTempFile,
    to: PathBuf,
}

/// Writes a file at once.
///
/// # Errors
/// What the system says; the old file is then as it was.
pub fn write(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::beside(to)?;
    file.write(bytes)?;
    file.keep()
}

/// Removes the temporary files that killed runs left in `folder`; those being written are not touched. Returns how many there
/// were. To be called once at start.
///
/// # Errors
/// Fails where the folder cannot be read or a file in it cannot be removed.
pub fn remove_leftovers(folder: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_ours && is_file && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// The folder in which a file lies.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

// === impl WholeFile ===

impl WholeFile {
    /// Begins the file that will be `to`. Its folder must exist.
    ///
    /// # Errors
    /// What the system says.
    pub fn beside(to: &Path) -> io::Result<Self> {
        let file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder_of(to))?;
        file.as_file().lock()?;
        Ok(Self { file, to: to.to_owned() })
    }

    /// Appends.
    ///
    /// # Errors
    /// What the system says; a full disk among others.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Where it is until it is kept.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Makes this the file it is meant to be. After this returns, a power cut finds the new file; before, the old one.
    ///
    /// # Errors
    /// What the system says; the old file is then as it was.
    pub fn keep(self) -> io::Result<()> {
        let Self { file, to } = self;
        file.as_file().sync_all()?;
        file.persist(&to).map_err(|error| error.error)?;
        File::open(folder_of(&to))?.sync_all()
    }

    /// The same, but never over a file that is there.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` among others.
    pub fn keep_new(self) -> io::Result<()> {
        let Self { file, to } = self;
        file.as_file().sync_all()?;
        file.persist_noclobber(&to).map_err(|error| error.error)?;
        File::open(folder_of(&to))?.sync_all()
    }
}
