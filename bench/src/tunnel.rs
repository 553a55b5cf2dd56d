//! CONNECT tunnels: one that carries much, and many that carry nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// How long the proxy may take to answer, and a tunnel to move on.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes read or written at once.
const BUFFER: usize = 256 * 1024;
/// Threads that open tunnels.
const OPENERS: usize = 8;
/// Memory of a thread at the end of tunnels, in bytes.
const STACK: usize = 64 * 1024;

/// Opens a tunnel to the end of tunnels, which is to send `bytes` through it. What goes first is a ClientHello, as from a browser: a
/// filter may read it, and ours does.
fn open(proxy: SocketAddr, host: &str, port: u16, bytes: u64) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&proxy, PATIENCE).with_context(|| format!("connect to {proxy}"))?;
    stream.set_read_timeout(Some(PATIENCE)).context("set how long to wait")?;
    stream.set_nodelay(true).context("send without delay")?;
    let ask = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    stream.write_all(ask.as_bytes()).context("ask for a tunnel")?;
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
    // The end has answered, so the tunnel is whole.
    stream.read_exact(&mut [0]).context("wait for the end of the tunnel")?;
    Ok(stream)
}

/// Takes so many bytes through each of some tunnels at once; says how many seconds that took.
pub(crate) fn bulk(proxy: SocketAddr, host: &str, port: u16, tunnels: usize, bytes: u64) -> anyhow::Result<f64> {
    let start = Instant::now();
    together(tunnels, |_| {
        let mut stream = open(proxy, host, port, bytes)?;
        let mut buffer = vec![0; BUFFER];
        let mut left = bytes;
        while left > 0 {
            let count = stream.read(&mut buffer).context("read from the tunnel")? as u64;
            ensure!(count > 0, "the tunnel closed with {left} bytes to come");
            left = left.saturating_sub(count);
        }
        Ok(())
    })?;
    Ok(start.elapsed().as_secs_f64())
}

/// Opens so many tunnels that stay idle as long as they are kept.
pub(crate) fn idle(proxy: SocketAddr, host: &str, port: u16, tunnels: usize) -> anyhow::Result<Vec<TcpStream>> {
    let opened = together(OPENERS, |opener| {
        (opener..tunnels).step_by(OPENERS).map(|number| open(proxy, host, port, 0).with_context(|| format!("tunnel {number}"))).collect()
    })?;
    Ok(opened.into_iter().flat_map(|some: Vec<TcpStream>| some).collect())
}

/// Does something in several threads at once.
fn together<T: Send>(threads: usize, work: impl Fn(usize) -> anyhow::Result<T> + Sync) -> anyhow::Result<Vec<T>> {
    let work = &work;
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|number| scope.spawn(move || work(number))).collect();
        all.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a thread of the load broke off")))).collect()
    })
}

/// The end of all tunnels, for good; this is what the started program does. It reads a ClientHello and eight bytes (big endian), answers
/// with one byte and sends as many more as the eight say. Where they say none, it keeps the tunnel until the other side ends.
pub(crate) fn serve(listen: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).with_context(|| format!("listen on {listen}"))?;
    let (keep, kept) = channel();
    std::thread::spawn(move || kept.into_iter().collect::<Vec<TcpStream>>());
    for stream in listener.incoming().flatten() {
        let keep = keep.clone();
        // A tunnel that breaks is seen at its other end.
        std::thread::Builder::new().stack_size(STACK).spawn(move || drop(answer(stream, &keep))).context("start a thread")?;
    }
    Ok(())
}

fn answer(mut stream: TcpStream, keep: &Sender<TcpStream>) -> std::io::Result<()> {
    let mut header = [0; 5];
    stream.read_exact(&mut header)?;
    let mut rest = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    stream.read_exact(&mut rest)?;
    let mut count = [0; 8];
    stream.read_exact(&mut count)?;
    stream.write_all(&[0])?;
    let mut left = u64::from_be_bytes(count);
    if left == 0 {
        keep.send(stream).map_err(|_| std::io::Error::other("nobody keeps tunnels"))?;
        return Ok(());
    }
    let chunk = vec![0x17; BUFFER];
    while left > 0 {
        let now = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        stream.write_all(&chunk[..now])?;
        left -= now as u64;
    }
    Ok(())
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
