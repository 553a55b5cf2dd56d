//! The small state that is kept beside a downloaded file.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checksum::Hasher;
use super::{Address, CHUNK, FetchError, Sha256};
use crate::whole_file;

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
        whole_file::write(&path, &text).map_err(|error| FetchError::store("write", &path, error))
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
