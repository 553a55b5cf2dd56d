//! CONNECT tunnels: one that carries much, and many that carry nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// How long the proxy may take to answer, and a tunnel to move on.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes read at once.
const BUFFER: usize = 256 * 1024;

/// Opens a tunnel to the origin's end of tunnels, which is to send `bytes` through it. What goes first is the ClientHello of a browser:
/// a filter may read it, and ours does.
pub(crate) fn open(proxy: SocketAddr, host: &str, port: u16, bytes: u64) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&proxy, PATIENCE).with_context(|| format!("connect to {proxy}"))?;
    stream.set_read_timeout(Some(PATIENCE)).context("set how long to wait")?;
    stream.set_nodelay(true).context("send without delay")?;
    write!(stream, "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n").context("ask for a tunnel")?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).context("read the answer to CONNECT")?;
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head);
    ensure!(head.split(' ').nth(1) == Some("200"), "no tunnel: {}", head.trim());
    let mut first = client_hello(host);
    first.extend(bytes.to_be_bytes());
    stream.write_all(&first).context("send the first bytes through the tunnel")?;
    Ok(stream)
}

/// Takes so many bytes through each of some tunnels at once; says how many seconds that took.
pub(crate) fn bulk(proxy: SocketAddr, host: &str, port: u16, tunnels: usize, bytes: u64) -> anyhow::Result<f64> {
    let start = Instant::now();
    let work = || -> anyhow::Result<()> {
        let mut stream = open(proxy, host, port, bytes)?;
        let mut buffer = vec![0; BUFFER];
        let mut left = bytes;
        while left > 0 {
            let count = stream.read(&mut buffer).context("read from the tunnel")? as u64;
            ensure!(count > 0, "the tunnel closed with {left} bytes to come");
            left = left.saturating_sub(count);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..tunnels).map(|_| scope.spawn(work)).collect();
        all.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a tunnel's thread broke off"))))
    })?;
    Ok(start.elapsed().as_secs_f64())
}

/// A ClientHello with a server name (RFC 8446, 4.1.2; RFC 6066, 3), in one record.
fn client_hello(host: &str) -> Vec<u8> {
    let mut name = vec![0];
    name.extend(with_length(host.as_bytes()));
    let server_name = extension(0, &with_length(&name));
    let versions = extension(43, &[2, 3, 4]);
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    // No session, one cipher suite, no compression.
    body.extend([0, 0, 2, 0x13, 0x01, 1, 0]);
    body.extend(with_length(&[server_name, versions].concat()));
    let mut message = vec![1, 0];
    message.extend(with_length(&body));
    let mut record = vec![22, 3, 1];
    record.extend(with_length(&message));
    record
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &with_length(content)].concat()
}

/// The bytes behind their number, in two bytes.
fn with_length(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes()[..], bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::client_hello;

    #[test]
    fn a_hello_is_one_record_and_names_the_host() {
        let hello = client_hello("www.school00.example");
        assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
        assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9);
        assert!(hello.windows(20).any(|window| window == b"www.school00.example"));
    }
}
