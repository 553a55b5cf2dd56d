//! Browsers go through the gate: the demonstration's listeners, its made-up sites, and the record of it.

mod browser;
mod class;
mod client;
mod commands;
mod crowd;
mod killed;
mod leaving;
mod pupils;
mod radius;
mod reload;
mod signing;
mod sites;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use activity::journal::{days, read};
use event::{Address, Event};
use testkit::folder::Folder;
use testkit::process::Process;

use crate::support::schoolgate;

/// How long anything here may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running gate, with the folder it works in.
struct Running {
    process: Process,
    folder: Folder,
}

impl Running {
    /// The demonstration, on free ports.
    fn demo() -> Self {
        Self::start(Folder::new().expect("folder"), &["--demo"])
    }

    /// With a configuration of this text.
    fn with_config(config: &str) -> Self {
        let folder = Folder::new().expect("folder");
        folder.write("school.toml", config).expect("config");
        Self::start(folder, &["--config", "school.toml"])
    }

    fn start(folder: Folder, arguments: &[&str]) -> Self {
        let process = start_in(&folder, arguments);
        Self { process, folder }
    }

    /// Where the listener of this name is.
    fn listener(&mut self, name: &str) -> SocketAddr {
        listener(&mut self.process, name)
    }

    /// What a client is to trust: the made-up sites' authority, and the page root.
    fn authorities(&self) -> [String; 2] {
        let text = fs::read_to_string(self.folder.join("data/demo-trust.pem")).expect("trust");
        let end = "-----END CERTIFICATE-----";
        let mut parts = text.split_inclusive(end).map(str::to_owned);
        [parts.next().expect("authority"), parts.next().expect("root")]
    }

    /// Every event so far.
    fn events(&self) -> Vec<Event> {
        events(&self.folder.join("data/journal"))
    }
}

pub(crate) fn start_in(folder: &Folder, arguments: &[&str]) -> Process {
    let all = [&["run", "--data", "data", "--listen", "127.0.0.1:0"], arguments].concat();
    let mut process = Process::start(schoolgate(folder.path(), &all)).expect("start");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    process
}

pub(crate) fn listener(process: &mut Process, name: &str) -> SocketAddr {
    let line = process.wait_for_line(&format!("Proxy     {name} at "), PATIENCE).expect("the listener's address");
    line.split(" at ").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|address| address.parse().ok()).expect("an address")
}

fn events(journal: &Path) -> Vec<Event> {
    let days = days(journal).expect("days");
    days.into_iter().flat_map(|day| read(journal, day).expect("day").map(|event| event.expect("a whole line"))).collect()
}

/// Host and path of an event.
fn shown(event: &Event) -> (String, Option<String>) {
    match &event.address {
        Address::Shown { host, path, .. } => (host.to_string(), path.as_deref().map(str::to_owned)),
        Address::Sealed => ("sealed".to_owned(), None),
    }
}
