//! An origin: a small web server on a loopback port that answers as it is told, well or badly, and remembers what it was asked.
//!
//! It is written on plain sockets, because its bad answers (a wrong length, a body without end) are ones a proper server refuses to give.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

/// The longest request line or header that is read, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// What an origin answers on one path.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

/// How the body of a reply goes out.
#[derive(Debug, Clone)]
pub enum Body {
    /// All at once, with its true length.
    Whole(Vec<u8>),
    /// The true length, but in pieces of `piece` bytes with a pause before each.
    Slow {
        /// All of the body.
        bytes: Vec<u8>,
        /// Bytes sent between two pauses; at least 1 is sent.
        piece: usize,
        /// The pause.
        pause: Duration,
    },
    /// The same bytes again and again, until the client has had enough.
    Endless(Vec<u8>),
    /// A length that is not true: more than there is (the body breaks off) or less (something is left over). Then it hangs up.
    Lying {
        /// What is sent.
        bytes: Vec<u8>,
        /// What `Content-Length` says.
        announced: u64,
    },
    /// The head of the answer, with a length of 1, and then silence until the origin is dropped.
    Stalled,
    /// These bytes and nothing else, not even a status line. Then it hangs up.
    Raw(Vec<u8>),
}

impl Reply {
    /// Status 200 with this body and content type.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::with(Body::Whole(body.into())).header("Content-Type", content_type)
    }

    /// Status 200 with a body that goes out in its own way.
    #[must_use]
    pub fn with(body: Body) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }

    /// Another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// One more header. With `ETag` or `Last-Modified`, a request whose condition names the same value gets 304 and no body.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A request as the origin received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, `POST`...
    pub method: String,
    /// The request target, as sent.
    pub target: String,
    /// Header names (as sent) and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, with chunked framing removed.
    pub body: Vec<u8>,
}

impl Seen {
    /// The first value of a header, whatever the case of its name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// A running origin. Dropping it closes its port.
#[derive(Debug)]
pub struct Origin {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    replies: Mutex<HashMap<String, Reply>>,
    seen: Mutex<Vec<Seen>>,
    stopping: AtomicBool,
}

impl Origin {
    /// Starts on a free port of 127.0.0.1. Every path answers 404 until `serve` says otherwise.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot listen for the origin")?;
        let address = listener.local_addr().context("cannot read the origin's port")?;
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Ok(Self { address, shared })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path (which begins with `/`).
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers `path` (with its query, if any) this way from now on.
    pub fn serve(&self, path: &str, reply: Reply) {
        lock(&self.shared.replies).insert(path.to_owned(), reply);
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::Release);
        // Wakes the thread that accepts; if this fails it is gone already.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        if shared.stopping.load(Ordering::Acquire) {
            return;
        }
        let shared = Arc::clone(shared);
        // A broken connection is the client's affair: the test sees it there.
        thread::spawn(move || drop(converse(&stream, &shared)));
    }
}

/// Answers requests on one connection until either side is done.
fn converse(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = receive(&mut reader)? {
        lock(&shared.seen).push(request.clone());
        let reply = lock(&shared.replies).get(path_of(&request.target)).cloned();
        let reply = reply.unwrap_or_else(|| Reply::ok("text/plain", "nothing here").status(404));
        if !answer(stream, &request, &reply, &shared.stopping)? {
            break;
        }
    }
    Ok(())
}

/// The path of a target in absolute form too, as proxies send it.
fn path_of(target: &str) -> &str {
    match target.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => target,
    }
}

fn receive(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Seen>> {
    let first = line(reader)?;
    let mut words = first.split(' ');
    let (Some(method), Some(target)) = (words.next().filter(|word| !word.is_empty()), words.next()) else { return Ok(None) };
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Seen { method: method.to_owned(), target: target.to_owned(), headers, body: Vec::new() };
    if let Some(length) = request.header("Content-Length").and_then(|length| length.parse().ok()) {
        reader.take(length).read_to_end(&mut request.body)?;
    } else if request.header("Transfer-Encoding").is_some() {
        while let Ok(size @ 1..) = u64::from_str_radix(line(reader)?.trim(), 16) {
            reader.take(size).read_to_end(&mut request.body)?;
            line(reader)?;
        }
        while !line(reader)?.is_empty() {}
    }
    Ok(Some(request))
}

fn line(reader: &mut BufReader<&TcpStream>) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())
}

