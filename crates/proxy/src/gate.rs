//! The gate: what every connection of the proxy shares.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use event::{Event, Recorder};
use filter::Host;
use hyper::header::HeaderValue;
use ids::PersonId;
use jiff::Timestamp;
use presence::Presence;
use tokio::sync::watch;

use crate::dial::Dialer;
use crate::forward::Forwarder;
use crate::headers;
use crate::identify::Identity;
use crate::passes::{Passes, Reader};
use crate::root::Root;
use crate::rules::Rules;
use crate::workers::Place;

/// The host under which the proxy itself answers: its start page, the proxy settings, the certificate. `internal` is set aside for
/// private use (ICANN, 2024), so that no site can own the name.
pub const OWN_HOST: &str = "schoolgate.internal";

/// The time, as the gate sees it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Bounds of the proxy.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Connections at once, over all listeners. Default 20,000.
    pub connections: usize,
    /// Longest wait for a request's header, also between two requests. Default 30 s.
    pub header_timeout: Duration,
    /// Longest silence in the middle of a body. Default 60 s.
    pub body_idle: Duration,
    /// Longest wait for the head of an origin's answer, counted from when the reader's request last moved. Default 5 min.
    pub answer_timeout: Duration,
    /// Longest silence of a tunnel, and longest that a reader may leave an answer lying (a film that is paused). Default 15 min.
    pub tunnel_idle: Duration,
    /// Ports that may be tunnelled to. Default 443 only; 80 is taken apart and judged request by request.
    pub tunnel_ports: Vec<u16>,
    /// Largest header, in bytes. Default 64 KiB.
    pub header_bytes: usize,
    /// How long open requests may take to finish when the proxy stops. Default 10 s.
    pub drain: Duration,
}

/// What every connection shares.
pub struct Gate {
    pub(crate) rules: watch::Receiver<Arc<Rules>>,
    pub(crate) presence: Arc<Presence>,
    pub(crate) recorder: Recorder,
    pub(crate) dialer: Arc<Dialer>,
    pub(crate) forwarder: Forwarder,
    pub(crate) root: Option<Arc<Root>>,
    pub(crate) passes: Arc<Passes>,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    /// Our name in `Via`, different for each gate, so that a loop is told from a chain of two gates.
    pub(crate) via: String,
    /// The header that says so.
    pub(crate) via_header: HeaderValue,
}

/// What a gate is made from.
pub struct Parts {
    /// Where new rules come from.
    pub rules: watch::Receiver<Arc<Rules>>,
    /// Who is at which device.
    pub presence: Arc<Presence>,
    /// Where events go.
    pub recorder: Recorder,
    /// How to reach the outside.
    pub dialer: Dialer,
    /// The school's root, where pages are to be shown over HTTPS.
    pub root: Option<Arc<Root>>,
    /// The time.
    pub clock: Clock,
    /// Bounds.
    pub settings: Settings,
    /// Sixteen random bytes for tokens and our name.
    pub secret: [u8; 16],
}

/// One connection from a reader.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) listener: Arc<str>,
    /// Whether the listener asks people to sign in.
    pub(crate) asks: bool,
    pub(crate) source: IpAddr,
    /// Inside a tunnel to port 80: the host and port that the tunnel was opened for.
    pub(crate) inside: Option<(Host, u16)>,
    /// Who gave name and password when the tunnel was opened.
    pub(crate) login: Option<PersonId>,
    /// Who asks, found anew for each request.
    pub(crate) identity: Identity,
    /// Held as long as the connection, or a tunnel that came of it, is open.
    pub(crate) _place: Arc<Place>,
}

// === impl Caller ===

impl Caller {
    /// Who it is, for a warning that was read.
    pub(crate) fn reader(&self) -> Reader {
        (self.source, self.identity.who.person)
    }
}

// === impl Gate ===

impl Gate {
    /// A gate.
    pub fn new(parts: Parts) -> Arc<Self> {
        let dialer = Arc::new(parts.dialer);
        let name = u32::from_le_bytes([parts.secret[0], parts.secret[1], parts.secret[2], parts.secret[3]]);
        let via = format!("schoolgate-{name:08x}");
        Arc::new(Self {
            rules: parts.rules,
            presence: parts.presence,
            recorder: parts.recorder,
            forwarder: Forwarder::new(&dialer),
            dialer,
            root: parts.root,
            passes: Arc::new(Passes::new(parts.secret)),
            clock: parts.clock,
            settings: parts.settings,
            via_header: headers::via(&via),
            via,
        })
    }

    /// The same gate with connections to origins of its own, for another thread.
    pub(crate) fn with_connections_of_its_own(&self) -> Arc<Self> {
        Arc::new(Self {
            rules: self.rules.clone(),
            presence: Arc::clone(&self.presence),
            recorder: self.recorder.clone(),
            dialer: Arc::clone(&self.dialer),
            forwarder: Forwarder::new(&self.dialer),
            root: self.root.clone(),
            passes: Arc::clone(&self.passes),
            clock: Arc::clone(&self.clock),
            settings: self.settings.clone(),
            via: self.via.clone(),
            via_header: self.via_header.clone(),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The rules in force. A request is judged by one set of them from its beginning to its end.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.borrow())
    }

    /// Keeps an event. Says no where it cannot be kept: then the request must not go on.
    pub(crate) async fn record(&self, event: Event) -> bool {
        match self.recorder.record(event).await {
            Ok(ticket) => ticket.written().await.is_ok(),
            Err(_) => false,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 20_000,
            header_timeout: Duration::from_secs(30),
            body_idle: Duration::from_secs(60),
            answer_timeout: Duration::from_secs(5 * 60),
            tunnel_idle: Duration::from_secs(15 * 60),
            tunnel_ports: vec![443],
            header_bytes: 64 * 1024,
            drain: Duration::from_secs(10),
        }
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Gate").field("via", &self.via).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Parts").finish_non_exhaustive()
    }
}
