//! Ours, as it ships: the release build, the journal on, the list compiled into a pack beforehand, juniors (ks2) as readers.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::{Peer, Place, Running, output};
use crate::origin;

/// The row of the table.
pub(super) const PEER: Peer = Peer { name: "ours", title: "Schoolgate", filters: true, tunnels: true, start };

/// How long it may take until it says where it listens.
const START: Duration = Duration::from_secs(60);

fn start(place: &Place) -> anyhow::Result<Running> {
    let data = place.folder.join("data");
    std::fs::create_dir_all(&data).context("make the data folder")?;
    let list = format!("domains:{}#gambling", place.list.display());
    let build = ["lists", "build", &list, "--name", "bench", "--quiet", "--out"];
    output(program(place).args(build).arg(data.join("lists.sgpack")))?;
    let config = place.write("school.toml", &config(place))?;
    let nowhere = ([127, 0, 0, 1], 0).into();
    let mut command = program(place);
    command.args(["run", "--listen", "127.0.0.1:0", "--config"]).arg(config).arg("--data").arg(data);
    let mut running = Running::start(&mut command, nowhere, &place.folder)?;
    running.address = listener(&mut running)?;
    Ok(running)
}

fn program(place: &Place) -> Command {
    let mut command = Command::new(&place.schoolgate);
    command.env("SCHOOLGATE_LOG", "warn");
    command
}

/// Its configuration: one listener on a free port, and the origin's names with their place.
fn config(place: &Place) -> String {
    let hosts: String =
        (0..100).map(|number| format!("[[host]]\nname = \"{}\"\naddress = \"{}\"\n", origin::name(number), place.web.ip())).collect();
    format!(
        "school = \"Bench\"
[[listen]]
name = \"bench\"
address = \"127.0.0.1:0\"
profile = \"ks2\"
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
        std::thread::sleep(Duration::from_millis(2));
    }
    bail!("it did not start: {}", std::fs::read_to_string(&running.log).unwrap_or_default())
}
