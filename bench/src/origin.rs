//! The made-up internet behind every peer: a web server (nginx) with small pages under 64 names, and an end for tunnels.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::peers::Running;
use crate::probe;

/// Stands in every page of the origin and in no other.
pub(crate) const MARK: &str = "<title>The origin's page</title>";
/// Names under which the origin is reached.
pub(crate) const NAMES: usize = 64;
/// Bytes that a tunnel's end sends at once.
const BULK: usize = 64 * 1024;

/// The origin, as long as the value lives.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Where the web server is.
    pub(crate) web: SocketAddr,
    /// Where tunnels end.
    pub(crate) tunnels: SocketAddr,
    _nginx: Running,
}

/// The name with this number, below [`NAMES`] one that is asked for under load; those above are for single questions.
pub(crate) fn name(number: usize) -> String {
    format!("www.school{number:02}.example")
}

/// A port that was free a moment ago: peers cannot all be told to take any.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("find a free port")?;
    Ok(listener.local_addr().context("find a free port")?.port())
}

impl Origin {
    /// Starts it in a folder of its own.
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder.join("www")).context("make the origin's folder")?;
        std::fs::write(folder.join("www/1k.html"), page(1024)).context("write the origin's page")?;
        let web = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let config = folder.join("nginx.conf");
        std::fs::write(&config, nginx(folder, web)).context("write the origin's configuration")?;
        let mut nginx = Running::start(Command::new("nginx").arg("-c").arg(&config).arg("-e").arg(folder.join("error.log")), web, folder)?;
        nginx.wait_until_open(&name(0), web.port())?;
        Ok(Self { web, tunnels: tunnel_end()?, _nginx: nginx })
    }
}

/// An HTML page of so many bytes.
fn page(bytes: usize) -> String {
    let end = "</body></html>\n";
    let mut text = format!("<!doctype html>\n<html lang=\"en\"><head>{MARK}</head><body>\n");
    while text.len() < bytes {
        text.push_str("<p>The river rises in the hills, crosses the plain and reaches the sea.</p>\n");
    }
    text.truncate(bytes - end.len());
    text + end
}

fn nginx(folder: &Path, listen: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "user root; worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 300s; tcp_nodelay on;
  types {{ text/html html; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5; open_file_cache max=100 inactive=600s;
  server {{ listen {listen} backlog=4096; root {folder}/www; }}
}}
"
    )
}

/// The end of tunnels: reads the ClientHello, and sends as many bytes as the eight that follow it say (big endian); of none, it waits
/// for the other side to close.
fn tunnel_end() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("open a port for the end of tunnels")?;
    let address = listener.local_addr().context("open a port for the end of tunnels")?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A tunnel that breaks is seen at its other end.
            std::thread::Builder::new().stack_size(BULK * 2).spawn(move || drop(send(stream))).ok();
        }
    });
    Ok(address)
}

fn send(mut stream: TcpStream) -> std::io::Result<()> {
    let mut header = [0; 5];
    stream.read_exact(&mut header)?;
    let mut rest = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    stream.read_exact(&mut rest)?;
    let mut count = [0; 8];
    stream.read_exact(&mut count)?;
    let mut left = u64::from_be_bytes(count);
    let chunk = vec![0x17; BULK];
    while left > 0 {
        let now = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        stream.write_all(&chunk[..now])?;
        left -= now as u64;
    }
    stream.read_to_end(&mut Vec::new()).map(drop)
}

/// How long a peer may take until it serves: Squid takes 8 s for a million domains on a quiet machine.
const START: Duration = Duration::from_secs(120);

impl Running {
    /// Waits until an open host comes through.
    pub(crate) fn wait_until_open(&mut self, host: &str, port: u16) -> anyhow::Result<Duration> {
        let address = self.address;
        let took = probe::until_open(address, host, port, START, || self.is_alive());
        took.with_context(|| format!("start {}; its output is in {}", self.line, self.log.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_size_its_mark_and_its_end() {
        let page = page(1024);
        assert_eq!(page.len(), 1024);
        assert!(page.contains(MARK) && page.ends_with("</html>\n"));
    }
}
