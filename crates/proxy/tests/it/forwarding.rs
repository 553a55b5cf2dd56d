//! What an allowed request looks like at its origin, and its answer at the reader.

use std::io::{Read as _, Write as _};

use testkit::origin::{Origin, Reply};

use crate::harness::{Proxy, Setup};
use crate::origins::{Scripted, read_head};

fn school() -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    let proxy = Setup::default().host("museum.example", origin.address()).start();
    (origin, proxy)
}

#[test]
fn the_origin_gets_its_own_form_of_the_request() {
    let (origin, proxy) = school();
    origin.serve("/rooms?floor=2&x=%41", Reply::ok("text/plain", "dinosaurs").header("X-Room", "7"));
    let answer = proxy.client("ks2").ask(
        "GET http://Museum.Example/rooms?floor=2&x=%41 HTTP/1.1\r\nHost: casino.example\r\nAccept-Language: cy\r\nCookie: a=1\r\n\r\n",
    );
    assert_eq!((answer.status, answer.text().as_str(), answer.header("x-room")), (200, "dinosaurs", Some("7")), "{}", answer.head);
    let seen = &origin.seen()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("GET", "/rooms?floor=2&x=%41"));
    assert_eq!(seen.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host")).count(), 1);
    assert_eq!(seen.header("host"), Some("museum.example"), "the host that was judged, whatever the reader's header says");
    assert_eq!((seen.header("accept-language"), seen.header("cookie")), (Some("cy"), Some("a=1")));
    assert_eq!(proxy.events(), ["Http Allow museum.example:80 /rooms"], "the path, never the query");
}

#[test]
fn methods_bodies_and_ports_are_kept() {
    let (origin, proxy) = school();
    for method in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
        let answer = proxy
            .client("ks2")
            .ask(&format!("{method} http://museum.example:8080/form HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\na=1&b"));
        assert_eq!(answer.status, 404, "{method}: the origin's own answer");
        let seen = origin.seen().pop().expect("a request");
        assert_eq!((seen.method.as_str(), seen.body.as_slice(), seen.header("host")), (method, &b"a=1&b"[..], Some("museum.example:8080")));
        assert_eq!((seen.header("content-length"), seen.header("transfer-encoding")), (Some("5"), None), "{method}");
    }
}

#[test]
fn what_is_about_one_connection_ends_at_the_proxy() {
    let (origin, proxy) = school();
    let reply = Reply::ok("text/plain", "x").header("Connection", "X-Hop").header("X-Hop", "1").header("Keep-Alive", "timeout=5");
    origin.serve("/", reply.header("Proxy-Authenticate", "Basic realm=\"trap\"").header("X-End", "2"));
    let answer = proxy.client("ks2").get_with(
        "http://museum.example/",
        "Connection: X-Private, keep-alive, host\r\nX-Private: 1\r\nKeep-Alive: 300\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\n\
         Proxy-Authorization: Basic YWRhOnNlY3JldA==\r\nProxy-Trick: 1\r\nX-Kept: 2\r\n",
    );
    for gone in ["x-hop", "keep-alive", "proxy-authenticate"] {
        assert_eq!(answer.header(gone), None, "{gone}");
    }
    assert_eq!(answer.header("x-end"), Some("2"));
    assert!(answer.header("via").is_some_and(|via| via.contains("schoolgate-")), "{}", answer.head);
    let seen = &origin.seen()[0];
    for gone in ["x-private", "keep-alive", "proxy-connection", "te", "proxy-authorization", "proxy-trick"] {
        assert_eq!(seen.header(gone), None, "{gone}");
    }
    assert_eq!((seen.header("x-kept"), seen.header("host")), (Some("2"), Some("museum.example")));
    assert!(seen.header("via").is_some_and(|via| via.contains("schoolgate-")));
}

#[test]
fn one_connection_carries_many_requests_on_both_sides() {
    let origin = Scripted::start(|mut stream| {
        while read_head(&mut stream).is_some() {
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        }
    });
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let mut client = proxy.client("ks2");
    for _ in 0..20 {
        assert_eq!(client.get("http://museum.example/").text(), "ok");
    }
    assert_eq!(origin.connections(), 1);
    assert_eq!(proxy.events().len(), 20, "one event for each request");
}

