//! The made-up internet behind every peer: a web server (nginx) with small pages under 64 names, and an end for tunnels.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use crate::peers::Running;

/// Stands in every page of the origin and in no other.
pub(crate) const MARK: &str = "<title>The origin's page</title>";
/// Names under which the origin is reached.
pub(crate) const NAMES: usize = 64;

/// The origin, as long as the value lives.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Where the web server is.
    pub(crate) web: SocketAddr,
    /// Where tunnels end.
    pub(crate) tunnels: SocketAddr,
    running: [Running; 2],
}

/// The name with this number, below [`NAMES`] one that is asked for under load; those above are for single questions.
pub(crate) fn name(number: usize) -> String {
    format!("www.school{number:02}.example")
}

/// A folder for everything a run writes, which every user may enter: some peers give up being root.
pub(crate) fn scratch() -> anyhow::Result<tempfile::TempDir> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().context("make a folder for the run")?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).context("open the folder of the run to the peers")?;
    Ok(folder)
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
        let tunnels = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let own = std::env::current_exe().context("find this program")?;
        let end = Running::start(Command::new(own).args(["tunnel-end", &tunnels.to_string()]), tunnels, folder)?;
        Ok(Self { web, tunnels, running: [nginx, end] })
    }

    /// Its processes.
    pub(crate) fn pids(&self) -> [u32; 2] {
        self.running.each_ref().map(Running::pid)
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
