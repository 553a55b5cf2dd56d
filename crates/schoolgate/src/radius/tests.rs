//! Packets as they come, late, twice and wrong.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use presence::{At, Presence, Source};

use super::*;

const SECRET: &str = "a secret of the school";
const TABLET: [u8; 4] = [10, 0, 0, 7];

fn secret() -> Secret {
    Secret::new(SECRET.into()).expect("long enough")
}

fn attribute(kind: u8, value: &[u8]) -> Vec<u8> {
    [&[kind, u8::try_from(value.len() + 2).expect("short")], value].concat()
}

/// A request with these attributes, under this secret.
fn request(attributes: &[Vec<u8>], secret: &str) -> Vec<u8> {
    let attributes = attributes.concat();
    let length = u16::try_from(20 + attributes.len()).expect("short").to_be_bytes();
    let start = [4, 9, length[0], length[1]];
    let proof = Md5::new().chain_update(start).chain_update([0; 16]).chain_update(&attributes).chain_update(secret).finalize();
    [&start[..], &proof, &attributes].concat()
}

fn status(number: u32) -> Vec<u8> {
    attribute(40, &number.to_be_bytes())
}

fn start() -> Vec<Vec<u8>> {
    vec![status(1), attribute(1, b"ada"), attribute(8, &TABLET), attribute(44, b"7"), attribute(32, b"ap-1"), attribute(33, b"hung on")]
}

#[test]
fn a_packet_is_read_and_its_answer_bears_the_secret() {
    let packet = request(&start(), SECRET);
    // What follows its length is padding.
    let read = Accounting::read(&[&packet[..], b"xyz"].concat(), &secret()).expect("a packet");
    assert_eq!((read.status, read.user.as_deref(), &read.addresses[..]), (Status::Start, Some("ada"), &[TABLET.into()][..]));
    assert_eq!((&read.nas[..], &read.session[..], read.delay.is_zero()), (&b"ap-1"[..], &b"7"[..], true));
    let answer = read.answer();
    let hung_on = attribute(33, b"hung on");
    let proof = Md5::new().chain_update(&answer[..4]).chain_update(&packet[4..20]).chain_update(&hung_on).chain_update(SECRET).finalize();
    assert_eq!((answer[0], answer[1], &answer[4..20], &answer[20..]), (5, 9, &proof[..], &hung_on[..]));
}

#[test]
fn what_is_not_as_it_must_be_is_thrown_away() {
    let check = |packet: &[u8], expected: Refused| assert_eq!(Accounting::read(packet, &secret()).err(), Some(expected), "{packet:?}");
    let good = request(&start(), SECRET);
    for cut in [0, 3, 19, good.len() - 1] {
        check(&good[..cut], Refused::Short);
    }
    check(&[4, 0, 0, 19].iter().copied().chain([0; 16]).collect::<Vec<_>>(), Refused::Short);
    check(&[&[1], &good[1..]].concat(), Refused::Kind);
    check(&request(&start(), "another secret than ours"), Refused::Secret);
    for at in [1, 4, good.len() - 1] {
        let mut forged = good.clone();
        forged[at] ^= 1;
        check(&forged, Refused::Secret);
    }
    let rows = [
        vec![],
        vec![attribute(1, b"ada")],
        vec![attribute(40, &[1])],
        vec![status(1), attribute(1, b"ada"), attribute(1, b"bob")],
        vec![status(1), attribute(1, &[0xff])],
        vec![status(1), attribute(8, &[10, 0, 0])],
        vec![status(1), attribute(168, &[0; 15])],
        vec![status(1), vec![1, 1]],
        vec![status(1), vec![1, 0]],
        vec![status(1), vec![1, 200, 65]],
        vec![status(1), vec![1]],
    ];
    for row in rows {
        check(&request(&row, SECRET), Refused::Attributes);
    }
}

#[test]
fn a_second_proof_is_looked_at_where_there_is_one() {
    let with = |proof: &[u8]| [start(), vec![attribute(80, proof)]].concat();
    let unsigned = request(&with(&[0; 16]), SECRET);
    let mut mac = Hmac::<Md5>::new_from_slice(SECRET.as_bytes()).expect("any length");
    mac.update(&[&unsigned[..4], &[0; 16], &unsigned[20..]].concat());
    let proof = mac.finalize().into_bytes();
    assert!(Accounting::read(&request(&with(&proof), SECRET), &secret()).is_ok());
    assert_eq!(Accounting::read(&unsigned, &secret()).err(), Some(Refused::Secret));
}

