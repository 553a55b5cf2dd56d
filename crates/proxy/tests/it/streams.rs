//! Large bodies, and origins that fail: nothing hangs, nothing is held in memory, nothing is passed off as whole.

use std::io::{Read as _, Write as _};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::harness::{Proxy, Setup};
use crate::origins::{Scripted, nobody, read_head};

/// Far more than all buffers on the way hold.
const MOST_ON_THE_WAY: usize = 48 << 20;
const MEGABYTE: usize = 1 << 20;

fn before(origin: &Scripted) -> Proxy {
    Setup::default().host("museum.example", origin.address).start()
}

/// How much a side had sent when it stopped getting on.
fn stalls_at(progress: &mpsc::Receiver<usize>) -> usize {
    let mut sent = 0;
    while let Ok(count) = progress.recv_timeout(Duration::from_millis(700)) {
        sent = count;
        assert!(sent < MOST_ON_THE_WAY, "the proxy swallows what nobody takes");
    }
    sent
}

fn pour(stream: &mut impl std::io::Write, progress: &mpsc::Sender<usize>) {
    let piece = vec![b'x'; 64 * 1024];
    let mut sent = 0;
    while stream.write_all(&piece).is_ok() {
        sent += piece.len();
        let _ = progress.send(sent);
    }
}

#[test]
fn a_reader_who_does_not_take_stops_the_origin() {
    let (sender, progress) = mpsc::channel();
    let origin = Scripted::start(move |mut stream| {
        read_head(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"));
        pour(&mut stream, &sender);
    });
    let proxy = before(&origin);
    let mut client = proxy.client("ks2");
    client.send("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(stalls_at(&progress) > 0);
    client.head().expect("a head");
    assert_eq!(client.exactly(60 * MEGABYTE).expect("all of it, in time").len(), 60 * MEGABYTE);
}

#[test]
fn an_origin_that_does_not_take_stops_the_reader() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let origin = Scripted::start(move |mut stream| {
        read_head(&mut stream);
        let _ = wait.lock().expect("wait").recv();
        drop(std::io::copy(&mut (&stream).take(60 * MEGABYTE as u64), &mut std::io::sink()));
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    });
    let proxy = before(&origin);
    let mut client = proxy.client("ks2");
    client.send(format!("POST http://museum.example/ HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 60 * MEGABYTE));
    let (sender, progress) = mpsc::channel();
    let mut upload = client.stream.try_clone().expect("stream");
    let sending = std::thread::spawn(move || {
        for count in 1..=60 {
            upload.write_all(&vec![b'x'; MEGABYTE]).expect("send");
            let _ = sender.send(count * MEGABYTE);
        }
    });
    stalls_at(&progress);
    go.send(()).expect("go");
    assert_eq!(client.answer().text(), "ok");
    sending.join().expect("sent");
}

#[test]
fn a_reader_who_never_takes_is_let_go() {
    let (sender, progress) = mpsc::channel();
    let origin = Scripted::start(move |mut stream| {
        read_head(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"));
        pour(&mut stream, &sender);
        let _ = sender.send(usize::MAX);
    });
    let proxy = Setup::default().host("museum.example", origin.address).settings(|it| it.tunnel_idle = Duration::from_millis(500)).start();
    let mut client = proxy.client("ks2");
    client.send("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    let start = Instant::now();
    while progress.recv_timeout(Duration::from_secs(10)).expect("the origin is let go too") != usize::MAX {
        assert!(start.elapsed() < Duration::from_secs(20));
    }
}

/// The status of an origin's answer that says these bytes and hangs up.
fn check(bytes: impl Into<Vec<u8>>, status: u16) {
    let bytes = bytes.into();
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    let proxy = before(&Scripted::saying(bytes));
    let answer = proxy.client("ks2").get("http://museum.example/");
    assert_eq!(answer.status, status, "{shown:?}");
    assert!(status != 502 || answer.text().contains("gave no proper answer"), "{}", answer.text());
}

#[test]
fn an_origin_that_makes_no_sense_gives_a_page_that_says_so() {
    check("", 502);
    check("SSH-2.0-OpenSSH_9.6\r\n", 502);
    check([0x16, 3, 1, 0, 200, 1, 0, 0], 502);
    check("HTTP/1.1 200 OK\r\nContent-Len", 502);
    check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 502);
    check("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 502);
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 502);
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 502);
    check("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 502);
    check(format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Much: x\r\n".repeat(200_000)), 502);
    check("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200);
}

#[test]
fn an_origin_that_is_not_there_gives_a_page_that_says_so() {
    let proxy = Setup::default().host("museum.example", nobody()).start();
    let answer = proxy.client("ks2").get("http://museum.example/");
    assert_eq!(answer.status, 502);
    assert_eq!(answer.text(), "This page did not open, but you have done nothing wrong. The site does not answer.\n");
    assert_eq!(proxy.events().len(), 1);
}

#[test]
fn headers_without_end_end_in_a_page() {
    let origin = Scripted::start(|mut stream| {
        read_head(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\n"));
        while stream.write_all(b"X-More: and more\r\n").is_ok() {}
    });
    let answer = before(&origin).client("ks2").get("http://museum.example/");
    assert_eq!(answer.status, 502);
}

#[test]
fn an_origin_that_never_answers_is_not_waited_for_for_ever() {
    let origin = Scripted::start(|mut stream| drop(stream.read_to_end(&mut Vec::new())));
    let proxy =
        Setup::default().host("museum.example", origin.address).settings(|it| it.answer_timeout = Duration::from_millis(300)).start();
    let answer = proxy.client("ks2").get("http://museum.example/");
    assert_eq!(answer.status, 504);
    assert!(answer.text().contains("too long"), "{}", answer.text());
}

/// What the reader gets of an origin's body that breaks off must not look whole.
fn check_cut(bytes: &'static str) {
    let proxy = before(&Scripted::saying(bytes));
    let mut client = proxy.client("ks2");
    client.send("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(client.answer_to("GET").is_none(), "{bytes:?}");
}

#[test]
fn a_body_that_breaks_off_does_not_look_whole() {
    check_cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    check_cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n");
    check_cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\nbad\r\n");
}

#[test]
fn a_body_that_falls_silent_is_cut() {
    let origin = Scripted::start(|mut stream| {
        read_head(&mut stream);
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"));
        drop(stream.read_to_end(&mut Vec::new()));
    });
    let proxy = Setup::default().host("museum.example", origin.address).settings(|it| it.body_idle = Duration::from_millis(300)).start();
    let mut client = proxy.client("ks2");
    client.send("GET http://museum.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    assert!(client.answer_to("GET").is_none());
}

#[test]
fn what_an_origin_says_too_much_is_nobodys_answer() {
    let origin = Scripted::saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nrightHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
    let proxy = before(&origin);
    let mut client = proxy.client("ks2");
    for _ in 0..3 {
        assert_eq!(client.get("http://museum.example/").text(), "right");
    }
}

#[test]
fn a_reader_whose_body_is_refused_still_reads_why() {
    let proxy = Setup::default().start();
    for length in [1000, 200_000, 2 * MEGABYTE] {
        let mut client = proxy.client("ks2");
        let mut upload: Client = Client::new(client.stream.try_clone().expect("stream"));
        let sending = std::thread::spawn(move || {
            let head = format!("POST http://casino.example/ HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
            drop(upload.stream.write_all(head.as_bytes()));
            drop(upload.stream.write_all(&vec![b'x'; length]));
        });
        sending.join().expect("sent");
        assert_eq!(client.answer().status, 403, "{length}");
    }
}
