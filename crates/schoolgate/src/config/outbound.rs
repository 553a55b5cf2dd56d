//! `[proxy]`, `[parent_proxy]` and `[[host]]`: bounds of the proxy, and how it reaches the outside.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use filter::host::Host;
use ipnet::IpNet;

use super::reader::Section;
use super::values;

/// `[proxy]`: bounds of the proxy, and where it may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundConfig {
    /// Connections at once, over all listeners. Default 20,000.
    pub connections: usize,
    /// Longest wait for a request's header. Default 30 s.
    pub header_timeout: Duration,
    /// Longest silence of a tunnel. Default 900 s.
    pub tunnel_idle: Duration,
    /// Ports that may be tunnelled to. Default 443 alone.
    pub tunnel_ports: Vec<u16>,
    /// Inner address ranges that may be reached all the same. Default none.
    pub allow_ranges: Vec<IpNet>,
}

/// `[parent_proxy]`: the proxy further up the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentConfig {
    /// Where it is.
    pub host: Host,
    /// Its port.
    pub port: u16,
    /// A file with one line, `user:password`, where it asks for a login. Default none.
    pub authorization_file: Option<PathBuf>,
}

/// `[[host]]`: a host whose place is given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// The host, and none below it.
    pub name: Host,
    /// Where it is.
    pub address: IpAddr,
    /// The port to reach it at, whichever was asked for. Default the one asked for.
    pub port: Option<u16>,
}

/// All `[[host]]` sections.
pub(super) fn hosts(root: &Section<'_>) -> Vec<HostConfig> {
    let host = |section: &Section<'_>| {
        let name = section.required("name", values::host);
        let address = section.required("address", values::ip);
        let port = section.optional("port", values::port);
        section.finish();
        Some(HostConfig { name: name?, address: address?, port })
    };
    root.tables("host").iter().filter_map(host).collect()
}

// === impl OutboundConfig ===

impl OutboundConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("proxy"), Self::default());
        let connections = section.optional("connections", |value| values::whole(value, 10..=1_000_000));
        let ports = section.each("tunnel_ports", values::port);
        let proxy = Self {
            connections: connections.and_then(|number| usize::try_from(number).ok()).unwrap_or(default.connections),
            header_timeout: section.or("header_timeout_s", default.header_timeout, values::seconds),
            tunnel_idle: section.or("tunnel_idle_s", default.tunnel_idle, values::seconds),
            tunnel_ports: if section.has("tunnel_ports") { ports } else { default.tunnel_ports },
            allow_ranges: section.each("allow_ranges", values::network),
        };
        section.finish();
        proxy
    }
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            connections: 20_000,
            header_timeout: Duration::from_secs(30),
            tunnel_idle: Duration::from_secs(900),
            tunnel_ports: vec![443],
            allow_ranges: Vec::new(),
        }
    }
}

// === impl ParentConfig ===

impl ParentConfig {
    pub(super) fn read(root: &Section<'_>) -> Option<Self> {
        let section = root.table("parent_proxy");
        let address = section.optional("address", values::host_and_port);
        let authorization_file = section.optional("authorization_file", |value| values::path(value, section.base()));
        if section.has("authorization_file") && !section.has("address") {
            section.mistake("address", "is missing: where the parent proxy is");
        }
        section.finish();
        address.map(|(host, port)| Self { host, port, authorization_file })
    }
}
