//! Readers who mean harm, or are broken. Whatever they do, nothing of theirs passes unjudged, and nothing of them stays.

use std::io::{ErrorKind, Read as _, Write as _};
use std::time::Duration;

use super::book::{Ask, Told};
use super::client::Client;
use super::crowd::{ALLOW, BLOCK, Came, Crowd, Deed, What, Who, connect, told};
use super::honest::false_name;
use super::origin::PAGE;
use super::school::{CASINOS, TUNNELS};

pub(super) const DEEDS: &[(&str, Deed)] = &[
    ("sends noise", noise),
    ("sends a byte now and then", trickle),
    ("stops half way", half),
    ("sends a header of a megabyte", huge_header),
    ("lies about its length", lies),
    ("hides a request in another", smuggles),
    ("takes nothing and resets", resets),
    ("sends many at once", pipelines),
    ("names another host", other_host),
    ("opens a tunnel under a false name", false_name),
    ("sends no TLS into a tunnel", no_tls),
    ("wants an odd port", odd_port),
    ("puts a tunnel into a tunnel", tunnel_in_tunnel),
    ("wants another protocol", other_protocol),
    ("asks for the inside", inside),
    ("wants a tunnel to the inside", tunnel_inside),
    ("asks through a proxy of its own", own_proxy),
    ("asks a broken site", broken_site),
    ("comes as a flood", flood),
];

/// Readers of one flood.
const FLOOD: usize = 120;
/// The gate lets go of whoever does not finish a header in 3 s; this is for a busy machine.
const LET_GO: Duration = Duration::from_secs(60);

/// Sends bytes that are no request, and waits to be let go.
fn send_and_leave(crowd: &Crowd<'_>, bytes: &[u8]) -> Came {
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    let _ = client.send(bytes);
    client.until_the_end();
    Came::Well
}

fn noise(crowd: &Crowd<'_>) -> Came {
    let mut state = crowd.fresh() | 1;
    let bytes = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    });
    send_and_leave(crowd, &bytes.take(4_000).collect::<Vec<_>>())
}

