//! Ours, as it ships: the release build, the journal on, the list compiled into a pack beforehand, juniors (ks2) as readers.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::Signal;

use super::{Peer, Place, Reload, Running, Tunnels, append, output};
use crate::{machine, origin};

/// The row of the table.
pub(super) const PEER: Peer = Peer {
    name: "ours",
    title: "Schoolgate",
    filters: true,
    tunnels: Tunnels::Many,
    start,
    reloads: &[
        Reload { title: "Schoolgate, its daily refresh", prepare: add, take: refresh },
        Reload { title: "Schoolgate, `lists update` beside it", prepare: add, take: update_beside },
        Reload { title: "Schoolgate, a pack made elsewhere", prepare: build, take: swap },
    ],
};

/// How long it may take until it says where it listens.
const START: Duration = Duration::from_secs(60);
/// A pack that is not in force yet.
const BUILT: &str = "new.sgpack";
/// When the lists are refreshed by themselves: an hour at which nobody measures. The other is for a change of the setting.
const REFRESH_AT: [&str; 2] = ["03:15", "03:16"];

fn start(place: &Place) -> anyhow::Result<Running> {
    std::fs::copy(&place.list, place.folder.join("list.txt")).context("copy the list")?;
    place.write("school.toml", &config(place, REFRESH_AT[0]))?;
    update(place)?;
    let mut command = program(place, &["run", "--listen", "127.0.0.1:0"]);
    let mut running = Running::start(&mut command, ([127, 0, 0, 1], 0).into(), &place.folder)?;
    running.address = listener(&mut running)?;
    Ok(running)
}

fn program(place: &Place, words: &[&str]) -> Command {
    let mut command = Command::new(&place.schoolgate);
    command.args(words).arg("--config").arg(place.folder.join("school.toml")).arg("--data").arg(place.folder.join("data"));
    command.env_remove("SCHOOLGATE_LOG");
    command
}

/// Compiles the list into the pack.
fn update(place: &Place) -> anyhow::Result<()> {
    output(&mut program(place, &["lists", "update", "--quiet"])).map(drop)
}

fn add(place: &Place, host: &str) -> anyhow::Result<()> {
    append(&place.folder.join("list.txt"), host)
}

/// The running program reads the list, builds the pack and swaps it in, as it does each night; a change of the hour makes it do so now.
fn refresh(place: &Place, running: &Running) -> anyhow::Result<()> {
    place.write("school.toml", &config(place, REFRESH_AT[1]))?;
    running.signal(Signal::HUP)
}

/// Another process builds the pack, and the running program swaps it in.
fn update_beside(place: &Place, running: &Running) -> anyhow::Result<()> {
    update(place)?;
    running.signal(Signal::HUP)
}

/// Adds the host and compiles the pack, outside the data folder.
fn build(place: &Place, host: &str) -> anyhow::Result<()> {
    add(place, host)?;
    let list = format!("domains:{}#gambling", place.folder.join("list.txt").display());
    let mut command = Command::new(&place.schoolgate);
    command.args(["lists", "build", &list, "--name", "bench", "--quiet", "--out"]).arg(place.folder.join(BUILT));
    output(&mut command).map(drop)
}

/// Moves the pack into place and has it taken.
fn swap(place: &Place, running: &Running) -> anyhow::Result<()> {
    std::fs::rename(place.folder.join(BUILT), place.folder.join("data/lists.sgpack")).context("put the new pack into place")?;
    running.signal(Signal::HUP)
}

/// Its configuration: one listener on a free port, the list, and the origin's names with their place.
fn config(place: &Place, refresh_at: &str) -> String {
    let hosts: String =
        (0..100).map(|number| format!("[[host]]\nname = \"{}\"\naddress = \"{}\"\n", origin::name(number), place.web.ip())).collect();
    format!(
        "school = \"Bench\"
[[listen]]
name = \"bench\"
address = \"127.0.0.1:0\"
profile = \"ks2\"
[lists]
starter = false
refresh_at = \"{refresh_at}\"
[[list]]
name = \"bench\"
path = \"list.txt\"
format = \"domains\"
category = \"gambling\"
[proxy]
tunnel_ports = [{}]
allow_ranges = [\"127.0.0.0/8\"]
{hosts}",
        place.tunnels.port()
    )
}

/// Waits for the line that says where the listener is.
fn listener(running: &mut Running) -> anyhow::Result<std::net::SocketAddr> {
    let start = Instant::now();
    while start.elapsed() < START && running.is_alive() {
        let text = std::fs::read_to_string(&running.log).unwrap_or_default();
        if text.lines().any(|line| line == "Schoolgate is running") {
            let line = text.lines().find(|line| line.contains("Proxy     bench at ")).context("find the listener in what it printed")?;
            let address = line.split(" at ").nth(1).and_then(|rest| rest.split(' ').next()).context("find the listener's address")?;
            return address.parse().context("read the listener's address");
        }
        machine::pause(Duration::from_millis(1));
    }
    bail!("it did not start: {}", std::fs::read_to_string(&running.log).unwrap_or_default())
}
