//! Who asks: by listener, by range of addresses, by name and password, or nobody known.

use base64::Engine as _;
use testkit::origin::Origin;

use crate::client::{Answer, Client};
use crate::harness::{NOBODY, Proxy, SIGN_IN, Setup, other_source, person, range};

fn school() -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    let proxy = Setup::default().host("new.example", origin.address()).start();
    (origin, proxy)
}

/// The profile that was applied to the last request.
fn applied(proxy: &Proxy) -> String {
    proxy.raw_events().pop().expect("an event").profile.into()
}

#[test]
fn the_listener_says_who_comes_in() {
    let (_origin, proxy) = school();
    for profile in ["early-years-ks1", "ks2", "ks3", "staff"] {
        proxy.client(profile).get("http://new.example/");
        let event = proxy.raw_events().pop().expect("an event");
        assert_eq!((&*event.profile, &*event.listener, event.source.to_string().as_str()), (profile, profile, "127.0.0.1"));
    }
}

#[test]
fn nobody_known_gets_the_strictest_profile() {
    let (_origin, proxy) = school();
    assert_eq!(proxy.client(NOBODY).get("http://new.example/").status, 403);
    assert_eq!(applied(&proxy), "early-years-ks1");
}

#[test]
fn the_narrowest_range_counts_and_stands_above_the_listener() {
    let (_origin, proxy) = school();
    proxy.change(|rules| {
        range(rules, "127.0.0.0/8", "ks3");
        range(rules, "127.0.0.2/32", "staff");
        range(rules, "127.0.0.0/24", "ks2");
    });
    proxy.client("early-years-ks1").get("http://new.example/");
    assert_eq!(applied(&proxy), "ks2");
    Client::connect_from(other_source(), proxy.address("early-years-ks1")).get("http://new.example/");
    assert_eq!(applied(&proxy), "staff");
    Client::connect_from("127.0.1.1".parse().expect("address"), proxy.address("early-years-ks1")).get("http://new.example/");
    assert_eq!(applied(&proxy), "ks3");
}

fn sign_in(proxy: &Proxy, header: &str) -> Answer {
    proxy.client(SIGN_IN).get_with("http://new.example/", header)
}

fn basic(text: &str) -> String {
    format!("Proxy-Authorization: Basic {}\r\n", base64::engine::general_purpose::STANDARD.encode(text))
}

#[test]
fn a_person_signs_in_by_name_and_password() {
    let (origin, proxy) = school();
    assert_eq!(sign_in(&proxy, &basic("ada:ada:secret")).status, 404, "the origin's own answer");
    let event = proxy.raw_events().pop().expect("an event");
    assert_eq!((event.person, &*event.profile), (Some(person("ada")), "ks2"));
    assert_eq!(origin.seen()[0].header("proxy-authorization"), None, "the password never leaves the machine");
}

#[test]
fn whoever_does_not_sign_in_is_asked_to() {
    let (origin, proxy) = school();
    let huge = basic(&format!("ada:{}", "x".repeat(20_000)));
    let rows = ["", &basic("ada:wrong"), &basic("carol:carol:secret"), &basic("ada"), &basic(":"), &huge, "Proxy-Authorization: Basic\r\n"];
    let odd = ["Proxy-Authorization: Basic !!!\r\n", "Proxy-Authorization: Bearer x\r\n", "Proxy-Authorization: Basic /w==\r\n"];
    for header in rows.into_iter().chain(odd) {
        let answer = sign_in(&proxy, header);
        assert_eq!(answer.status, 407, "{header:.60}");
        assert!(answer.header("proxy-authenticate").is_some_and(|asks| asks.starts_with("Basic ")), "{header:.60}");
    }
    let connect = proxy.client(SIGN_IN).ask("CONNECT new.example:443 HTTP/1.1\r\nHost: new.example:443\r\n\r\n");
    assert_eq!(connect.status, 407);
    assert!(origin.seen().is_empty() && proxy.events().is_empty());
}

#[test]
fn the_settings_file_needs_no_sign_in() {
    let (_origin, proxy) = school();
    let answer = proxy.client(SIGN_IN).ask(&format!("GET /proxy.pac HTTP/1.1\r\nHost: {}\r\n\r\n", proxy.address(SIGN_IN)));
    assert_eq!(answer.status, 200);
}

#[test]
fn who_opened_a_tunnel_asks_for_all_in_it() {
    let (_origin, proxy) = school();
    let mut client = proxy.client(SIGN_IN);
    let opened = client.ask(&format!("CONNECT new.example:80 HTTP/1.1\r\nHost: new.example:80\r\n{}\r\n", basic("ada:ada:secret")));
    assert_eq!(opened.status, 200);
    assert_eq!(Client::new(client.stream).ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n").status, 404);
    assert_eq!(proxy.raw_events().pop().expect("an event").person, Some(person("ada")));
}

#[test]
fn without_asking_a_name_that_is_offered_changes_nothing() {
    let (_origin, proxy) = school();
    proxy.client("early-years-ks1").get_with("http://new.example/", &basic("ada:ada:secret"));
    let event = proxy.raw_events().pop().expect("an event");
    assert_eq!((event.person, &*event.profile), (None, "early-years-ks1"));
}

#[test]
fn a_help_line_asks_nobody_to_sign_in() {
    let origin = Origin::start().expect("origin");
    let proxy = Setup::default().host("helpline.example", origin.address()).host("new.example", origin.address()).start();
    assert_eq!(proxy.client(SIGN_IN).get("http://new.example/").status, 407);
    assert_ne!(proxy.client(SIGN_IN).get("http://helpline.example/").status, 407);
    assert_eq!(origin.seen().len(), 1, "the help line was reached, the other site was not");
}
