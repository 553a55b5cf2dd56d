//! CONNECT: what is allowed passes undecrypted, what is not shows a page under the school's root.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use event::{Seen, Via};
use presence::{Before, Source};
use testkit::origin::{Origin, Reply};

use crate::client::Client;
use crate::harness::{NOBODY, Proxy, SIGN_IN, Setup, other_source, snapshot};
use crate::origins::{Scripted, Secure, Tls, tls};

fn secure() -> (Secure, Proxy) {
    let origin = Secure::start(&["museum.example", "casino.example", "new.example"]);
    let address = origin.origin.address;
    let setup = Setup::default().host("museum.example", address).host("casino.example", address).host("new.example", address);
    (origin, setup.start())
}

fn connect(authority: &str) -> String {
    format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n")
}

/// A page connection: TLS under the school's root to `host`.
fn under_root(proxy: &Proxy, stream: TcpStream, host: &str) -> Tls {
    let root = proxy.root.as_ref().expect("root");
    tls(stream, host, root.der()).expect("our root's certificate for the host")
}

#[test]
fn the_origins_own_certificate_reaches_the_browser() {
    let (origin, proxy) = secure();
    let mut client =
        tls(proxy.client("ks2").tunnel("museum.example:443"), "museum.example", &origin.certificate).expect("the origin's certificate");
    let shown = client.stream.conn.peer_certificates().expect("certificates");
    assert_eq!(shown[0], origin.certificate, "not decrypted on the way");
    for _ in 0..3 {
        assert_eq!(client.ask("GET /private HTTP/1.1\r\nHost: museum.example\r\n\r\n").text(), "secure");
    }
    let events = proxy.raw_events();
    assert_eq!(events.len(), 1, "one visit");
    assert_eq!((events[0].via, events[0].seen, events[0].flags.name_mismatch), (Via::Connect, Seen::HostOnly, false));
    assert_eq!(origin.seen.lock().expect("seen").len(), 3);
}

#[test]
fn a_blocked_site_shows_its_page_over_tls_and_then_closes() {
    let (origin, proxy) = secure();
    let mut client = under_root(&proxy, proxy.client("ks3").tunnel("casino.example:443"), "casino.example");
    let answer = client.ask("GET /win HTTP/1.1\r\nHost: casino.example\r\nAccept: text/html\r\n\r\n");
    assert_eq!((answer.status, answer.header("cache-control"), answer.header("connection")), (403, Some("no-store"), Some("close")));
    assert!(answer.text().contains("Gambling"), "{}", answer.text());
    assert!(client.is_closed(), "a new rule takes effect at once");
    let mut client = under_root(&proxy, proxy.client("ks3").tunnel("casino.example:443"), "casino.example");
    let part = client.ask("GET /win.png HTTP/1.1\r\nHost: casino.example\r\nSec-Fetch-Dest: image\r\n\r\n");
    assert!(part.status == 403 && part.body.len() < 100);
    assert_eq!(proxy.events(), vec!["Connect Block casino.example:443 -"; 2]);
    assert_eq!(origin.origin.connections(), 0);
}

#[test]
fn asking_and_warning_show_their_pages_over_tls_too() {
    let (_origin, proxy) = secure();
    let mut client = under_root(&proxy, proxy.client("early-years-ks1").tunnel("new.example:443"), "new.example");
    assert!(client.ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n").text().contains("not in trouble"));
    let mut client = under_root(&proxy, proxy.client("ks2").tunnel("play.example:443"), "play.example");
    let page = client.ask("GET /Level?X=1 HTTP/1.1\r\nHost: play.example\r\nAccept: text/html\r\n\r\n").text();
    let on = page
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.contains("go-on"))
        .expect("a link")
        .replace("&amp;", "&");
    let mut client = under_root(&proxy, proxy.client("ks2").tunnel("play.example:443"), "play.example");
    let answer = client.ask(&format!("GET {on} HTTP/1.1\r\nHost: play.example\r\n\r\n"));
    assert_eq!((answer.status, answer.header("location")), (303, Some("/Level?X=1")));
    // Now it passes: the next step is the origin, which is not there.
    assert_eq!(proxy.client("ks2").ask(&connect("play.example:443")).status, 502);
}

