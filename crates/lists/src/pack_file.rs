//! Pack files on disk: written whole or not at all, read whole or refused.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use filter::Pack;
use filter::pack::PackError;

use crate::whole_file;

/// Why a pack file cannot be read or written. The pack in force stays in force.
#[derive(Debug, thiserror::Error)]
pub enum PackFileError {
    /// The disk or the rights.
    #[error("{doing} the pack {}", path.display())]
    Io {
        /// Reading or writing.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The content.
    #[error("reading the pack {}", path.display())]
    Pack {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PackError,
    },
}

/// Opens a pack. The hot part is read into memory; the names stay on disk, mapped, and are touched only by a hit.
pub fn open(path: &Path) -> Result<Pack, PackFileError> {
    let io = |source| PackFileError::Io { doing: "reading", path: path.to_owned(), source };
    let refused = |source| PackFileError::Pack { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    let pack = Pack::parse(&map(&file).map_err(io)?).map_err(refused)?;
    // Checking has touched every page of the names; a second mapping lets go of them.
    pack.on(&map(&file).map_err(io)?).ok_or_else(|| refused(PackError::Header))
}

/// Writes a pack beside its place and moves it there: after a `kill -9` or on a full disk the old file is whole.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), PackFileError> {
    whole_file::write(path, bytes).map_err(|source| PackFileError::Io { doing: "writing", path: path.to_owned(), source })
}

fn map(file: &File) -> io::Result<Bytes> {
    if file.metadata()?.len() == 0 {
        return Ok(Bytes::new());
    }
    #[expect(
        unsafe_code,
        reason = "mapping a file has no safe form; pack files are never rewritten in place (ADR 0002), so the bytes stay as they are"
    )]
    // SAFETY: every pack is written under another name and moved into place (`write`), so the mapped file never changes.
    let map = unsafe { memmap2::Mmap::map(file)? };
    Ok(Bytes::from_owner(map))
}
