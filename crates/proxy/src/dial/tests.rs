//! Dialling real sockets of this machine.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn host(text: &str) -> Host {
    Host::parse(text).expect("host")
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind((HERE, 0)).await.expect("a port");
    let port = listener.local_addr().expect("address").port();
    (listener, port)
}

/// A port at which nobody listens.
async fn closed_port() -> u16 {
    listen().await.1
}

fn at(known: &[(&str, u16)]) -> DialSettings {
    let hosts = known.iter().map(|(name, port)| (host(name), HERE, Some(*port))).collect();
    DialSettings { hosts, ..DialSettings::default() }
}

fn loopback_allowed() -> DialSettings {
    DialSettings { allow_ranges: vec!["127.0.0.0/8".parse().expect("range")], ..DialSettings::default() }
}

async fn refusal(settings: DialSettings, name: &str, port: u16) -> DialError {
    Dialer::new(settings).connect(&host(name), port, SafeSearch::Strict).await.expect_err("refused")
}

#[tokio::test]
async fn a_host_the_administrator_placed_is_reached_there() {
    let (listener, port) = listen().await;
    let dialer = Dialer::new(at(&[("museum.example", port)]));
    let dialled = dialer.connect(&host("museum.example"), 443, SafeSearch::Strict).await.expect("connected");
    assert_eq!((dialled.address, dialled.far_end), (SocketAddr::new(HERE, port), FarEnd::Origin));
    assert!(dialled.stream.nodelay().expect("option"));
    let (_, peer) = listener.accept().await.expect("accepted");
    assert_eq!(peer, dialled.stream.local_addr().expect("address"));
}

#[tokio::test]
async fn nobody_reaches_the_schools_own_network() {
    let (_listener, port) = listen().await;
    for (name, expected) in [
        ("127.0.0.1", Inner::ThisMachine),
        ("localhost", Inner::ThisMachine),
        ("[::ffff:127.0.0.1]", Inner::ThisMachine),
        ("0x7f.1", Inner::ThisMachine),
        ("10.0.0.1", Inner::Private),
        ("169.254.169.254", Inner::Link),
        ("[fd00::1]", Inner::Private),
    ] {
        let error = refusal(DialSettings::default(), name, port).await;
        assert!(matches!(error, DialError::Inside(inner) if inner == expected), "{name}: {error:?}");
    }
    let allowed = Dialer::new(loopback_allowed());
    for name in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        assert!(allowed.connect(&host(name), port, SafeSearch::Off).await.is_ok(), "{name}");
    }
}

#[test]
fn of_a_mixed_answer_only_what_is_public_is_dialled() {
    let dialer = Dialer::new(DialSettings::default());
    let found = ["10.0.0.1", "2a00::1", "2a00::2", "::ffff:8.8.8.8", "8.8.4.4"].map(|address| address.parse().expect("address")).to_vec();
    let open = dialer.check(found, 443).expect("some are public");
    let expected = ["[2a00::1]:443", "8.8.8.8:443", "[2a00::2]:443", "8.8.4.4:443"].map(|address| address.parse().expect("address"));
    assert_eq!(open, expected, "in turns");
    let inner = dialer.check(vec!["192.168.0.1".parse().expect("address"), HERE], 443);
    assert!(matches!(inner, Err(DialError::Inside(Inner::Private))), "{inner:?}");
}

#[tokio::test]
async fn the_proxy_never_dials_itself() {
    let (listener, port) = listen().await;
    let own = DialSettings { own: vec![listener.local_addr().expect("address")], ..loopback_allowed() };
    assert!(matches!(refusal(own, "127.0.0.1", port).await, DialError::Own));
    let everywhere = vec![SocketAddr::from(([0, 0, 0, 0], port))];
    let own = DialSettings { own: everywhere.clone(), ..loopback_allowed() };
    assert!(matches!(refusal(own, "127.0.0.1", port).await, DialError::Own));
    // An address of the machine that is told from others only once connected.
    let dialled = attempt(SocketAddr::new(HERE, port)).await.expect("connected");
    assert!(Dialer::new(DialSettings { own: everywhere, ..DialSettings::default() }).is_circle(&dialled));
}

#[tokio::test]
async fn the_next_address_is_tried_when_one_refuses() {
    let (_listener, port) = listen().await;
    let closed = closed_port().await;
    let dialer = Dialer::new(at(&[("museum.example", closed), ("museum.example", port)]));
    let dialled = dialer.connect_http(&host("museum.example"), 80, SafeSearch::Off).await.expect("connected");
    assert_eq!(dialled.address.port(), port);
    assert!(matches!(refusal(at(&[("museum.example", closed)]), "museum.example", 80).await, DialError::NoAnswer(_)));
}

