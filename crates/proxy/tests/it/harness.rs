//! A proxy for a small invented school, with what it records and what a test may change while it runs.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event::{Address, Entry, Event, Inbox, Recorder};
use filter::profile::shipped::Shipped;
use filter::sealed::{SealedEntry, SealedList};
use filter::snapshot::{Gated, Parts as SnapshotParts, Person, Protected};
use filter::{Host, Pack, ProfileIndex, Snapshot};
use ids::PersonId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lists::build::Builder;
use lists::mapping::Mapping;
use lists::parse::Pattern;
use presence::{Before, Presence, SignIn, Source};
use proxy::dial::{DialSettings, Dialer};
use proxy::root::Root;
use proxy::rules::{HelpLine, PasswordHash, User};
use proxy::{Gate, Listener, Parts, Rules, Settings};
use testkit::folder::Folder;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::client::Client;

/// A Monday in term, at ten in the morning in London.
pub(crate) const MONDAY: &str = "2026-11-23T10:00:00Z";

/// What the school's only list says.
const ROWS: &[(&str, &str)] = &[
    ("gambling", "casino.example"),
    ("games", "play.example"),
    ("self-harm", "hurt.example"),
    ("social-media", "friends.example"),
    ("young-children-allow", "museum.example"),
];

/// Where people come in: a listener for each of these profiles, under its name.
const PROFILES: [&str; 4] = ["early-years-ks1", "ks2", "ks3", "staff"];
/// A listener that asks people to sign in.
pub(crate) const SIGN_IN: &str = "sign-in";
/// A listener of which nothing is known.
pub(crate) const NOBODY: &str = "nobody";

/// What a proxy is made from. The default is the whole school, without origins.
pub(crate) struct Setup {
    pub(crate) settings: Settings,
    pub(crate) dial: DialSettings,
    pub(crate) with_root: bool,
    pub(crate) secret: [u8; 16],
}

/// A running proxy; it stops when the value is dropped.
pub(crate) struct Proxy {
    runtime: Option<Runtime>,
    addresses: HashMap<&'static str, SocketAddr>,
    events: Arc<Mutex<Vec<Event>>>,
    /// Whether what is recorded is acknowledged.
    pub(crate) acknowledges: Arc<AtomicBool>,
    journal: tokio::task::AbortHandle,
    pub(crate) rules: watch::Sender<Arc<Rules>>,
    pub(crate) presence: Arc<Presence>,
    stop: watch::Sender<bool>,
    served: tokio::task::JoinHandle<()>,
    pub(crate) root: Option<Arc<Root>>,
    /// Seconds after [`MONDAY`].
    pub(crate) clock: Arc<AtomicI64>,
    _folder: Folder,
}

// === impl Setup ===

impl Default for Setup {
    fn default() -> Self {
        let dial = DialSettings { connect_timeout: Duration::from_secs(3), ..DialSettings::default() };
        Self { settings: Settings::default(), dial, with_root: true, secret: [7; 16] }
    }
}

impl Setup {
    /// Leads a host, at whatever port, to a server on this machine.
    pub(crate) fn host(mut self, name: &str, address: SocketAddr) -> Self {
        self.dial.hosts.push((host(name), address.ip(), Some(address.port())));
        self
    }

    pub(crate) fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    pub(crate) fn without_root(self) -> Self {
        Self { with_root: false, ..self }
    }

