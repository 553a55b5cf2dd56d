//! Requests that two readers could understand differently. The origin receives exactly the requests that were judged, or none.

use std::time::Duration;

use testkit::origin::{Origin, Reply};

use crate::harness::{Proxy, Setup};

/// An origin for every host that the cases name, behind a proxy that soon gives up waiting for the rest of a request.
pub(crate) fn school(hosts: &[&str]) -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    origin.serve("/", Reply::ok("text/plain", "dinosaurs"));
    let hosts = hosts.iter().fold(Setup::default(), |setup, host| setup.host(host, origin.address()));
    let short = Duration::from_millis(300);
    let proxy = hosts.settings(|it| (it.header_timeout, it.body_idle, it.answer_timeout) = (short, short, Duration::from_secs(3))).start();
    (origin, proxy)
}

/// Sends bytes, waits for the end, and gives the requests that the origin received, each as `METHOD path`.
fn received(bytes: &[u8]) -> Vec<String> {
    let (origin, proxy) = school(&["museum.example", "xn--caf-dma.example"]);
    let mut client = proxy.client("ks2");
    client.send(bytes);
    client.rest();
    let allowed: Vec<_> = proxy.raw_events().into_iter().filter(|event| event.action == filter::Action::Allow).collect();
    let seen = origin.seen();
    assert!(seen.len() <= allowed.len(), "the origin received what nobody judged: {seen:?}");
    for (seen, event) in seen.iter().zip(&allowed) {
        let event::Address::Shown { host, path, .. } = &event.address else { panic!("a sealed hit was allowed") };
        let path_seen = seen.target.split('?').next().unwrap_or_default();
        assert_eq!((seen.header("host"), Some(path_seen), &*seen.method), (Some(host.as_str()), path.as_deref(), &*event.method));
    }
    seen.iter().map(|seen| format!("{} {}", seen.method, seen.target)).collect()
}

/// A `POST` with these header lines and body, and a request behind it that must never be taken for a part of it or the other way round.
fn check(headers: &str, body: &str, expected: &[&str]) {
    let request = format!("POST http://museum.example/a HTTP/1.1\r\nHost: museum.example\r\n{headers}\r\n{body}");
    assert_eq!(received(request.as_bytes()), expected, "{headers:?} {body:?}");
}

const NEXT: &str = "GET http://museum.example/next HTTP/1.1\r\nHost: museum.example\r\nConnection: close\r\n\r\n";

#[test]
fn a_body_has_one_length() {
    check("Content-Length: 3\r\n", &format!("abc{NEXT}"), &["POST /a", "GET /next"]);
    check("Content-Length: 3\r\nContent-Length: 3\r\n", &format!("abc{NEXT}"), &["POST /a", "GET /next"]);
    for lengths in
        ["3\r\nContent-Length: 4", "3, 3", "3, 4", "+3", "-3", "0x3", "3.0", "3 3", "", "99999999999999999999999", "1e1", "3\u{b}"]
    {
        check(&format!("Content-Length: {lengths}\r\n"), &format!("abc{NEXT}"), &[]);
    }
}

#[test]
fn chunks_and_a_length_never_split_a_request() {
    let chunks = format!("3\r\nabc\r\n0\r\n\r\n{NEXT}");
    check("Transfer-Encoding: chunked\r\n", &chunks, &["POST /a", "GET /next"]);
    for both in ["Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"] {
        let seen = received(format!("POST http://museum.example/a HTTP/1.1\r\nHost: x\r\n{both}\r\n{chunks}").as_bytes());
        assert!(matches!(seen.iter().map(String::as_str).collect::<Vec<_>>()[..], [] | ["POST /a"] | ["POST /a", "GET /next"]), "{seen:?}");
    }
}

