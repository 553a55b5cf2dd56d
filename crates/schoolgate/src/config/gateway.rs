//! What stands between browsers and the internet: where it listens, who comes from where, and its bounds.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use filter::snapshot::ProfileIndex;
use ipnet::IpNet;

use super::outbound::{self, HostConfig, OutboundConfig, ParentConfig};
use super::profiles::Profiles;
use super::reader::Section;
use super::values;

/// Everything about the proxy and what it keeps. Without a listener there is no proxy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GatewayConfig {
    /// Where browsers reach the proxy. Default nowhere.
    pub listeners: Vec<ListenerConfig>,
    /// Profiles of address ranges. Default none.
    pub ranges: Vec<RangeConfig>,
    /// The file of those who may sign in at the proxy. Default none.
    pub users_file: Option<PathBuf>,
    /// Bounds of the proxy, and where it may go.
    pub proxy: OutboundConfig,
    /// The proxy further up the line through which everything goes. Default none.
    pub parent: Option<ParentConfig>,
    /// Hosts whose place is given here and not looked up. Default none.
    pub hosts: Vec<HostConfig>,
    /// What people see who are stopped.
    pub pages: PagesConfig,
    /// The record of what was decided.
    pub journal: JournalConfig,
}

/// `[[listen]]`: one address and port for browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerConfig {
    /// Its name in records.
    pub name: String,
    /// Address and port; port 0 takes a free one.
    pub address: SocketAddr,
    /// The profile of whoever comes in here and is not known better.
    pub profile: Option<ProfileIndex>,
    /// Whether people sign in at the proxy here. Default no.
    pub sign_in: bool,
}

/// `[[range]]`: whose devices have these addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeConfig {
    /// The addresses.
    pub addresses: IpNet,
    /// Their profile.
    pub profile: ProfileIndex,
}

/// `[pages]`: what people see who are stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagesConfig {
    /// Whether pages are shown over HTTPS too, under the school's page root. Default yes.
    pub https: bool,
    /// Whom a reader may talk to, inside a sentence. Default "your teacher".
    pub talk_to: String,
}

/// `[journal]`: the record of what was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalConfig {
    /// Days that are kept beside today. Default 30.
    pub keep_days: u16,
    /// How often it is forced to the disk: the most that loss of power can cost. Default 200 ms.
    pub fsync_every: Duration,
}

// === impl GatewayConfig ===

impl GatewayConfig {
    pub(super) fn read(root: &Section<'_>, profiles: &Profiles) -> Self {
        let users_file = root.optional("users_file", |value| values::path(value, root.base()));
        let listeners = listeners(root, profiles);
        let range = |section: &Section<'_>| {
            let addresses = section.required("addresses", values::network);
            let profile = section.required("profile", |value| profiles.find(value));
            section.finish();
            Some(RangeConfig { addresses: addresses?, profile: profile? })
        };
        Self {
            listeners,
            ranges: root.tables("range").iter().filter_map(range).collect(),
            users_file,
            proxy: OutboundConfig::read(root),
            parent: ParentConfig::read(root),
            hosts: outbound::hosts(root),
            pages: PagesConfig::read(root),
            journal: JournalConfig::read(root),
        }
    }

    /// This and no more is taken from a changed file while the gate runs; the rest needs a new start.
    pub fn needs_restart(&self, other: &Self) -> bool {
        let fixed = |config: &Self| {
            let listeners: Vec<_> = config.listeners.iter().map(|it| (it.name.clone(), it.address, it.sign_in)).collect();
            let Self { proxy, parent, hosts, journal, .. } = config.clone();
            (listeners, proxy, parent, hosts, config.pages.https, journal)
        };
        fixed(self) != fixed(other)
    }
}

fn listeners(root: &Section<'_>, profiles: &Profiles) -> Vec<ListenerConfig> {
    let mut names = Vec::new();
    let mut addresses: Vec<(SocketAddr, usize)> = Vec::new();
    let mut all = Vec::new();
    for section in root.tables("listen") {
        let name = section.required("name", |value| values::claim(&mut names, values::slug(value)?, section.line(value)));
        let address = section.required("address", |value| {
            let (address, line) = (values::socket(value)?, section.line(value));
            if let Some((_, first)) = addresses.iter().find(|(taken, _)| *taken == address && address.port() != 0) {
                return Err(format!("this address and port are taken already, on line {first}"));
            }
            addresses.push((address, line));
            Ok(address)
        });
        let profile = section.optional("profile", |value| profiles.find(value));
        let sign_in = section.or("sign_in", false, values::flag);
        if sign_in && !root.has("users_file") {
            section.mistake("sign_in", "needs users_file = ... at the top of the file: who may sign in");
        }
        section.finish();
        if let (Some(name), Some(address)) = (name, address) {
            all.push(ListenerConfig { name, address, profile, sign_in });
        }
    }
    all
}

// === impl PagesConfig ===

impl PagesConfig {
    fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("pages"), Self::default());
        let pages =
            Self { https: section.or("https", default.https, values::flag), talk_to: section.or("talk_to", default.talk_to, values::line) };
        section.finish();
        pages
    }
}

impl Default for PagesConfig {
    fn default() -> Self {
        Self { https: true, talk_to: "your teacher".to_owned() }
    }
}

// === impl JournalConfig ===

impl JournalConfig {
    fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("journal"), Self::default());
        let days = section.optional("keep_days", |value| values::whole(value, 1..=3660)).and_then(|days| u16::try_from(days).ok());
        let pause = section.optional("fsync_ms", |value| values::whole(value, 10..=60_000));
        let journal = Self {
            keep_days: days.unwrap_or(default.keep_days),
            fsync_every: pause.map_or(default.fsync_every, |pause| Duration::from_millis(pause.into())),
        };
        section.finish();
        journal
    }
}

impl Default for JournalConfig {
    fn default() -> Self {
        Self { keep_days: 30, fsync_every: Duration::from_millis(200) }
    }
}