/// Sends the reply; true when the connection can carry another request.
fn answer(mut stream: &TcpStream, request: &Seen, reply: &Reply, stopping: &AtomicBool) -> io::Result<bool> {
    if let Body::Raw(bytes) = &reply.body {
        stream.write_all(bytes)?;
        return Ok(false);
    }
    if unchanged(request, reply) {
        stream.write_all(head(304, &reply.headers, "").as_bytes())?;
        return Ok(true);
    }
    let framing = match &reply.body {
        Body::Whole(bytes) | Body::Slow { bytes, .. } => format!("Content-Length: {}\r\n", bytes.len()),
        Body::Lying { announced, .. } => format!("Content-Length: {announced}\r\n"),
        Body::Stalled => "Content-Length: 1\r\n".to_owned(),
        Body::Endless(_) | Body::Raw(_) => "Connection: close\r\n".to_owned(),
    };
    stream.write_all(head(reply.status, &reply.headers, &framing).as_bytes())?;
    if request.method == "HEAD" {
        return Ok(true);
    }
    match &reply.body {
        Body::Whole(bytes) => stream.write_all(bytes)?,
        Body::Slow { bytes, piece, pause } => {
            for part in bytes.chunks((*piece).max(1)) {
                wait(*pause);
                stream.write_all(part)?;
            }
        }
        Body::Lying { bytes, .. } => stream.write_all(bytes)?,
        Body::Endless(bytes) => {
            while !stopping.load(Ordering::Acquire) {
                stream.write_all(bytes)?;
            }
        }
        Body::Stalled => {
            while !stopping.load(Ordering::Acquire) {
                wait(Duration::from_millis(20));
            }
        }
        Body::Raw(_) => {}
    }
    Ok(matches!(reply.body, Body::Whole(_) | Body::Slow { .. }))
}

fn head(status: u16, headers: &[(String, String)], framing: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} Scripted\r\n{headers}{framing}\r\n")
}

fn unchanged(request: &Seen, reply: &Reply) -> bool {
    let same = |condition, header| request.header(condition).is_some_and(|known| find(&reply.headers, header) == Some(known));
    match request.header("If-None-Match") {
        Some(_) => same("If-None-Match", "ETag"),
        None => same("If-Modified-Since", "Last-Modified"),
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(clippy::disallowed_methods, reason = "slowness is what the test asks this thread for")]
fn wait(time: Duration) {
    thread::sleep(time);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends a request as text and gives all that comes back until the origin hangs up.
    fn ask(origin: &Origin, request: &str) -> String {
        let mut stream = TcpStream::connect(origin.address()).expect("connect");
        stream.write_all(request.as_bytes()).expect("send");
        stream.shutdown(std::net::Shutdown::Write).expect("half close");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answer");
        String::from_utf8(answer).expect("text")
    }

    #[test]
    fn it_answers_and_remembers() {
        let origin = Origin::start().expect("origin");
        origin.serve("/list", Reply::ok("text/plain", "a.example"));
        let answer = ask(&origin, "POST /list HTTP/1.1\r\nX-Who: me\r\nContent-Length: 2\r\n\r\nhiGET /none HTTP/1.1\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("a.exampleHTTP/1.1 404"), "{answer}");
        let seen = origin.seen();
        assert_eq!(seen.len(), 2);
        assert_eq!((seen[0].header("x-who"), seen[0].body.as_slice()), (Some("me"), b"hi".as_slice()));
    }

    #[test]
    fn an_unchanged_list_is_not_sent_again() {
        let origin = Origin::start().expect("origin");
        origin.serve("/list", Reply::ok("text/plain", "a.example").header("ETag", "\"1\""));
        assert!(ask(&origin, "GET /list HTTP/1.1\r\nIf-None-Match: \"1\"\r\n\r\n").starts_with("HTTP/1.1 304"));
        assert!(ask(&origin, "GET /list HTTP/1.1\r\nIf-None-Match: \"0\"\r\n\r\n").starts_with("HTTP/1.1 200"));
    }

    #[test]
    fn chunked_requests_and_absolute_targets_are_read() {
        let origin = Origin::start().expect("origin");
        origin.serve("/form", Reply::ok("text/plain", "ok"));
        let request = "POST http://school.example/form HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        assert!(ask(&origin, request).ends_with("ok"));
        assert_eq!(origin.seen()[0].body, b"abcd");
    }

    #[test]
    fn a_lying_length_breaks_off() {
        let origin = Origin::start().expect("origin");
        origin.serve("/", Reply::with(Body::Lying { bytes: b"short".to_vec(), announced: 999 }));
        let answer = ask(&origin, "GET / HTTP/1.1\r\n\r\n");
        assert!(answer.contains("Content-Length: 999") && answer.ends_with("short"), "{answer}");
    }

    #[test]
    fn an_endless_body_goes_on() {
        let origin = Origin::start().expect("origin");
        origin.serve("/", Reply::with(Body::Endless(b"a.example\n".to_vec())));
        let mut stream = TcpStream::connect(origin.address()).expect("connect");
        stream.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("send");
        let mut million = vec![0; 1_000_000];
        stream.read_exact(&mut million).expect("a million bytes and more to come");
    }
}
