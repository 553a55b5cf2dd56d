//! Who is signed in at a device: addresses of this machine stand for devices.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;

use base64::Engine as _;
use event::{Event, Known};
use presence::{Before, Source};
use testkit::origin::Origin;

use crate::client::Client;
use crate::harness::{NOBODY, Proxy, SIGN_IN, Setup, person, range};

const SITE: &str = "http://new.example/";

fn school() -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    let proxy = Setup::default().host("new.example", origin.address()).host("museum.example", origin.address()).start();
    (origin, proxy)
}

fn device(number: u8) -> IpAddr {
    Ipv4Addr::new(127, 0, 0, number).into()
}

fn client(proxy: &Proxy, device: IpAddr, listener: &str) -> Client {
    Client::connect_from(device, proxy.address(listener))
}

/// What the last request was recorded as.
fn last(proxy: &Proxy) -> Event {
    proxy.raw_events().pop().expect("an event")
}

fn check(proxy: &Proxy, expected: (Option<&str>, &str, Known)) {
    let event = last(proxy);
    assert_eq!((event.person, &*event.profile, event.known), (expected.0.map(person), expected.1, expected.2));
}

#[test]
fn whoever_is_signed_in_at_a_device_is_known_by_its_address() {
    let (_origin, proxy) = school();
    proxy.sign_in(device(21), "ada", Source::Class, Before::Ended);
    client(&proxy, device(21), NOBODY).get(SITE);
    check(&proxy, (Some("ada"), "ks2", Known::Class));
    client(&proxy, device(22), NOBODY).get(SITE);
    check(&proxy, (None, "early-years-ks1", Known::Nothing));
}

#[test]
fn a_class_is_signed_in_and_each_childs_requests_carry_that_child() {
    let (_origin, proxy) = school();
    let names: Vec<String> = (0..30).map(|number| format!("pupil-{number}")).collect();
    for (number, name) in (100..).zip(&names) {
        proxy.sign_in(device(number), name, Source::Class, Before::Ended);
    }
    for (number, name) in (100..).zip(&names) {
        client(&proxy, device(number), "ks2").get(SITE);
        assert_eq!(last(&proxy).person, Some(person(name)));
    }
}

#[test]
fn the_person_stands_above_the_range_and_the_range_above_the_listener() {
    let (_origin, proxy) = school();
    client(&proxy, device(21), "staff").get(SITE);
    check(&proxy, (None, "staff", Known::Listener));
    proxy.change(|rules| range(rules, "127.0.0.0/24", "ks3"));
    client(&proxy, device(21), "staff").get(SITE);
    check(&proxy, (None, "ks3", Known::Range));
    proxy.sign_in(device(21), "ada", Source::Own, Before::Stay);
    client(&proxy, device(21), "staff").get(SITE);
    check(&proxy, (Some("ada"), "ks2", Known::Own));
}

#[test]
fn whoever_came_by_themselves_is_led_too_once_the_teacher_has_signed_the_class_in() {
    let (_origin, proxy) = school();
    proxy.sign_in(device(21), "cem", Source::Own, Before::Ended);
    assert_eq!(client(&proxy, device(21), NOBODY).get(SITE).status, 511, "unsigned, and nobody leads");
    proxy.sign_in(device(21), "cem", Source::Class, Before::Ended);
    assert_eq!(client(&proxy, device(21), NOBODY).get(SITE).status, 404, "the class works under its teacher: the site itself answers");
    check(&proxy, (Some("cem"), "ks2", Known::Own));
    proxy.presence.end(proxy.now(), |_, sign_in| sign_in.source == Source::Class);
    assert_eq!(client(&proxy, device(21), NOBODY).get(SITE).status, 511, "the lesson is over");
}

#[test]
fn a_sign_out_counts_at_once_on_a_connection_that_stays_open() {
    let (_origin, proxy) = school();
    proxy.sign_in(device(21), "ada", Source::Own, Before::Stay);
    let mut kept = client(&proxy, device(21), "ks3");
    kept.get(SITE);
    check(&proxy, (Some("ada"), "ks2", Known::Own));
    proxy.presence.clear(device(21), proxy.now());
    kept.get(SITE);
    check(&proxy, (None, "ks3", Known::Listener));
    proxy.sign_in(device(21), "bob", Source::Own, Before::Stay);
    kept.get(SITE);
    assert_eq!(last(&proxy).person, Some(person("bob")));
}

