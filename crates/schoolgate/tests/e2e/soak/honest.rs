//! Readers who do what readers do. Each of them must get what is due.

use std::net::Ipv4Addr;

use super::book::{Ask, Told};
use super::client::{Client, tls};
use super::crowd::{ALLOW, BLOCK, Came, Crowd, Deed, What, Who, connect, told};
use super::origin::{LARGE, PAGE};
use super::school::{CASINOS, TUNNELS};

pub(super) const DEEDS: &[(&str, Deed)] = &[
    ("reads on one connection", reads),
    ("meets a closed site", closed),
    ("reads in a secure tunnel", secure),
    ("meets a closed secure site", secure_closed),
    ("is too young for the unknown", young),
    ("is warned and goes on", warned),
    ("uploads", uploads),
    ("keeps a web socket", socket),
    ("signs in", signs_in),
    ("reads through a plain tunnel", plain_tunnel),
    ("asks where rules come and go", toggled),
    ("meets a sealed site", sealed),
    ("reads the gate's own pages", own_pages),
];

fn reads(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    for (kind, length) in [("page", PAGE), ("chunks", LARGE), ("page", PAGE), ("large", LARGE), ("slow", 4), ("page", PAGE)] {
        let answer = crowd.get(&mut client, who, What::site(kind), "");
        let came = crowd.check(kind, answer, |answer| answer.status == 200 && answer.body.len() == length);
        if came != Came::Well {
            return came;
        }
    }
    Came::Well
}

fn closed(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let answer = crowd.get(&mut client, who, What { host: CASINOS, kind: "page", actions: BLOCK }, "");
    crowd.check("a closed site", answer, |answer| answer.status == 403 && answer.text().contains("This page is closed at school"))
}

fn secure(crowd: &Crowd<'_>) -> Came {
    let Some((host, stream)) = crowd.tunnel(TUNNELS, ALLOW) else { return Came::Cut };
    let request = format!("GET /{host} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let answer = tls(stream, &host, &crowd.sites).and_then(|mut client| client.ask(&request));
    let came = crowd.check("a secure site", answer, |answer| answer.status == 200 && answer.body.len() == PAGE);
    crowd.book.told(host, if came == Came::Well { Told::Passed } else { Told::Nothing });
    came
}

fn secure_closed(crowd: &Crowd<'_>) -> Came {
    let Some((host, stream)) = crowd.tunnel(CASINOS, BLOCK) else { return Came::Cut };
    let request = format!("GET /win HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n\r\n");
    let answer = tls(stream, &host, &crowd.pages).and_then(|mut client| client.ask(&request));
    let came = crowd.check("a closed secure site", answer, |answer| answer.status == 403 && answer.text().contains("closed at school"));
    crowd.book.told(host, Told::Stopped);
    came
}

fn young(crowd: &Crowd<'_>) -> Came {
    let who = Who::at("infants");
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let answer = crowd.get(&mut client, who, What { host: "site.example", kind: "page", actions: &["ask"] }, "");
    let came = crowd.check("the unknown", answer, |answer| answer.status == 403 && answer.text().contains("ask your teacher"));
    if came != Came::Well {
        return came;
    }
    let answer = crowd.get(&mut client, who, What { host: "childline.org.uk", kind: "page", actions: ALLOW }, "");
    crowd.check("a help line", answer, |answer| answer.status == 200 && answer.body.len() == PAGE)
}

/// A warning that was read holds for the address it was read at, so each comes from another.
fn warned(crowd: &Crowd<'_>) -> Came {
    let [_, high, middle, low] = u32::try_from(crowd.fresh()).unwrap_or_default().to_be_bytes();
    let who = Who { source: Ipv4Addr::new(127, 64 | high, middle, low).into(), ..Who::room() };
    let what = What { host: "play.example", kind: "page", actions: &["warn"] };
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let Some(page) = crowd.get(&mut client, who, what, "") else { return Came::Cut };
    let text = page.text();
    let Some(link) = text.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.contains("go-on")) else {
        return crowd.fault(format!("a warning has no way on: {}", page.head));
    };
    let link = link.replace("&amp;", "&");
    let going = client.ask(&format!("GET http://play.example{link} HTTP/1.1\r\nHost: play.example\r\n\r\n"));
    let came = crowd.check("going on", going, |answer| answer.status == 303);
    let Some(mut client) = crowd.client(who).filter(|_| came == Came::Well) else { return came };
    let answer = crowd.get(&mut client, who, what, "");
    crowd.check("after a warning", answer, |answer| answer.status == 200 && answer.body.len() == PAGE)
}

