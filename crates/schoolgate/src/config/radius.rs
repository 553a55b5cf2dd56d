//! `[radius]` and `[[radius_client]]`: the school's network says who has which address.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use jiff::SignedDuration;
use office::gate::NamedBy;

use super::reader::Section;
use super::values;

/// RADIUS accounting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RadiusConfig {
    /// Address and UDP port to listen on; port 0 takes a free one. Default nowhere.
    pub listen: Option<SocketAddr>,
    /// By which of their names the network calls people. Default the user name of the account.
    pub names: NamedBy,
    /// How long an address may ask for nothing, and nothing be said of it, before its person is no longer known there. Default 1 h.
    pub idle: SignedDuration,
    /// From whom it is taken. Needed where it is listened.
    pub clients: Vec<RadiusClient>,
}

/// One that may say so: an access point, its controller, or a RADIUS server that hands accounting on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RadiusClient {
    /// Its addresses.
    pub addresses: IpNet,
    /// A file with one line, the secret that both share.
    pub secret_file: PathBuf,
}

/// The names, by their words.
const NAMES: [(&str, NamedBy); 3] = [("user-name", NamedBy::UserName), ("mail", NamedBy::Mail), ("source", NamedBy::Source)];

// === impl RadiusConfig ===

impl RadiusConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("radius"), Self::default());
        let listen = section.optional("listen", values::socket);
        let names = section.or("names", default.names, |value| values::choice(value, &NAMES));
        let idle = section.optional("idle_s", values::seconds);
        let client = |section: &Section<'_>| {
            let addresses = section.required("addresses", values::network);
            let secret_file = section.required("secret_file", |value| values::path(value, section.base()));
            section.finish();
            Some(RadiusClient { addresses: addresses?, secret_file: secret_file? })
        };
        let clients = root.tables("radius_client").iter().filter_map(client).collect();
        if section.has("listen") && !root.has("radius_client") {
            section.mistake("listen", "needs at least one [[radius_client]]: from whom it is taken");
        }
        section.finish();
        let idle = idle.and_then(|idle| SignedDuration::try_from(idle).ok()).unwrap_or(default.idle);
        Self { listen, names, idle, clients }
    }
}

impl Default for RadiusConfig {
    fn default() -> Self {
        Self { listen: None, names: NamedBy::default(), idle: SignedDuration::from_hours(1), clients: Vec::new() }
    }
}
