//! Downloads of lists: one file over HTTP(S), asked for only if it changed, checked, and swapped in whole.
//!
//! Whatever goes wrong, the file of the last good download stays as it was: a new one is written beside it under a temporary
//! name, checked, flushed to the disk and only then renamed over it. Nothing here reads a clock; the caller says what time it is.

mod address;
mod checksum;
mod error;
mod http;
mod store;

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

pub use address::{Address, AddressError};
pub use checksum::{Checksum, ChecksumError, Sha256};
pub use error::FetchError;
pub use store::State;

pub use crate::whole_file::remove_leftovers;

use checksum::Hasher;
use http::{Answer, Client};

use crate::whole_file::WholeFile;

/// Redirects that are followed before giving up.
pub const MAX_REDIRECTS: u32 = 5;
/// Largest checksum file that is read, in bytes: they hold a line or a few hundred.
const MAX_CHECKSUM_FILE: u64 = 256 * 1024;
/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// One file to download.
#[derive(Debug, Clone)]
pub struct Download<'a> {
    /// Where it is.
    pub url: &'a Address,
    /// Where it goes. The folder must exist; the temporary file and the [`State`] are kept in it too.
    pub to: &'a Path,
    /// Most bytes that are stored. A longer file is an error, whatever length the server announced.
    pub max_bytes: u64,
    /// Longest time for one request with its redirects and its whole body.
    pub timeout: Duration,
    /// Longest time without a single byte.
    pub idle: Duration,
    /// What the file must be, where its publisher says so.
    pub checksum: Option<Checksum>,
    /// Ask for gzip on the way and unpack it while storing. Without it a body is stored as it comes, so that a `.tar.gz`
    /// stays one even where the server labels it as encoded.
    pub gzip: bool,
    /// The present time, kept in [`State`].
    pub now: Timestamp,
}

/// What a download did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// The file that was there is still the newest.
    Unchanged,
    /// A new file is in place.
    Replaced {
        /// Its length.
        bytes: u64,
        /// Its digest.
        sha256: Sha256,
    },
}

/// Called while a file comes in: bytes stored so far, and the total where the server says it.
pub type Progress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// Downloads one file, unless what is there is still the newest.
///
/// # Errors
/// [`FetchError`] says what failed and what a technician can do. The file at [`Download::to`] is then unchanged.
pub fn fetch(download: &Download<'_>, progress: Progress<'_>) -> Result<Fetched, FetchError> {
    fetch_if(download, &mut |_| Ok(()), progress)
}

/// Asked of a complete new file, under its temporary name, before it takes the place of the old one; or why it must not.
pub type Accept<'a> = &'a mut dyn FnMut(&Path) -> Result<(), String>;

/// Like [`fetch()`], but a new file is kept only if `accept` agrees.
///
/// # Errors
/// As [`fetch()`], and [`FetchError::Refused`].
pub fn fetch_if(download: &Download<'_>, accept: Accept<'_>, progress: Progress<'_>) -> Result<Fetched, FetchError> {
    let client = Client { timeout: download.timeout, idle: download.idle };
    let kept = State::of_intact_file(download.to, download.url);
    let expected = match &download.checksum {
        None => None,
        Some(Checksum::Sha256(sum)) => Some(*sum),
        Some(Checksum::Url(url)) => Some(published_checksum(&client, download, url)?),
    };
    // What is there is of use only if it is what the publisher now offers.
    let kept = kept.filter(|state| expected.is_none_or(|sum| sum == state.sha256));
    if let (Some(state), Some(Checksum::Url(_))) = (&kept, &download.checksum) {
        state.confirmed(download.now).write(download.to)?;
        return Ok(Fetched::Unchanged);
    }
    match client.get(download.url, kept.as_ref(), download.gzip)? {
        Answer::NotModified => {
            if let Some(state) = kept {
                state.confirmed(download.now).write(download.to)?;
            }
            Ok(Fetched::Unchanged)
        }
        Answer::Body(body) => replace(download, expected, body, accept, progress),
    }
}

/// Stores the body beside the old file, checks it and swaps it in.
fn replace(
    download: &Download<'_>,
    expected: Option<Sha256>,
    mut body: http::Body,
    accept: Accept<'_>,
    progress: Progress<'_>,
) -> Result<Fetched, FetchError> {
    let store = |operation| move |error| FetchError::store(operation, download.to, error);
    if body.stored_length.is_some_and(|length| length > download.max_bytes) {
        return Err(FetchError::too_large(download.url, download.max_bytes));
    }
    let mut file = WholeFile::beside(download.to).map_err(store("create a file beside"))?;
    let mut hasher = Hasher::default();
    let total = body.stored_length;
    let bytes = read_all(&mut body.reader, download.url, download.max_bytes, download.timeout, |chunk, bytes| {
        hasher.update(chunk);
        file.write(chunk).map_err(store("write"))?;
        progress(bytes, total);
        Ok(())
    })?;
    if bytes == 0 {
        return Err(FetchError::Empty { url: download.url.clone() });
    }
    let sha256 = hasher.finish();
    if let Some(expected) = expected.filter(|expected| *expected != sha256) {
        return Err(FetchError::WrongChecksum { url: download.url.clone(), expected, found: sha256 });
    }
    accept(file.path()).map_err(|why| FetchError::Refused { url: download.url.clone(), why })?;
    file.keep().map_err(store("replace"))?;
    // The state comes last: a run killed between the two asks again and gets the file again, which costs time and nothing else.
    let state = State {
        url: download.url.as_str().to_owned(),
        bytes,
        sha256,
        etag: body.etag,
        last_modified: body.last_modified,
        changed_at: download.now,
        checked_at: download.now,
    };
    state.write(download.to)?;
    Ok(Fetched::Replaced { bytes, sha256 })
}

fn published_checksum(client: &Client, download: &Download<'_>, url: &Address) -> Result<Sha256, FetchError> {
    let Answer::Body(mut body) = client.get(url, None, false)? else {
        return Err(FetchError::Status { url: url.clone(), status: 304 });
    };
    let mut text = Vec::new();
    read_all(&mut body.reader, url, MAX_CHECKSUM_FILE, download.timeout, |chunk, _| {
        text.extend_from_slice(chunk);
        Ok(())
    })?;
    Sha256::in_checksum_file(&String::from_utf8_lossy(&text), download.url.file_name())
        .map_err(|source| FetchError::ChecksumFile { url: url.clone(), source })
}

/// Reads a body to its end in chunks; `take` gets each with the number of bytes so far. More than `limit` is an error.
fn read_all(
    body: &mut dyn Read,
    url: &Address,
    limit: u64,
    timeout: Duration,
    mut take: impl FnMut(&[u8], u64) -> Result<(), FetchError>,
) -> Result<u64, FetchError> {
    let mut buffer = vec![0; CHUNK];
    let mut bytes: u64 = 0;
    loop {
        let read = match body.read(&mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(FetchError::from_body(url, timeout, error)),
        };
        bytes = bytes.saturating_add(read as u64);
        if bytes > limit {
            return Err(FetchError::too_large(url, limit));
        }
        take(buffer.get(..read).unwrap_or_default(), bytes)?;
    }
}