#[test]
fn a_sign_out_counts_inside_a_tunnel_for_plain_requests() {
    let (_origin, proxy) = school();
    proxy.sign_in(device(21), "ada", Source::Own, Before::Stay);
    let mut inside = Client::new(client(&proxy, device(21), "ks3").tunnel("new.example:80"));
    inside.ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n");
    check(&proxy, (Some("ada"), "ks2", Known::Own));
    proxy.presence.clear(device(21), proxy.now());
    inside.ask("GET / HTTP/1.1\r\nHost: new.example\r\n\r\n");
    check(&proxy, (None, "ks3", Known::Listener));
}

#[test]
fn an_idle_device_becomes_unknown_and_stays_so() {
    let (_origin, proxy) = school();
    proxy.sign_in(device(21), "ada", Source::Class, Before::Ended);
    let minutes = |minutes: i64| proxy.clock.store(minutes * 60, Ordering::Relaxed);
    for (minute, expected) in [(19, Some("ada")), (38, Some("ada")), (59, None), (59, None)] {
        minutes(minute);
        client(&proxy, device(21), "ks3").get(SITE);
        assert_eq!(last(&proxy).person, expected.map(person), "at minute {minute}");
    }
}

#[test]
fn two_children_on_one_tablet_are_nobody_and_a_device_may_change_hands() {
    let (_origin, proxy) = school();
    let ask = || {
        client(&proxy, device(21), "ks3").get(SITE);
        last(&proxy).person
    };
    proxy.sign_in(device(21), "ada", Source::Own, Before::Stay);
    proxy.sign_in(device(21), "bob", Source::Class, Before::Ended);
    assert_eq!(ask(), None);
    proxy.presence.clear(device(21), proxy.now());
    proxy.sign_in(device(21), "bob", Source::Network, Before::Ended);
    assert_eq!(ask(), Some(person("bob")));
    proxy.sign_in(device(21), "ada", Source::Network, Before::Ended);
    assert_eq!(ask(), Some(person("ada")));
}

#[test]
fn a_stranger_at_a_device_gets_no_more_than_nobody_does() {
    let (_origin, proxy) = school();
    proxy.sign_in(device(21), "somebody of another school", Source::Network, Before::Ended);
    client(&proxy, device(21), "staff").get(SITE);
    assert_eq!(&*last(&proxy).profile, "early-years-ks1");
}

#[test]
fn a_password_stands_above_the_device_and_a_wrong_one_is_not_made_good_by_it() {
    let (origin, proxy) = school();
    let basic = |text: &str| format!("Proxy-Authorization: Basic {}\r\n", base64::engine::general_purpose::STANDARD.encode(text));
    proxy.sign_in(device(21), "bob", Source::Own, Before::Stay);
    client(&proxy, device(21), SIGN_IN).get_with("http://museum.example/", &basic("ada:ada:secret"));
    check(&proxy, (Some("ada"), "ks2", Known::Password));
    assert_eq!(client(&proxy, device(21), SIGN_IN).get_with(SITE, &basic("ada:wrong")).status, 407);
    assert_eq!(client(&proxy, device(22), SIGN_IN).get(SITE).status, 407);
    assert_eq!(origin.seen().len(), 1);
    client(&proxy, device(21), SIGN_IN).get(SITE);
    assert_eq!(last(&proxy).person, Some(person("bob")), "signed in at the device, so no password is asked for");
}

#[test]
fn what_one_may_is_not_what_the_next_at_the_device_may() {
    let (_origin, proxy) = school();
    let gated = |name| {
        proxy.presence.clear(device(21), proxy.now());
        proxy.sign_in(device(21), name, Source::Own, Before::Stay);
        client(&proxy, device(21), "ks3").get(SITE).status
    };
    assert_eq!((gated("ada"), gated("bob")), (404, 511), "Ada has signed the agreement and gets the origin's answer; Bob has not");
}
