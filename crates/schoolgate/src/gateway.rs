//! The wiring of the proxy: from configuration and rules to listeners that are open, a journal that is written, and a clean end.

mod status;

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use activity::journal::{self, Journal};
use anyhow::{Context, Result, anyhow, bail};
use event::Recorder;
use filter::Snapshot;
use ids::PersonId;
use lists::starter;
use proxy::dial::{DialSettings, Dialer, Parent};
use proxy::root::Root;
use proxy::rules::{HelpLine, User};
use proxy::{Gate, Listener, Parts, Rules, Settings};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tracing::{info, warn};

pub use self::status::{OpenListener, Status, events_of};

use crate::config::{Config, GatewayConfig, ListenerConfig, ParentConfig};
use crate::live::Live;
use crate::secret_file::{self, Credentials};
use crate::users;
use crate::world::World;

/// Events that may wait for the journal: some seconds of a large school on a slow disk.
const WAITING: usize = 4096;
/// How long open connections may take to finish when the gate stops, and a second more for what is round them.
const DRAIN: Duration = Duration::from_secs(10);
const DRAIN_AND_MORE: Duration = Duration::from_secs(11);
/// The help lines of a block page, most needed first: more than four nobody reads.
const HELP: [&str; 4] = ["childline.org.uk", "giveusashout.org", "samaritans.org", "nspcc.org.uk"];

/// The proxy and its journal, running.
#[derive(Debug)]
pub struct Gateway {
    serving: JoinHandle<()>,
    journal: Journal,
    status: Arc<Status>,
}

/// What the proxy is told.
///
/// # Errors
/// Where the users file or the shipped help lines cannot be read.
pub fn rules(config: &Config, snapshot: Snapshot, missing: Vec<String>) -> Result<Rules> {
    let gateway = &config.gateway;
    let mut rules = Rules {
        snapshot,
        school: config.school.clone(),
        listeners: gateway.listeners.iter().filter_map(|it| Some((it.name.as_str().into(), it.profile?))).collect(),
        ranges: gateway.ranges.iter().map(|it| (it.addresses, it.profile)).collect(),
        users: people(config)?,
        help_lines: help_lines()?,
        who_to_talk_to: gateway.pages.talk_to.clone(),
        sign_url: config.console_address().map(|address| format!("{address}/my/agreements")),
        missing,
    };
    rules.sort_ranges();
    Ok(rules)
}

/// Connections that may wait to be taken. With the usual 128 a class that starts its browsers together overruns the queue, and
/// whoever does not fit in waits a second for the next try.
const QUEUE: u32 = 4096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Else a restart would have to wait until the system has forgotten the connections of the run before.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

/// Takes every listener's port, before anything else starts.
///
/// # Errors
/// For the first that cannot be had: which, and what to do.
pub fn bind(listeners: &[ListenerConfig]) -> Result<Vec<Listener>> {
    let mut bound = Vec::new();
    for it in listeners {
        let socket = listen(it.address).map_err(|error| {
            let what = match error.kind() {
                ErrorKind::AddrInUse => "another program uses this port. Stop it, or choose another port",
                ErrorKind::AddrNotAvailable => "this machine has no such address. Choose one it has, or 0.0.0.0 for all",
                ErrorKind::PermissionDenied => "this user may not use this port. Choose one of 1024 or above",
                _ => "choose another address",
            };
            let place =
                format!("listening on {} for the proxy's listener {:?}: {what}: address = ... under [[listen]]", it.address, it.name);
            anyhow::Error::new(error).context(place)
        })?;
        bound.push(Listener { name: it.name.as_str().into(), asks: it.sign_in, socket });
    }
    Ok(bound)
}

/// The users of the file that are people of the configuration.
fn people(config: &Config) -> Result<HashMap<Box<str>, User>> {
    let Some(path) = &config.gateway.users_file else { return Ok(HashMap::new()) };
    let entries = users::read(path)?;
    let known = |entry: &users::Entry| config.people.iter().any(|person| person.name == entry.name);
    let strangers = entries.iter().filter(|entry| !known(entry)).count();
    if strangers > 0 {
        warn!(strangers, "the users file names some who are no [[person]] of the configuration; they cannot sign in");
    }
    let user = |entry: users::Entry| (entry.name.as_str().into(), User { person: PersonId::named(&entry.name), password: entry.password });
    Ok(entries.into_iter().filter(known).map(user).collect())
}

fn help_lines() -> Result<Vec<HelpLine>> {
    let lines = starter::helplines().map_err(|mistakes| anyhow!("reading the shipped help lines: {} mistakes", mistakes.len()))?;
    let shown = HELP.iter().filter_map(|host| lines.iter().find(|line| line.host.as_str() == *host));
    let shown = shown.map(|line| {
        // What is texted cannot be rung.
        let phone = line.contact.as_deref().filter(|contact| contact.starts_with(|first: char| first.is_ascii_digit()));
        let how = line.contact.as_deref().filter(|_| phone.is_none()).map(|how| format!(": {how}")).unwrap_or_default();
        HelpLine {
            name: line.name.to_string(),
            what: format!("{}{how}.", line.purpose),
            phone: phone.map(str::to_owned),
            address: Some(format!("https://www.{}/", line.host)),
        }
    });
    Ok(shown.collect())
}

