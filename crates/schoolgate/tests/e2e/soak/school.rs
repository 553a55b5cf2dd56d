//! The invented school of the soak, and whoever changes its rules all the while.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use testkit::folder::Folder;
use testkit::process::Process;

use super::origin::Origin;
use super::{Stop, pause};
use crate::gateway::{PATIENCE, listener, start_in};
use crate::support::{output, text};

/// The listeners and the profile of each.
pub(super) const LISTENERS: [(&str, &str); 4] = [("room", "ks2"), ("infants", "early-years-ks1"), ("office", "staff"), ("desk", "ks3")];
/// Hosts of which each has room for one request that is not settled.
pub(super) const TUNNELS: &str = "tunnel.example";
pub(super) const CASINOS: &str = "casino.example";
const EACH: usize = 300;
/// Between two changes of the rules.
const CHANGE: Duration = Duration::from_secs(4);

/// The school, its gate running.
#[derive(Debug)]
pub(super) struct School {
    pub(super) process: Process,
    pub(super) folder: Folder,
    pub(super) listeners: Vec<(&'static str, SocketAddr)>,
    /// `Proxy-Authorization` of Ada, who has signed.
    pub(super) login: String,
}

/// What was changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) rules: AtomicU64,
    pub(super) lists: AtomicU64,
    pub(super) refused: AtomicU64,
}

pub(super) fn profile_of(listener: &str) -> &'static str {
    LISTENERS.iter().find(|(name, _)| *name == listener).map_or("", |(_, profile)| *profile)
}

/// Names under a kind of host.
pub(super) fn hosts(kind: &str) -> Vec<String> {
    (0..EACH).map(|number| format!("h{number}.{kind}")).collect()
}

// === impl School ===

impl School {
    pub(super) fn start(origin: &Origin) -> Self {
        let folder = Folder::new().expect("folder");
        folder.write("feed", "sealed.example\n").expect("feed");
        write_lists(&folder, 0);
        folder.write("school.toml", config(origin, 0)).expect("config");
        run(&folder, &["lists", "seal", "feed", "--data", "data", "--out", "sealed"]);
        run(&folder, &["lists", "update", "--quiet", "--data", "data", "--config", "school.toml"]);
        let said = run(&folder, &["users", "add", "ada", "--config", "school.toml"]);
        let password = said.lines().find_map(|line| line.strip_prefix("  ")).expect("a password").to_owned();
        let mut process = start_in(&folder, &["--config", "school.toml"]);
        let listeners = LISTENERS.map(|(name, _)| (name, listener(&mut process, name))).to_vec();
        Self { process, folder, listeners, login: super::login("ada", &password) }
    }

    /// Changes rules and lists, now and then to something that is refused, until the end.
    pub(super) fn keep_changing(&mut self, origin: &Origin, changes: &Changes, stop: &Stop) {
        for round in 1.. {
            if stop.after(CHANGE) {
                return;
            }
            if round % 5 == 0 {
                self.folder.write("school.toml", "school = 7\n").expect("config");
                self.reload("the rules from before still hold");
                changes.refused.fetch_add(1, Ordering::Relaxed);
            }
            self.folder.write("school.toml", config(origin, round)).expect("config");
            if round % 2 == 0 {
                write_lists(&self.folder, round);
                run(&self.folder, &["lists", "update", "--quiet", "--offline", "--data", "data", "--config", "school.toml"]);
                changes.lists.fetch_add(1, Ordering::Relaxed);
            }
            self.reload("is in force");
            changes.rules.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Asks for a reload and waits for one more line that says how it went.
    fn reload(&mut self, line: &str) {
        let before = self.process.printed().matches(line).count();
        self.process.reload().expect("the gate runs");
        for _ in 0..PATIENCE.as_millis() / 50 {
            if self.process.printed().matches(line).count() > before {
                return;
            }
            pause(Duration::from_millis(50));
        }
        panic!("no line {line:?} after a reload: {}", self.process.printed());
    }
}

fn run(folder: &Folder, arguments: &[&str]) -> String {
    let output = output(folder.path(), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// A list of some size, of which one name comes and goes.
fn write_lists(folder: &Folder, round: u64) {
    let many: String = (0..20_000).map(|number| format!("bets-{number}.example\n")).collect();
    let toggled = if round.is_multiple_of(4) { "list-toggle.example\n" } else { "" };
    folder.write("lists/gambling/domains", format!("{CASINOS}\n{many}{toggled}")).expect("list");
    folder.write("lists/games/domains", "play.example\n").expect("list");
}

fn config(origin: &Origin, round: u64) -> String {
    let listen: String = LISTENERS
        .iter()
        .map(|(name, profile)| {
            let sign_in = *name == "desk";
            format!("[[listen]]\nname = \"{name}\"\naddress = \"127.0.0.1:0\"\nprofile = \"{profile}\"\nsign_in = {sign_in}\n")
        })
        .collect();
    let place = |name: &str, address: SocketAddr| {
        format!("[[host]]\nname = \"{name}\"\naddress = \"{}\"\nport = {}\n", address.ip(), address.port())
    };
    let plain = ["site.example", "play.example", "toggle.example", "list-toggle.example", "childline.org.uk", CASINOS, "sealed.example"];
    let plain = plain.into_iter().map(|name| place(name, origin.plain));
    let secure = [TUNNELS, CASINOS].into_iter().flat_map(hosts).map(|name| place(&name, origin.secure));
    let places: String = plain.chain(secure).collect();
    let toggled = if round.is_multiple_of(2) {
        ""
    } else {
        "[[override]]\naction = \"block\"\nfor = \"everyone\"\nsite = \"toggle.example\"\nreason = \"Testing\"\nauthor = \"Head\"\n"
    };
    format!(
        "users_file = \"users\"\n[[list]]\nname = \"soak\"\npath = \"lists\"\n[illegal_content]\nsource = \"sealed\"\nsealed_file = \"sealed\"\n\
         [proxy]\nheader_timeout_s = 3\ntunnel_idle_s = 20\n[[person]]\nname = \"ada\"\nprofile = \"ks3\"\nagreement = \"signed\"\n\
         {listen}{places}{toggled}"
    )
}
