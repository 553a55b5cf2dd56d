//! Hellos of a real TLS client, whole, cut up and damaged.

use std::sync::Arc;

use proptest::prelude::*;
use rustls::client::{EchGreaseConfig, EchMode};
use rustls::crypto::aws_lc_rs::{self, hpke::ALL_SUPPORTED_SUITES, kx_group};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// What differs from a plain client.
#[derive(Default)]
struct Client {
    old: bool,
    grease: bool,
    nameless: bool,
    large_share: bool,
    record: Option<usize>,
}

/// What a rustls client sends first when it asks for `name`.
fn hello_of(name: &str, client: &Client) -> Vec<u8> {
    let mut provider = aws_lc_rs::default_provider();
    if client.large_share {
        provider.kx_groups = vec![kx_group::X25519MLKEM768];
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(provider));
    let builder = if client.grease {
        let suite = ALL_SUPPORTED_SUITES[0];
        let (public, _) = suite.generate_key_pair().expect("a key");
        builder.with_ech(EchMode::Grease(EchGreaseConfig::new(suite, public))).expect("grease")
    } else if client.old {
        builder.with_protocol_versions(&[&rustls::version::TLS12]).expect("TLS 1.2")
    } else {
        builder.with_safe_default_protocol_versions().expect("versions")
    };
    let mut config = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.enable_sni = !client.nameless;
    config.max_fragment_size = client.record;
    let mut connection = ClientConnection::new(Arc::new(config), name.to_owned().try_into().expect("a name")).expect("a client");
    let mut bytes = Vec::new();
    while connection.wants_write() {
        connection.write_tls(&mut bytes).expect("a hello");
    }
    bytes
}

fn tls(name: Option<&str>, ech: bool) -> Progress {
    let server_name = name.map(|name| Host::parse(name).expect("host"));
    Progress::Done(Hello::Tls { server_name, ech, alpn: vec![(*b"h2").into(), (*b"http/1.1").into()] })
}

/// A ClientHello in one record, with these extensions.
fn crafted(extensions: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let list: Vec<u8> = extensions.iter().flat_map(|(kind, data)| [&kind.to_be_bytes()[..], &sized(data)].concat()).collect();
    let body = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0x13, 1, 1, 0], &sized(&list)].concat();
    record(&[&[1, 0], &sized(&body)[..]].concat())
}

fn record(data: &[u8]) -> Vec<u8> {
    [&[22, 3, 1][..], &sized(data)].concat()
}

fn sized(data: &[u8]) -> Vec<u8> {
    [&u16::try_from(data.len()).expect("short").to_be_bytes()[..], data].concat()
}

fn names(names: &[&[u8]]) -> Vec<u8> {
    sized(&names.iter().flat_map(|name| [&[0][..], &sized(name)].concat()).collect::<Vec<u8>>())
}

fn check_malformed(bytes: &[u8], why: &str) {
    assert_eq!(parse_hello(bytes), Progress::Done(Hello::Malformed(Box::leak(why.into()))));
}

#[test]
fn what_a_real_client_asks_for_is_read() {
    let plain = Client::default();
    assert_eq!(parse_hello(&hello_of("museum.example", &plain)), tls(Some("museum.example"), false));
    assert_eq!(parse_hello(&hello_of("MUSEUM.example", &plain)), tls(Some("museum.example"), false));
    assert_eq!(parse_hello(&hello_of("192.0.2.1", &plain)), tls(None, false), "no name is sent for an address");
    assert_eq!(parse_hello(&hello_of("museum.example", &Client { nameless: true, ..plain })), tls(None, false));
    let old = Client { old: true, ..Client::default() };
    assert_eq!(parse_hello(&hello_of("museum.example", &old)), tls(Some("museum.example"), false));
}

#[test]
fn grease_is_noted_and_its_outer_name_read() {
    let grease = Client { grease: true, ..Client::default() };
    assert_eq!(parse_hello(&hello_of("museum.example", &grease)), tls(Some("museum.example"), true));
}

#[test]
fn a_large_hello_is_put_together_from_many_records() {
    let cut = Client { large_share: true, record: Some(32), ..Client::default() };
    let bytes = hello_of("museum.example", &cut);
    assert!(bytes.len() > 1200 && bytes.windows(3).filter(|start| *start == [22, 3, 1]).count() > 30, "{} bytes", bytes.len());
    assert_eq!(parse_hello(&bytes), tls(Some("museum.example"), false));
}

#[test]
fn what_is_no_tls_is_known_at_once() {
    for bytes in [&b"GET / HTTP/1.1\r\n"[..], b"SSH-2.0-x", b"\x80\x2e\x01\x03\x01", b"\x16\x02", b"\x00"] {
        assert_eq!(parse_hello(bytes), Progress::Done(Hello::NotTls), "{bytes:?}");
    }
    assert_eq!(parse_hello(b""), Progress::NeedMore);
    assert_eq!(parse_hello(b"\x16\x03"), Progress::NeedMore);
}

