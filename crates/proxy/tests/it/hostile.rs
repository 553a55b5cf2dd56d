//! Clients that mean harm, or are merely broken, and the end of the proxy's own day.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use testkit::origin::{Body, Origin, Reply};

use crate::client::Client;
use crate::harness::{Proxy, Setup};
use crate::origins::{Scripted, read_head};

fn school(change: impl FnOnce(&mut proxy::Settings)) -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    origin.serve("/", Reply::ok("text/plain", "dinosaurs"));
    let proxy = Setup::default().host("museum.example", origin.address()).settings(change).start();
    (origin, proxy)
}

const MUSEUM: &str = "http://museum.example/";

#[test]
fn whoever_stops_in_the_middle_is_let_go() {
    let (origin, proxy) = school(|it| (it.header_timeout, it.body_idle) = (Duration::from_millis(300), Duration::from_millis(300)));
    for begun in ["", "G", "GET http://museum.example/ HTTP/1.1\r\n", "GET http://museum.example/ HTTP/1.1\r\nHost: x\r\nX: "] {
        let mut client = proxy.client("ks2");
        client.send(begun);
        assert!(client.answer_to("GET").is_none_or(|answer| answer.status == 408), "{begun:?}");
    }
    let mut client = proxy.client("ks2");
    assert_eq!(client.get(MUSEUM).status, 200);
    assert!(client.is_closed(), "also between two requests");
    let mut client = proxy.client("ks2");
    client.send("POST http://museum.example/form HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
    assert!(client.answer_to("POST").is_none_or(|answer| answer.status >= 500), "a body that never ends");
    assert!(origin.seen().iter().skip(1).all(|seen| seen.body.len() < 100), "half a body is not made whole");
}

#[test]
fn a_byte_now_and_then_holds_no_place_for_long() {
    let (origin, proxy) = school(|it| it.header_timeout = Duration::from_millis(500));
    let start = std::time::Instant::now();
    let mut client = proxy.client("ks2");
    client.stream.set_read_timeout(Some(Duration::from_millis(50))).expect("time-out");
    for byte in b"GET http://museum.example/ HTTP/1.1\r\nX: ".iter().chain(std::iter::repeat(&b'x')) {
        let sent = client.stream.write_all(&[*byte]);
        match (sent, client.stream.read(&mut [0; 256])) {
            (Ok(()), Err(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            (Ok(()), Ok(1..)) => {}
            _ => break,
        }
        assert!(start.elapsed() < Duration::from_secs(20), "the clock is that of the whole header, not of each byte");
    }
    assert!(origin.seen().is_empty() && proxy.events().is_empty());
}

#[test]
fn a_reader_who_goes_away_lets_the_origin_go() {
    let (went, gone) = std::sync::mpsc::channel();
    let origin = Scripted::start(move |mut stream| {
        read_head(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"));
        while stream.write_all(&[b'x'; 64 * 1024]).is_ok() {}
        let _ = went.send(());
    });
    let proxy = Setup::default().host("museum.example", origin.address).start();
    for read in [1, 100_000] {
        let mut client = proxy.client("ks2");
        client.send("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
        client.exactly(read).expect("a beginning");
        // Bytes that were not read make the system send a reset.
        drop(client);
        gone.recv_timeout(Duration::from_secs(30)).expect("the origin is let go");
    }
}

#[test]
fn a_preamble_for_another_kind_of_proxy_is_no_request() {
    let (origin, proxy) = school(|it| it.header_timeout = Duration::from_millis(300));
    let request = "GET http://museum.example/ HTTP/1.1\r\nHost: museum.example\r\n\r\n";
    let second = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x0f\xa0\x00\x50";
    for preamble in [
        &b"PROXY TCP4 192.0.2.1 192.0.2.2 4000 80\r\n"[..],
        b"PROXY UNKNOWN\r\n",
        second,
        b"\x04\x01\x00\x50\xc0\x00\x02\x01\x00",
        b"\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50",
    ] {
        let mut client = proxy.client("ks2");
        drop(client.stream.write_all(&[preamble, request.as_bytes()].concat()));
        assert!(client.answer_to("GET").is_none_or(|answer| answer.status == 400), "{preamble:?}");
    }
    assert!(origin.seen().is_empty() && proxy.events().is_empty(), "and nobody's address is believed");
}

#[test]
fn a_header_has_a_bound() {
    let (origin, proxy) = school(|_| {});
    let long = format!("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(300));
    let target = format!("GET http://museum.example/{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(80_000));
    for request in [long, many, target] {
        let mut client = proxy.client("ks2");
        // The proxy may hang up before all of it is sent.
        drop(client.stream.write_all(request.as_bytes()));
        assert!(client.answer_to("GET").is_none_or(|answer| matches!(answer.status, 414 | 431)), "{request:.60}");
    }
    assert!(origin.seen().is_empty() && proxy.events().is_empty());
    let fits = format!("GET http://museum.example/{} HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(8_000), "x".repeat(16_000));
    assert_eq!(proxy.client("ks2").ask(&fits).status, 404);
}

#[test]
fn garbage_ends_the_connection_and_nothing_else() {
    let (origin, proxy) = school(|it| it.header_timeout = Duration::from_millis(300));
    let noise: Vec<u8> = (0..10_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for bytes in [
        &noise[..],
        b"\r\n\r\n\r\n\r\n",
        b"\0\0\0\0",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x05\x01\x00",
        b"GET",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let mut client = proxy.client("ks2");
        drop(client.stream.write_all(bytes));
        assert!(client.answer_to("GET").is_none_or(|answer| matches!(answer.status, 400 | 414 | 431)));
    }
    assert_eq!(proxy.client("ks2").get(MUSEUM).text(), "dinosaurs");
    assert_eq!((origin.seen().len(), proxy.events().len()), (1, 1));
}

#[test]
fn thousands_who_do_nothing_keep_nobody_out() {
    let (_origin, proxy) = school(|_| {});
    let idle: Vec<TcpStream> = (0..2000).map(|_| TcpStream::connect(proxy.address("ks2")).expect("connect")).collect();
    assert_eq!(proxy.client("ks2").get(MUSEUM).text(), "dinosaurs");
    drop(idle);
}

#[test]
fn a_place_that_becomes_free_is_given_to_whoever_waits() {
    let (_origin, proxy) = school(|it| it.connections = 6 + 3);
    // Each of the six listeners holds a place in readiness.
    let mut held: Vec<Client> = (0..3).map(|_| proxy.client("ks2")).collect();
    for client in &mut held {
        assert_eq!(client.get(MUSEUM).status, 200);
    }
    let mut taken: Vec<Client> = (0..2).map(|_| proxy.client("ks2")).collect();
    for client in &mut taken {
        client.send("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    drop(held);
    for client in &mut taken {
        assert_eq!(client.answer().status, 200);
    }
}

#[test]
fn a_stop_lets_open_answers_finish_and_takes_no_new_ones() {
    let (origin, mut proxy) = school(|_| {});
    origin.serve("/slow", Reply::with(Body::Slow { bytes: vec![b'x'; 100], piece: 10, pause: Duration::from_millis(60) }));
    let (mut slow, mut idle, mut fresh) = (proxy.client("ks2"), proxy.client("ks2"), proxy.client("ks2"));
    assert_eq!(idle.get(MUSEUM).status, 200);
    slow.send("GET http://museum.example/slow HTTP/1.1\r\nHost: x\r\n\r\n");
    let head = slow.head().expect("a head");
    assert!(head.starts_with("HTTP/1.1 200"));
    proxy.stop();
    assert!(idle.is_closed() && fresh.is_closed(), "whoever waits for nothing is let go at once");
    assert_eq!(slow.rest().len(), 100, "all of it");
    proxy.wait_stopped();
    assert!(TcpStream::connect(proxy.address("ks2")).is_err());
}

#[test]
fn a_stop_does_not_wait_for_ever() {
    let (origin, mut proxy) = school(|it| it.drain = Duration::from_millis(300));
    origin.serve("/never", Reply::with(Body::Stalled));
    let mut client = proxy.client("ks2");
    client.send("GET http://museum.example/never HTTP/1.1\r\nHost: x\r\n\r\n");
    client.head().expect("a head");
    proxy.stop();
    proxy.wait_stopped();
}
