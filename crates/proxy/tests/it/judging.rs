//! What a reader sees in place of a page, and what is recorded of it.

use base64::Engine as _;
use event::Address;
use sha2::{Digest as _, Sha256};
use testkit::origin::{Origin, Reply};

use crate::client::{Answer, Client};
use crate::harness::{Proxy, SIGN_IN, Setup, other_source};

/// A page as every reader must get it: closed, unkept, small, without script, its style allowed by its hash alone.
fn check_page(answer: &Answer, status: u16) -> String {
    let text = answer.text();
    assert_eq!((answer.status, answer.header("cache-control")), (status, Some("no-store")), "{}", answer.head);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    assert!(text.len() < 60 * 1024 && !text.contains("<script"), "{} bytes", text.len());
    let style = text.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).expect("a style").0;
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style));
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")) && policy.contains("default-src 'none'"), "{policy}");
    let page = text.split_once("</style>").map(|(_, body)| body.to_owned()).expect("a body");
    assert!(page.contains("http://schoolgate.internal/open") && page.contains("http://schoolgate.internal/worried"), "{page}");
    page
}

/// What a link leads to, as a browser would read it.
fn link(page: &str, with: &str) -> String {
    page.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.contains(with)).expect("a link").replace("&amp;", "&")
}

#[test]
fn each_reader_gets_a_page_for_their_age() {
    let proxy = Setup::default().start();
    let page = |profile: &str| check_page(&proxy.client(profile).get("http://www.casino.example/win?big=1"), 403);
    let young = page("early-years-ks1");
    assert!(!young.contains("casino") && !young.contains("Gambling") && young.contains("not in trouble"), "{young}");
    let child = page("ks2");
    assert!(!child.contains("casino") && child.contains("Betting") | child.contains("ambling"), "{child}");
    let teen = page("ks3");
    assert!(teen.contains("www.casino.example/win") && teen.contains("Gambling") && !teen.contains("Sites on no list"), "{teen}");
    let staff = page("staff");
    assert!(staff.contains("Sites on no list") && staff.contains("no licensed list"), "how it was decided, and what is missing: {staff}");
    assert_eq!(proxy.events(), vec!["Http Block www.casino.example:80 /win"; 4]);
}

#[test]
fn a_part_of_a_page_gets_a_line_of_text() {
    let proxy = Setup::default().start();
    for headers in [
        "Sec-Fetch-Dest: image\r\n",
        "Sec-Fetch-Dest: script\r\nAccept: */*\r\n",
        "Sec-Fetch-Dest: empty\r\n",
        "Accept: image/png\r\n",
        "Accept: application/json\r\n",
    ] {
        let answer = proxy.client("ks2").get_with("http://casino.example/x", headers);
        assert_eq!((answer.status, answer.header("content-type")), (403, Some("text/plain; charset=utf-8")), "{headers}");
        assert!(answer.body.len() < 100, "{headers}");
        let event = proxy.raw_events().pop().expect("an event");
        assert!(event.flags.background, "nobody opened {headers}");
    }
    for headers in ["Sec-Fetch-Dest: document\r\nAccept: */*\r\n", "Sec-Fetch-Dest: iframe\r\n", "Accept: text/html,*/*;q=0.8\r\n", ""] {
        check_page(&proxy.client("ks2").get_with("http://casino.example/x", headers), 403);
        assert!(!proxy.raw_events().pop().expect("an event").flags.background, "{headers}");
    }
}

#[test]
fn the_youngest_ask_for_what_nobody_has_looked_at() {
    let origin = Origin::start().expect("origin");
    let proxy = Setup::default().host("new.example", origin.address()).start();
    let page = check_page(&proxy.client("early-years-ks1").get("http://new.example/"), 403);
    assert!(!page.contains("new.example"), "{page}");
    assert_eq!(proxy.client("ks2").get("http://new.example/").status, 404, "the older ones go on to the origin");
    assert_eq!(proxy.events(), ["Http Ask new.example:80 /", "Http Allow new.example:80 /"]);
    assert_eq!(origin.seen().len(), 1);
}

#[test]
fn help_stands_first_on_a_page_about_self_harm() {
    let proxy = Setup::default().start();
    let page = check_page(&proxy.client("ks3").get("http://hurt.example/"), 403);
    assert!(page.find("0800 1111").expect("the number") < page.find("I think this should be open").expect("the button"), "{page}");
    let page = check_page(&proxy.client("early-years-ks1").get("http://hurt.example/"), 403);
    assert!(!page.contains("harm") && !page.contains("0800"), "others may be looking on: {page}");
}

#[test]
fn a_help_line_opens_for_everybody_and_the_agreement_stands_before_the_rest() {
    let origin = Origin::start().expect("origin");
    origin.serve("/", Reply::ok("text/plain", "we listen"));
    let proxy = Setup::default().host("helpline.example", origin.address()).host("museum.example", origin.address()).start();
    for profile in ["early-years-ks1", "ks2", "ks3", "staff"] {
        assert_eq!(proxy.client(profile).get("http://helpline.example/").text(), "we listen", "{profile}");
    }
    let bob = format!(
        "Proxy-Authorization: Basic {}\r\nAccept: text/html\r\n",
        base64::engine::general_purpose::STANDARD.encode("bob:bob:secret")
    );
    assert_eq!(proxy.client(SIGN_IN).get_with("http://helpline.example/", &bob).text(), "we listen");
    let answer = proxy.client(SIGN_IN).get_with("http://museum.example/", &bob);
    assert!(check_page(&answer, 511).contains("sign"), "{}", answer.text());
    assert_eq!(proxy.events().pop().as_deref(), Some("Http Gate museum.example:80 /"));
}