fn trickle(crowd: &Crowd<'_>) -> Came {
    let Some(mut stream) = crowd.open(Who::room()) else { return Came::Cut };
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("time-out");
    let start = std::time::Instant::now();
    for byte in b"GET http://site.example/trickle HTTP/1.1\r\nX: ".iter().chain(std::iter::repeat(&b'x')) {
        let sent = stream.write_all(&[*byte]);
        match (sent, stream.read(&mut [0; 256])) {
            (Ok(()), Ok(1..)) => {}
            (Ok(()), Err(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            _ => break,
        }
        if start.elapsed() > LET_GO {
            return crowd.fault(format!("whoever sends a byte now and then is still there after {LET_GO:?}"));
        }
    }
    Came::Well
}

fn half(crowd: &Crowd<'_>) -> Came {
    send_and_leave(crowd, b"GET http://site.example/half HTTP/1.1\r\nHost: site.exam")
}

fn huge_header(crowd: &Crowd<'_>) -> Came {
    let head = format!("GET http://site.example/huge HTTP/1.1\r\nHost: site.example\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    send_and_leave(crowd, head.as_bytes())
}

/// More announced than is sent, and less.
fn lies(crowd: &Crowd<'_>) -> Came {
    for (length, body) in [(1_000, "short"), (3, "abcdef\r\n\r\n")] {
        let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
        let path = crowd.enter(Who::room(), What::site("upload"), "POST", 80);
        let _ =
            client.send(format!("POST http://site.example{path} HTTP/1.1\r\nHost: site.example\r\nContent-Length: {length}\r\n\r\n{body}"));
        if length == 3 {
            client.until_the_end();
        }
        crowd.book.told(path, Told::Nothing);
    }
    Came::Well
}

/// If the second is taken for a request, it is to be judged as one.
fn smuggles(crowd: &Crowd<'_>) -> Came {
    for framing in
        ["Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity"]
    {
        let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
        let outer = crowd.enter(Who::room(), What::site("upload"), "POST", 80);
        let inner = crowd.enter(Who::room(), What { host: CASINOS, kind: "page", actions: BLOCK }, "GET", 80);
        let _ = client.send(format!(
            "POST http://site.example{outer} HTTP/1.1\r\nHost: site.example\r\n{framing}\r\n\r\n0\r\n\r\n\
             GET http://{CASINOS}{inner} HTTP/1.1\r\nHost: {CASINOS}\r\nConnection: close\r\n\r\n"
        ));
        client.until_the_end();
        crowd.book.told(outer, Told::Nothing);
        crowd.book.told(inner, Told::Nothing);
    }
    Came::Well
}

/// Closing what was not read makes the system send a reset.
fn resets(crowd: &Crowd<'_>) -> Came {
    for kind in ["large", "chunks", "slow"] {
        let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
        let path = crowd.enter(Who::room(), What::site(kind), "GET", 80);
        let _ = client.send(format!("GET http://site.example{path} HTTP/1.1\r\nHost: site.example\r\n\r\n"));
        super::pause(Duration::from_millis(30));
        crowd.book.told(path, Told::Nothing);
    }
    Came::Well
}

fn pipelines(crowd: &Crowd<'_>) -> Came {
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    let whats = [What::site("page"), What { host: CASINOS, kind: "page", actions: BLOCK }];
    let asked: Vec<_> = whats.iter().cycle().take(20).map(|what| (what.host, crowd.enter(Who::room(), *what, "GET", 80))).collect();
    let all: String = asked.iter().map(|(host, path)| format!("GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).collect();
    let mut open = client.send(all);
    let mut came = Came::Well;
    for (host, path) in asked {
        let answer = open.and_then(|()| client.answer("GET"));
        open = answer.as_ref().map(|_| ());
        crowd.book.told(path, told(answer.as_ref()));
        let status = if host == CASINOS { 403 } else { 200 };
        if crowd.check("one of many", answer, |answer| answer.status == status) != Came::Well {
            came = Came::Cut;
        }
    }
    came
}

/// What counts is the address; the origin gets the host that was judged.
fn other_host(crowd: &Crowd<'_>) -> Came {
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    let path = crowd.enter(Who::room(), What::site("page"), "GET", 80);
    let answer = client.ask(&format!("GET http://site.example{path} HTTP/1.1\r\nHost: {CASINOS}\r\n\r\n"));
    crowd.book.told(path, told(answer.as_ref()));
    crowd.check("another host", answer, |answer| answer.status == 200 && answer.body.len() == PAGE)
}

fn no_tls(crowd: &Crowd<'_>) -> Came {
    let Some((host, mut stream)) = crowd.tunnel(TUNNELS, ALLOW) else { return Came::Cut };
    let _ = stream.write_all(format!("GET /{host} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    crowd.book.told(host, Told::Judged);
    if said.is_empty() { Came::Well } else { crowd.fault("something answered what was no TLS in a tunnel".to_owned()) }
}

fn odd_port(crowd: &Crowd<'_>) -> Came {
    for port in [22, 25, 8443] {
        let Some(host) = crowd.book.take_host(TUNNELS) else { return Came::Cut };
        if crowd.tunnel_to(host, port, ALLOW, false).is_some() {
            return crowd.fault(format!("a tunnel to port {port} was opened"));
        }
    }
    Came::Well
}

fn tunnel_in_tunnel(crowd: &Crowd<'_>) -> Came {
    let open = "CONNECT site.example:80 HTTP/1.1\r\nHost: site.example:80\r\n\r\n";
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    let came = crowd.check("a plain tunnel", client.ask(open), |answer| answer.status == 200);
    if came != Came::Well {
        return came;
    }
    let second = Client::new(client.into_stream()).ask(open);
    crowd.check("a tunnel in a tunnel", second, |answer| answer.status == 400)
}

fn other_protocol(crowd: &Crowd<'_>) -> Came {
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    let wants = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    let answer = crowd.get(&mut client, Who::room(), What::site("page"), wants);
    crowd.check("h2c", answer, |answer| answer.status == 200 && answer.body.len() == PAGE)
}

/// Spellings of this machine, at the port where the origin waits.
fn inside(crowd: &Crowd<'_>) -> Came {
    let spellings = [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("[::ffff:7f00:1]", "127.0.0.1"),
        ("[64:ff9b::7f00:1]", "64:ff9b::7f00:1"),
        ("localhost", "localhost"),
    ];
    let (who, port) = (Who::room(), crowd.origin.port());
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    for (spelling, normal) in spellings {
        let what = What { host: normal, kind: "inside", actions: ALLOW };
        let path = crowd.enter(who, what, "GET", port);
        let answer = client.ask(&format!("GET http://{spelling}:{port}{path} HTTP/1.1\r\nHost: {spelling}:{port}\r\n\r\n"));
        crowd.book.told(path, told(answer.as_ref()));
        let came = crowd.check(spelling, answer, |answer| answer.status == 502);
        if came != Came::Well {
            return came;
        }
    }
    Came::Well
}

/// Nothing of these is a request of its own: not one may be recorded or arrive.
fn own_proxy(crowd: &Crowd<'_>) -> Came {
    let request = "GET http://site.example/own-proxy HTTP/1.1\r\nHost: site.example\r\n";
    send_and_leave(crowd, format!("PROXY TCP4 192.0.2.1 192.0.2.2 4000 80\r\n{request}\r\n").as_bytes());
    send_and_leave(crowd, b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x0f\xa0\x00\x50GET / HTTP/1.1\r\n\r\n");
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    let answer = client.ask(&format!("{request}Via: 1.1 other, 1.1 {}\r\n\r\n", crowd.via));
    crowd.check("a request that came round", answer, |answer| answer.status == 508)
}

/// The site's fault is told as such, or the answer breaks off; it never looks whole.
fn broken_site(crowd: &Crowd<'_>) -> Came {
    for kind in ["short", "broken", "mad", "noise"] {
        let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
        if let Some(answer) = crowd.get(&mut client, Who::room(), What::site(kind), "")
            && answer.status != 502
        {
            return crowd.fault(format!("a broken answer ({kind}) looks whole: {}", answer.head));
        }
    }
    Came::Well
}

/// Many at once: some say nothing, some ask and do not wait for the answer.
fn flood(crowd: &Crowd<'_>) -> Came {
    let mut streams = Vec::new();
    for number in 0..FLOOD {
        let Some(mut stream) = crowd.open(Who::room()) else { return Came::Cut };
        if number % 3 == 0 {
            let path = crowd.enter(Who::room(), What::site("page"), "GET", 80);
            let _ = stream.write_all(format!("GET http://site.example{path} HTTP/1.1\r\nHost: site.example\r\n\r\n").as_bytes());
            crowd.book.told(path, Told::Nothing);
        }
        streams.push(stream);
    }
    drop(streams);
    Came::Well
}

/// It is judged, and never opened.
fn tunnel_inside(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let [_, high, middle, low] = u32::try_from(crowd.fresh()).unwrap_or_default().to_be_bytes();
    let host = format!("127.{high}.{middle}.{low}");
    crowd.book.ask(Ask { host: host.clone(), ..connect(who, ALLOW) });
    let answer = client.ask(&format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n"));
    crowd.book.told(host, told(answer.as_ref()));
    crowd.check("a tunnel to the inside", answer, |answer| answer.status == 502)
}