    pub(crate) fn start(mut self) -> Proxy {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        let folder = Folder::new().expect("folder");
        let names = PROFILES.into_iter().chain([SIGN_IN, NOBODY]);
        let listeners: Vec<_> = runtime.block_on(async {
            let mut listeners = Vec::new();
            for name in names {
                let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("port");
                listeners.push((name, Listener { name: name.into(), asks: name == SIGN_IN, socket }));
            }
            listeners
        });
        let addresses: HashMap<_, _> =
            listeners.iter().map(|(name, listener)| (*name, listener.socket.local_addr().expect("address"))).collect();
        self.dial.own.extend(addresses.values());
        let monday: Timestamp = MONDAY.parse().expect("time");
        let root = self.with_root.then(|| Arc::new(Root::load_or_make(folder.path(), "Hill Top School", monday).expect("root")));
        let (rules, rules_read) = watch::channel(Arc::new(rules()));
        let (recorder, inbox) = Recorder::channel(1024);
        let (events, acknowledges) = (Arc::default(), Arc::new(AtomicBool::new(true)));
        let journal = runtime.spawn(keep(inbox, Arc::clone(&events), Arc::clone(&acknowledges))).abort_handle();
        let clock = Arc::new(AtomicI64::new(0));
        let ticking = Arc::clone(&clock);
        let presence: Arc<Presence> = Arc::default();
        let gate = Gate::new(Parts {
            rules: rules_read,
            presence: Arc::clone(&presence),
            recorder,
            dialer: Dialer::new(self.dial),
            root: root.clone(),
            clock: Arc::new(move || monday + jiff::SignedDuration::from_secs(ticking.load(Ordering::Relaxed))),
            settings: self.settings,
            secret: self.secret,
        });
        let (stop, stop_read) = watch::channel(false);
        let listeners = listeners.into_iter().map(|(_, listener)| listener).collect();
        let served = runtime.spawn(proxy::serve(&gate, listeners, stop_read).expect("threads"));
        Proxy {
            runtime: Some(runtime),
            addresses,
            events,
            acknowledges,
            journal,
            rules,
            presence,
            stop,
            served,
            root,
            clock,
            _folder: folder,
        }
    }
}

/// Keeps what is recorded, and says so unless it is told not to.
async fn keep(mut inbox: Inbox, events: Arc<Mutex<Vec<Event>>>, acknowledges: Arc<AtomicBool>) {
    let (mut batch, mut held): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
    while inbox.take(&mut batch, 64).await > 0 {
        for entry in batch.drain(..) {
            events.lock().expect("events").push(entry.event.clone());
            if acknowledges.load(Ordering::Acquire) {
                entry.acknowledge();
            } else {
                held.push(entry);
            }
        }
    }
}

// === impl Proxy ===

impl Proxy {
    /// Where people of a profile (or [`SIGN_IN`], [`NOBODY`]) come in.
    pub(crate) fn address(&self, listener: &str) -> SocketAddr {
        self.addresses[listener]
    }

    /// A connection to a listener.
    pub(crate) fn client(&self, listener: &str) -> Client {
        Client::connect(self.address(listener))
    }

    /// Takes the events so far, each as `via action host:port path`.
    pub(crate) fn events(&self) -> Vec<String> {
        self.raw_events().iter().map(line).collect()
    }

