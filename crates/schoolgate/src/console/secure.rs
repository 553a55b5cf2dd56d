//! HTTPS for the console: under the certificate that the configuration names, or one of the school's own root. Whoever speaks HTTP is
//! sent to the right address.

use std::io;
use std::mem::replace;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use filter::host::Host;
use proxy::root::Root;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::warn;

use super::server::{Connection, Guest, Guests};
use crate::config::{CertificateFiles, ConsoleConfig};
use crate::secret_file::{self, Credentials};
use crate::world::World;

/// Largest file of a key, in bytes.
const MAX_KEY: u64 = 1 << 20;
/// How long a hand-shake may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections whose hand-shake is done and that nobody has taken yet; others wait.
const WAITING: usize = 64;
/// After the system has refused a connection.
const REST: Duration = Duration::from_millis(100);
/// The first byte of a TLS hand-shake (RFC 8446, 5.1); no HTTP method begins so.
const HANDSHAKE: u8 = 22;

/// Under what the console answers.
#[derive(Debug, Clone)]
pub enum Certificate {
    /// What the school was given by an authority that browsers know.
    Given(Arc<ServerConfig>),
    /// One made by the school's own root, for the name that the browser asks for.
    Own(Arc<Root>),
}

/// Connections whose hand-shake is done.
#[derive(Debug)]
pub(super) struct Secure {
    done: mpsc::Receiver<Connection>,
    accepting: AbortHandle,
}

/// What each hand-shake needs.
struct Door {
    certificate: Certificate,
    world: World,
    done: mpsc::Sender<Connection>,
}

// === impl Certificate ===

impl Certificate {
    /// What the files hold.
    ///
    /// # Errors
    /// Where one cannot be read, others may read the key, or the two do not belong together.
    pub fn read(files: &CertificateFiles, credentials: &Credentials) -> Result<Self> {
        let doing = |what: &str, path: &Path| format!("reading the console's {what} {}", path.display());
        let doing_key = || doing("key", &files.key);
        let key = secret_file::read(&files.key, MAX_KEY, credentials).map_err(|refused| refused.while_doing(doing_key))?;
        let chain = CertificateDer::pem_file_iter(&files.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.with_context(|| doing("certificate", &files.certificate))?;
        let key = PrivateKeyDer::from_pem_slice(&key).with_context(doing_key)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .with_context(|| format!("{}: it does not fit its key", doing("certificate", &files.certificate)))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self::Given(Arc::new(config)))
    }
}

// === impl Secure ===

impl Secure {
    pub(super) fn start(listener: TcpListener, certificate: Certificate, world: World, config: &ConsoleConfig) -> Self {
        let (sender, done) = mpsc::channel(WAITING);
        let door = Arc::new(Door { certificate, world, done: sender });
        let (places, guests) = (Arc::new(Semaphore::new(config.connections)), Guests::new(config));
        let accepting = tokio::spawn(accept(listener, door, places, guests)).abort_handle();
        Self { done, accepting }
    }

    /// The next connection whose hand-shake is done. Waits for ever when nothing accepts any more: the console is ending then.
    pub(super) async fn next(&mut self) -> Connection {
        match self.done.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, door: Arc<Door>, places: Arc<Semaphore>, guests: Guests) {
    let (mut told_of_all, mut told_of_one) = (false, false);
    loop {
        if places.available_permits() == 0 && !replace(&mut told_of_all, true) {
            warn!("the console has as many connections as it may have, and further ones wait; connections under [console] is the bound");
        }
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, from)) => {
                // Closed at once: whoever opens so many means no good, or has forgotten the others.
                let Some(guest) = guests.admit(from.ip(), place) else {
                    // Once, and without the address: it would be a person's.
                    if !replace(&mut told_of_one, true) {
                        warn!(
                            "one address has as many connections to the console as one may have, and further ones are closed; where many people \
                             come from one address (a reverse proxy, address translation), raise connections_from_one under [console]"
                        );
                    }
                    continue;
                };
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    // Who does not end the hand-shake has given up, or means no good: either way nobody is told.
                    let _ = timeout(PATIENCE, door.shake(stream, from, guest)).await;
                });
            }
            Err(_) => sleep(REST).await,
        }
    }
}

// === impl Door ===

impl Door {
    async fn shake(&self, mut stream: TcpStream, from: SocketAddr, guest: Guest) -> io::Result<()> {
        stream.set_nodelay(true)?;
        // As the reader typed it: where the console listens on all addresses, its own says nothing.
        let here = stream.local_addr()?;
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first != [HANDSHAKE] {
            let answer =
                format!("HTTP/1.1 308 Permanent Redirect\r\nLocation: https://{}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", here);
            stream.write_all(answer.as_bytes()).await?;
            return stream.shutdown().await;
        }
        let config = match &self.certificate {
            Certificate::Given(config) => Arc::clone(config),
            Certificate::Own(root) => {
                let host = Host::parse(&here.ip().to_string()).map_err(io::Error::other)?;
                root.acceptor(&host, self.world.now())
            }
        };
        let stream = TlsAcceptor::from(config).accept(stream).await?;
        self.done.send(Connection { stream, from, guest }).await.map_err(io::Error::other)
    }
}
