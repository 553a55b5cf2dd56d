//! A raw client: sends the very bytes a test gives it, and reads answers the way RFC 9112 says.

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long a client waits for anything before the test fails.
const PATIENCE: Duration = Duration::from_secs(15);

/// A connection that one can read answers from.
#[derive(Debug)]
pub(crate) struct Client<S = TcpStream> {
    pub(crate) stream: S,
    /// Read and not yet given out.
    pub(crate) buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Status line and headers as they came.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// Trailers as they came.
    pub(crate) trailers: String,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).expect("connect"))
    }

    /// From a given address of this machine.
    pub(crate) fn connect_from(source: IpAddr, address: SocketAddr) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        let stream = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().expect("socket");
            socket.bind(SocketAddr::new(source, 0)).expect("bind");
            socket.connect(address).await.expect("connect").into_std().expect("stream")
        });
        stream.set_nonblocking(false).expect("blocking");
        Self::over(stream)
    }

    fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("time-out");
        stream.set_write_timeout(Some(PATIENCE)).expect("time-out");
        stream.set_nodelay(true).expect("no delay");
        Self { stream, buffer: Vec::new() }
    }

    /// Opens a tunnel and gives the raw stream.
    pub(crate) fn tunnel(mut self, authority: &str) -> TcpStream {
        let answer = self.ask(&format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{}", answer.head);
        assert!(self.buffer.is_empty(), "nobody speaks first in a tunnel");
        self.stream
    }
}

impl<S: Read + Write> Client<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, buffer: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).expect("send");
        self.stream.flush().expect("flush");
    }

    /// Sends, and reads the answer.
    pub(crate) fn ask(&mut self, request: &str) -> Answer {
        self.send(request);
        self.answer_to(request.split(' ').next().unwrap_or_default()).expect("an answer")
    }

    /// `GET` of an absolute address, as browsers send it.
    pub(crate) fn get(&mut self, url: &str) -> Answer {
        self.get_with(url, "Accept: text/html\r\n")
    }

    /// The same with other headers.
    pub(crate) fn get_with(&mut self, url: &str, headers: &str) -> Answer {
        let host = url.trim_start_matches("http://").split(['/', '?']).next().unwrap_or_default();
        self.ask(&format!("GET {url} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n"))
    }

    /// Reads an answer. Interim ones are skipped, but for 101.
    pub(crate) fn answer(&mut self) -> Answer {
        self.answer_to("GET").expect("an answer")
    }

    /// Reads an answer to a method; nothing where the connection ended first.
    pub(crate) fn answer_to(&mut self, method: &str) -> Option<Answer> {
        loop {
            let head = self.head()?;
            let status = head.split(' ').nth(1)?.parse().expect("a status");
            if matches!(status, 100..=199) && status != 101 {
                continue;
            }
            let mut answer = Answer { status, head, body: Vec::new(), trailers: String::new() };
            let opens = method == "CONNECT" && status == 200;
            if method != "HEAD" && !opens && !matches!(status, 101 | 204 | 304) {
                self.body(&mut answer)?;
            }
            return Some(answer);
        }
    }

    /// Status line and headers.
    pub(crate) fn head(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head: Vec<u8> = self.buffer.drain(..at + 4).collect();
                return Some(String::from_utf8(head).expect("text").trim_end().to_owned());
            }
            self.more()?;
        }
    }

    fn body(&mut self, answer: &mut Answer) -> Option<()> {
        if answer.header("transfer-encoding").is_some() {
            loop {
                let size = usize::from_str_radix(self.line()?.trim(), 16).expect("a chunk size");
                if size == 0 {
                    break;
                }
                let chunk = self.exactly(size)?;
                answer.body.extend(chunk);
                assert_eq!(self.line()?, "\r\n", "a chunk has its true length");
            }
            loop {
                match self.line()?.as_str() {
                    "\r\n" => return Some(()),
                    trailer => answer.trailers.push_str(trailer),
                }
            }
        } else if let Some(length) = answer.header("content-length") {
            answer.body = self.exactly(length.parse().expect("a length"))?;
        } else {
            answer.body = self.rest();
        }
        Some(())
    }

    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.buffer.iter().position(|byte| *byte == b'\n') {
                return Some(String::from_utf8(self.buffer.drain(..=at).collect()).expect("text"));
            }
            self.more()?;
        }
    }

    pub(crate) fn exactly(&mut self, length: usize) -> Option<Vec<u8>> {
        while self.buffer.len() < length {
            self.more()?;
        }
        Some(self.buffer.drain(..length).collect())
    }

    /// All that comes until the other side ends.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        while self.more().is_some() {}
        std::mem::take(&mut self.buffer)
    }

    /// Whether the other side has ended the connection and sent nothing more.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.rest().is_empty()
    }

    fn more(&mut self) -> Option<()> {
        let mut piece = [0; 16 * 1024];
        match self.stream.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                self.buffer.extend_from_slice(&piece[..length]);
                Some(())
            }
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof | ErrorKind::ConnectionAborted) => {
                None
            }
            Err(error) => panic!("nothing came: {error}"),
        }
    }
}

impl Answer {
    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }
}
