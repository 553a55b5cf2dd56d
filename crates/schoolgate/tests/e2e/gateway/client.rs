//! A small web client that goes through a proxy, and says whom it trusts.

use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// Status line and headers.
    pub(super) head: String,
    pub(super) body: String,
}

/// An answer over HTTPS with the certificates that were shown.
#[derive(Debug)]
pub(super) struct Secure {
    pub(super) answer: Answer,
    pub(super) certificates: Vec<CertificateDer<'static>>,
}

impl Answer {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

pub(super) fn open(listener: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(listener).expect("connect");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("time-out");
    stream
}

/// The same from another address of this machine.
pub(super) fn open_from(device: std::net::IpAddr, listener: SocketAddr) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().expect("socket");
        socket.bind(SocketAddr::new(device, 0)).expect("bind");
        socket.connect(listener).await.expect("connect").into_std().expect("stream")
    });
    stream.set_nonblocking(false).expect("blocking");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("time-out");
    stream
}

/// Asks for an `http` address, with more header lines (each with its line break).
pub(super) fn get_with(listener: SocketAddr, url: &str, headers: &str) -> Answer {
    let mut stream = open(listener);
    ask(&mut stream, url, &format!("Connection: close\r\n{headers}")).expect("an answer")
}

/// Asks for an `http` address.
pub(super) fn get(listener: SocketAddr, url: &str) -> Answer {
    get_with(listener, url, "")
}

/// Asks a server itself for a page.
pub(super) fn page_of(server: SocketAddr, path: &str) -> Answer {
    ask(&mut open(server), path, &format!("Host: {server}\r\nConnection: close\r\n")).expect("an answer")
}

/// Asks on an open connection; nothing where it breaks off.
pub(super) fn ask(stream: &mut (impl Read + std::io::Write), url: &str, headers: &str) -> Option<Answer> {
    let host = url.strip_prefix("http://").and_then(|rest| rest.split('/').next());
    let host = host.map(|host| format!("Host: {host}\r\n")).unwrap_or_default();
    stream.write_all(format!("GET {url} HTTP/1.1\r\n{host}Accept: text/html\r\n{headers}\r\n").as_bytes()).ok()?;
    read_answer(stream)
}

/// Has the proxy open a tunnel; the answer where it does not.
pub(super) fn connect(listener: SocketAddr, host: &str, headers: &str) -> Result<TcpStream, Answer> {
    let mut stream = open(listener);
    stream.write_all(format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n{headers}\r\n").as_bytes()).expect("send");
    let answer = head_of(&mut stream).map(|head| Answer { status: status(&head), head, body: String::new() }).expect("an answer");
    if answer.status == 200 { Ok(stream) } else { Err(answer) }
}

/// Asks by HTTPS, trusting these authorities only. Nothing where the handshake fails.
pub(super) fn get_https(listener: SocketAddr, host: &str, path: &str, authorities: &[String]) -> Option<Secure> {
    let mut trusted = RootCertStore::empty();
    for pem in authorities {
        trusted.add(CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM")).expect("authority");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).expect("name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("client");
    let mut stream = StreamOwned::new(connection, connect(listener, host, "").expect("tunnel"));
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let answer = read_answer(&mut stream)?;
    let certificates = stream.conn.peer_certificates().map(<[_]>::to_vec).unwrap_or_default();
    Some(Secure { answer, certificates })
}

fn read_answer(stream: &mut impl Read) -> Option<Answer> {
    let head = head_of(stream)?;
    let mut answer = Answer { status: status(&head), head, body: String::new() };
    let mut body = Vec::new();
    if answer.header("Transfer-Encoding").is_some() {
        return None;
    }
    match answer.header("Content-Length").and_then(|length| length.parse().ok()) {
        Some(length) => {
            body.resize(length, 0);
            stream.read_exact(&mut body).ok()?;
        }
        // A connection that ends without farewell has still given its answer.
        None => drop(stream.read_to_end(&mut body)),
    }
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Some(answer)
}

fn head_of(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    String::from_utf8(head).ok()
}

fn status(head: &str) -> u16 {
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}
