//! Any bytes on a connection, before a whole proxy with an origin behind it, all in this process: what the origin receives was
//! judged, and an answer is the answer to its own request.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use event::{Address, Event, Recorder};
use filter::profile::shipped::Shipped;
use filter::snapshot::Parts as SnapshotParts;
use filter::{Action, Host, ProfileIndex, Snapshot, Target};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proxy::dial::{DialSettings, Dialer, Parent};
use proxy::hello::{Progress, parse_hello};
use proxy::{Gate, Listener, Parts, Rules, Settings};
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// What follows each input: where the reader is in step with the proxy, this is a request and ends the connection.
const END: &[u8] = b"GET http://museum.example/end HTTP/1.1\r\nHost: museum.example\r\nConnection: close\r\n\r\n";
/// How long the proxy waits for the rest of something, here.
const SHORT: Duration = Duration::from_millis(40);

/// The first byte says whether the rest goes to the proxy as it is, or into a tunnel to port 80. Each request that the origin
/// receives is a proper one, and one that was judged and let through.
pub fn requests(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let mut stream = connect(WORLD.gate);
    if first & 1 == 1 {
        send(&mut stream, b"CONNECT museum.example:80 HTTP/1.1\r\nHost: museum.example:80\r\n\r\n");
        assert!(head(&mut BufReader::new(&stream)).is_some_and(|head| head.starts_with("HTTP/1.1 200")));
    }
    send(&mut stream, rest);
    send(&mut stream, END);
    drain(&mut stream);
    check_origin();
}

/// What a site answers. The next request on the same connection gets its own answer, or none.
pub fn answers(bytes: &[u8]) {
    bytes.clone_into(&mut lock(&WORLD.says));
    let mut stream = connect(WORLD.gate);
    send(&mut stream, b"GET http://odd.example/ HTTP/1.1\r\nHost: odd.example\r\n\r\n");
    send(&mut stream, END);
    let mut reader = BufReader::new(&stream);
    // Interim answers may stand before; what comes last must be the end's own answer, whole.
    let Some(first) = head(&mut reader) else { return };
    if body(&mut reader, &first).is_none() {
        return;
    }
    if let Some(second) = head(&mut reader) {
        let told = body(&mut reader, &second);
        assert!(told.as_deref() == Some(b"ok") || told.is_none(), "another answer came to the second request: {second} after {first}");
    }
    check_origin();
}

/// What a proxy further up answers to CONNECT: a tunnel opens only where it says so, and what follows its head is not lost.
pub fn parent(bytes: &[u8]) {
    bytes.clone_into(&mut lock(&WORLD.says));
    let here = Host::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST));
    let parent = Some(Parent::new(here, WORLD.odd.port()));
    let dialer = Dialer::new(DialSettings { parent, connect_timeout: SHORT, ..DialSettings::default() });
    let Ok(host) = Host::parse("museum.example") else { return };
    let Ok(dialled) = WORLD.runtime.block_on(dialer.connect(&host, 443, filter::safesearch::SafeSearch::Off)) else { return };
    assert!(bytes.starts_with(b"HTTP/1.1 200") || bytes.starts_with(b"HTTP/1.0 200"), "a tunnel nobody opened");
    let at = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let after = at.and_then(|at| bytes.get(at + 4..)).unwrap_or_default();
    let Ok(mut stream) = dialled.stream.into_std() else { return };
    assert!(stream.set_nonblocking(false).is_ok());
    assert_eq!(drain(&mut stream), after, "what the origin said first");
}

/// A TLS greeting: decided once, by its beginning, and never otherwise when more bytes come.
pub fn hello(bytes: &[u8]) {
    let whole = parse_hello(bytes);
    let mut decided = None;
    for end in 0..bytes.len().min(2_048) {
        let Some(beginning) = bytes.get(..end) else { break };
        match (parse_hello(beginning), &decided) {
            (Progress::NeedMore, None) => {}
            (now, None) => decided = Some(now),
            (now, Some(before)) => assert_eq!(now, *before, "after {end} bytes"),
        }
    }
    if let Some(decided) = decided {
        assert_eq!(whole, decided);
    }
}