#[test]
fn a_sealed_hit_names_nothing() {
    let proxy = Setup::default().start();
    for profile in ["early-years-ks1", "ks2", "ks3", "staff"] {
        let page = check_page(&proxy.client(profile).get("http://www.sealed.example/path?q=word"), 403);
        assert!(!page.contains("sealed") && !page.contains("/path") && !page.contains("word"), "{profile}: {page}");
        let event = proxy.raw_events().pop().expect("an event");
        assert_eq!((event.address, event.category, event.rule), (Address::Sealed, None, None), "{profile}");
    }
    let answer = proxy.client("staff").get_with("http://www.sealed.example/path", "Accept: image/png\r\n");
    assert!(!answer.text().contains("sealed.example") && !answer.head.contains("sealed.example"));
}

fn warned() -> (Origin, Proxy) {
    let origin = Origin::start().expect("origin");
    origin.serve("/Level/One?X=A", Reply::ok("text/plain", "play"));
    let proxy = Setup::default().host("play.example", origin.address()).host("www.play.example", origin.address()).start();
    (origin, proxy)
}

const WARNED: &str = "http://play.example/Level/One?X=A";

#[test]
fn a_warned_reader_goes_on_to_the_very_page() {
    let (origin, proxy) = warned();
    let mut client = proxy.client("ks2");
    let page = check_page(&client.get(WARNED), 403);
    let answer = client.get(&format!("http://play.example{}", link(&page, "go-on")));
    assert_eq!((answer.status, answer.header("location")), (303, Some("/Level/One?X=A")), "{}", answer.head);
    assert!(client.is_closed(), "the next request is judged anew");
    assert_eq!(proxy.client("ks2").get(WARNED).text(), "play");
    assert_eq!(origin.seen().len(), 1);
    assert_eq!(proxy.events(), vec!["Http Warn play.example:80 /level/one"; 2], "going on is no third visit");
    assert_eq!(proxy.client("ks2").get("http://www.play.example/").status, 403, "another site asks again");
    proxy.clock.store(31 * 60, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(proxy.client("ks2").get(WARNED).status, 403, "after half an hour too");
}

#[test]
fn nobody_goes_on_by_another_ones_link() {
    let (_origin, proxy) = warned();
    let page = check_page(&proxy.client("ks2").get(WARNED), 403);
    let on = link(&page, "go-on");
    let mut other = Client::connect_from(other_source(), proxy.address("ks2"));
    assert_eq!(other.get(&format!("http://play.example{on}")).status, 403);
    assert_eq!(other.get(WARNED).status, 403);
    for host in ["www.play.example", "casino.example"] {
        assert_eq!(proxy.client("ks2").get(&format!("http://{host}{on}")).status, 403, "{host}");
    }
    assert_eq!(proxy.client("ks2").get("http://play.example/.well-known/schoolgate/go-on?token=1-1&to=/").status, 403);
    assert_eq!(proxy.client("ks2").get(WARNED).status, 403, "no pass came of all that");
}

#[test]
fn going_on_never_leads_elsewhere() {
    let (_origin, proxy) = warned();
    let page = check_page(&proxy.client("ks2").get(WARNED), 403);
    let on = link(&page, "go-on");
    let token = on.split_once("token=").and_then(|(_, rest)| rest.split('&').next()).expect("a token");
    for to in [
        "//evil.example/",
        "http://evil.example/",
        "/%09/evil.example",
        "/%5Cevil.example",
        "%5C/evil.example",
        "/%0D%0AX-Evil:1",
        "evil.example",
        "javascript:1",
        "",
    ] {
        let answer = proxy.client("ks2").get(&format!("http://play.example/.well-known/schoolgate/go-on?token={token}&to={to}"));
        assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{to}");
    }
}

#[test]
fn the_gates_own_pages_are_nobodys_visit() {
    let proxy = Setup::default().start();
    let mut client = proxy.client("early-years-ks1");
    for path in ["", "start", "open", "worried"] {
        let answer = client.get(&format!("http://schoolgate.internal/{path}"));
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{path}");
    }
    let pac = client.ask(&format!("GET /proxy.pac HTTP/1.1\r\nHost: {}\r\n\r\n", proxy.address("ks2")));
    assert_eq!(pac.header("content-type"), Some("application/x-ns-proxy-autoconfig"));
    assert!(pac.text().contains(&format!("PROXY {}", proxy.address("ks2"))) && !pac.text().contains("; DIRECT"), "{}", pac.text());
    let root = proxy.root.as_ref().expect("root");
    assert_eq!(client.get("http://schoolgate.internal/root.pem").text(), root.pem());
    assert_eq!(client.get("http://schoolgate.internal/root.crt").body, root.der());
    assert_eq!(client.get("http://schoolgate.internal/nothing").status, 404);
    assert_eq!(client.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").status, 405);
    let bare = client.ask("GET //casino.example/ HTTP/1.1\r\nHost: casino.example\r\n\r\n");
    assert_eq!(bare.status, 404, "a path, whatever it looks like");
    assert_eq!(proxy.events(), Vec::<String>::new());
}
