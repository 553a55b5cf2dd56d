//! The public collections of requests that proxies and servers read differently, over an open tunnel to port 80, where they can be
//! sent as they are. Run by hand: `SCHOOLGATE_DATA=folder cargo test -p proxy --test it conformance -- --ignored --nocapture`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use event::Address;
use testkit::origin::{Origin, Reply};

use crate::ambiguity::school;
use crate::client::Client;
use crate::harness::Setup;
use crate::origins::Scripted;

#[expect(clippy::disallowed_methods, reason = "the collections are not ours to carry: the person who runs this says where they lie")]
fn data() -> PathBuf {
    PathBuf::from(std::env::var_os("SCHOOLGATE_DATA").expect("SCHOOLGATE_DATA names the folder with the collections")).join("3-conformance")
}

/// Sends bytes through a tunnel. Gives how many requests were allowed and how many the origin received; they must be the same ones.
fn send(bytes: &[u8]) -> Result<(usize, usize), String> {
    let (origin, proxy) = school(&["museum.example"]);
    let mut client = Client::new(proxy.client("ks2").tunnel("museum.example:80"));
    client.send(bytes);
    client.rest();
    let seen = origin.seen();
    let judged: Vec<_> = proxy.raw_events().into_iter().map(|event| (event.method, event.address)).collect();
    if seen.len() > judged.len() {
        return Err(format!("{} requests judged, {} received", judged.len(), seen.len()));
    }
    for (seen, (method, address)) in seen.iter().zip(&judged) {
        let Address::Shown { path, .. } = address else { return Err("sealed".to_owned()) };
        let path_seen = filter::target::matching_path(seen.target.split('?').next().unwrap_or_default(), None);
        if *seen.method != **method || path.as_ref() != Some(&path_seen) || seen.header("host") != Some("museum.example") {
            return Err(format!("received {} {}, which is not what was judged", seen.method, seen.target));
        }
    }
    Ok((judged.len(), seen.len()))
}

/// Undoes the escapes of Python's byte strings.
fn unescape(text: &str) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text.as_bytes());
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (*byte, tail) {
            (b'\\', [b'x', high, low, after @ ..]) => {
                let digits = [*high, *low];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).expect("digits"), 16).expect("an escape"));
                rest = after;
            }
            (b'\\', [letter, after @ ..]) => {
                out.push(match letter {
                    b'r' => b'\r',
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'f' => 0x0c,
                    other => *other,
                });
                rest = after;
            }
            _ => out.push(*byte),
        }
    }
    out
}

/// Strings of a JSON line, wherever in it, of the key `payloads`.
fn payloads(line: &str) -> Vec<String> {
    let list = line.split_once("\"payloads\": [").map_or("", |(_, rest)| rest);
    let (mut found, mut current, mut escaped) = (Vec::new(), None::<String>, false);
    for letter in list.chars() {
        match (&mut current, letter) {
            (None, ']') => break,
            (None, '"') => current = Some(String::new()),
            (None, _) => {}
            (Some(text), _) if escaped => {
                text.push(letter);
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => found.extend(current.take()),
            (Some(text), _) => text.push(letter),
        }
    }
    found
}

#[test]
#[ignore = "needs the public collections"]
fn known_smuggling_never_gets_a_request_past_the_judge() {
    let text = std::fs::read_to_string(data().join("http1-smuggling/http-garden-payloads.jsonl")).expect("payloads");
    let (mut passed, mut counts, mut failed) = (0, BTreeMap::<_, usize>::new(), Vec::new());
    let mut without = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let found = payloads(line);
        without += usize::from(found.is_empty());
        for payload in found {
            match send(&unescape(&payload)) {
                Ok((judged, _)) => {
                    passed += 1;
                    *counts.entry(judged).or_default() += 1;
                }
                Err(why) => failed.push(format!("line {number}: {why}: {payload}")),
            }
        }
    }
    println!(
        "smuggling: {passed} payloads passed (by requests that were understood: {counts:?}); {without} entries without a payload not applicable; {} failed",
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
}

/// A case of llhttp: a name, what it is (`request`, `request-lenient-...`), the bytes, and the log it expects.
struct Case {
    name: String,
    kind: String,
    bytes: Vec<u8>,
    log: String,
}

/// The cases of the files whose names begin so.
fn llhttp(start: &str) -> Vec<Case> {
    let mut files: Vec<_> =
        std::fs::read_dir(data().join("http1-llhttp")).expect("folder").map(|entry| entry.expect("entry").path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files.iter().filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))) {
        let text = std::fs::read_to_string(file).expect("file");
        let file = file.file_stem().expect("name").to_string_lossy();
        for (number, part) in text.split("<!-- meta=").enumerate().skip(1) {
            let kind = part.split("\"type\":").nth(1).and_then(|rest| rest.split('"').nth(1)).unwrap_or_default().to_owned();
            let block =
                |fence: &str| part.split_once(fence).and_then(|(_, rest)| rest.split_once("\n```")).map(|(text, _)| text.to_owned());
            if let (Some(http), Some(log)) = (block("```http\n"), block("```log\n")) {
                let mut http = http.replace("\\\n", "").replace('\n', "\r\n");
                // Their cases are for a parser, which asks for no host; a proxy has to.
                if !http.to_ascii_lowercase().contains("host:") {
                    http = http.replace(" HTTP/1.1\r\n", " HTTP/1.1\r\nHost: museum.example\r\n");
                }
                let bytes = unescape(&http);
                cases.push(Case { name: format!("{file} {number}"), kind, bytes, log });
            }
        }
    }
    cases
}