/// A gate, the origin of `museum.example`, and that of `odd.example`, which says what the input is.
struct World {
    runtime: Runtime,
    gate: SocketAddr,
    odd: SocketAddr,
    says: Arc<Mutex<Vec<u8>>>,
    /// Requests that were let through and have not been seen at the origin.
    passed: Arc<Mutex<HashMap<String, usize>>>,
    /// Requests at the origin, or what is no request.
    arrived: Arc<Mutex<Vec<Result<String, String>>>>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| match world() {
    Ok(world) => world,
    Err(error) => panic!("{error}"),
});

fn world() -> Result<World, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (says, arrived) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<Mutex<Vec<_>>>::default());
    let (saying, arriving) = (Arc::clone(&says), Arc::clone(&arrived));
    let museum = listen(move |stream| converse(&stream, &arriving))?;
    let odd = listen(move |mut stream| {
        if head(&mut BufReader::new(&stream)).is_some() {
            let bytes = lock(&saying).clone();
            send(&mut stream, &bytes);
        }
    })?;
    let (recorder, mut inbox) = Recorder::channel(64);
    let passed = Arc::<Mutex<HashMap<String, usize>>>::default();
    let passing = Arc::clone(&passed);
    runtime.spawn(async move {
        let mut batch = Vec::new();
        while inbox.take(&mut batch, 64).await > 0 {
            for entry in batch.drain(..) {
                if entry.event.action == Action::Allow {
                    *lock(&passing).entry(name(&entry.event)).or_default() += 1;
                }
                entry.acknowledge();
            }
        }
    });
    let mut places = Vec::new();
    for (host, at) in [("museum.example", museum), ("odd.example", odd)] {
        places.push((Host::parse(host)?, at.ip(), Some(at.port())));
    }
    let (rules, rules_read) = watch::channel(Arc::new(rules()?));
    let (stop, stop_read) = watch::channel(false);
    let socket = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let gate = socket.local_addr()?;
    let parts = Parts {
        rules: rules_read,
        presence: Arc::default(),
        recorder,
        dialer: Dialer::new(DialSettings { hosts: places, ..DialSettings::default() }),
        root: None,
        clock: Arc::new(|| Timestamp::UNIX_EPOCH),
        settings: Settings { header_timeout: SHORT, body_idle: SHORT, answer_timeout: SHORT, tunnel_idle: SHORT, ..Settings::default() },
        secret: [7; 16],
    };
    let listener = Listener { name: "room".into(), asks: false, socket };
    let serving = proxy::serve(&Gate::new(parts), vec![listener], stop_read)?;
    runtime.spawn(async move {
        // Both are held as long as the proxy serves.
        serving.await;
        drop((rules, stop));
    });
    Ok(World { runtime, gate, odd, says, passed, arrived })
}

fn rules() -> Result<Rules, Box<dyn std::error::Error>> {
    let profiles: Vec<_> = Shipped::ALL.map(Shipped::profile).into();
    let unknown = profiles.iter().position(|profile| profile.name() == "ks2").and_then(|at| u16::try_from(at).ok());
    let snapshot = Snapshot::new(SnapshotParts {
        sealed: Vec::new(),
        protected: Vec::new(),
        packs: Vec::new(),
        profiles,
        unknown: ProfileIndex(unknown.unwrap_or_default()),
        people: Vec::new(),
        overrides: Vec::new(),
        windows: Vec::new(),
        zone: TimeZone::UTC,
    })?;
    Ok(Rules {
        sign_url: None,
        school: "Hill Top School".to_owned(),
        listeners: HashMap::new(),
        ranges: Vec::new(),
        users: HashMap::new(),
        help_lines: Vec::new(),
        who_to_talk_to: "your teacher".to_owned(),
        missing: Vec::new(),
        snapshot,
    })
}

/// How a request is called on both sides.
fn name(event: &Event) -> String {
    match &event.address {
        Address::Shown { host, path, .. } => format!("{} {host} {}", event.method, path.as_deref().unwrap_or("-")),
        Address::Sealed => String::new(),
    }
}