fn uploads(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let body = vec![b'u'; 50_000];
    let chunk = [b"c350\r\n", &body[..], b"\r\n0\r\n\r\n"].concat();
    for (framing, sent) in [("Content-Length: 50000", &body), ("Transfer-Encoding: chunked", &chunk)] {
        let path = crowd.enter(who, What::site("upload"), "POST", 80);
        let head = format!("POST http://site.example{path} HTTP/1.1\r\nHost: site.example\r\n{framing}\r\n\r\n");
        let answer = client.send([head.as_bytes(), &sent[..]].concat()).and_then(|()| client.answer("POST"));
        crowd.book.told(path, told(answer.as_ref()));
        let came = crowd.check("an upload", answer, |answer| answer.text() == "got 50000");
        if came != Came::Well {
            return came;
        }
    }
    Came::Well
}

fn socket(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let answer = crowd.get(&mut client, who, What::site("socket"), "Connection: Upgrade\r\nUpgrade: websocket\r\n");
    let came = crowd.check("a web socket", answer, |answer| answer.status == 101);
    for _ in 0..5 {
        if came != Came::Well {
            return came;
        }
        match client.send(b"frame-01").and_then(|()| client.exactly(8)) {
            Some(frame) if frame == b"10-emarf" => super::pause(std::time::Duration::from_millis(50)),
            Some(frame) => return crowd.fault(format!("a web socket said {frame:?}")),
            None => return Came::Cut,
        }
    }
    Came::Well
}

fn signs_in(crowd: &Crowd<'_>) -> Came {
    let who = Who::at("desk");
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let stranger = client.ask("GET http://site.example/stranger HTTP/1.1\r\nHost: site.example\r\n\r\n");
    let came = crowd.check("a stranger", stranger, |answer| answer.status == 407);
    if came != Came::Well {
        return came;
    }
    let answer = crowd.get(&mut client, who, What::site("page"), &crowd.login);
    crowd.check("Ada", answer, |answer| answer.status == 200 && answer.body.len() == PAGE)
}

/// Browsers open one for plain web sockets; each request in it is judged.
fn plain_tunnel(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    let opened = client.ask("CONNECT site.example:80 HTTP/1.1\r\nHost: site.example:80\r\n\r\n");
    let came = crowd.check("a plain tunnel", opened, |answer| answer.status == 200);
    if came != Came::Well {
        return came;
    }
    let mut client = Client::new(client.into_stream());
    let answer = crowd.get(&mut client, who, What::site("page"), "");
    crowd.check("a page in a plain tunnel", answer, |answer| answer.status == 200 && answer.body.len() == PAGE)
}

fn toggled(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let Some(mut client) = crowd.client(who) else { return Came::Cut };
    for host in ["toggle.example", "list-toggle.example"] {
        let answer = crowd.get(&mut client, who, What { host, kind: "page", actions: &["allow", "block"] }, "");
        let came = crowd.check("a rule that comes and goes", answer, |answer| matches!(answer.status, 200 | 403));
        if came != Came::Well {
            return came;
        }
    }
    Came::Well
}

fn sealed(crowd: &Crowd<'_>) -> Came {
    let Some(mut client) = crowd.client(Who::room()) else { return Came::Cut };
    crowd.book.sealed_asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let answer = client.ask("GET http://sealed.example/secret HTTP/1.1\r\nHost: sealed.example\r\n\r\n");
    crowd.check("a sealed site", answer, |answer| answer.status == 403 && !answer.text().contains("sealed.example"))
}

fn own_pages(crowd: &Crowd<'_>) -> Came {
    let Some(mut client) = crowd.client(Who::at("infants")) else { return Came::Cut };
    for page in ["start", "open", "worried", "proxy.pac"] {
        let host = if page == "proxy.pac" { String::new() } else { "http://schoolgate.internal".to_owned() };
        let answer = client.ask(&format!("GET {host}/{page} HTTP/1.1\r\nHost: gate.school.example\r\n\r\n"));
        let came = crowd.check(page, answer, |answer| answer.status == 200);
        if came != Came::Well {
            return came;
        }
    }
    Came::Well
}

/// A tunnel opened for one name that carries another, which is closed: it is judged by the true one.
pub(super) fn false_name(crowd: &Crowd<'_>) -> Came {
    let who = Who::room();
    let (Some(inner), Some((outer, stream))) = (crowd.book.take_host(CASINOS), crowd.tunnel(TUNNELS, ALLOW)) else { return Came::Cut };
    crowd.book.ask(Ask { via: "sni", host: inner.clone(), ..connect(who, BLOCK) });
    let request = format!("GET /win HTTP/1.1\r\nHost: {inner}\r\nAccept: text/html\r\n\r\n");
    let answer = tls(stream, &inner, &crowd.pages).and_then(|mut client| client.ask(&request));
    let came = crowd.check("a false name", answer, |answer| answer.status == 403 && answer.text().contains("closed at school"));
    crowd.book.told(outer, Told::Judged);
    crowd.book.told(inner, if came == Came::Well { Told::Stopped } else { Told::Nothing });
    came
}