fn not_applicable(case: &Case) -> Option<&'static str> {
    match () {
        () if case.kind.contains("lenient") => Some("a lenient mode of that parser"),
        () if case.kind.contains("pause") || case.name.contains("pausing") => Some("pausing that parser"),
        () if case.kind.contains("finish") || case.name.contains("_finish") => Some("telling that parser of an end"),
        () if case.log.contains("protocol") && !case.log.contains("span[protocol]=\"HTTP\"") => Some("another protocol than HTTP"),
        () => None,
    }
}

/// Requests which that parser takes and we do not, and why.
const STRICTER: [(&str, &str); 11] = [
    ("request_method 2", "a tunnel in a tunnel"),
    ("request_method 3", "a tunnel in a tunnel"),
    ("request_method 4", "a tunnel in a tunnel"),
    ("request_method 5", "`*` is no address of a site"),
    ("request_sample 10", "HTTP/0.9"),
    ("request_transfer-encoding 20", "a coding beside `chunked`, of which nothing would tell the origin (RFC 9112, 6.1)"),
    ("request_transfer-encoding 21", "a coding beside `chunked`, of which nothing would tell the origin (RFC 9112, 6.1)"),
    ("request_uri 1", "a quotation mark in an address (RFC 3986, 2)"),
    ("request_uri 3", "no host is named (RFC 9112, 3.2)"),
    ("request_uri 9", "a tunnel in a tunnel"),
    ("request_uri 10", "a user name in an address"),
];

#[test]
#[ignore = "needs the public collections"]
fn requests_of_llhttp_are_judged_as_that_parser_reads_them_or_refused() {
    let (mut alike, mut stricter, mut apart, mut failed) = (0, Vec::new(), BTreeMap::<_, usize>::new(), Vec::new());
    for case in llhttp("request_") {
        if let Some(why) = not_applicable(&case) {
            *apart.entry(why).or_default() += 1;
            continue;
        }
        let complete = case.log.matches("message complete").count();
        let begun = case.log.matches("message begin").count();
        match send(&case.bytes) {
            // A message is judged when its head is there, and complete only when its body is.
            Ok((judged, _)) if judged == complete || judged == begun => alike += 1,
            Ok((judged, _)) if judged < complete => match STRICTER.iter().find(|(name, _)| *name == case.name) {
                Some((_, why)) => stricter.push(format!("{}: {why}", case.name)),
                None => failed.push(format!("{}: {judged} of {complete} judged, for no reason that is known", case.name)),
            },
            Ok((judged, _)) => failed.push(format!("{}: {judged} judged, {begun} begun", case.name)),
            Err(why) => failed.push(format!("{}: {why}", case.name)),
        }
    }
    println!(
        "llhttp requests: {alike} alike; {} refused where that parser is laxer: {stricter:#?}; not applicable: {apart:?}; {} failed",
        stricter.len(),
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
#[ignore = "needs the public collections"]
fn no_answer_of_llhttp_becomes_the_answer_to_another_request() {
    let (mut passed, mut apart) = (0, BTreeMap::<_, usize>::new());
    let museum = Origin::start().expect("origin");
    museum.serve("/after", Reply::ok("text/plain", "after"));
    for case in llhttp("response_") {
        if let Some(why) = not_applicable(&case) {
            *apart.entry(why).or_default() += 1;
            continue;
        }
        let odd = Scripted::saying(case.bytes.clone());
        let proxy = Setup::default().host("odd.example", odd.address).host("museum.example", museum.address()).start();
        let mut client = proxy.client("ks2");
        client.send("GET http://odd.example/ HTTP/1.1\r\nHost: odd.example\r\n\r\nGET http://museum.example/after HTTP/1.1\r\nHost: museum.example\r\n\r\n");
        let first = client.answer_to("GET");
        // Whatever the first answer was, the second is the right one, or the connection ended.
        let second = first.and_then(|_| client.answer_to("GET"));
        assert!(second.is_none_or(|second| second.text() == "after"), "{}", case.name);
        assert_eq!(proxy.client("ks2").get("http://museum.example/after").text(), "after", "{}", case.name);
        passed += 1;
    }
    println!("llhttp answers: {passed} passed; not applicable: {apart:?}");
}
