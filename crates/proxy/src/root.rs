//! The page root: the school's own certificate authority, under which the gate answers in place of a site, to say no.
//!
//! A browser shows no page for a refused HTTPS connection unless somebody it trusts speaks for the site. On devices that hold this
//! root, the gate may. It does so for what is blocked, warned of or gated, and for nothing else: what is allowed goes through as
//! it is, under the site's own certificate.
//!
//! The key lies in one file that only its owner may read. No function gives it out.

mod export;
mod files;
mod leaves;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use filter::Host;
use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;

use leaves::{ByName, Leaves};

/// The page root, ready to answer for any host.
pub struct Root {
    certificate: CertificateDer<'static>,
    name: String,
    ends: Timestamp,
    public_key: Vec<u8>,
    config: ServerConfig,
    leaves: Arc<Leaves>,
}

/// Why there is no page root. Filtering needs none: without it a blocked HTTPS site gives the browser's own error, not our page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RootError {
    /// The disk refused.
    #[error("cannot {doing} {}", path.display())]
    Disk {
        /// `read`, `write`...
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner may read or write the key.
    #[error(
        "the key of the page root can be used by other accounts of this machine (mode {mode:03o}): run `chmod 600 {}`; if one of them may \
         have copied it, take the root off all devices, delete both of its files and start again to make another",
        path.display()
    )]
    OpenKey {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// There is a certificate without its key.
    #[error(
        "the page root has its certificate but not its key: put {} back from a backup, or delete {} and start again to make another root, \
         which the devices then need",
        key.display(),
        certificate.display()
    )]
    NoKey {
        /// The file that is missing.
        key: PathBuf,
        /// The file that is there.
        certificate: PathBuf,
    },
    /// The key file does not hold one ECDSA P-256 key as PEM.
    #[error(
        "the key of the page root, {}, is damaged: put it back from a backup, or delete it and the certificate beside it and start again to \
         make another root, which the devices then need",
        path.display()
    )]
    DamagedKey {
        /// The file.
        path: PathBuf,
    },
    /// The certificate file does not hold one certificate of an authority, signed by itself, as PEM.
    #[error(
        "the certificate of the page root, {}, is damaged ({why}): put it back from a backup, or delete it and start again; it is then made \
         anew from the key, and devices that hold the old one go on working",
        path.display()
    )]
    DamagedCertificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Both are whole, but not of one root.
    #[error("the page root's key {} and certificate {} do not belong together: put both back from one backup", key.display(), certificate.display())]
    Mismatch {
        /// The key.
        key: PathBuf,
        /// The certificate.
        certificate: PathBuf,
    },
    /// It has come to its end.
    #[error(
        "the page root, {}, ended on {ended}: delete it and the key beside it, start again to make another, and install that on the devices; \
         if the date is not past, the clock of this machine is wrong",
        certificate.display()
    )]
    Ended {
        /// The certificate.
        certificate: PathBuf,
        /// Its last moment.
        ended: Timestamp,
    },
    /// A key or a certificate could not be made.
    #[error("cannot {doing}")]
    Make {
        /// `make the key of the page root`...
        doing: &'static str,
        /// What the library said.
        source: rcgen::Error,
    },
    /// The TLS library refused what we gave it.
    #[error("cannot prepare to answer under the page root")]
    Tls(#[source] rustls::Error),
}

// === impl Root ===

impl Root {
    /// Reads the root from `folder`: `page-root.key` and `page-root.pem`. What is not there is made, the folder (mode 0700) too: on
    /// first use, or when an earlier start was killed half-way. Several processes may do so at once, and get the same root. It is
    /// named for `school` when it is made, and lasts ten years from the day before `now`.
    ///
    /// # Errors
    /// Each of [`RootError`]'s; nothing that is there is ever written over.
    pub fn load_or_make(folder: &Path, school: &str, now: Timestamp) -> Result<Self, RootError> {
        let files::Stored { key, certificate, name, ends } = files::load_or_make(folder, school, now)?;
        let public_key = rcgen::PublicKeyData::subject_public_key_info(&key);
        let leaves = Arc::new(Leaves::new(key, certificate.clone(), ends)?);
        let config = leaves::config().map_err(RootError::Tls)?;
        Ok(Self { certificate, name, ends, public_key, config, leaves })
    }

    /// How to answer one TLS connection at the moment `now`: under a certificate for the name that the browser asks for, or for
    /// `host` where it asks for none. HTTP/1.1 only; TLS 1.2 and 1.3; nothing is kept to resume it.
    pub fn acceptor(&self, host: &Host, now: Timestamp) -> Arc<ServerConfig> {
        let mut config = self.config.clone();
        config.cert_resolver = Arc::new(ByName { leaves: Arc::clone(&self.leaves), otherwise: host.clone(), now });
        Arc::new(config)
    }

    /// Its name, as devices show it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its last moment: devices need another before then.
    pub fn ends(&self) -> Timestamp {
        self.ends
    }

    /// The certificate as text, for most systems (`.pem`, `.crt`).
    pub fn pem(&self) -> String {
        export::pem("CERTIFICATE", &self.certificate)
    }

    /// The certificate as bytes (`.cer`, `.der`).
    pub fn der(&self) -> &[u8] {
        &self.certificate
    }

    /// A configuration profile that installs the certificate on iPad, iPhone and Mac (`.mobileconfig`). The same root gives the
    /// same profile.
    pub fn mobileconfig(&self) -> String {
        export::mobileconfig(&self.name, &self.certificate)
    }

    /// SHA-256 over the certificate, as `AB:CD:...`: to compare by eye with what a device shows.
    pub fn fingerprint(&self) -> String {
        export::fingerprint(&self.certificate)
    }

    /// Base64 of SHA-256 over the root's public key, for Chromium's `--ignore-certificate-errors-spki-list`, which browser tests
    /// use in place of installing the root. Chromium compares it with each certificate that the server sends; ours sends the root.
    pub fn spki_pin(&self) -> String {
        export::pin(&self.public_key)
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Root").field("name", &self.name).field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}