fn settings(config: &GatewayConfig) -> Settings {
    let bounds = &config.proxy;
    Settings {
        connections: bounds.connections,
        header_timeout: bounds.header_timeout,
        tunnel_idle: bounds.tunnel_idle,
        tunnel_ports: bounds.tunnel_ports.clone(),
        drain: DRAIN,
        ..Settings::default()
    }
}

fn dialer(config: &GatewayConfig, own: Vec<SocketAddr>, credentials: &Credentials) -> Result<Dialer> {
    Ok(Dialer::new(DialSettings {
        hosts: config.hosts.iter().map(|it| (it.name.clone(), it.address, it.port)).collect(),
        allow_ranges: config.proxy.allow_ranges.clone(),
        own,
        parent: config.parent.as_ref().map(|it| parent(it, credentials)).transpose()?,
        ..DialSettings::default()
    }))
}

fn parent(config: &ParentConfig, credentials: &Credentials) -> Result<Parent> {
    let parent = Parent::new(config.host.clone(), config.port);
    let Some(path) = &config.authorization_file else { return Ok(parent) };
    Ok(parent.with_login(&login(path, credentials)?))
}

/// The login of the parent proxy, never shown in a message.
fn login(path: &Path, credentials: &Credentials) -> Result<String> {
    let doing = || format!("reading the login of the parent proxy, {}", path.display());
    let line = secret_file::line(path, credentials, doing)?;
    if !line.contains(':') {
        bail!("{}: it must hold one line, user:password", doing());
    }
    Ok(line)
}

// === impl Gateway ===

impl Gateway {
    /// Opens the listeners. `console` is where the console listens: no request may lead there; `root` is the school's own, under which pages
    /// are shown. They close when `stop` says so.
    ///
    /// # Errors
    /// Where the journal or the parent's login cannot be read.
    pub fn start(
        live: &Live,
        world: &World,
        listeners: Vec<Listener>,
        console: SocketAddr,
        root: &Arc<Root>,
        stop: watch::Receiver<bool>,
    ) -> Result<Self> {
        let (in_force, data) = (live.in_force(), live.data());
        let config = &in_force.config;
        let mut open = Vec::new();
        for listener in &listeners {
            let address = listener.socket.local_addr().context("reading a listener's own address")?;
            open.push(OpenListener { name: listener.name.to_string(), address, sign_in: listener.asks });
        }
        let root = (config.gateway.pages.https && !listeners.is_empty()).then(|| Arc::clone(root));
        let own = open.iter().map(|it| it.address).chain([console]).collect();
        let dialer = dialer(&config.gateway, own, data.credentials())?;
        let (recorder, inbox) = Recorder::channel(WAITING);
        let keep = journal::Settings {
            zone: config.time_zone.clone(),
            keep_days: config.gateway.journal.keep_days,
            fsync_every: config.gateway.journal.fsync_every,
        };
        let clock = world.clone();
        let journal = Journal::open(&data.journal(), keep, move || clock.now(), inbox)?;
        if journal.torn() > 0 {
            warn!(lines = journal.torn(), "the journal had torn lines from a sudden end; they were cut and none had been acknowledged");
        }
        let status = Arc::new(Status::new(open, root.clone(), journal.watch_health(), data.journal()));
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(|error| anyhow!("preparing the proxy: no random numbers ({error})"))?;
        let clock = world.clone();
        let gate = Gate::new(Parts {
            rules: live.watch_rules(),
            presence: Arc::clone(live.presence()),
            recorder,
            dialer,
            root,
            clock: Arc::new(move || clock.now()),
            settings: settings(&config.gateway),
            secret,
        });
        let serving = tokio::spawn(proxy::serve(&gate, listeners, stop).context("starting the proxy's threads")?);
        Ok(Self { serving, journal, status })
    }

    /// What pages and messages say of it.
    pub fn status(&self) -> Arc<Status> {
        Arc::clone(&self.status)
    }

    /// Waits until open requests have finished, at most some ten seconds, and every event is written. To be called after the order
    /// to stop.
    ///
    /// # Errors
    /// Where events could not be written.
    pub async fn finish(self) -> Result<()> {
        if tokio::time::timeout(DRAIN_AND_MORE, self.serving).await.is_err() {
            warn!("the proxy was cut off while it was finishing");
        }
        spawn_blocking(move || self.journal.stop()).await.context("closing the journal")??;
        info!("the journal is written and closed");
        Ok(())
    }
}
