//! What every reader of the crowd shares, and how each of them asks.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ids::PersonId;
use rustls::ClientConfig;

use super::book::{Ask, Book, Told};
use super::client::{Answer, Client, open};
use super::origin::{OWN, Origin};
use super::school::School;
use super::{Stop, pause};

/// What a reader does, once.
pub(super) type Deed = fn(&Crowd<'_>) -> Came;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// As it should.
    Well,
    /// A connection broke off: nothing false was said, and nothing was got. For most hostile readers that is how it should end.
    Cut,
}

/// Between two deeds of one reader. It keeps the load to what a busy machine carries beside other work.
const PACE: Duration = Duration::from_millis(60);

/// Where readers come in, whom they trust, and the book.
#[derive(Debug)]
pub(super) struct Crowd<'a> {
    pub(super) book: &'a Book,
    listeners: Vec<(&'static str, SocketAddr)>,
    /// Where the origin is, for those who look for a way round.
    pub(super) origin: SocketAddr,
    pub(super) sites: Arc<ClientConfig>,
    pub(super) pages: Arc<ClientConfig>,
    pub(super) login: String,
    /// The gate's name in `Via`.
    pub(super) via: String,
    next: AtomicU64,
    /// How often nothing opened since the record could not be kept at once.
    pub(super) unkept: AtomicU64,
    counts: Mutex<Counts>,
}

/// Deeds by side and name: how many went well, and how many were cut.
pub(super) type Counts = BTreeMap<(&'static str, &'static str), (u64, u64)>;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Who {
    pub(super) listener: &'static str,
    pub(super) source: IpAddr,
}

/// What is asked for: a host, the word for what the origin is to answer, and what may be decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct What<'a> {
    pub(super) host: &'a str,
    pub(super) kind: &'static str,
    pub(super) actions: &'static [&'static str],
}

/// The status where the record cannot be kept.
const UNKEPT: u16 = 503;
pub(super) const ALLOW: &[&str] = &["allow"];
pub(super) const BLOCK: &[&str] = &["block"];

// === impl Who ===

impl Who {
    /// Somebody in the class room.
    pub(super) fn room() -> Self {
        Self { listener: "room", source: Ipv4Addr::LOCALHOST.into() }
    }

    pub(super) fn at(listener: &'static str) -> Self {
        Self { listener, ..Self::room() }
    }
}

// === impl What ===

impl What<'_> {
    /// Something that is open to all but the youngest.
    pub(super) fn site(kind: &'static str) -> Self {
        Self { host: "site.example", kind, actions: ALLOW }
    }
}

// === impl Crowd ===

impl<'a> Crowd<'a> {
    pub(super) fn new(book: &'a Book, school: &School, origin: &Origin) -> Self {
        let room = school.listeners[0].1;
        let mut client = Client::new(open(room, Ipv4Addr::LOCALHOST.into()).expect("connect"));
        let root = client.ask("GET http://schoolgate.internal/root.pem HTTP/1.1\r\nHost: schoolgate.internal\r\n\r\n").expect("the root");
        let mut crowd = Self {
            book,
            listeners: school.listeners.clone(),
            origin: origin.plain,
            sites: super::client::trusting(&origin.certificate),
            pages: super::client::trusting(&root.text()),
            login: school.login.clone(),
            via: String::new(),
            next: AtomicU64::default(),
            unkept: AtomicU64::default(),
            counts: Mutex::default(),
        };
        let answer = crowd.get(&mut client, Who::room(), What::site("page"), "").expect("a first answer");
        crowd.via = answer.header("Via").and_then(|via| via.split(' ').nth(1)).expect("the gate's name").to_owned();
        crowd
    }

