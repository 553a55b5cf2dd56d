//! A reader who may be let down: nothing here fails the test, it only says what came.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// How long a reader waits for anything: far longer than the gate may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer that came whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Status line and headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

/// A connection that answers are read from.
#[derive(Debug)]
pub(super) struct Client<S: Read>(BufReader<S>);

/// A connection to a listener, from an address of this machine.
pub(super) fn open(listener: SocketAddr, source: IpAddr) -> io::Result<TcpStream> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(source, 0))?;
        socket.connect(listener).await?.into_std()
    })?;
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// TLS that trusts this certificate alone.
pub(super) fn trusting(pem: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM")).expect("certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// TLS over an open tunnel. Nothing where the other end is not who it should be, or hangs up.
pub(super) fn tls(
    mut stream: TcpStream,
    host: &str,
    trust: &Arc<ClientConfig>,
) -> Option<Client<StreamOwned<ClientConnection, TcpStream>>> {
    let name = ServerName::try_from(host.to_owned()).expect("a name");
    let mut connection = ClientConnection::new(Arc::clone(trust), name).expect("client");
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).ok()?;
    }
    Some(Client::new(StreamOwned::new(connection, stream)))
}

// === impl Client ===

impl<S: Read + Write> Client<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    pub(super) fn send(&mut self, bytes: impl AsRef<[u8]>) -> Option<()> {
        self.0.get_mut().write_all(bytes.as_ref()).ok()?;
        self.0.get_mut().flush().ok()
    }

    /// Sends a request and reads the answer.
    pub(super) fn ask(&mut self, request: &str) -> Option<Answer> {
        self.send(request)?;
        self.answer(request.split(' ').next().unwrap_or_default())
    }

    /// Reads the answer to a method; nothing where it does not come, or not whole.
    pub(super) fn answer(&mut self, method: &str) -> Option<Answer> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Answer { status, head, body: Vec::new() };
        let opens = status == 101 || method == "CONNECT" && status == 200;
        if opens || matches!(status, 204 | 304) || method == "HEAD" {
            return Some(answer);
        }
        if answer.header("Transfer-Encoding").is_some() {
            loop {
                let mut line = String::new();
                self.0.read_line(&mut line).ok()?;
                let size = usize::from_str_radix(line.trim(), 16).ok()?;
                let chunk = self.exactly(size + 2)?;
                answer.body.extend_from_slice(&chunk[..size]);
                if size == 0 {
                    return Some(answer);
                }
            }
        }
        let length = answer.header("Content-Length")?.parse().ok()?;
        answer.body = self.exactly(length)?;
        Some(answer)
    }

    pub(super) fn exactly(&mut self, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Reads until the other side hangs up.
    pub(super) fn until_the_end(mut self) {
        drop(io::copy(&mut self.0, &mut io::sink()));
    }

    /// The stream itself. What was read ahead is lost: in a tunnel nobody speaks first.
    pub(super) fn into_stream(self) -> S {
        self.0.into_inner()
    }
}

impl Answer {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