#[test]
fn pipelined_requests_are_judged_and_answered_one_by_one() {
    let (origin, proxy) = school();
    origin.serve("/", Reply::ok("text/plain", "dinosaurs"));
    let mut client = proxy.client("ks2");
    let get = |host: &str| format!("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
    client.send(format!("{}{}{}", get("museum.example"), get("casino.example"), get("museum.example")));
    let answers = [(); 3].map(|()| client.answer().status);
    assert_eq!(answers, [200, 403, 200]);
    assert_eq!(proxy.events(), ["Http Allow museum.example:80 /", "Http Block casino.example:80 /", "Http Allow museum.example:80 /"]);
    assert_eq!(origin.seen().len(), 2);
}

#[test]
fn old_readers_get_answers_they_understand() {
    let origin = Scripted::saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let answer = proxy.client("ks2").ask("GET http://museum.example/ HTTP/1.0\r\n\r\n");
    assert_eq!((answer.text().as_str(), answer.header("transfer-encoding")), ("abc", None), "HTTP/1.0 knows no chunks");
    let mut client = proxy.client("ks2");
    assert_eq!(client.ask("GET http://casino.example/ HTTP/1.0\r\n\r\n").status, 403);
    assert!(client.is_closed(), "HTTP/1.0 ends with the answer");
}

#[test]
fn an_old_origin_does_not_make_the_reader_old() {
    let origin = Scripted::saying("HTTP/1.0 200 OK\r\n\r\nuntil the end");
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let mut client = proxy.client("ks2");
    for _ in 0..2 {
        let answer = client.get("http://museum.example/");
        assert_eq!(answer.text(), "until the end");
        assert!(answer.head.starts_with("HTTP/1.1 ") && answer.header("transfer-encoding") == Some("chunked"), "{}", answer.head);
    }
}

#[test]
fn answers_without_a_body_have_none() {
    let (origin, proxy) = school();
    origin.serve("/long", Reply::ok("text/plain", "dinosaurs").header("ETag", "\"1\""));
    let none = Scripted::start(|mut stream| {
        while read_head(&mut stream).is_some() {
            drop(stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n"));
        }
    });
    let also = Setup::default().host("museum.example", none.address).start();
    let mut client = proxy.client("ks2");
    let head = client.ask("HEAD http://museum.example/long HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!((head.status, head.header("content-length")), (200, Some("9")), "the length that GET would have");
    assert_eq!(client.get_with("http://museum.example/long", "If-None-Match: \"1\"\r\n").status, 304);
    assert_eq!(client.get("http://museum.example/long").text(), "dinosaurs", "still in step");
    let mut client = also.client("ks2");
    for _ in 0..2 {
        let answer = client.get("http://museum.example/");
        assert_eq!((answer.status, answer.header("transfer-encoding")), (204, None), "{}", answer.head);
    }
    let mut client = proxy.client("ks2");
    let blocked = client.ask("HEAD http://casino.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(blocked.status, 403);
    assert_eq!(client.get("http://museum.example/long").text(), "dinosaurs", "still in step");
}

#[test]
fn chunks_and_trailers_go_both_ways() {
    let origin = Scripted::start(|mut stream| {
        let head = read_head(&mut stream).expect("a head").to_ascii_lowercase();
        let mut body = Vec::new();
        while !body.ends_with(b"0\r\nx-sum: 6\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("the body with its trailer");
            body.push(byte[0]);
        }
        assert!(head.contains("transfer-encoding: chunked") && head.contains("trailer: x-sum"), "{head}");
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n4\r\nback\r\n2;ext=1\r\n!!\r\n0\r\nX-End: 7\r\n\r\n";
        drop(stream.write_all(text.as_bytes()));
    });
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let answer = proxy.client("ks2").ask(
        "POST http://museum.example/ HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
         3\r\nabc\r\n3\r\ndef\r\n0\r\nX-Sum: 6\r\n\r\n",
    );
    assert_eq!((answer.status, answer.text().as_str()), (200, "back!!"));
    assert!(answer.trailers.eq_ignore_ascii_case("x-end: 7\r\n"), "{:?}", answer.trailers);
}

#[test]
fn a_reader_may_ask_before_sending_a_body() {
    let (origin, proxy) = school();
    let mut client = proxy.client("ks2");
    client.send("POST http://museum.example/form HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assert!(client.head().expect("a go-ahead").starts_with("HTTP/1.1 100"));
    client.send("abc");
    assert_eq!(client.answer().status, 404);
    assert_eq!((origin.seen()[0].body.as_slice(), origin.seen()[0].header("expect")), (&b"abc"[..], None));
    let mut client = proxy.client("ks2");
    client.send("POST http://casino.example/form HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assert!(client.head().expect("an answer").starts_with("HTTP/1.1 403"), "what is blocked is not asked for");
}

#[test]
fn a_web_socket_is_joined_to_its_origin() {
    let origin = Scripted::start(|mut stream| {
        let head = read_head(&mut stream).expect("a head").to_ascii_lowercase();
        assert!(head.contains("upgrade: websocket") && head.contains("connection: upgrade"), "{head}");
        drop(stream.write_all(b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello"));
        let mut bytes = [0; 4];
        while stream.read_exact(&mut bytes).is_ok() {
            bytes.reverse();
            drop(stream.write_all(&bytes));
        }
    });
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let mut client = proxy.client("ks2");
    let answer = client.get_with("http://museum.example/chat", "Connection: Upgrade\r\nUpgrade: websocket\r\n");
    assert_eq!((answer.status, answer.header("upgrade")), (101, Some("websocket")), "{}", answer.head);
    assert_eq!(client.exactly(5).expect("first word"), b"hello");
    for _ in 0..3 {
        client.send("abcd");
        assert_eq!(client.exactly(4).expect("echo"), b"dcba");
    }
}

#[test]
fn a_change_of_protocol_that_would_hide_requests_is_not_passed_on() {
    let (origin, proxy) = school();
    let asks = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    proxy.client("ks2").get_with("http://museum.example/", asks);
    let seen = &origin.seen()[0];
    assert_eq!((seen.header("upgrade"), seen.header("http2-settings")), (None, None));
}

#[test]
fn an_origin_may_send_many_headers() {
    let headers: String = (0..150).map(|number| format!("X-{number}: {number}\r\n")).collect();
    let origin = Scripted::saying(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 2\r\n\r\nok"));
    let proxy = Setup::default().host("museum.example", origin.address).start();
    let answer = proxy.client("ks2").get("http://museum.example/");
    assert_eq!((answer.status, answer.header("x-149")), (200, Some("149")));
}