#[test]
fn a_coding_that_is_not_plainly_chunked_is_refused() {
    let chunks = format!("3\r\nabc\r\n0\r\n\r\n{NEXT}");
    for coding in [
        "chunked, chunked",
        "chunked\r\nTransfer-Encoding: chunked",
        "chunked\r\nTransfer-Encoding: identity",
        "gzip, chunked",
        "chunked, gzip",
        "identity",
        "xchunked",
        "\"chunked\"",
        "chunked;q=1",
        "chun ked",
        "",
        ",chunked",
    ] {
        check(&format!("Transfer-Encoding: {coding}\r\n"), &chunks, &[]);
    }
    for name in [
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "Transfer-Encoding\t: chunked",
        "Transfer-Encoding:\u{b}chunked",
        "Transfer-Encoding: chunked\u{0}",
        "X: y\r\n Transfer-Encoding: chunked",
    ] {
        check(&format!("{name}\r\n"), &chunks, &[]);
    }
    let old = format!("POST http://museum.example/a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
    assert_eq!(received(old.as_bytes()), [""; 0]);
}

#[test]
fn a_chunk_is_as_long_as_it_says() {
    for chunks in [
        "3\r\nabcd\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        "-3\r\nabc\r\n",
        "+3\r\nabc\r\n0\r\n\r\n",
        "3 3\r\nabc\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nabc",
        "3\r\nabc0\r\n\r\n",
        "3;\nabc\r\n0\r\n\r\n",
        "\r\n3\r\nabc\r\n0\r\n\r\n",
        "3_0\r\nabc",
    ] {
        let request = format!("POST http://museum.example/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{NEXT}");
        let seen = received(request.as_bytes());
        assert!(!seen.iter().any(|seen| seen.contains("next")), "{chunks:?}: {seen:?}");
    }
}

#[test]
fn what_stands_beside_a_chunk_changes_nothing() {
    for (size, expected) in [
        ("3;x", true),
        ("3;x=1;y=\"2\"", true),
        ("3 ;x", true),
        ("0003", true),
        (";3", false),
        // What is beside a chunk ends here, whatever it is.
        ("3;\0", true),
        ("3;x\ry", false),
        ("0x03", false),
        ("00000000000000003", true),
        ("10000000000000003", false),
    ] {
        let request = format!(
            "POST http://museum.example/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nabc\r\n0\r\n\r\n{NEXT}"
        );
        let seen = received(request.as_bytes());
        let good = if expected { seen == ["POST /a", "GET /next"] } else { !seen.iter().any(|seen| seen.contains("next")) };
        assert!(good, "{size:?}: {seen:?}");
    }
    let endless = format!("3;{}", "x".repeat(1 << 20));
    let request =
        format!("POST http://museum.example/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{endless}\r\nabc\r\n0\r\n\r\n");
    assert!(received(request.as_bytes()).len() <= 1);
}

#[test]
fn a_trailer_frames_nothing() {
    let (origin, proxy) = school(&["museum.example"]);
    let names = "Host, Content-Length, Transfer-Encoding, X-Fine";
    let trailers = "Host: casino.example\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\nX-Fine: 1\r\n";
    let answer = proxy.client("ks2").ask(&format!(
        "POST http://museum.example/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: {names}\r\n\r\n0\r\n{trailers}\r\n"
    ));
    assert_eq!(answer.status, 200);
    let seen = &origin.seen()[0];
    assert_eq!((seen.header("host"), seen.header("content-length"), seen.header("x-fine")), (Some("museum.example"), None, None));
}

#[test]
fn a_header_is_one_plain_line() {
    for headers in [
        "X: a\r\n b\r\n",
        "X : a\r\n",
        "X\r\n",
        ": a\r\n",
        "X: a\u{0}b\r\n",
        "X: a\rb\r\n",
        "X(: a\r\n",
        " X: a\r\n",
        "Content-Length: 0\r\nX: a\u{7}\r\n",
    ] {
        check(headers, NEXT, &[]);
    }
    // Lines that end with a bare line feed are one request to us, and the origin gets proper ones.
    let bare = received(b"GET http://museum.example/ HTTP/1.1\nHost: museum.example\nConnection: close\n\n");
    assert!(bare.is_empty() || bare == ["GET /"], "{bare:?}");
}

#[test]
fn a_request_names_one_host() {
    check("Host: casino.example\r\n", "", &[]);
    check("Host:\r\n", "", &[]);
    assert_eq!(received(b"GET http://museum.example/ HTTP/1.1\r\n\r\n"), [""; 0]);
}

#[test]
fn addresses_that_are_no_plain_http_address_are_refused() {
    for address in [
        "https://museum.example/",
        "ftp://museum.example/",
        "ws://museum.example/",
        "museum.example:80",
        "museum.example/",
        "http://user@museum.example/",
        "http://casino.example@museum.example/",
        "http://museum.example/#part#x y",
        "http:///",
        "http://",
        "http:museum.example/",
        "http://museum.example:99999/",
        "http://museum.example:x/",
        "http://museum .example/",
        "http://%6duseum.example/",
        "http://museum.example\\@casino.example/",
        "http://museum..example/",
        "http://[museum.example]/",
        "//museum.example/",
        "*",
        "/",
    ] {
        let request = format!("GET {address} HTTP/1.1\r\nHost: museum.example\r\nConnection: close\r\n\r\n");
        assert_eq!(received(request.as_bytes()), [""; 0], "{address}");
    }
    for line in [
        "GET http://museum.example/",
        "GET  http://museum.example/ HTTP/1.1",
        "GET http://museum.example/ HTTP/1.2",
        "GET http://museum.example/ HTTP/2.0",
        "GET http://museum.example/ http/1.1",
        "GET\thttp://museum.example/\tHTTP/1.1",
        " GET http://museum.example/ HTTP/1.1",
        "GET http://museum.example/ HTTP/1.1 HTTP/1.1",
        "PRI * HTTP/2.0",
        "G@T http://museum.example/ HTTP/1.1",
    ] {
        assert_eq!(received(format!("{line}\r\nHost: museum.example\r\nConnection: close\r\n\r\n").as_bytes()), [""; 0], "{line}");
    }
}

#[test]
fn no_spelling_of_a_blocked_host_opens_it() {
    let (origin, proxy) = school(&["casino.example", "www.casino.example"]);
    for host in [
        "casino.example",
        "CASINO.Example",
        "casino.example.",
        "www.casino.example",
        "casino.example:80",
        "casino.example:8080",
        "%63asino.example",
        "casino%2eexample",
        "ｃａｓｉｎｏ.example",
        "casino。example",
        "casino.example..",
        "casi\u{ad}no.example",
    ] {
        let answer = proxy.client("ks2").get(&format!("http://{host}/"));
        assert!(matches!(answer.status, 400 | 403), "{host}: {}", answer.head);
    }
    assert!(origin.seen().is_empty());
    assert!(proxy.events().iter().all(|event| event.starts_with("Http Block")));
}

#[test]
fn a_part_after_a_hash_never_leaves() {
    let seen = received(b"GET http://museum.example/a#secret HTTP/1.1\r\nHost: museum.example\r\nConnection: close\r\n\r\n");
    assert!(seen.is_empty() || seen == ["GET /a"], "{seen:?}");
}
