//! The filter is no door into the school's own network, nor to itself.

use std::sync::Arc;
use std::sync::OnceLock;

use proxy::dial::{DialSettings, Parent};

use crate::harness::{Setup, host};
use crate::origins::Scripted;

#[test]
fn inner_addresses_are_refused_in_words_whatever_their_spelling() {
    let (origin, _heard) = Scripted::listening();
    let proxy = Setup::default().start();
    let port = origin.address.port();
    for address in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "0x7f000001",
        "0x7F.0X0.0.0x1",
        "017700000001",
        "00000177.0.0.1",
        "127.0.1",
        "127.65530",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "LOCALHOST",
        "localhost.",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::FFFF:7F00:1]",
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[2002:7f00:1::1]",
        "[2001::1]",
        "[::]",
        "localhost",
        "169.254.169.254",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
        "224.0.0.1",
    ] {
        let answer = proxy.client("staff").get(&format!("http://{address}:{port}/latest/meta-data/"));
        // Some spellings no address may hold; what is read is read as what it is.
        let said = answer.text();
        let refused = said.contains("own network") || said.contains("cannot be found");
        assert!(answer.status == 502 && refused || answer.status == 400, "{address}: {} {said}", answer.head);
        let answer = proxy.client("staff").ask(&format!("CONNECT {address}:443 HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert!(matches!(answer.status, 400 | 502), "{address}: {}", answer.head);
        let opened = proxy.client("staff").ask(&format!("CONNECT {address}:80 HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert!(matches!(opened.status, 200 | 400), "{address}: {}", opened.head);
    }
    assert_eq!(origin.connections(), 0);
}

#[test]
fn a_name_that_leads_inside_is_refused_too() {
    // The system's own answer for these names is this machine.
    let (origin, _heard) = Scripted::listening();
    let proxy = Setup::default().start();
    let answer = proxy.client("staff").get(&format!("http://localhost:{}/", origin.address.port()));
    assert_eq!((answer.status, origin.connections()), (502, 0));
}

#[test]
fn a_range_that_the_school_opens_is_reached() {
    let (origin, _heard) = Scripted::listening();
    let mut setup = Setup::default();
    setup.dial.allow_ranges.push("127.0.0.0/8".parse().expect("range"));
    let proxy = setup.start();
    assert_eq!(proxy.client("staff").get(&format!("http://127.0.0.1:{}/", origin.address.port())).text(), "ok");
    let own = proxy.address("ks2");
    let answer = proxy.client("staff").get(&format!("http://127.0.0.1:{}/", own.port()));
    assert!(answer.status == 502 && answer.text().contains("back to the filter itself"), "{}", answer.text());
    let answer = proxy.client("staff").ask(&format!("CONNECT {own} HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert!(answer.status == 403, "{}", answer.text());
}

#[test]
fn a_request_that_comes_round_is_stopped() {
    let proxy = Setup::default().start();
    let answer = proxy.client("ks2").get_with("http://museum.example/", "Via: 1.1 other, 1.1 schoolgate-07070707\r\n");
    assert_eq!(answer.status, 508);
    assert!(proxy.events().is_empty(), "it was judged the first time");
}

#[test]
fn a_parent_that_leads_back_ends_the_circle() {
    let target = Arc::new(OnceLock::new());
    let known = Arc::clone(&target);
    let relay = Scripted::start(move |stream| {
        let Some(address) = known.get() else { return };
        let on = std::net::TcpStream::connect(address).expect("connect");
        let (mut from, mut to) = (stream.try_clone().expect("stream"), on.try_clone().expect("stream"));
        std::thread::spawn(move || drop(std::io::copy(&mut from, &mut to)));
        drop(std::io::copy(&mut &on, &mut &stream));
    });
    let parent = Parent::new(host("127.0.0.1"), relay.address.port());
    let proxy = Setup { dial: DialSettings { parent: Some(parent), ..DialSettings::default() }, ..Setup::default() }.start();
    target.set(proxy.address("ks2")).expect("once");
    assert_eq!(proxy.client("ks2").get("http://museum.example/").status, 508);
    assert_eq!(relay.connections(), 1);
}