fn check_origin() {
    for request in std::mem::take(&mut *lock(&WORLD.arrived)) {
        match request {
            Ok(name) => {
                let mut passed = lock(&WORLD.passed);
                let Some(left) = passed.get_mut(&name).filter(|left| **left > 0) else {
                    drop(passed);
                    panic!("the origin received what was not let through: {name}");
                };
                *left -= 1;
            }
            Err(what) => panic!("the origin received what is no request: {what:?}"),
        }
    }
}

/// The origin reads strictly: what it does not understand is a fault of the proxy.
fn converse(stream: &TcpStream, arrived: &Mutex<Vec<Result<String, String>>>) {
    let mut reader = BufReader::new(stream);
    while let Some(head) = head(&mut reader) {
        let request = understand(&head);
        let is_understood = request.is_ok();
        lock(arrived).push(request.map_err(|()| head.clone()));
        if !is_understood || body(&mut reader, &head).is_none() {
            return;
        }
        send(&mut &*stream, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
}

fn understand(head: &str) -> Result<String, ()> {
    let mut lines = head.strip_suffix("\r\n\r\n").ok_or(())?.split("\r\n");
    let words: Vec<&str> = lines.next().ok_or(())?.split(' ').collect();
    let [method, target, "HTTP/1.1"] = words[..] else { return Err(()) };
    let (mut hosts, mut framings) = (Vec::new(), 0);
    for line in lines {
        let (name, value) = line.split_once(": ").or_else(|| Some((line.strip_suffix(':')?, ""))).ok_or(())?;
        let is_plain = |text: &str| !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
        if name.is_empty() || name.contains([' ', '\t', ':']) || !is_plain(value) {
            return Err(());
        }
        match name.to_ascii_lowercase().as_str() {
            "host" => hosts.push(value),
            "content-length" | "transfer-encoding" => framings += 1,
            _ => {}
        }
    }
    let [host] = hosts[..] else { return Err(()) };
    if !target.starts_with('/') || framings > 1 {
        return Err(());
    }
    // As it is matched: what the engine takes for one path is one.
    let target = Target::parse(&format!("http://{host}{target}")).map_err(drop)?;
    let path = target.path().and_then(|path| path.split('?').next()).unwrap_or_default();
    let path = path.get(..path.len().min(event::MAX_PATH)).unwrap_or(path);
    let method = method.get(..method.len().min(event::MAX_METHOD)).unwrap_or(method);
    Ok(format!("{method} {} {path}", target.host))
}

fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let (address, serve) = (listener.local_addr()?, Arc::new(serve));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn connect(address: SocketAddr) -> TcpStream {
    match TcpStream::connect(address) {
        Ok(stream) => stream,
        Err(error) => panic!("connect: {error}"),
    }
}

/// The other side may have hung up already.
fn send(stream: &mut impl std::io::Write, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
}

fn drain(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    all
}

/// Reads a head, with the empty line at its end.
fn head(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Reads the body that the head says; nothing where it does not come whole.
fn body(reader: &mut BufReader<&TcpStream>, head: &str) -> Option<Vec<u8>> {
    let field = |name: &str| {
        let mut fields = head.lines().filter_map(|line| line.split_once(':'));
        fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let mut body = Vec::new();
    if head.starts_with("HTTP/1.1 204") || head.starts_with("HTTP/1.1 304") {
        return Some(body);
    }
    if field("transfer-encoding").is_some() {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let size = u64::from_str_radix(line.trim(), 16).ok()?;
            reader.take(size).read_to_end(&mut body).ok()?;
            if size == 0 {
                while line != "\r\n" {
                    line.clear();
                    if reader.read_line(&mut line).ok()? == 0 {
                        return None;
                    }
                }
                return Some(body);
            }
            reader.read_line(&mut line).ok()?;
        }
    }
    let length: u64 = field("content-length").map_or(Some(0), |length| length.parse().ok())?;
    reader.take(length).read_to_end(&mut body).ok()?;
    (body.len() as u64 == length).then_some(body)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
