//! The origin: answers well or badly, by the last word of the path, and keeps the mark of each request that arrives.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::CertifiedKey;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::pause;

/// By this header a reader knows the origin's own answer.
pub(super) const OWN: &str = "X-Soak-Origin";
/// Bytes of a page, and of a large body.
pub(super) const PAGE: usize = 2_000;
pub(super) const LARGE: usize = 400_000;

/// A request as it arrived.
#[derive(Debug)]
pub(super) struct Arrived {
    /// The path, or under TLS the host.
    pub(super) mark: String,
    pub(super) host: String,
    pub(super) method: String,
}

/// Both ports of the running origin.
#[derive(Debug)]
pub(super) struct Origin {
    pub(super) plain: SocketAddr,
    pub(super) secure: SocketAddr,
    /// Its certificate, PEM.
    pub(super) certificate: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    arrived: Mutex<Vec<Arrived>>,
    closing: AtomicBool,
    tls: Arc<ServerConfig>,
}

/// What a port speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Plain,
    Tls,
}

/// Waits for bytes as long as the origin is open.
struct Waiting<S> {
    stream: S,
    shared: Arc<Shared>,
}

// === impl Origin ===

impl Origin {
    /// Starts it, with a certificate for these hosts. Its threads end with the test's process.
    pub(super) fn start(hosts: Vec<String>) -> Self {
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(hosts).expect("certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let tls = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("certificate");
        let shared = Arc::new(Shared { arrived: Mutex::default(), closing: AtomicBool::new(false), tls: Arc::new(tls) });
        let listen = |speaks: Speaks| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("port");
            let (address, shared) = (listener.local_addr().expect("address"), Arc::clone(&shared));
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let shared = Arc::clone(&shared);
                    // How a connection ends is the proxy's affair.
                    thread::spawn(move || drop(serve(stream, speaks, shared)));
                }
            });
            address
        };
        Self { plain: listen(Speaks::Plain), secure: listen(Speaks::Tls), certificate: cert.pem(), shared }
    }

    /// What arrived since the last time.
    pub(super) fn take_arrived(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.shared.arrived.lock().expect("arrived"))
    }

    /// Ends the connections on which nothing is under way.
    pub(super) fn close(&self) {
        self.shared.closing.store(true, Ordering::Release);
    }
}

// === impl Waiting ===

impl<S: Read> Read for Waiting<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.stream.read(buffer) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if self.shared.closing.load(Ordering::Acquire) {
                        return Ok(0);
                    }
                }
                done => return done,
            }
        }
    }
}

impl<S: Write> Write for Waiting<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn serve(stream: TcpStream, speaks: Speaks, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    stream.set_write_timeout(Some(Duration::from_secs(60)))?;
    match speaks {
        Speaks::Plain => converse(&mut BufReader::new(Waiting { stream, shared }), speaks),
        Speaks::Tls => {
            let tls = ServerConnection::new(Arc::clone(&shared.tls)).map_err(io::Error::other)?;
            converse(&mut BufReader::new(Waiting { stream: StreamOwned::new(tls, stream), shared }), speaks)
        }
    }
}

fn converse<S: Read + Write>(reader: &mut BufReader<Waiting<S>>, speaks: Speaks) -> io::Result<()> {
    loop {
        let first = line(reader)?;
        let mut words = first.split(' ');
        let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(()) };
        let (mut host, mut length, mut is_chunked) = (String::new(), 0, false);
        loop {
            let line = line(reader)?;
            let Some((name, value)) = line.split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "host" => value.clone_into(&mut host),
                "content-length" => length = value.parse().unwrap_or(0),
                "transfer-encoding" => is_chunked = true,
                _ => {}
            }
        }
        let mark = if speaks == Speaks::Tls { host.clone() } else { path.to_owned() };
        let arrived = Arrived { mark, host: host.split(':').next().unwrap_or_default().to_owned(), method: method.to_owned() };
        reader.get_ref().shared.arrived.lock().expect("arrived").push(arrived);
        let body = if is_chunked { chunks(reader)? } else { exactly(reader, length)? };
        if !answer(reader, path.rsplit('/').next().unwrap_or_default(), body)? {
            return Ok(());
        }
    }
}

/// Answers; says whether another request may follow.
fn answer<S: Read + Write>(reader: &mut BufReader<Waiting<S>>, kind: &str, body: usize) -> io::Result<bool> {
    let head = |framing: &str| format!("HTTP/1.1 200 OK\r\n{OWN}: yes\r\n{framing}\r\n");
    let whole = |bytes: &[u8]| [head(&format!("Content-Length: {}\r\n", bytes.len())).as_bytes(), bytes].concat();
    let stream = reader.get_mut();
    match kind {
        "large" => stream.write_all(&whole(&vec![b'x'; LARGE]))?,
        "chunks" => {
            stream.write_all(head("Transfer-Encoding: chunked\r\n").as_bytes())?;
            for _ in 0..LARGE / 10_000 {
                stream.write_all(&[b"2710\r\n", &[b'x'; 10_000][..], b"\r\n"].concat())?;
            }
            stream.write_all(b"0\r\n\r\n")?;
        }
        "slow" => {
            stream.write_all(head("Content-Length: 4\r\n").as_bytes())?;
            for _ in 0..4 {
                pause(Duration::from_millis(100));
                stream.write_all(b"x")?;
            }
        }
        "upload" => stream.write_all(&whole(format!("got {body}").as_bytes()))?,
        "socket" => {
            stream.write_all(
                format!("HTTP/1.1 101 Switching\r\n{OWN}: yes\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n").as_bytes(),
            )?;
            let mut frame = [0; 8];
            while reader.read_exact(&mut frame).is_ok() {
                frame.reverse();
                reader.get_mut().write_all(&frame)?;
            }
            return Ok(false);
        }
        // More announced than sent, a chunk that breaks off, a length that is none, no HTTP at all.
        "short" => return stream.write_all(head("Content-Length: 1000\r\n").as_bytes()).map(|()| false),
        "broken" => return stream.write_all(format!("{}5\r\nab", head("Transfer-Encoding: chunked\r\n")).as_bytes()).map(|()| false),
        "mad" => return stream.write_all(head("Content-Length: -7\r\n").as_bytes()).map(|()| false),
        "noise" => return stream.write_all(&[0x16, 3, 1, 0, 9, 9, 9, 9, 9]).map(|()| false),
        _ => stream.write_all(&whole(&[b'x'; PAGE]))?,
    }
    Ok(true)
}

fn line<S: Read>(reader: &mut BufReader<S>) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(64 * 1024).read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

/// Reads a body of this length, and gives the length.
fn exactly<S: Read>(reader: &mut BufReader<S>, length: usize) -> io::Result<usize> {
    let read = io::copy(&mut reader.take(length as u64), &mut io::sink())?;
    if read == length as u64 { Ok(length) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

fn chunks<S: Read>(reader: &mut BufReader<S>) -> io::Result<usize> {
    let mut total = 0;
    loop {
        let size = usize::from_str_radix(&line(reader)?, 16).map_err(io::Error::other)?;
        total += exactly(reader, size)?;
        line(reader)?;
        if size == 0 {
            return Ok(total);
        }
    }
}
