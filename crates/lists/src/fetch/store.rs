//! Files on disk: the temporary file that becomes the new one whole, and the small state kept beside it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::checksum::Hasher;
use super::{Address, CHUNK, FetchError, Sha256};

/// Temporary files are named `.fetch-XXXXXX.part`, in the folder of the file that they become.
const PREFIX: &str = ".fetch-";
const SUFFIX: &str = ".part";
/// Largest state file that is read, in bytes.
const MAX_STATE: u64 = 64 * 1024;

/// What is known of a downloaded file; kept beside it as `NAME.fetch.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Where the file came from.
    pub url: String,
    /// Its length.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Sha256,
    /// The server's `ETag`.
    pub etag: Option<String>,
    /// The server's `Last-Modified`, as the server wrote it.
    pub last_modified: Option<String>,
    /// When this file came.
    pub changed_at: Timestamp,
    /// When the server last said that this is the newest. Lists whose check lies days back are stale.
    pub checked_at: Timestamp,
}

/// A file being written; removed when dropped. It holds a lock, so that [`remove_leftovers`] knows it is in use.
pub(super) struct Temporary {
    file: NamedTempFile,
    to: PathBuf,
}

/// Removes the temporary files that a killed run left in `folder`; those of downloads under way are not touched. Returns how
/// many there were. To be called once at start, before any download.
///
/// # Errors
/// Fails where the folder cannot be read or a file in it cannot be removed.
pub fn remove_leftovers(folder: &Path) -> Result<usize, FetchError> {
    let mut removed = 0;
    for entry in fs::read_dir(folder).map_err(|error| FetchError::store("read the folder", folder, error))? {
        let entry = entry.map_err(|error| FetchError::store("read the folder", folder, error))?;
        let path = entry.path();
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_ours && is_file && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(&path).map_err(|error| FetchError::store("remove", &path, error))?;
            removed += 1;
        }
    }
    Ok(removed)
}

// === impl State ===

impl State {
    /// The state of the file `of`, whatever has become of the file; nothing where there is none or it cannot be read.
    pub fn read(of: &Path) -> Option<Self> {
        let mut text = String::new();
        File::open(Self::path(of)).ok()?.take(MAX_STATE).read_to_string(&mut text).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The state of the file `of` if it came from `url` and still is, byte for byte, what came: only then may we tell a server
    /// that we have it. A state that does not fit costs one download, so every doubt is answered with nothing.
    pub(super) fn of_intact_file(of: &Path, url: &Address) -> Option<Self> {
        let state = Self::read(of)?;
        let has_validator = [&state.etag, &state.last_modified].into_iter().flatten().all(|value| is_header_value(value));
        (state.url == url.as_str() && has_validator && digest(of)? == (state.bytes, state.sha256)).then_some(state)
    }

    /// The same, confirmed by its server at `now`.
    pub(super) fn confirmed(&self, now: Timestamp) -> Self {
        Self { checked_at: now, ..self.clone() }
    }

    pub(super) fn write(&self, of: &Path) -> Result<(), FetchError> {
        let path = Self::path(of);
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| FetchError::store("write", &path, error.into()))?;
        text.push(b'\n');
        let mut file = Temporary::beside(&path)?;
        file.write(&text)?;
        file.keep()
    }

    fn path(of: &Path) -> PathBuf {
        let mut name = of.file_name().unwrap_or_default().to_owned();
        name.push(".fetch.json");
        of.with_file_name(name)
    }
}

/// Whether a text read from disk may go into a request header.
fn is_header_value(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn digest(path: &Path) -> Option<(u64, Sha256)> {
    let mut file = File::open(path).ok()?;
    let mut buffer = vec![0; CHUNK];
    let mut hasher = Hasher::default();
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).ok()?;
        if read == 0 {
            return Some((bytes, hasher.finish()));
        }
        bytes += read as u64;
        hasher.update(buffer.get(..read)?);
    }
}

// === impl Temporary ===

impl Temporary {
    pub(super) fn beside(to: &Path) -> Result<Self, FetchError> {
        let file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(SUFFIX)
            .tempfile_in(folder_of(to))
            .map_err(|error| FetchError::store("create a file beside", to, error))?;
        file.as_file().lock().map_err(|error| FetchError::store("lock", file.path(), error))?;
        Ok(Self { file, to: to.to_owned() })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).map_err(|error| FetchError::store("write", &self.to, error))
    }

    /// Makes this the file it is meant to be. After this returns, a power cut finds the new file; before, the old one.
    pub(super) fn keep(self) -> Result<(), FetchError> {
        let Self { file, to } = self;
        file.as_file().sync_all().map_err(|error| FetchError::store("write", &to, error))?;
        file.persist(&to).map_err(|error| FetchError::store("replace", &to, error.error))?;
        let folder = folder_of(&to);
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| FetchError::store("flush the folder", folder, error))
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
