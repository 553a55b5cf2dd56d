//! e2guardian as Debian configures it, with the list as banned sites and content scanning (phrases) off.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use rustix::process::Signal;

use super::{Peer, Place, Reload, Running, Tunnels, append, free_address, output};

/// The row of the table.
pub(super) const PEER: Peer = Peer {
    name: "e2guardian",
    title: "e2guardian, phrases off",
    filters: true,
    tunnels: Tunnels::Few,
    start,
    reloads: &[Reload { title: "e2guardian", prepare, take }],
};

/// Where Debian puts its configuration.
const DEBIANS: &str = "/etc/e2guardian";
/// As whom it works.
const USER: &str = "e2guardian";
/// Worker threads, one for each connection that is open.
const WORKERS: usize = 200;

fn start(place: &Place) -> anyhow::Result<Running> {
    let listen = free_address()?;
    let config = place.folder.join("config");
    output(Command::new("cp").arg("-r").arg(DEBIANS).arg(&config))?;
    move_paths(&config, &config)?;
    std::fs::copy(&place.list, config.join("lists/bannedsitelist")).context("copy the list")?;
    let main = config.join("e2guardian.conf");
    let folder = place.folder.display();
    let text = std::fs::read_to_string(&main).context("read Debian's configuration of e2guardian")?;
    let text = with_settings(
        &text,
        &[
            ("filterip", &listen.ip().to_string()),
            ("filterports", &listen.port().to_string()),
            ("httpworkers", &WORKERS.to_string()),
            ("nodaemon", "on"),
            ("weightedphrasemode", "0"),
            ("loglocation", &format!("'{folder}/access.log'")),
            ("statlocation", &format!("'{folder}/stats'")),
            ("pidfilename", &format!("'{folder}/e2guardian.pid'")),
            ("filecachedir", &format!("'{folder}'")),
            ("daemonuser", &format!("'{USER}'")),
            ("daemongroup", &format!("'{USER}'")),
        ],
        &["checkip", "transparenthttpsport"],
    );
    std::fs::write(&main, text).context("write the configuration of e2guardian")?;
    let hosts = place.hosts()?;
    let names = place.write("resolv.conf", "nameserver 127.0.0.9\n")?;
    place.give_to(USER)?;
    // It knows no hosts file of its own, so it gets a view of the file system in which /etc/hosts is ours.
    let script = "mount --bind \"$1\" /etc/hosts && mount --bind \"$2\" /etc/resolv.conf && exec e2guardian -N -c \"$3\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", script, "sh"]).arg(hosts).arg(names).arg(main);
    Running::start(&mut command, listen, &place.folder)
}

fn prepare(place: &Place, host: &str) -> anyhow::Result<()> {
    append(&place.folder.join("config/lists/bannedsitelist"), host)
}

/// What its manual calls a gentle restart: connections stay.
fn take(_: &Place, running: &Running) -> anyhow::Result<()> {
    running.signal(Signal::USR1)
}

/// Lets every file below `folder` name `config` where it named Debian's folder.
fn move_paths(folder: &Path, config: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("look into {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            move_paths(&path, config)?;
        } else if let Ok(text) = std::fs::read_to_string(&path)
            && text.contains(DEBIANS)
        {
            std::fs::write(&path, text.replace(DEBIANS, &config.to_string_lossy()))?;
        }
    }
    Ok(())
}

/// The text with these settings in place of what it says about them, and without those to leave out.
fn with_settings(text: &str, settings: &[(&str, &str)], without: &[&str]) -> String {
    let key = |line: &str| line.split('=').next().map(|key| key.trim().to_owned()).unwrap_or_default();
    let is_ours = |line: &&str| {
        let key = key(line);
        settings.iter().any(|(name, _)| *name == key) || without.contains(&key.as_str())
    };
    let kept = text.lines().filter(|line| !is_ours(line)).map(|line| format!("{line}\n"));
    let ours = settings.iter().map(|(name, value)| format!("{name} = {value}\n"));
    kept.chain(ours).collect()
}

#[cfg(test)]
mod tests {
    use super::with_settings;

    #[test]
    fn settings_are_replaced_added_and_left_out() {
        let text = "# filterip = here\nfilterip =\ncheckip = 127.0.0.1\nlanguage = 'ukenglish'\n";
        let made = with_settings(text, &[("filterip", "127.0.0.1"), ("nodaemon", "on")], &["checkip"]);
        assert_eq!(made, "# filterip = here\nlanguage = 'ukenglish'\nfilterip = 127.0.0.1\nnodaemon = on\n");
    }
}