#[test]
fn addresses_that_are_none_name_nobody() {
    for none in [[0, 0, 0, 0], [255, 255, 255, 254], [255, 255, 255, 255]] {
        let read = Accounting::read(&request(&[status(1), attribute(8, &none)], SECRET), &secret()).expect("a packet");
        assert!(read.addresses.is_empty());
    }
    let v6 = "2001:db8::7".parse::<std::net::Ipv6Addr>().expect("address");
    let read = Accounting::read(&request(&[status(1), attribute(168, &v6.octets())], SECRET), &secret()).expect("a packet");
    assert_eq!(read.addresses, [std::net::IpAddr::from(v6)]);
}

#[test]
fn a_short_secret_is_none() {
    assert!(Secret::new(vec![b'a'; 15]).is_none() && Secret::new(vec![b'a'; 16]).is_some());
}

/// A network that says things at minutes after ten.
struct Network {
    presence: Presence,
    sessions: Sessions,
}

impl Network {
    fn new() -> Self {
        Self { presence: Presence::default(), sessions: Sessions::new(jiff::SignedDuration::from_hours(1)) }
    }

    fn at(minute: i64) -> Timestamp {
        "2026-11-23T10:00:00Z".parse::<Timestamp>().expect("time") + jiff::SignedDuration::from_mins(minute)
    }

    /// What `kind` says of "ada" or "bob"; any other name is nobody's.
    fn says(&mut self, minute: i64, kind: u32, name: &str, session: &[u8], late_by: u32) {
        let delay = attribute(41, &(late_by * 60).to_be_bytes());
        let attributes = [status(kind), attribute(1, name.as_bytes()), attribute(8, &TABLET), attribute(44, session), delay];
        let said = Accounting::read(&request(&attributes, SECRET), &secret()).expect("a packet");
        let who = ["ada", "bob"].contains(&name).then(|| PersonId::named(name));
        self.sessions.take(&self.presence, &said, who, [10, 0, 0, 1].into(), Self::at(minute));
    }

    fn check(&self, minute: i64, expected: Option<&str>) {
        let expected = expected.map_or(At::Nobody, |name| At::One(PersonId::named(name), Source::Network));
        assert_eq!(self.presence.at(TABLET.into(), Self::at(minute)), expected, "at minute {minute}");
    }
}

#[test]
fn a_session_begins_goes_on_and_stops() {
    let mut network = Network::new();
    network.says(0, 1, "ada", b"1", 0);
    network.says(0, 1, "ada", b"1", 0);
    network.check(0, Some("ada"));
    network.says(50, 3, "ada", b"1", 0);
    network.check(109, Some("ada"));
    network.says(110, 2, "ada", b"1", 0);
    network.check(110, None);
    network.says(111, 3, "ada", b"1", 0);
    network.check(111, None);
}

#[test]
fn the_next_persons_start_ends_the_one_before_and_late_packets_change_nothing() {
    let mut network = Network::new();
    network.says(0, 1, "ada", b"1", 0);
    network.says(10, 1, "bob", b"2", 0);
    network.check(10, Some("bob"));
    network.says(11, 2, "ada", b"1", 0);
    network.check(11, Some("bob"));
    network.says(12, 1, "ada", b"1", 12);
    network.check(12, Some("bob"));
}

#[test]
fn whoever_roams_is_not_signed_out_by_the_place_they_left() {
    let mut network = Network::new();
    network.says(0, 1, "ada", b"at the library", 0);
    network.says(5, 1, "ada", b"in the hall", 0);
    network.says(6, 2, "ada", b"at the library", 0);
    network.check(6, Some("ada"));
}

#[test]
fn somebody_unknown_takes_the_address_from_whoever_had_it() {
    let mut network = Network::new();
    network.says(0, 1, "ada", b"1", 0);
    network.says(1, 1, "a visitor", b"2", 0);
    network.check(1, None);
}

#[test]
fn a_part_of_the_network_that_starts_anew_has_nobody() {
    let mut network = Network::new();
    network.says(0, 1, "ada", b"1", 0);
    network.says(1, 7, "", b"", 5);
    network.check(1, Some("ada"));
    network.says(2, 7, "", b"", 0);
    network.check(2, None);
}
