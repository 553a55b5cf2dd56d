//! The ceiling: nginx as a reverse proxy to the one origin. It parses, reuses connections and writes an access log, but filters nothing.

use std::process::Command;

use super::{Peer, Place, Running, Tunnels, free_address};

/// The row of the table.
pub(super) const PEER: Peer =
    Peer { name: "nginx", title: "ceiling: nginx, reverse proxy", filters: false, tunnels: Tunnels::None, start, reloads: &[] };

fn start(place: &Place) -> anyhow::Result<Running> {
    let listen = free_address()?;
    let (folder, origin) = (place.folder.display(), place.web);
    let config = place.write(
        "nginx.conf",
        &format!(
            "user root; worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log {folder}/access.log combined buffer=64k; keepalive_requests 100000000; tcp_nodelay on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  upstream origin {{ server {origin}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen {listen} backlog=4096;
    location / {{
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $http_host;
    }}
  }}
}}
"
        ),
    )?;
    Running::start(Command::new("nginx").arg("-c").arg(config).arg("-e").arg(place.folder.join("error.log")), listen, &place.folder)
}
