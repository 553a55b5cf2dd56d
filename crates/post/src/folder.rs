//! Letters as files in a folder.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ids::RecordId;
use ledger::jobs::Failure;

/// A folder into which letters go, each a file `ID.eml` that only the program's own user may read.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

// === impl Folder ===

impl Folder {
    /// A folder, which exists.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Whole or not at all, and on the disk. Handed over again it is the same file.
    pub(crate) async fn put(&self, id: RecordId, letter: Vec<u8>) -> Result<(), Failure> {
        let folder = self.0.clone();
        let written = tokio::task::spawn_blocking(move || write(&folder, id, &letter)).await;
        written.unwrap_or_else(|_| Err(io::Error::other("the writing ended early"))).map_err(|error| failure(&error))
    }
}

fn write(folder: &Path, id: RecordId, letter: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".letter-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(letter)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(format!("{id}.eml"))).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

fn failure(error: &io::Error) -> Failure {
    Failure::passing(match error.kind() {
        io::ErrorKind::NotFound => "the folder for letters is not there",
        io::ErrorKind::PermissionDenied => "the folder for letters may not be written by this user",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "there is no room on the disk of the folder for letters",
        _ => "the folder for letters cannot be written",
    })
}