    /// Takes the events so far.
    pub(crate) fn raw_events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().expect("events"))
    }

    /// Ends the journal: what it had not yet taken is lost.
    pub(crate) fn end_journal(&self) {
        self.journal.abort();
        self.wait(async {
            while !self.journal.is_finished() {
                tokio::task::yield_now().await
            }
        });
    }

    /// Swaps the rules.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Rules)) {
        let mut rules = Rules::clone(&self.rules.borrow());
        change(&mut rules);
        self.rules.send(Arc::new(rules)).expect("the proxy listens");
    }

    /// The time, as the proxy sees it.
    pub(crate) fn now(&self) -> Timestamp {
        MONDAY.parse::<Timestamp>().expect("time") + jiff::SignedDuration::from_secs(self.clock.load(Ordering::Relaxed))
    }

    /// Somebody signs in at a device, for an hour and with 20 minutes idle.
    pub(crate) fn sign_in(&self, device: IpAddr, name: &str, source: Source, before: Before) {
        let (until, idle) = (self.now() + jiff::SignedDuration::from_hours(1), jiff::SignedDuration::from_mins(20));
        let sign_in = SignIn { person: person(name), source, until, idle };
        self.presence.sign_in(&[(device, sign_in)], before, self.now()).expect("room");
    }

    /// Asks the proxy to stop.
    pub(crate) fn stop(&self) {
        self.stop.send(true).expect("the proxy listens");
    }

    /// Waits until the proxy has stopped.
    pub(crate) fn wait_stopped(&mut self) {
        let runtime = self.runtime.as_ref().expect("runtime");
        let served = &mut self.served;
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), served).await }).expect("in time").expect("no panic");
    }

    fn wait(&self, future: impl Future<Output = ()>) {
        let runtime = self.runtime.as_ref().expect("runtime");
        runtime.block_on(async { tokio::time::timeout(Duration::from_secs(10), future).await }).expect("in time");
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn line(event: &Event) -> String {
    let address = match &event.address {
        Address::Shown { host, port, path } => format!("{host}:{port} {}", path.as_deref().unwrap_or("-")),
        Address::Sealed => "sealed".to_owned(),
    };
    format!("{:?} {:?} {address}", event.via, event.action)
}

// === The school ===

pub(crate) fn host(text: &str) -> Host {
    Host::parse(text).expect("host")
}

/// Ada is in year 5 and has signed; Bob has not.
pub(crate) fn person(name: &str) -> PersonId {
    PersonId::named(name)
}

/// The school's snapshot with these rows on its list.
pub(crate) fn snapshot(rows: &[(&str, &str)]) -> Snapshot {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("test list");
    builder.begin_file("rows", "", "test", false);
    for (line, (label, name)) in (1..).zip(rows) {
        builder.entry(line, &[label], &Pattern::Suffix(host(name))).expect("entry");
    }
    builder.end_list();
    let built = builder.finish(&mut |_, _| {}).expect("pack");
    let profiles: Vec<_> = Shipped::ALL.iter().map(|shipped| shipped.profile()).collect();
    let of_name =
        |name: &str| (0..).zip(&profiles).find(|(_, profile)| profile.name() == name).map(|(at, _)| ProfileIndex(at)).expect("profile");
    let pupil = |gated| Person { profile: of_name("ks2"), groups: Vec::new(), gated };
    Snapshot::new(SnapshotParts {
        sealed: vec![SealedList::seal([9; 16], [SealedEntry::Host(host("sealed.example"))])],
        protected: vec![Protected { host: host("helpline.example"), name: "The help line".into() }],
        packs: vec![Arc::new(Pack::parse(&built.bytes.into()).expect("pack"))],
        unknown: of_name("early-years-ks1"),
        people: vec![
            (person("ada"), pupil(None)),
            (person("bob"), pupil(Some(Gated::Unsigned))),
            (person("cem"), pupil(Some(Gated::UnsignedUnlessLed))),
        ],
        profiles,
        overrides: Vec::new(),
        windows: Vec::new(),
        zone: TimeZone::get("Europe/London").expect("zone"),
    })
    .expect("snapshot")
}

fn rules() -> Rules {
    let snapshot = snapshot(ROWS);
    let profile = |name: &str| snapshot.profile_named(name).expect("profile");
    let user = |name: &str| User { person: person(name), password: PasswordHash::new([1; 16], &format!("{name}:secret")) };
    Rules {
        school: "Hill Top School".to_owned(),
        listeners: PROFILES.iter().map(|name| ((*name).into(), profile(name))).collect(),
        ranges: Vec::new(),
        users: ["ada", "bob"].into_iter().map(|name| (name.into(), user(name))).collect(),
        help_lines: vec![HelpLine {
            name: "The help line".to_owned(),
            what: "For anyone under 19.".to_owned(),
            phone: Some("0800 1111".to_owned()),
            address: Some("https://helpline.example/".to_owned()),
        }],
        who_to_talk_to: "your teacher or Mrs Lane".to_owned(),
        sign_url: Some("https://school.example/my/agreements".to_owned()),
        missing: vec!["There is no licensed list.".to_owned()],
        snapshot,
    }
}

/// The profile of a range of addresses.
pub(crate) fn range(rules: &mut Rules, range: &str, profile: &str) {
    let profile = rules.snapshot.profile_named(profile).expect("profile");
    rules.ranges.push((range.parse().expect("range"), profile));
    rules.sort_ranges();
}

/// Waits for something that another thread does.
pub(crate) fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(10), "waited in vain: {what}");
        std::thread::yield_now();
    }
}

/// Some other address of this machine.
pub(crate) fn other_source() -> IpAddr {
    Ipv4Addr::new(127, 0, 0, 2).into()
}
