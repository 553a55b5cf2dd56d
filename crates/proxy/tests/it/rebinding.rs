//! Names that lead inside, at once or only the second time: what a name server says is looked at each time it is asked, and exactly
//! what was looked at is dialled.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use proxy::dial::Resolver;

use crate::client::Answer;
use crate::harness::{Proxy, Setup, until};
use crate::origins::read_head;

/// An address that stands for the world outside: a range that the school opened. The inside is the rest of this machine.
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(127, 9, 9, 9);
const INSIDE: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// An origin at every address of this machine, that keeps the address at which each request came in and then hangs up.
struct Everywhere {
    port: u16,
    reached_at: Arc<Mutex<Vec<IpAddr>>>,
}

/// What the name server says, one answer after the other, the last for ever; and how often it was asked.
type Says = Arc<Mutex<(Vec<Vec<IpAddr>>, Vec<String>)>>;

impl Everywhere {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("port");
        let (port, reached_at) = (listener.local_addr().expect("address").port(), Arc::<Mutex<Vec<_>>>::default());
        let reaching = Arc::clone(&reached_at);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let at = stream.local_addr().expect("address").ip();
                reaching.lock().expect("reached").push(at);
                if read_head(&mut stream).is_some() {
                    drop(stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
                }
            }
        });
        Self { port, reached_at }
    }
}

/// A proxy whose name server says this.
fn proxy(answers: &[&[&str]]) -> (Proxy, Says) {
    let parse = |answer: &&[&str]| answer.iter().map(|address| address.parse().expect("an address")).collect();
    let says: Says = Arc::new(Mutex::new((answers.iter().map(parse).rev().collect(), Vec::new())));
    let asked = Arc::clone(&says);
    let mut setup = Setup::default();
    setup.dial.allow_ranges.push(IpAddr::from(OUTSIDE).into());
    setup.dial.resolver = Resolver::new(move |name| {
        let (answers, names) = &mut *asked.lock().expect("answers");
        names.push(name.to_owned());
        Ok(if answers.len() > 1 { answers.pop() } else { answers.last().cloned() }.unwrap_or_default())
    });
    setup.settings.tunnel_ports = (1..=u16::MAX).collect();
    (setup.start(), says)
}

fn get(proxy: &Proxy, port: u16) -> Answer {
    proxy.client("staff").get(&format!("http://turning.example:{port}/"))
}

fn connect(proxy: &Proxy, port: u16) -> Answer {
    proxy.client("staff").ask(&format!("CONNECT turning.example:{port} HTTP/1.1\r\nHost: x\r\n\r\n"))
}

fn is_refused(answer: &Answer) -> bool {
    answer.status == 502 && answer.text().contains("own network")
}

#[test]
fn a_name_that_leads_inside_opens_nothing() {
    let origin = Everywhere::start();
    for inner in
        ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "64:ff9b::7f00:1", "2002:7f00:1::1", "fe80::1"]
    {
        let (proxy, _) = proxy(&[&[inner]]);
        assert!(is_refused(&get(&proxy, origin.port)), "{inner}");
        assert!(is_refused(&connect(&proxy, origin.port)), "{inner}");
    }
    assert!(origin.reached_at.lock().expect("reached").is_empty());
}

#[test]
fn a_name_is_asked_for_once_and_what_was_looked_at_is_dialled() {
    let origin = Everywhere::start();
    // Whoever asked again between looking and dialling would get the inside.
    let (proxy, says) = proxy(&[&["127.9.9.9"], &["127.0.0.1"]]);
    assert_eq!(get(&proxy, origin.port).text(), "ok");
    assert_eq!(says.lock().expect("asked").1, ["turning.example."], "with a last dot: the school's own domain is not tried");
    assert_eq!(*origin.reached_at.lock().expect("reached"), [OUTSIDE]);
}

#[test]
fn a_name_that_turns_inside_is_refused_from_then_on() {
    let origin = Everywhere::start();
    let (proxy, _) = proxy(&[&["127.9.9.9"], &["127.0.0.1"]]);
    assert_eq!(get(&proxy, origin.port).text(), "ok");
    // The origin hung up; the next request has to dial anew.
    until("the kept connection is gone", || is_refused(&get(&proxy, origin.port)));
    assert!(is_refused(&connect(&proxy, origin.port)));
    assert!(!origin.reached_at.lock().expect("reached").contains(&INSIDE.into()));
}

#[test]
fn of_an_answer_that_mixes_both_only_the_outside_is_dialled() {
    let origin = Everywhere::start();
    let (proxy, _) = proxy(&[&["127.0.0.1", "127.9.9.9", "::1", "10.0.0.1"]]);
    for _ in 0..3 {
        assert_eq!(get(&proxy, origin.port).text(), "ok");
        assert_eq!(connect(&proxy, origin.port).status, 200);
    }
    until("all have come", || origin.reached_at.lock().expect("reached").len() >= 6);
    assert!(origin.reached_at.lock().expect("reached").iter().all(|at| *at == OUTSIDE));
}

#[test]
fn a_name_that_leads_nowhere_says_so() {
    let (proxy, _) = proxy(&[&[]]);
    let answer = get(&proxy, 80);
    assert!(answer.status == 502 && answer.text().contains("cannot be found"), "{}", answer.text());
}

#[test]
fn a_name_that_leads_to_the_filter_itself_is_no_circle() {
    let (proxy, _) = proxy(&[&["127.9.9.9"]]);
    // Its listeners are at 127.0.0.1; the same port elsewhere is another machine's.
    assert_eq!(get(&proxy, proxy.address("ks2").port()).status, 502);
}
