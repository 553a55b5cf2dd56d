//! Dialling out: from a judged host to a connection, never into the school's own network.
//!
//! A name is resolved once, what it leads to is looked at, and exactly those addresses are dialled: a name server that answers
//! otherwise a moment later (DNS rebinding) changes nothing. The errors are words for a page and name no host, since the page
//! does and a log must not.

mod parent;
mod resolver;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use filter::Host;
use filter::safesearch::{SafeSearch, enforcing_host};
use ipnet::IpNet;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use self::parent::{Parent, ParentError};
pub use self::resolver::Resolver;
use crate::ranges::{self, Inner};

/// Most addresses of one host that are tried.
const MAX_ADDRESSES: usize = 6;
/// How long an attempt has before the next address is tried beside it (RFC 8305, 5).
const STAGGER: Duration = Duration::from_millis(250);
/// Most names looked up at once: each holds a thread until the system's resolver answers.
const MAX_LOOKUPS: usize = 128;

/// How to dial.
#[derive(Debug, Clone)]
pub struct DialSettings {
    /// Where these very hosts (not those below them) are, and at which port if not the one asked for. The administrator's word:
    /// not looked up, never sent to a parent, and inner addresses are as good as others. The machine's own hosts file is not
    /// read for names with a dot. Default: none.
    pub hosts: Vec<(Host, IpAddr, Option<u16>)>,
    /// Inner ranges that may be reached all the same. Default: none.
    pub allow_ranges: Vec<IpNet>,
    /// The addresses this proxy listens at; never dialled, whatever else is allowed, since it would ask itself without end.
    pub own: Vec<SocketAddr>,
    /// How long looking up and connecting may take, and as long again for a parent to open a tunnel. Default: 10 s.
    pub connect_timeout: Duration,
    /// The proxy to send everything through, but for [`DialSettings::hosts`] and addresses in [`DialSettings::allow_ranges`]. It
    /// looks names up, so what they lead to is for it to judge. Default: none.
    pub parent: Option<Parent>,
    /// Who looks names up. Default: the system.
    pub resolver: Resolver,
}

/// Makes connections to origins.
#[derive(Debug)]
pub struct Dialer {
    hosts: HashMap<Host, Vec<(IpAddr, Option<u16>)>>,
    allow_ranges: Vec<IpNet>,
    own: Vec<SocketAddr>,
    connect_timeout: Duration,
    parent: Option<Parent>,
    resolver: Resolver,
    lookups: Arc<Semaphore>,
}

