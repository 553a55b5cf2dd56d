//! A parent proxy: the way out of a network whose only way out it is.

use std::fmt;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use filter::Host;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Most bytes of the parent's answer to CONNECT.
const MAX_HEAD: usize = 16 * 1024;

/// The proxy to send everything through.
#[derive(Clone, PartialEq, Eq)]
pub struct Parent {
    host: Host,
    port: u16,
    authorization: Option<Box<str>>,
}

/// Why the parent proxy opened no way.
#[derive(Debug, thiserror::Error)]
pub enum ParentError {
    /// Its name leads nowhere.
    #[error("the school's outer proxy cannot be found")]
    NotFound,
    /// It is not reached, or broke off.
    #[error("the school's outer proxy does not answer")]
    NoAnswer(#[source] io::Error),
    /// It wants another login (status 407).
    #[error("the school's outer proxy does not accept the filter's login")]
    Login,
    /// It refused the tunnel, with this status.
    #[error("the school's outer proxy did not open the site (status {0})")]
    Refused(u16),
    /// It does not speak as a proxy does.
    #[error("the school's outer proxy gave an answer that is not understood")]
    Answer,
}

// === impl Parent ===

impl Parent {
    /// A parent that asks for no login.
    pub fn new(host: Host, port: u16) -> Self {
        Self { host, port, authorization: None }
    }

    /// The same parent with a login for Basic authentication (RFC 7617), as `user:password`.
    #[must_use]
    pub fn with_login(self, login: &str) -> Self {
        Self { authorization: Some(format!("Basic {}", STANDARD.encode(login)).into()), ..self }
    }

    /// Where it is.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What goes into `Proxy-Authorization` of each request to it. A secret.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Has the parent join `stream` to a host (RFC 9110, 9.3.6). Nothing that follows the answer is read.
    pub(super) async fn open_tunnel(&self, stream: &mut TcpStream, host: &Host, port: u16) -> Result<(), ParentError> {
        let target = if host.as_str().contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        let login = self.authorization().map(|login| format!("Proxy-Authorization: {login}\r\n")).unwrap_or_default();
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n");
        stream.write_all(request.as_bytes()).await.map_err(ParentError::NoAnswer)?;
        match status_of(&read_head(stream).await?) {
            Some(200) => Ok(()),
            Some(407) => Err(ParentError::Login),
            Some(status) => Err(ParentError::Refused(status)),
            None => Err(ParentError::Answer),
        }
    }
}

impl fmt::Debug for Parent {
    /// Without the login.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Parent({}, port {})", self.host, self.port)
    }
}

/// Takes the head of an answer off the stream and not a byte more: an origin that speaks first may have begun already.
async fn read_head(stream: &mut TcpStream) -> Result<Vec<u8>, ParentError> {
    let mut head = Vec::new();
    while head.len() < MAX_HEAD {
        let mut chunk = [0; 1024];
        let seen = stream.peek(&mut chunk).await.map_err(ParentError::NoAnswer)?;
        if seen == 0 {
            return Err(ParentError::NoAnswer(io::ErrorKind::UnexpectedEof.into()));
        }
        let before = head.len();
        head.extend(chunk.iter().take(seen));
        let end = head.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        head.truncate(end.unwrap_or(head.len()));
        let taken = chunk.get_mut(..head.len() - before).unwrap_or_default();
        stream.read_exact(taken).await.map_err(ParentError::NoAnswer)?;
        if end.is_some() {
            return Ok(head);
        }
    }
    Err(ParentError::Answer)
}

/// The status in the first line of a head.
fn status_of(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.1 ").or_else(|| head.strip_prefix(b"HTTP/1.0 "))?;
    let [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ' | b'\r', ..] = *rest else { return None };
    Some([a, b, c].into_iter().fold(0, |status, digit| status * 10 + u16::from(digit - b'0')))
}
