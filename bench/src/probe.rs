//! One request over a new connection, as a browser's first.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::machine;
use crate::origin::MARK;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The origin's page.
    Origins,
    /// Another answer: a block page, a redirect, a refusal.
    Other,
}

/// Asks a proxy for the small page of a host.
pub(crate) fn ask(proxy: SocketAddr, host: &str, port: u16) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&proxy, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let head =
        format!("GET http://{host}:{port}/1k.html HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if !answer.starts_with(b"HTTP/1.") {
        return Err(std::io::Error::other("the connection closed without an answer"));
    }
    let is_origins = answer.windows(MARK.len()).any(|window| window == MARK.as_bytes());
    Ok(if is_origins { Answer::Origins } else { Answer::Other })
}

/// Asks until the page of an open host comes.
pub(crate) fn until_open(
    proxy: SocketAddr,
    host: &str,
    port: u16,
    patience: Duration,
    mut is_alive: impl FnMut() -> bool,
) -> anyhow::Result<()> {
    let start = Instant::now();
    loop {
        let answer = ask(proxy, host, port);
        if matches!(answer, Ok(Answer::Origins)) {
            return Ok(());
        }
        if !is_alive() {
            bail!("it ended by itself");
        }
        if start.elapsed() > patience {
            answer.with_context(|| format!("wait for an answer from {proxy}"))?;
            bail!("{proxy} answers, but not with the page of {host}");
        }
        machine::pause(Duration::from_millis(5));
    }
}
