//! Changes of protocol that are only a cover: what follows is judged as long as no origin has taken the change, and no other change
//! is taken than the one that was asked for.

use std::io::{Read as _, Write as _};

use testkit::origin::{Origin, Reply};

use crate::client::Client;
use crate::harness::{Proxy, Setup};
use crate::origins::{Scripted, read_head};

const ASKS: &str =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

fn before(origin: &Scripted) -> Proxy {
    Setup::default().host("museum.example", origin.address).start()
}

fn asking(headers: &str) -> String {
    format!("GET http://museum.example/chat HTTP/1.1\r\nHost: museum.example\r\n{headers}\r\n")
}

#[test]
fn what_follows_a_change_that_was_not_taken_is_judged() {
    let origin = Origin::start().expect("origin");
    for status in [200, 400, 426] {
        origin.serve("/chat", Reply::ok("text/plain", "no").status(status));
        let proxy = Setup::default().host("museum.example", origin.address()).host("casino.example", origin.address()).start();
        let mut client = proxy.client("ks2");
        client.send(format!("{}GET http://casino.example/hidden HTTP/1.1\r\nHost: casino.example\r\n\r\n", asking(ASKS)));
        assert_eq!((client.answer().status, client.answer().status), (status, 403));
        assert_eq!(proxy.events(), ["Http Allow museum.example:80 /chat", "Http Block casino.example:80 /hidden"]);
    }
    assert!(origin.seen().iter().all(|seen| seen.target == "/chat"));
}

#[test]
fn what_is_sent_ahead_goes_to_the_origin_that_took_the_change() {
    let origin = Scripted::start(|mut stream| {
        read_head(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
        let mut bytes = [0; 5];
        if stream.read_exact(&mut bytes).is_ok() {
            drop(stream.write_all(&bytes));
        }
    });
    let proxy = before(&origin);
    let mut client = proxy.client("ks2");
    client.send(format!("{}frame", asking(ASKS)));
    assert_eq!(client.answer().status, 101);
    assert_eq!(client.exactly(5).expect("echo"), b"frame");
    assert_eq!(proxy.events(), ["Http Allow museum.example:80 /chat"]);
}

#[test]
fn another_change_than_was_asked_for_is_not_taken() {
    for taken in ["Upgrade: h2c\r\n", "Upgrade: websocket, h2c\r\n", "Upgrade: TLS/1.0\r\n", ""] {
        let origin = Scripted::saying(format!("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\n{taken}\r\nsecret"));
        let proxy = before(&origin);
        let answer = proxy.client("ks2").ask(&asking(ASKS));
        assert_eq!(answer.status, 502, "{taken:?}");
        assert!(!answer.text().contains("secret"), "{taken:?}");
    }
}

#[test]
fn a_change_that_is_not_plainly_asked_for_is_not_passed_on() {
    let (origin, heard) = Scripted::listening();
    let proxy = before(&origin);
    for headers in [
        "Upgrade: websocket\r\n",
        "Connection: Upgrade\r\n",
        "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n",
        "Connection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n",
        "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n",
        "Connection: close\r\nUpgrade: websocket\r\n",
    ] {
        let mut client = proxy.client("ks2");
        client.send(asking(headers));
        assert_eq!(client.answer().status, 200, "{headers}");
    }
    let heard = String::from_utf8(heard.lock().expect("heard").clone()).expect("text").to_ascii_lowercase();
    assert!(!heard.contains("upgrade"), "{heard}");
}

#[test]
fn a_blocked_web_socket_reaches_nobody() {
    let (origin, heard) = Scripted::listening();
    let proxy = Setup::default().host("casino.example", origin.address).start();
    let request = format!("GET http://casino.example/chat HTTP/1.1\r\nHost: casino.example\r\n{ASKS}\r\n");
    assert_eq!(proxy.client("ks2").ask(&request).status, 403);
    let mut client = Client::new(proxy.client("ks2").tunnel("casino.example:80"));
    assert_eq!(client.ask(&format!("GET /chat HTTP/1.1\r\nHost: casino.example\r\n{ASKS}\r\n")).status, 403);
    assert!(heard.lock().expect("heard").is_empty());
}
