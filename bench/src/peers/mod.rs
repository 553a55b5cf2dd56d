//! The peers, each in a file: how it is configured, started and told to read its list again. One table, in which order they are measured.

mod e2guardian;
mod nginx;
pub(crate) mod null_relay;
mod ours;
mod squid;
mod squidguard;

use std::fs::File;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};

use crate::origin::{self, Origin};
use crate::{machine, probe};

/// How long a peer may take until it serves: Squid takes 8 s for a million domains on a quiet machine.
const START: Duration = Duration::from_secs(120);
/// How long a program may take to end before it is killed.
const ENDING: Duration = Duration::from_secs(15);

/// A program to measure.
#[derive(Debug)]
pub(crate) struct Peer {
    /// For `--peers`.
    pub(crate) name: &'static str,
    /// In tables.
    pub(crate) title: &'static str,
    /// Whether it looks anything up, so that it can be asked for what is listed.
    pub(crate) filters: bool,
    /// What it can do for CONNECT.
    pub(crate) tunnels: Tunnels,
    /// Starts it; it may not serve yet.
    pub(crate) start: fn(&Place) -> anyhow::Result<Running>,
    /// The ways in which it takes a changed list while it serves.
    pub(crate) reloads: &'static [Reload],
}

/// What a peer can do for CONNECT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tunnels {
    /// Nothing.
    None,
    /// As many as it has threads.
    Few,
    /// Thousands.
    Many,
}

/// A way to take a changed list.
#[derive(Debug)]
pub(crate) struct Reload {
    /// In tables.
    pub(crate) title: &'static str,
    /// Adds a host to the list, and whatever a school would have done before it asks for the list to be read. Not timed.
    pub(crate) prepare: fn(&Place, &str) -> anyhow::Result<()>,
    /// Asks for the list to be read; it may not count yet.
    pub(crate) take: fn(&Place, &Running) -> anyhow::Result<()>,
}

/// Every peer; ours last, so that whatever warms up has done so before.
pub(crate) const PEERS: &[Peer] = &[null_relay::PEER, nginx::PEER, squid::PEER, squidguard::PEER, e2guardian::PEER, ours::PEER];

/// The name of ours in the table.
pub(crate) const OURS: &str = ours::PEER.name;

/// Where and with what a peer is started.
#[derive(Debug)]
pub(crate) struct Place {
    /// A folder of its own, empty, that every user may enter.
    pub(crate) folder: PathBuf,
    /// The listed domains, one a line, none below another. Not to be changed: the next peer gets the same.
    pub(crate) list: PathBuf,
    /// Where open hosts lead.
    pub(crate) web: SocketAddr,
    /// Where tunnels lead.
    pub(crate) tunnels: SocketAddr,
    /// The program under test.
    pub(crate) schoolgate: PathBuf,
}

/// A program that runs, with its children. Ends when dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    begun: Instant,
    /// Where it serves.
    pub(crate) address: SocketAddr,
    /// The command, for messages.
    pub(crate) line: String,
    /// What it prints.
    pub(crate) log: PathBuf,
}

// === impl Place ===

impl Place {
    /// An empty folder inside `scratch`.
    pub(crate) fn new(scratch: &Path, name: &str, list: &Path, origin: &Origin, schoolgate: &Path) -> anyhow::Result<Self> {
        let folder = scratch.join(name);
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).context("empty a peer's folder"),
            _ => {}
        }
        std::fs::create_dir_all(&folder).context("make a peer's folder")?;
        Ok(Self { folder, list: list.to_owned(), web: origin.web, tunnels: origin.tunnels, schoolgate: schoolgate.to_owned() })
    }

    /// Writes a file into the folder.
    fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        Ok(path)
    }

    /// A file that gives every name of the origin its address, as /etc/hosts does.
    fn hosts(&self) -> anyhow::Result<PathBuf> {
        let names: String = (0..100).map(|number| format!("{} {}\n", self.web.ip(), origin::name(number))).collect();
        self.write("hosts", &format!("127.0.0.1 localhost\n{names}"))
    }

    /// Gives the folder to the user as which a peer works.
    fn give_to(&self, user: &str) -> anyhow::Result<()> {
        output(Command::new("chown").arg("-R").arg(format!("{user}:{user}")).arg(&self.folder)).map(drop)
    }
}

/// Puts a line at the end of a file.
fn append(path: &Path, line: &str) -> anyhow::Result<()> {
    let doing = || format!("add to {}", path.display());
    let mut file = File::options().append(true).open(path).with_context(doing)?;
    writeln!(file, "{line}").with_context(doing)
}

/// An address on a free port.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, origin::free_port()?)))
}

/// Runs to the end and gives what was printed.
fn output(command: &mut Command) -> anyhow::Result<String> {
    let line = format!("{command:?}");
    let output = command.output().with_context(|| format!("start {line}"))?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    anyhow::ensure!(output.status.success(), "{line} ended with {}: {text}", output.status);
    Ok(text)
}

// === impl Running ===

impl Running {
    /// Starts a program that stays in the foreground and will serve at `address`; what it prints goes to a file in `folder`.
    pub(crate) fn start(command: &mut Command, address: SocketAddr, folder: &Path) -> anyhow::Result<Self> {
        let line = format!("{command:?}");
        let log = folder.join("output.txt");
        let file = File::create(&log).context("make a file for what a peer prints")?;
        let other = file.try_clone().context("make a file for what a peer prints")?;
        let begun = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(file).stderr(other).spawn().with_context(|| format!("start {line}"))?;
        Ok(Self { child, begun, address, line, log })
    }

    /// Waits until an open host comes through; says how long that took from the start of the program.
    pub(crate) fn wait_until_open(&mut self, host: &str, port: u16) -> anyhow::Result<Duration> {
        let address = self.address;
        let opened = probe::until_open(address, host, port, START, || self.is_alive());
        opened.with_context(|| format!("start {}; it said: {}", self.line, std::fs::read_to_string(&self.log).unwrap_or_default()))?;
        Ok(self.begun.elapsed())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended by itself.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it, and nothing it has started, with a signal.
    pub(crate) fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        send(self.pid(), signal).with_context(|| format!("send a signal to {}", self.line))
    }
}

impl Drop for Running {
    /// Ends all of it, at first by asking.
    fn drop(&mut self) {
        let all = machine::tree(self.pid());
        let start = Instant::now();
        drop(self.signal(Signal::TERM));
        while start.elapsed() < ENDING && self.is_alive() {
            machine::pause(Duration::from_millis(10));
        }
        for pid in all {
            drop(send(pid, Signal::KILL));
        }
        drop(self.child.wait());
    }
}

fn send(pid: u32, signal: Signal) -> anyhow::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("a process has a number")?;
    Ok(kill_process(pid, signal)?)
}