#[tokio::test]
async fn a_search_goes_to_the_safe_twin() {
    let (_safe, safe_port) = listen().await;
    let (_open, open_port) = listen().await;
    let dialer = Dialer::new(at(&[("www.google.co.uk", open_port), ("forcesafesearch.google.com", safe_port)]));
    for (level, expected) in [(SafeSearch::Off, open_port), (SafeSearch::Moderate, safe_port), (SafeSearch::Strict, safe_port)] {
        for port in [80, 443] {
            let tunnel = dialer.connect(&host("www.google.co.uk"), port, level).await.expect("connected");
            let plain = dialer.connect_http(&host("www.google.co.uk"), port, level).await.expect("connected");
            assert_eq!((tunnel.address.port(), plain.address.port()), (expected, expected), "{level:?}");
        }
    }
}

/// A parent that answers the first request with `answer` and tells what it was asked.
async fn parent(answer: Vec<u8>) -> (Parent, tokio::task::JoinHandle<String>) {
    let (listener, port) = listen().await;
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("accepted");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.expect("a request"));
        }
        stream.write_all(&answer).await.expect("sent");
        String::from_utf8(request).expect("text")
    });
    (Parent::new(Host::from(HERE), port), asked)
}

fn through(parent: Parent) -> DialSettings {
    DialSettings { parent: Some(parent), ..DialSettings::default() }
}

#[tokio::test]
async fn a_parent_opens_a_tunnel_and_nothing_of_the_origin_is_lost() {
    let long = format!("HTTP/1.1 200 Connection established\r\nX: {}\r\n\r\nthe origin speaks first", "x".repeat(2000));
    let (parent, asked) = parent(long.into_bytes()).await;
    let dialer = Dialer::new(through(parent.with_login("gate:secret")));
    let mut dialled = dialer.connect(&host("www.youtube.com"), 443, SafeSearch::Strict).await.expect("a tunnel");
    assert_eq!(dialled.far_end, FarEnd::Origin);
    let mut first = String::new();
    dialled.stream.read_to_string(&mut first).await.expect("text");
    assert_eq!(first, "the origin speaks first");
    assert_eq!(
        asked.await.expect("asked"),
        "CONNECT restrict.youtube.com:443 HTTP/1.1\r\nHost: restrict.youtube.com:443\r\nProxy-Authorization: Basic Z2F0ZTpzZWNyZXQ=\r\n\r\n"
    );
    assert!(!format!("{dialer:?}").contains("Z2F0"), "the login is not shown");
}

#[tokio::test]
async fn a_parent_that_refuses_or_babbles_is_told_from_the_site() {
    for (answer, expected) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".into(), "does not accept the filter's login"),
        ("HTTP/1.0 503 Busy\r\n\r\n".into(), "did not open the site (status 503)"),
        ("HTTP/1.1 204 No Content\r\n\r\n".into(), "did not open the site (status 204)"),
        ("SSH-2.0-x\r\n\r\n".into(), "an answer that is not understood"),
        ("HTTP/1.1 2000\r\n\r\n".into(), "an answer that is not understood"),
        (format!("HTTP/1.1 200 {}", "x".repeat(40_000)), "an answer that is not understood"),
        ("HTTP/1.1 200 O".into(), "does not answer"),
        (String::new(), "does not answer"),
    ] {
        let start: String = answer.chars().take(20).collect();
        let (parent, _asked) = parent(answer.into_bytes()).await;
        let text = refusal(through(parent), "museum.example", 443).await.to_string();
        assert!(text.ends_with(expected), "{start}: {text}");
    }
    let nobody = Parent::new(Host::from(HERE), closed_port().await);
    assert!(matches!(refusal(through(nobody), "museum.example", 443).await, DialError::Parent(ParentError::NoAnswer(_))));
}

#[tokio::test]
async fn a_parent_that_says_nothing_is_not_waited_for() {
    let (_listener, port) = listen().await;
    let settings = DialSettings { connect_timeout: Duration::from_millis(100), ..through(Parent::new(Host::from(HERE), port)) };
    assert!(matches!(refusal(settings, "museum.example", 443).await, DialError::TimedOut));
}

#[tokio::test]
async fn only_what_is_outside_goes_to_the_parent() {
    let (_origin, origin_port) = listen().await;
    let (_outer, outer_port) = listen().await;
    let parent = Some(Parent::new(Host::from(HERE), outer_port));
    let dialer = Dialer::new(DialSettings {
        parent,
        allow_ranges: vec!["127.0.0.0/8".parse().expect("range")],
        ..at(&[("intranet.example", origin_port), ("forcesafesearch.google.com", origin_port)])
    });
    for (name, port, expected) in [
        ("museum.example", outer_port, FarEnd::Parent),
        ("8.8.8.8", outer_port, FarEnd::Parent),
        ("intranet.example", origin_port, FarEnd::Origin),
        ("127.0.0.1", origin_port, FarEnd::Origin),
        ("www.google.com", origin_port, FarEnd::Origin),
    ] {
        let dialled = dialer.connect_http(&host(name), origin_port, SafeSearch::Strict).await.expect("connected");
        assert_eq!((dialled.address.port(), dialled.far_end), (port, expected), "{name}");
    }
    for name in ["10.0.0.1", "localhost", "x.localhost"] {
        assert!(matches!(dialer.connect_http(&host(name), 80, SafeSearch::Off).await, Err(DialError::Inside(_))), "{name}");
    }
}
