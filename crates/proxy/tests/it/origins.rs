//! Origins that a test writes itself, byte by byte, and origins under TLS.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::client::Client;
use crate::harness::MONDAY;

/// An origin whose every connection is a function of the test's.
pub(crate) struct Scripted {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Scripted {
    /// Each connection goes to `script`, on a thread of its own. The thread that accepts ends with the test's process.
    pub(crate) fn start(script: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("port");
        let (address, script) = (listener.local_addr().expect("address"), Arc::new(script));
        let connections = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counting.fetch_add(1, Ordering::Relaxed);
                let script = Arc::clone(&script);
                thread::spawn(move || script(stream));
            }
        });
        Self { address, connections }
    }

    /// Answers the first request of each connection with these bytes, and hangs up.
    pub(crate) fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |mut stream| {
            if read_head(&mut stream).is_some() {
                drop(stream.write_all(&bytes));
            }
        })
    }

    /// Keeps all that comes, on all connections together, and answers each head with a short 200.
    pub(crate) fn listening() -> (Self, Arc<Mutex<Vec<u8>>>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = Arc::clone(&heard);
        let origin = Self::start(move |mut stream| {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = stream.read(&mut piece) {
                hearing.lock().expect("heard").extend_from_slice(&piece[..length]);
                if piece[..length].windows(4).any(|window| window == b"\r\n\r\n") {
                    drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
                }
            }
        });
        (origin, heard)
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// Reads up to the end of a head; nothing where the other side ends first.
pub(crate) fn read_head(stream: &mut impl std::io::Read) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// An address at which nobody listens.
pub(crate) fn nobody() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("port").local_addr().expect("address")
}

/// An origin under TLS with a certificate of its own, for every name it is given.
pub(crate) struct Secure {
    pub(crate) origin: Scripted,
    pub(crate) certificate: CertificateDer<'static>,
    /// Heads of requests, as decrypted by the origin.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl Secure {
    pub(crate) fn start(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).expect("certificate");
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .expect("config");
        let (config, seen) = (Arc::new(config), Arc::new(Mutex::new(Vec::new())));
        let seeing = Arc::clone(&seen);
        let origin = Scripted::start(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("connection");
            let mut stream = StreamOwned::new(connection, stream);
            while let Some(head) = read_head(&mut stream) {
                seeing.lock().expect("seen").push(head);
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure"));
            }
        });
        Self { origin, certificate, seen }
    }
}

/// A TLS client over a tunnel, that trusts these certificates and asks for `name`. Also gives the certificate that was shown.
pub(crate) fn tls(stream: TcpStream, name: &str, trusted: &[u8]) -> Result<Tls, rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trusted.to_vec())).expect("certificate");
    let config = ClientConfig::builder_with_details(provider(), Arc::new(Monday))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).expect("name");
    let mut connection = ClientConnection::new(Arc::new(config), name).expect("connection");
    let mut stream = stream;
    stream.set_read_timeout(Some(Duration::from_secs(15))).expect("time-out");
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).map_err(|error| match error.downcast::<rustls::Error>() {
            Ok(error) => error,
            Err(error) => rustls::Error::General(error.to_string()),
        })?;
    }
    Ok(Client::new(StreamOwned::new(connection, stream)))
}

/// A client inside TLS.
pub(crate) type Tls = Client<StreamOwned<ClientConnection, TcpStream>>;

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// The time of the tests, whatever the machine's clock says.
#[derive(Debug)]
struct Monday;

impl rustls::time_provider::TimeProvider for Monday {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let monday: jiff::Timestamp = MONDAY.parse().ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(monday.as_second().unsigned_abs())))
    }
}