    /// Does one deed after the other until the end, beginning with that of its number.
    pub(super) fn live(&self, side: &'static str, deeds: &[(&'static str, Deed)], number: usize, stop: &Stop) {
        for (name, deed) in deeds.iter().cycle().skip(number) {
            if stop.is_now() {
                return;
            }
            let came = deed(self);
            let mut counts = self.counts.lock().expect("counts");
            let (well, cut) = counts.entry((side, name)).or_default();
            *if came == Came::Well { well } else { cut } += 1;
            drop(counts);
            pause(PACE);
        }
    }

    /// All deeds so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts.lock().expect("counts").clone()
    }

    /// A number that nobody has had.
    pub(super) fn fresh(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A connection; none where the system refuses.
    pub(super) fn open(&self, who: Who) -> Option<TcpStream> {
        let address = self.listeners.iter().find(|(name, _)| *name == who.listener).map(|(_, address)| *address).expect("a listener");
        open(address, who.source).ok()
    }

    pub(super) fn client(&self, who: Who) -> Option<Client<TcpStream>> {
        self.open(who).map(Client::new)
    }

    /// Enters a request with a fresh path into the book; gives the path.
    pub(super) fn enter(&self, who: Who, what: What<'_>, method: &'static str, port: u16) -> String {
        let path = format!("/q/{}/{}", self.fresh(), what.kind);
        let person = (who.listener == "desk").then(|| PersonId::named("ada").to_string());
        self.book.ask(Ask {
            via: "http",
            listener: who.listener,
            source: who.source,
            person,
            method,
            host: what.host.to_owned(),
            port,
            path: Some(path),
            actions: what.actions,
            may_arrive: true,
        })
    }

    /// Asks for a fresh path on an open connection, with more header lines, and enters what came.
    pub(super) fn get<S: Read + Write>(&self, client: &mut Client<S>, who: Who, what: What<'_>, headers: &str) -> Option<Answer> {
        let path = self.enter(who, what, "GET", 80);
        let host = what.host;
        let answer = client.ask(&format!("GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n{headers}\r\n"));
        self.book.told(path, told(answer.as_ref()));
        answer
    }

    /// Opens a tunnel to a host of which nothing else is under way. The caller says what came of it, by the host.
    pub(super) fn tunnel(&self, kind: &'static str, actions: &'static [&'static str]) -> Option<(String, TcpStream)> {
        let host = self.book.take_host(kind)?;
        self.tunnel_to(host, 443, actions, kind == super::school::TUNNELS)
    }

    pub(super) fn tunnel_to(
        &self,
        host: String,
        port: u16,
        actions: &'static [&'static str],
        may_arrive: bool,
    ) -> Option<(String, TcpStream)> {
        let who = Who::room();
        let mut client = self.client(who)?;
        self.book.ask(Ask { host: host.clone(), port, may_arrive, ..connect(who, actions) });
        let Some(answer) = client.ask(&format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n")) else {
            self.book.told(host, Told::Nothing);
            return None;
        };
        if answer.status == 200 {
            return Some((host, client.into_stream()));
        }
        self.book.told(host, Told::Judged);
        None
    }

    /// Fails the run.
    pub(super) fn fault(&self, what: String) -> Came {
        self.book.fault(what);
        Came::Cut
    }

    /// Whether an answer is as it should be; a fault where it came and is not.
    pub(super) fn check(&self, what: &str, answer: Option<Answer>, good: impl Fn(&Answer) -> bool) -> Came {
        match answer {
            None => Came::Cut,
            Some(answer) if good(&answer) => Came::Well,
            Some(answer) if answer.status == UNKEPT => {
                self.unkept.fetch_add(1, Ordering::Relaxed);
                Came::Cut
            }
            Some(answer) => self.fault(format!("{what} got another answer: {} ({} bytes)", answer.head, answer.body.len())),
        }
    }
}

/// A CONNECT in the book, its host left open.
pub(super) fn connect(who: Who, actions: &'static [&'static str]) -> Ask {
    Ask {
        via: "connect",
        listener: who.listener,
        source: who.source,
        person: None,
        method: "CONNECT",
        host: String::new(),
        port: 443,
        path: None,
        actions,
        may_arrive: false,
    }
}

/// What an answer says of its request.
pub(super) fn told(answer: Option<&Answer>) -> Told {
    match answer {
        None => Told::Nothing,
        // The line may still have been written, too late.
        Some(answer) if answer.status == UNKEPT => Told::Nothing,
        Some(answer) if answer.header(OWN).is_some() => Told::Passed,
        Some(answer) if matches!(answer.status, 502 | 504) => Told::Judged,
        Some(_) => Told::Stopped,
    }
}