/// Browsers open connections to spare: what is asked on one that was opened before its reader went on is asked again on a new one.
#[test]
fn a_connection_that_was_opened_before_its_reader_went_on_shows_no_page_of_then() {
    let (_origin, proxy) = secure();
    let open = || under_root(&proxy, proxy.client("ks2").tunnel("play.example:443"), "play.example");
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: play.example\r\nAccept: text/html\r\n\r\n");
    let (mut spare, mut other) = (open(), open());
    let page = open().ask(&ask("/level")).text();
    let links = page.split("href=\"").filter_map(|rest| rest.split('"').next());
    let on = links.into_iter().find(|link| link.contains("go-on")).expect("a link").replace("&amp;", "&");
    assert_eq!(other.ask(&ask("/level")).status, 403, "nobody has gone on yet");
    assert_eq!(open().ask(&ask(&on)).status, 303);
    let again = spare.ask(&ask("//level?x=1"));
    assert_eq!((again.status, again.header("location"), again.header("connection")), (307, Some("/level?x=1"), Some("close")));
    assert!(spare.is_closed());
}

#[test]
fn without_a_root_a_refusal_is_plain() {
    let proxy = Setup::default().without_root().start();
    let answer = proxy.client("ks2").ask(&connect("casino.example:443"));
    assert_eq!(answer.status, 403);
    assert_eq!(proxy.events(), ["Connect Block casino.example:443 -"]);
    assert_eq!(proxy.client("ks2").ask(&connect("schoolgate.internal:443")).status, 404);
    assert_eq!(proxy.events(), Vec::<String>::new(), "our own pages are nobody's visit");
}

#[test]
fn the_gates_own_pages_open_over_tls() {
    let proxy = Setup::default().start();
    let mut client = under_root(&proxy, proxy.client("early-years-ks1").tunnel("schoolgate.internal:443"), "schoolgate.internal");
    assert_eq!(client.ask("GET /start HTTP/1.1\r\nHost: schoolgate.internal\r\n\r\n").status, 200);
    assert_eq!(proxy.events(), Vec::<String>::new());
}

#[test]
fn a_tunnel_opened_under_a_false_name_is_judged_by_the_true_one() {
    let (origin, proxy) = secure();
    let mut client = under_root(&proxy, proxy.client("ks3").tunnel("museum.example:443"), "casino.example");
    let answer = client.ask("GET / HTTP/1.1\r\nHost: casino.example\r\nAccept: text/html\r\n\r\n");
    assert!(answer.status == 403 && answer.text().contains("Gambling"));
    let events = proxy.raw_events();
    assert_eq!(
        events.iter().map(|event| (event.via, event.action)).collect::<Vec<_>>(),
        [(Via::Connect, filter::Action::Allow), (Via::Sni, filter::Action::Block)]
    );
    assert!(events[1].flags.name_mismatch);
    assert!(origin.seen.lock().expect("seen").is_empty());
    let mut client = tls(proxy.client("ks3").tunnel("museum.example:443"), "new.example", &origin.certificate).expect("allowed as well");
    assert_eq!(client.ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n").text(), "secure");
    assert_eq!(proxy.events(), ["Connect Allow museum.example:443 -", "Sni Allow new.example:443 -"]);
}

#[test]
fn a_public_name_of_encrypted_greetings_is_judged_where_nothing_is_encrypted() {
    let origin = Secure::start(&["museum.example", "cloudflare-ech.com"]);
    let proxy = Setup::default().host("museum.example", origin.origin.address).start();
    tls(proxy.client("ks2").tunnel("museum.example:443"), "cloudflare-ech.com", &origin.certificate).expect("allowed as well");
    assert_eq!(proxy.events(), ["Connect Allow museum.example:443 -", "Sni Allow cloudflare-ech.com:443 -"]);
}

#[test]
fn a_false_name_is_no_way_round_safe_search() {
    let origin = Secure::start(&["museum.example", "www.google.com"]);
    let proxy = Setup::default().host("museum.example", origin.origin.address).start();
    assert!(tls(proxy.client("ks2").tunnel("museum.example:443"), "www.google.com", &origin.certificate).is_err());
    assert!(tls(proxy.client("staff").tunnel("museum.example:443"), "www.google.com", &origin.certificate).is_ok());
}

#[test]
fn what_is_no_tls_does_not_pass() {
    let (origin, heard) = Scripted::listening();
    let proxy = Setup::default().host("museum.example", origin.address).start();
    for bytes in [
        &b"GET http://casino.example/ HTTP/1.1\r\n\r\n"[..],
        b"SSH-2.0-x\r\n",
        b"\x16\x03\x01\x00\x00",
        &[0; 64],
        b"\x16\x03\x01\x00\x04\x02\x00\x00\x00",
    ] {
        let mut client = Client::new(proxy.client("ks2").tunnel("museum.example:443"));
        client.send(bytes);
        assert!(client.is_closed(), "{bytes:?}");
    }
    let mut half = proxy.client("ks2").tunnel("museum.example:443");
    half.write_all(&[0x16, 3, 1]).expect("send");
    half.shutdown(Shutdown::Write).expect("half close");
    assert_eq!(half.read(&mut [0]).expect("an end"), 0);
    assert!(heard.lock().expect("heard").is_empty(), "not a byte reached the origin");
}

#[test]
fn a_greeting_byte_by_byte_is_put_together() {
    let (origin, proxy) = secure();
    let (near, far) = relay(proxy.client("ks2").tunnel("museum.example:443"), 1);
    let mut client = tls(near, "museum.example", &origin.certificate).expect("handshake");
    assert_eq!(client.ask("GET / HTTP/1.1\r\nHost: museum.example\r\n\r\n").text(), "secure");
    drop(far);
}

/// A stream whose bytes go on to `tunnel` in pieces.
fn relay(tunnel: TcpStream, piece: usize) -> (TcpStream, std::thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let near = TcpStream::connect(listener.local_addr().expect("address")).expect("connect");
    let (far, _) = listener.accept().expect("accept");
    let (mut from, mut to) = (far.try_clone().expect("stream"), tunnel.try_clone().expect("stream"));
    let up = std::thread::spawn(move || {
        let mut bytes = vec![0; piece];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            drop(to.write_all(&bytes[..length]));
        }
    });
    std::thread::spawn(move || drop(std::io::copy(&mut &tunnel, &mut &far)));
    (near, up)
}

