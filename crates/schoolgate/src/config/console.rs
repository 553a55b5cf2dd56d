//! `[console]`: the pages that people look at; `[public]`: those of them that the whole world may.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use super::reader::Section;
use super::values;

/// Where the console listens unless told: this machine only.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
/// Connections at once: a browser opens six.
const CONNECTIONS: usize = 4096;
const FROM_ONE: usize = 256;

/// `[console]` or `[public]`: pages that people look at, always over HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleConfig {
    /// Address and port. Default of the console 127.0.0.1:8480; the public address has none, and is not served without one.
    pub listen: SocketAddr,
    /// The certificate that an authority gave, and its key. Default none: one of the school's own root.
    pub certificate: Option<CertificateFiles>,
    /// Connections at once. Default 4,096.
    pub connections: usize,
    /// Connections at once from one address, at most as many as there may be in all. Default 256.
    pub connections_from_one: usize,
}

/// A certificate with those of its issuers, and its key, each in a PEM file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate first, its issuers after it.
    pub certificate: PathBuf,
    /// The key. Only its owner may read it.
    pub key: PathBuf,
}

// === impl ConsoleConfig ===

impl ConsoleConfig {
    /// `[console]`.
    pub(super) fn read(root: &Section<'_>) -> Self {
        let section = root.table("console");
        let listen = section.or("listen", LISTEN, values::socket);
        Self::read_at(&section, listen)
    }

    /// `[public]`, where the file has it.
    pub(super) fn read_public(root: &Section<'_>) -> Option<Self> {
        let section = root.table("public");
        let listen =
            if root.has("public") { section.required("listen", values::socket) } else { section.optional("listen", values::socket) };
        // The other keys are read all the same, so that what is wrong with them is said.
        let read = Self::read_at(&section, listen.unwrap_or(LISTEN));
        listen.map(|_| read)
    }

    fn read_at(section: &Section<'_>, listen: SocketAddr) -> Self {
        let certificate = section.optional("certificate", |value| values::path(value, section.base()));
        let key = section.optional("key", |value| values::path(value, section.base()));
        match (section.has("certificate"), section.has("key")) {
            (true, false) => section.mistake("key", "is missing: the file with the certificate's key"),
            (false, true) => section.mistake("certificate", "is missing: the file with the key's certificate"),
            _ => {}
        }
        let number = |key, default: usize| {
            let number = section.optional(key, |value| values::whole(value, 16..=1_000_000));
            number.and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
        };
        let connections = number("connections", CONNECTIONS);
        let connections_from_one = number("connections_from_one", FROM_ONE.min(connections));
        if connections_from_one > connections {
            section.mistake("connections_from_one", format!("must be at most connections, which is {connections}"));
        }
        section.finish();
        let certificate = certificate.zip(key).map(|(certificate, key)| CertificateFiles { certificate, key });
        Self { listen, certificate, connections, connections_from_one }
    }
}

impl Default for ConsoleConfig {
    fn default() -> Self {
        Self { listen: LISTEN, certificate: None, connections: CONNECTIONS, connections_from_one: FROM_ONE }
    }
}
