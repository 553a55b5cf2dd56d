//! Squid with the list as a `dstdomain` ACL, its access log on, its cache off.

use std::net::SocketAddr;
use std::process::Command;

use rustix::process::Signal;

use super::{Peer, Place, Reload, Running, Tunnels, append, free_address};

/// The row of the table.
pub(super) const PEER: Peer = Peer {
    name: "squid",
    title: "Squid",
    filters: true,
    tunnels: Tunnels::Many,
    start,
    reloads: &[Reload { title: "Squid", prepare, take }],
};

/// As whom Debian's Squid works.
pub(super) const USER: &str = "proxy";

fn start(place: &Place) -> anyhow::Result<Running> {
    let listen = free_address()?;
    let names = std::fs::read_to_string(&place.list)?;
    // A dot in front: the name and all below it.
    let list = place.write("list", &names.lines().map(|name| format!(".{name}\n")).collect::<String>())?;
    let rules = format!("acl listed dstdomain -n \"{}\"\nhttp_access deny listed", list.display());
    run(place, listen, &rules)
}

fn prepare(place: &Place, host: &str) -> anyhow::Result<()> {
    append(&place.folder.join("list"), &format!(".{host}"))
}

/// It closes its ports meanwhile.
fn take(_: &Place, running: &Running) -> anyhow::Result<()> {
    running.signal(Signal::HUP)
}

/// Starts Squid with some lines of its own configuration.
pub(super) fn run(place: &Place, listen: SocketAddr, rules: &str) -> anyhow::Result<Running> {
    let (folder, hosts) = (place.folder.display(), place.hosts()?);
    let config = place.write(
        "squid.conf",
        &format!(
            "http_port {listen}
{rules}
acl here src 127.0.0.0/8
http_access allow here
http_access deny all
cache deny all
cache_mem 8 MB
hosts_file {}
dns_nameservers 127.0.0.9
access_log daemon:{folder}/access.log
cache_log {folder}/cache.log
cache_store_log none
pid_filename {folder}/squid.pid
coredump_dir {folder}
shutdown_lifetime 1 seconds
visible_hostname bench
forwarded_for delete
via off
max_filedescriptors 65536
netdb_filename none
pinger_enable off
",
            hosts.display()
        ),
    )?;
    place.give_to(USER)?;
    Running::start(Command::new("squid").arg("-N").arg("-f").arg(config), listen, &place.folder)
}