#[test]
fn tunnels_open_only_where_web_sites_are() {
    let (origin, _) = Scripted::listening();
    let proxy = Setup::default().host("museum.example", origin.address).start();
    for port in [0, 22, 25, 110, 8443, 65535] {
        let answer = proxy.client("ks2").ask(&connect(&format!("museum.example:{port}")));
        assert!(answer.status == 403 && answer.text().contains("port"), "{port}: {}", answer.text());
    }
    for authority in [
        "museum.example",
        "museum.example:0x1bb",
        "museum.example:99999",
        ":443",
        "museum.example:",
        "museum.example:-1",
        "museum.example:443:443",
        "museum.example:443/",
        "museum.example:443?x",
        "/",
        "*",
        "a b:443",
        "http://museum.example:443/",
        "x@museum.example:443",
    ] {
        assert_eq!(proxy.client("ks2").ask(&connect(authority)).status, 400, "{authority}");
    }
    assert_eq!(origin.connections(), 0);
}

#[test]
fn plain_requests_inside_a_tunnel_are_judged_one_by_one() {
    let origin = Origin::start().expect("origin");
    origin.serve("/x", Reply::ok("text/plain", "dinosaurs"));
    let proxy = Setup::default().host("museum.example", origin.address()).start();
    let mut client = Client::new(proxy.client("ks2").tunnel("museum.example:80"));
    assert_eq!(client.ask("GET /x HTTP/1.1\r\nHost: casino.example\r\n\r\n").text(), "dinosaurs");
    assert_eq!(origin.seen()[0].header("host"), Some("museum.example"), "the tunnel's host, whatever the header says");
    assert_eq!(
        client.ask("GET http://casino.example/x HTTP/1.1\r\nHost: casino.example\r\n\r\n").text(),
        "dinosaurs",
        "still the tunnel's host"
    );
    let mut client = Client::new(proxy.client("ks2").tunnel("casino.example:80"));
    assert_eq!(client.ask("GET /x HTTP/1.1\r\nHost: museum.example\r\n\r\n").status, 403);
    assert_eq!(proxy.events(), ["Http Allow museum.example:80 /x", "Http Allow museum.example:80 /x", "Http Block casino.example:80 /x"]);
}

#[test]
fn tunnels_are_not_put_into_tunnels_without_end() {
    let proxy = Setup::default().start();
    let mut client = Client::new(proxy.client("ks2").tunnel("museum.example:80"));
    assert_eq!(client.ask(&connect("museum.example:80")).status, 400);
}