/// A connection that was made. `TCP_NODELAY` is set.
#[derive(Debug)]
pub struct Dialled {
    /// The connection; nothing was read from it that is the origin's.
    pub stream: TcpStream,
    /// What was dialled.
    pub address: SocketAddr,
    /// Who is at the other end.
    pub far_end: FarEnd,
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FarEnd {
    /// The origin, directly or through a tunnel.
    Origin,
    /// The parent proxy, which wants requests in absolute form and our login ([`Parent::authorization`]).
    Parent,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The name leads nowhere.
    #[error("the site cannot be found: there is no such name, or the school's name server does not answer")]
    NotFound,
    /// Nobody answered in [`DialSettings::connect_timeout`].
    #[error("the site took too long to answer")]
    TimedOut,
    /// Every address refused or failed. The source is the last failure.
    #[error("the site does not answer")]
    NoAnswer(#[source] io::Error),
    /// Every address is an inner one.
    #[error("the address leads into the school's own network ({0}), where the filter does not go")]
    Inside(Inner),
    /// The address is one this proxy listens at.
    #[error("the address leads back to the filter itself")]
    Own,
    /// The parent proxy opened no way.
    #[error(transparent)]
    Parent(#[from] ParentError),
}

// === impl DialSettings ===

impl Default for DialSettings {
    fn default() -> Self {
        let connect_timeout = Duration::from_secs(10);
        let (hosts, allow_ranges, own, resolver) = (Vec::new(), Vec::new(), Vec::new(), Resolver::default());
        Self { hosts, allow_ranges, own, connect_timeout, parent: None, resolver }
    }
}

// === impl Dialer ===

impl Dialer {
    /// A dialler with these settings.
    pub fn new(settings: DialSettings) -> Self {
        let DialSettings { hosts, allow_ranges, own, connect_timeout, parent, resolver } = settings;
        let mut by_host: HashMap<Host, Vec<(IpAddr, Option<u16>)>> = HashMap::new();
        for (host, address, port) in hosts {
            by_host.entry(host).or_default().push((address, port));
        }
        let lookups = Arc::new(Semaphore::new(MAX_LOOKUPS));
        Self { hosts: by_host, allow_ranges, own, connect_timeout, parent, resolver, lookups }
    }

    /// The parent proxy, if there is one.
    pub fn parent(&self) -> Option<&Parent> {
        self.parent.as_ref()
    }

    /// A connection that carries bytes to the origin and back, through a tunnel where there is a parent: for CONNECT and upgrades.
    /// The far end is always [`FarEnd::Origin`].
    ///
    /// Where `enforce` gives the host a safe twin, that one is reached. The caller keeps the name that was asked for, in `Host`
    /// and SNI.
    pub async fn connect(&self, host: &Host, port: u16, enforce: SafeSearch) -> Result<Dialled, DialError> {
        let host = enforced(host, enforce)?;
        let Some(parent) = self.parent_for(&host)? else {
            return self.dial(&host, port).await;
        };
        let mut dialled = self.dial_parent(parent).await?;
        timeout(self.connect_timeout, parent.open_tunnel(&mut dialled.stream, &host, port)).await.map_err(|_| DialError::TimedOut)??;
        Ok(Dialled { far_end: FarEnd::Origin, ..dialled })
    }

    /// A connection for plain HTTP requests to the origin, which with a parent is one to the parent: see [`Dialled::far_end`].
    pub async fn connect_http(&self, host: &Host, port: u16, enforce: SafeSearch) -> Result<Dialled, DialError> {
        // In a request to a parent there is only one place for a host. A tunnel to the safe twin keeps the name asked for.
        if enforcing_host(host, enforce).is_some() {
            return self.connect(host, port, enforce).await;
        }
        match self.parent_for(host)? {
            Some(parent) => self.dial_parent(parent).await,
            None => self.dial(host, port).await,
        }
    }

    /// The login for the parent, where [`Dialer::connect_http`] leads to it for this host. It must go nowhere else.
    pub(crate) fn parent_login(&self, host: &Host, enforce: SafeSearch) -> Option<&str> {
        if enforcing_host(host, enforce).is_some() {
            return None;
        }
        self.parent_for(host).ok().flatten().and_then(Parent::authorization)
    }

    /// The parent, where the host is to be asked of it.
    fn parent_for(&self, host: &Host) -> Result<Option<&Parent>, DialError> {
        let Some(parent) = self.parent.as_ref().filter(|_| !self.hosts.contains_key(host)) else { return Ok(None) };
        // What is plainly inside is refused here: to the parent it would be its own inside.
        if host.as_str() == "localhost" || host.as_str().ends_with(".localhost") {
            return Err(DialError::Inside(Inner::ThisMachine));
        }
        match host.to_address() {
            Some(address) if self.is_allowed(address) => Ok(None),
            Some(address) => ranges::inner(address).map_or(Ok(Some(parent)), |inner| Err(DialError::Inside(inner))),
            None => Ok(Some(parent)),
        }
    }

    async fn dial(&self, host: &Host, port: u16) -> Result<Dialled, DialError> {
        let dialling = async {
            let addresses = match (self.hosts.get(host), host.to_address()) {
                (Some(known), _) => known.iter().map(|(address, own_port)| SocketAddr::new(*address, own_port.unwrap_or(port))).collect(),
                (None, Some(address)) => self.check(vec![address], port)?,
                (None, None) => self.check(self.look_up(host).await?, port)?,
            };
            self.race(addresses).await
        };
        timeout(self.connect_timeout, dialling).await.map_err(|_| DialError::TimedOut)?
    }

    async fn dial_parent(&self, parent: &Parent) -> Result<Dialled, DialError> {
        let dialling = async {
            let found = match parent.host().to_address() {
                Some(address) => vec![address],
                None => self.look_up(parent.host()).await.map_err(|_| ParentError::NotFound)?,
            };
            self.race(found.into_iter().map(|address| SocketAddr::new(address, parent.port())).collect()).await
        };
        match timeout(self.connect_timeout, dialling).await {
            Ok(Ok(dialled)) => Ok(Dialled { far_end: FarEnd::Parent, ..dialled }),
            Ok(Err(DialError::NoAnswer(error))) => Err(ParentError::NoAnswer(error).into()),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(ParentError::NoAnswer(io::ErrorKind::TimedOut.into()).into()),
        }
    }

    /// Asks the resolver, once.
    async fn look_up(&self, host: &Host) -> Result<Vec<IpAddr>, DialError> {
        let place = Arc::clone(&self.lookups).acquire_owned().await.map_err(|_| DialError::NotFound)?;
        // The last dot keeps the resolver from trying the name below the school's own domain: that would be a host nobody judged.
        let name = if host.as_str().contains('.') { format!("{host}.") } else { host.to_string() };
        let resolver = self.resolver.clone();
        let looking = tokio::task::spawn_blocking(move || {
            let found = resolver.look_up(&name);
            // The place is free when the thread is, however long ago the reader went away.
            drop(place);
            found
        });
        looking.await.ok().and_then(Result::ok).ok_or(DialError::NotFound)
    }

    /// The addresses that may be dialled, both families in turns. Where there is none, why the first may not.
    fn check(&self, found: Vec<IpAddr>, port: u16) -> Result<Vec<SocketAddr>, DialError> {
        let (mut open, mut refused) = (Vec::new(), None);
        for address in found.into_iter().map(|address| address.to_canonical()) {
            match ranges::inner(address).filter(|_| !self.is_allowed(address)) {
                Some(inner) => refused = refused.or(Some(inner)),
                None => open.push(SocketAddr::new(address, port)),
            }
        }
        match refused {
            Some(inner) if open.is_empty() => Err(DialError::Inside(inner)),
            _ => Ok(in_turns(open)),
        }
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allow_ranges.iter().any(|range| range.contains(&address))
    }

    /// Dials one address after the other, the next one beside those that take long. The first that answers wins.
    async fn race(&self, addresses: Vec<SocketAddr>) -> Result<Dialled, DialError> {
        let mut waiting = addresses.into_iter().take(MAX_ADDRESSES);
        let mut attempts = JoinSet::new();
        let mut failure = DialError::NotFound;
        loop {
            match waiting.next() {
                Some(address) if self.is_own(address) => {
                    failure = DialError::Own;
                    continue;
                }
                Some(address) => drop(attempts.spawn(attempt(address))),
                None if attempts.is_empty() => return Err(failure),
                None => {}
            }
            match timeout(STAGGER, attempts.join_next()).await {
                Ok(Some(Ok(Ok(dialled)))) if !self.is_circle(&dialled) => return Ok(dialled),
                Ok(Some(Ok(Ok(_)))) => failure = DialError::Own,
                Ok(Some(Ok(Err(error)))) => failure = DialError::NoAnswer(error),
                Ok(Some(Err(_)) | None) | Err(_) => {}
            }
        }
    }

    fn is_own(&self, address: SocketAddr) -> bool {
        let all = |own: IpAddr| own.is_unspecified() && (address.ip().is_loopback() || address.ip().is_unspecified());
        self.own.iter().any(|own| own.port() == address.port() && (own.ip() == address.ip() || all(own.ip())))
    }

    /// Whether a connection ends on this machine at one of our ports. A proxy that listens at every address of the machine does
    /// not know them all beforehand; but both ends of such a connection have the same one.
    fn is_circle(&self, dialled: &Dialled) -> bool {
        let listens = self.own.iter().any(|own| own.port() == dialled.address.port() && own.ip().is_unspecified());
        listens && matches!((dialled.stream.local_addr(), dialled.stream.peer_addr()), (Ok(near), Ok(far)) if near.ip() == far.ip())
    }
}

async fn attempt(address: SocketAddr) -> io::Result<Dialled> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(Dialled { stream, address, far_end: FarEnd::Origin })
}

/// The host to reach in place of `host`.
fn enforced(host: &Host, enforce: SafeSearch) -> Result<Cow<'_, Host>, DialError> {
    match enforcing_host(host, enforce) {
        Some(safe) => Host::parse(safe).map(Cow::Owned).map_err(|_| DialError::NotFound),
        None => Ok(Cow::Borrowed(host)),
    }
}

/// The resolver's order, but both families in turns, so that one that is dead costs one wait (RFC 8305, 4).
fn in_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv6() == is_v6);
    let (mut next, mut last) = (second.into_iter(), first.into_iter());
    std::iter::from_fn(|| {
        std::mem::swap(&mut next, &mut last);
        next.next().or_else(|| last.next())
    })
    .collect()
}

#[cfg(test)]
mod tests;