#[test]
fn what_could_be_read_in_two_ways_is_refused() {
    let one = names(&[b"museum.example"]);
    assert!(matches!(parse_hello(&crafted(&[(0, one.clone())])), Progress::Done(Hello::Tls { .. })));
    check_malformed(&crafted(&[(0, one.clone()), (0, one.clone())]), "an extension of the ClientHello stands there twice");
    for data in [names(&[b"a.example", b"b.example"]), names(&[]), [&one[..], b"x"].concat(), Vec::new(), vec![0, 4, 1, 0, 1, 65]] {
        check_malformed(&crafted(&[(0, data)]), "there is not exactly one server name");
    }
    for name in [&b"mus%65um.example"[..], b"0x7f.1", b"a b.example", b"a..example", b"\xff", b"b\xc3\xbccher.example", b"", b"a\0.example"]
    {
        check_malformed(&crafted(&[(0, names(&[name]))]), "the server name is no host");
    }
    let (first, last) = one.split_at(9);
    let message = crafted(&[(0, [first, last].concat())]).split_off(5);
    let (start, end) = message.split_at(20);
    check_malformed(
        &[record(start), vec![21, 3, 1, 0, 2, 1, 0], record(end)].concat(),
        "another record stands between the parts of the ClientHello",
    );
    check_malformed(&record(&[&message[..], b"x"].concat()), "more follows in the record of the ClientHello");
    check_malformed(&[record(start), record(&[])].concat(), "a record of the ClientHello is empty");
    check_malformed(&record(b"\x02\0\0\0"), "the first message is no ClientHello");
    check_malformed(&[22, 3, 1, 0x40, 1], "a record of the ClientHello is longer than TLS allows");
    check_malformed(&record(b"\x01\0\0\x02\x03\x03"), "the ClientHello is not built as one");
}

#[test]
fn an_address_for_a_name_is_shown_as_one() {
    let Progress::Done(Hello::Tls { server_name: Some(host), .. }) = parse_hello(&crafted(&[(0, names(&[b"192.0.2.1"]))])) else {
        panic!("a hello with a name");
    };
    assert!(host.is_address());
}

#[test]
fn nobody_makes_us_keep_more_than_the_limit() {
    assert_eq!(parse_hello(&record(b"\x01\x01\0\x01")), Progress::Done(Hello::TooLong), "the message says it will be long");
    let endless: Vec<u8> = record(b"\x01\0\xff\xf0").into_iter().chain(std::iter::repeat_n(record(b"x"), 20_000).flatten()).collect();
    assert_eq!(parse_hello(&endless), Progress::Done(Hello::TooLong), "headers count too");
}

#[tokio::test]
async fn the_bytes_of_a_slow_client_stay_for_the_next_reader() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut client = TcpStream::connect(listener.local_addr().expect("address")).await.expect("connected");
    client.set_nodelay(true).expect("option");
    let (mut server, _) = listener.accept().await.expect("accepted");
    let sent = hello_of("museum.example", &Client { record: Some(100), ..Client::default() });
    let piecemeal = async {
        for piece in sent.chunks(7) {
            client.write_all(piece).await.expect("sent");
            tokio::task::yield_now().await;
        }
    };
    let mut buffer = Vec::new();
    let (hello, ()) = tokio::join!(peek_hello(&mut server, &mut buffer), piecemeal);
    assert_eq!(Progress::Done(hello), tls(Some("museum.example"), false));
    assert_eq!(buffer, sent);
}

#[tokio::test(start_paused = true)]
async fn clients_that_stop_are_let_go() {
    let sent = hello_of("museum.example", &Client::default());
    let (mut near, mut far) = tokio::io::duplex(4096);
    far.write_all(&sent[..sent.len() - 1]).await.expect("sent");
    let mut buffer = Vec::new();
    assert_eq!(peek_hello(&mut near, &mut buffer).await, Hello::TimedOut);
    assert_eq!(buffer.len(), sent.len() - 1);
    drop(far);
    assert_eq!(peek_hello(&mut near, &mut buffer).await, Hello::Closed);
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..400), in_record in any::<bool>()) {
        parse_hello(&if in_record { record(&[&[1, 0], &sized(&bytes)[..]].concat()) } else { bytes });
    }

    #[test]
    fn damage_never_depends_on_how_the_bytes_come(at in 0..4000_usize, to in any::<u8>(), cuts in prop::collection::vec(0..2000_usize, 0..8)) {
        let mut bytes = crafted(&[(0, names(&[b"museum.example"])), (16, sized(b"\x02h2")), (0xfe0d, vec![1, 2])]);
        bytes.extend(b"what follows");
        let length = bytes.len();
        bytes[at % length] = to;
        let whole = parse_hello(&bytes);
        let mut ends: Vec<usize> = cuts.into_iter().map(|cut| cut % bytes.len()).chain([bytes.len()]).collect();
        ends.sort_unstable();
        let mut collector = Collector::default();
        let first = ends.into_iter().map(|end| collector.advance(&bytes[..end])).find(|progress| *progress != Progress::NeedMore);
        prop_assert_eq!(first.unwrap_or(Progress::NeedMore), whole);
    }
}

#[test]
fn every_beginning_is_undecided_or_says_the_same() {
    let bytes = hello_of("museum.example", &Client { record: Some(50), ..Client::default() });
    for end in 0..bytes.len() {
        assert_eq!(parse_hello(&bytes[..end]), Progress::NeedMore, "{end} bytes");
    }
    let followed = [&bytes[..], b"early data"].concat();
    assert_eq!(parse_hello(&followed), parse_hello(&bytes));
}