#[test]
fn a_silent_tunnel_is_closed_and_a_busy_one_is_not() {
    let (origin, proxy) = {
        let origin = Secure::start(&["museum.example"]);
        let proxy = Setup::default()
            .host("museum.example", origin.origin.address)
            .settings(|it| it.tunnel_idle = Duration::from_millis(600))
            .start();
        (origin, proxy)
    };
    let mut client = tls(proxy.client("ks2").tunnel("museum.example:443"), "museum.example", &origin.certificate).expect("handshake");
    let start = std::time::Instant::now();
    while start.elapsed() < Duration::from_millis(1500) {
        assert_eq!(client.ask("GET / HTTP/1.1\r\nHost: museum.example\r\n\r\n").text(), "secure");
    }
    assert!(client.is_closed());
}

#[test]
fn what_is_closed_closes_at_once_in_an_open_tunnel_too() {
    let (origin, proxy) = secure();
    let open = |host: &str| tls(proxy.client("ks2").tunnel(&format!("{host}:443")), host, &origin.certificate).expect("handshake");
    let (mut museum, mut new) = (open("museum.example"), open("new.example"));
    assert_eq!(museum.ask("GET / HTTP/1.1\r\nHost: museum.example\r\n\r\n").text(), "secure");
    proxy.change(|rules| rules.snapshot = snapshot(&[("gambling", "museum.example")]));
    assert!(museum.is_closed(), "it would not be opened now");
    assert_eq!(new.ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n").text(), "secure", "and nothing else is");
    assert_eq!(proxy.raw_events().len(), 2, "nobody has asked for anything");
}

#[test]
fn a_tunnel_closes_when_whoever_opened_it_has_gone() {
    let (origin, proxy) = secure();
    proxy.sign_in(other_source(), "ada", Source::Class, Before::Ended);
    let tunnel = Client::connect_from(other_source(), proxy.address(NOBODY)).tunnel("new.example:443");
    let mut ada = tls(tunnel, "new.example", &origin.certificate).expect("handshake");
    assert_eq!(ada.ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n").text(), "secure");
    proxy.presence.clear(other_source(), proxy.now());
    assert!(ada.is_closed(), "nobody is known there any more, and the site is not for nobody");
}

#[test]
fn a_help_line_stays_open_to_whoever_has_not_signed_in() {
    let origin = Secure::start(&["helpline.example"]);
    let proxy = Setup::default().host("helpline.example", origin.origin.address).start();
    let tunnel = proxy.client(SIGN_IN).tunnel("helpline.example:443");
    let mut child = tls(tunnel, "helpline.example", &origin.certificate).expect("handshake");
    proxy.change(|_| ());
    for _ in 0..3 {
        assert_eq!(child.ask("GET / HTTP/1.1\r\nHost: helpline.example\r\n\r\n").text(), "secure");
    }
}

#[test]
fn one_side_may_end_before_the_other() {
    let origin = Scripted::start(|mut stream| {
        let mut all = Vec::new();
        drop(stream.read_to_end(&mut all));
        drop(stream.write_all(format!("got {}", all.len()).as_bytes()));
    });
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let (mut hello, mut stream) = (greeting("museum.example"), proxy.client("ks2").tunnel("museum.example:443"));
    let length = hello.len() + 3;
    hello.extend_from_slice(b"end");
    stream.write_all(&hello).expect("send");
    stream.shutdown(Shutdown::Write).expect("half close");
    assert_eq!(Client::new(stream).rest(), format!("got {length}").into_bytes());
}

/// A ClientHello for a name.
fn greeting(name: &str) -> Vec<u8> {
    let heard = Scripted::listening();
    let stream = TcpStream::connect(heard.0.address).expect("connect");
    stream.set_read_timeout(Some(Duration::from_millis(300))).expect("time-out");
    let writer = stream.try_clone().expect("stream");
    let done = std::thread::spawn({
        let name = name.to_owned();
        move || drop(tls(writer, &name, &Secure::start(&["x.example"]).certificate))
    });
    crate::harness::until("a greeting", || heard.1.lock().expect("heard").len() > 100);
    drop(stream.shutdown(Shutdown::Both));
    done.join().expect("done");
    heard.1.lock().expect("heard").clone()
}
