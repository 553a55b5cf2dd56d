//! Nothing goes on unjudged, and nothing unrecorded.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use testkit::origin::{Origin, Reply};

use crate::harness::{Proxy, Setup, snapshot};

fn school() -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    origin.serve("/", Reply::ok("text/plain", "dinosaurs"));
    let proxy = Setup::default().host("museum.example", origin.address()).start();
    (origin, proxy)
}

const CONNECT: &str = "CONNECT museum.example:443 HTTP/1.1\r\nHost: museum.example:443\r\n\r\n";

#[test]
fn what_is_not_written_waits_and_is_then_refused() {
    let (origin, proxy) = school();
    proxy.acknowledges.store(false, Ordering::Release);
    for request in
        ["GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://casino.example/ HTTP/1.1\r\nHost: x\r\n\r\n", CONNECT]
    {
        let start = Instant::now();
        let answer = proxy.client("ks2").ask(request);
        assert_eq!((answer.status, answer.header("cache-control")), (503, Some("no-store")), "{request}");
        assert!(answer.text().contains("cannot keep its record"), "{}", answer.text());
        let waited = start.elapsed();
        assert!(waited > Duration::from_millis(1900) && waited < Duration::from_secs(5), "{waited:?}");
    }
    assert!(origin.seen().is_empty());
    proxy.acknowledges.store(true, Ordering::Release);
    assert_eq!(proxy.client("ks2").get("http://museum.example/").text(), "dinosaurs", "it goes on by itself");
}

#[test]
fn without_a_journal_nothing_opens() {
    let (origin, proxy) = school();
    proxy.end_journal();
    assert_eq!(proxy.client("ks2").get("http://museum.example/").status, 503);
    assert_eq!(proxy.client("ks2").ask(CONNECT).status, 503);
    assert!(origin.seen().is_empty());
    assert_eq!(proxy.client("ks2").get("http://schoolgate.internal/start").status, 200, "what tells people where to go stays");
}

#[test]
fn new_rules_hold_for_the_next_request_of_an_open_connection() {
    let (origin, proxy) = school();
    let mut client = proxy.client("ks2");
    assert_eq!(client.get("http://museum.example/").text(), "dinosaurs");
    proxy.change(|rules| rules.snapshot = snapshot(&[("gambling", "museum.example")]));
    let answer = client.get("http://museum.example/");
    assert!(answer.status == 403 && answer.text().contains("This page is closed"), "{}", answer.head);
    proxy.change(|rules| rules.snapshot = snapshot(&[("gambling", "casino.example")]));
    assert_eq!(client.get("http://museum.example/").text(), "dinosaurs");
    assert_eq!(origin.seen().len(), 2);
    assert_eq!(proxy.events(), ["Http Allow museum.example:80 /", "Http Block museum.example:80 /", "Http Allow museum.example:80 /"]);
}

#[test]
fn searches_of_children_go_to_the_safe_twin_and_never_share_a_connection() {
    let (open, safe) = (Origin::start().expect("origin"), Origin::start().expect("origin"));
    open.serve("/search?q=x", Reply::ok("text/plain", "open"));
    safe.serve("/search?q=x", Reply::ok("text/plain", "safe"));
    let setup = Setup::default().host("www.google.com", open.address()).host("forcesafesearch.google.com", safe.address());
    let proxy = setup.start();
    for _ in 0..3 {
        for (profile, expected) in [("staff", "open"), ("ks2", "safe"), ("ks3", "safe"), ("staff", "open")] {
            assert_eq!(proxy.client(profile).get("http://www.google.com/search?q=x").text(), expected, "{profile}");
        }
    }
    assert!(safe.seen().iter().all(|seen| seen.header("host") == Some("www.google.com")), "the name stays the one that was asked for");
}

#[test]
fn a_childs_tunnel_to_a_search_engine_leads_to_the_safe_twin() {
    use crate::origins::{Secure, tls};
    let (open, safe) = (Secure::start(&["www.google.com"]), Secure::start(&["www.google.com"]));
    let setup = Setup::default().host("www.google.com", open.origin.address).host("forcesafesearch.google.com", safe.origin.address);
    let proxy = setup.start();
    for (profile, expected) in [("ks2", &safe), ("staff", &open)] {
        tls(proxy.client(profile).tunnel("www.google.com:443"), "www.google.com", &expected.certificate).expect(profile);
    }
    assert_eq!(proxy.events(), vec!["Connect Allow www.google.com:443 -"; 2]);
}
