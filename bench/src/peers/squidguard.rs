//! Squid with squidGuard as its helper, in eight processes; the list is a Berkeley DB, built before the start.

use std::process::Command;

use anyhow::Context;

use super::squid::{self, USER};
use super::{Peer, Place, Running, Tunnels, free_address, output};
use crate::origin;

/// The row of the table.
pub(super) const PEER: Peer =
    Peer { name: "squidguard", title: "Squid + squidGuard", filters: true, tunnels: Tunnels::Many, start, reloads: &[] };

/// Helper processes.
const HELPERS: usize = 8;

fn start(place: &Place) -> anyhow::Result<Running> {
    let listen = free_address()?;
    let lists = place.folder.join("db/listed");
    std::fs::create_dir_all(&lists).context("make the folder of the lists")?;
    std::fs::copy(&place.list, lists.join("domains")).context("copy the list")?;
    let folder = place.folder.display();
    let config = place.write(
        "squidguard.conf",
        &format!(
            "dbhome {folder}/db
logdir {folder}
dest listed {{ domainlist listed/domains }}
acl {{ default {{ pass !listed any redirect 302:http://{}:{}/blocked }} }}
",
            origin::name(0),
            place.web.port()
        ),
    )?;
    output(Command::new("squidGuard").arg("-c").arg(&config).args(["-C", "all"]))?;
    place.give_to(USER)?;
    let rules = format!(
        "url_rewrite_program /usr/bin/squidGuard -c {}
url_rewrite_children {HELPERS} startup={HELPERS} idle=1 concurrency=0 queue-size=2000
url_rewrite_access allow all",
        config.display()
    );
    squid::run(place, listen, &rules)
}
