//! What can go wrong with a download, in words for the technician who has to put it right.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Address, ChecksumError, MAX_REDIRECTS, Sha256};

/// Why a download failed. The file of the last good download is still in place.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The name of the server has no address.
    #[error("download {url}: the server's name is not known; check the address, and that this machine can look up names")]
    HostNotFound {
        /// What was asked for.
        url: Address,
    },
    /// No connection, or one that broke.
    #[error("download {url}: the connection failed; check that this machine may reach the server through the firewall")]
    Connection {
        /// What was asked for.
        url: Address,
        /// What the system says.
        source: io::Error,
    },
    /// The encrypted connection could not be trusted.
    #[error(
        "download {url}: the server could not prove who it is; check this machine's clock and its trusted certificates (a filter that \
         inspects traffic needs its root certificate installed here)"
    )]
    Trust {
        /// What was asked for.
        url: Address,
        /// What the TLS library says.
        source: Box<ureq::Error>,
    },
    /// The whole request took too long.
    #[error("download {url}: not finished after {} s; raise download_timeout_s if the line is slow", limit.as_secs_f32())]
    Timeout {
        /// What was asked for.
        url: Address,
        /// [`super::Download::timeout`].
        limit: Duration,
    },
    /// The server went silent.
    #[error("download {url}: the server stopped sending; it is tried again at the next refresh")]
    Silent {
        /// What was asked for.
        url: Address,
    },
    /// An answer other than 200 and 304.
    #[error("download {url}: the server answered {status}, {}", meaning(*status))]
    Status {
        /// What was asked for.
        url: Address,
        /// The HTTP status code.
        status: u16,
    },
    /// Sent on more than [`MAX_REDIRECTS`] times.
    #[error("download {url}: the server sent us on more than {MAX_REDIRECTS} times; check the address in a browser")]
    TooManyRedirects {
        /// What was asked for.
        url: Address,
    },
    /// Sent on from https to an address that is not.
    #[error("download {url}: the server sent us on from https to an address without it; refused, because anyone could change the list")]
    LeavesHttps {
        /// What was asked for.
        url: Address,
    },
    /// Larger than allowed.
    #[error("download {url}: larger than {limit} bytes; raise max_download_bytes if the list is meant to be that large")]
    TooLarge {
        /// What was asked for.
        url: Address,
        /// [`super::Download::max_bytes`].
        limit: u64,
    },
    /// The connection ended before the file did.
    #[error("download {url}: the connection ended before the file was complete; it is tried again at the next refresh")]
    Truncated {
        /// What was asked for.
        url: Address,
    },
    /// A file of no bytes.
    #[error("download {url}: the file is empty; the publisher may be at work on it, so the last one is kept")]
    Empty {
        /// What was asked for.
        url: Address,
    },
    /// Compressed in a way that was not asked for or is broken.
    #[error("download {url}: the body came in the encoding {encoding:?}, which cannot be unpacked")]
    Encoding {
        /// What was asked for.
        url: Address,
        /// What the server called it.
        encoding: String,
    },
    /// Not the file that its publisher describes.
    #[error(
        "download {url}: the checksum is {found}, but should be {expected}; the file was damaged or changed on its way, or the \
         publisher has a newer checksum"
    )]
    WrongChecksum {
        /// What was asked for.
        url: Address,
        /// What the publisher or the configuration says.
        expected: Sha256,
        /// What came.
        found: Sha256,
    },
    /// A checksum file without the checksum.
    #[error("read the checksum file {url}: {source}")]
    ChecksumFile {
        /// The address of the checksum file.
        url: Address,
        /// What is wrong with it.
        source: ChecksumError,
    },
    /// The server does not speak HTTP as it should.
    #[error("download {url}: the server's answer was not understood; check the address in a browser")]
    Protocol {
        /// What was asked for.
        url: Address,
        /// What the HTTP library says.
        source: Box<ureq::Error>,
    },
    /// Whole, but of no use.
    #[error("download {url}: {why}")]
    Refused {
        /// What was asked for.
        url: Address,
        /// What was found wrong with it.
        why: String,
    },
    /// No room, or a quota or size limit reached.
    #[error("write {}: the disk is full or a size limit is reached; free some space on it, then run the update again", path.display())]
    DiskFull {
        /// What was written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another failure of the disk.
    #[error("{operation} {}: check that the folder exists and that Schoolgate may write in it", path.display())]
    Store {
        /// What was tried, such as `rename`.
        operation: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What a status code means for somebody whose list does not come.
fn meaning(status: u16) -> &'static str {
    match status {
        401 | 403 => "so the list is not open to us; check the address, and whether it needs a licence key",
        404 | 410 => "so the list is not there any more; check its address with the publisher",
        429 => "so we asked too often; it is tried again at the next refresh",
        500..=599 => "so the server has trouble of its own; it is tried again at the next refresh",
        _ => "which is not a file; check the address in a browser",
    }
}

// === impl FetchError ===

impl FetchError {
    pub(super) fn too_large(url: &Address, limit: u64) -> Self {
        Self::TooLarge { url: url.clone(), limit }
    }

    /// Sorts a failure to write: the one that a technician can put right by making room is told apart.
    pub(super) fn store(operation: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::DiskFull { path, source },
            _ => Self::Store { operation, path, source },
        }
    }

    /// Sorts a failure in the middle of a body; the HTTP library hides its own errors in `io::Error`.
    pub(super) fn from_body(url: &Address, limit: Duration, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Truncated { url: url.clone() },
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if error.get_ref().is_none_or(|inner| !inner.is::<ureq::Error>()) => {
                Self::Encoding { url: url.clone(), encoding: "gzip".to_owned() }
            }
            _ => Self::from_http(url, limit, ureq::Error::from(error)),
        }
    }

    /// Sorts a failure of the HTTP library. `limit` is the time limit of the whole request.
    pub(super) fn from_http(url: &Address, limit: Duration, error: ureq::Error) -> Self {
        let url = url.clone();
        match error {
            ureq::Error::HostNotFound => Self::HostNotFound { url },
            ureq::Error::TooManyRedirects => Self::TooManyRedirects { url },
            ureq::Error::RequireHttpsOnly(_) => Self::LeavesHttps { url },
            ureq::Error::Timeout(ureq::Timeout::PerRead) => Self::Silent { url },
            ureq::Error::Timeout(_) => Self::Timeout { url, limit },
            ureq::Error::Io(source) if is_tls(&source) => Self::Trust { url, source: Box::new(ureq::Error::Io(source)) },
            ureq::Error::Io(source) if source.kind() == io::ErrorKind::UnexpectedEof => Self::Truncated { url },
            ureq::Error::Io(source) => Self::Connection { url, source },
            error @ (ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::TlsRequired) => {
                Self::Trust { url, source: Box::new(error) }
            }
            error => Self::Protocol { url, source: Box::new(error) },
        }
    }
}

fn is_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}
