//! What opens and what does not, for whom, and what they see; over HTTP and HTTPS.

use event::{Seen, Via};
use filter::Action;

use super::client::{Answer, connect, get, get_https, get_with, page_of};
use super::{Running, shown};

/// `Proxy-Authorization` for a person of the invented school.
fn login(name: &str) -> String {
    use base64::Engine as _;
    let login = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{}", schoolgate::demo::PASSWORD));
    format!("Proxy-Authorization: Basic {login}\r\n")
}

/// A page of ours: never kept, no script, in words for everyone.
fn check_page(answer: &Answer, status: u16, heading: &str) {
    assert_eq!(answer.status, status, "{}", answer.head);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{}", answer.head);
    let policy = answer.header("Content-Security-Policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert!(answer.body.contains(heading) && !answer.body.contains("<script"), "{}", answer.body);
}

#[test]
fn an_allowed_site_opens_and_is_not_decrypted() {
    let mut gate = Running::demo();
    let listener = gate.listener("infants");
    let plain = get(listener, "http://museum.example/");
    assert!(plain.status == 200 && plain.body.contains("Museum of Small Things"), "{plain:?}");

    let [sites, root] = gate.authorities();
    let secure = get_https(listener, "museum.example", "/", &[sites]).expect("the site's own certificate");
    assert!(secure.answer.body.contains("reached by HTTPS"), "{secure:?}");
    assert!(get_https(listener, "museum.example", "/", std::slice::from_ref(&root)).is_none(), "the page root spoke for an allowed site");
    let pem = rustls_pem(&root);
    assert!(!secure.certificates.contains(&pem), "the page root is among the site's certificates");
}

fn rustls_pem(pem: &str) -> rustls::pki_types::CertificateDer<'static> {
    rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes()).expect("PEM")
}

#[test]
fn a_blocked_site_shows_the_page_for_the_readers_age() {
    let mut gate = Running::demo();
    let [sites, root] = gate.authorities();
    for (name, heading, has_category) in [
        ("infants", "This page is closed, but you are not in trouble.", false),
        ("juniors", "This page is closed at school", true),
        ("staff", "This page is closed on the school network", true),
    ] {
        let listener = gate.listener(name);
        let secure = get_https(listener, "casino.example", "/roulette?stake=9", std::slice::from_ref(&root)).expect("under the page root");
        for answer in [get(listener, "http://casino.example/roulette?stake=9"), secure.answer] {
            check_page(&answer, 403, heading);
            assert_eq!(answer.body.contains("Gambling"), has_category, "{name}: {}", answer.body);
            assert!(has_category || !answer.body.contains("casino"), "a name may stand on the classroom's screen: {}", answer.body);
            assert!(!answer.body.contains("Nobody at school should read this"), "{name}");
        }
        assert!(get_https(listener, "casino.example", "/", std::slice::from_ref(&sites)).is_none(), "{name}: the site itself answered");
    }
    let staff = get(gate.listener("staff"), "http://casino.example/").body;
    assert!(
        staff.contains("in the list demonstration (gambling.txt, line 1)") && staff.contains("designated safeguarding lead"),
        "{staff}"
    );
    assert!(
        staff.contains("Text somebody, any time: text SHOUT to 85258.") && staff.contains("must not be your school’s only filter"),
        "{staff}"
    );
}

#[test]
fn the_youngest_ask_for_what_nobody_has_looked_at() {
    let mut gate = Running::demo();
    let [_, root] = gate.authorities();
    let infants = gate.listener("infants");
    let secure = get_https(infants, "unlisted.example", "/", &[root]).expect("page");
    check_page(&secure.answer, 403, "Please ask your teacher");
    assert!(get(gate.listener("juniors"), "http://unlisted.example/").body.contains("Unlisted Example"));
}

#[test]
fn a_help_line_opens_at_every_listener() {
    let mut gate = Running::demo();
    let [sites, _] = gate.authorities();
    for name in ["infants", "juniors", "staff"] {
        let listener = gate.listener(name);
        assert!(get(listener, "http://childline.org.uk/").body.contains("Stand-in for Childline"), "{name}");
        let secure = get_https(listener, "www.childline.org.uk", "/", std::slice::from_ref(&sites)).expect(name);
        assert!(secure.answer.body.contains("Stand-in for Childline"), "{name}");
    }
    let unsigned = get_with(gate.listener("sign-in"), "http://childline.org.uk/", &login("juniper"));
    assert!(unsigned.body.contains("Stand-in for Childline"), "{unsigned:?}");
}

#[test]
fn self_harm_leads_to_help_first() {
    let mut gate = Running::demo();
    let answer = get(gate.listener("juniors"), "http://dark-thoughts.example/");
    check_page(&answer, 403, "Help is here if you want it");
    assert!(answer.body.contains("Childline") && answer.body.contains("0800 1111"), "{}", answer.body);
}

#[test]
fn search_is_safe_for_pupils_over_http_and_https() {
    let mut gate = Running::demo();
    let [sites, _] = gate.authorities();
    let (juniors, staff) = (gate.listener("juniors"), gate.listener("staff"));
    let on = "SafeSearch is on: reached at the address of forcesafesearch.google.com";
    assert!(get(juniors, "http://www.google.com/").body.contains(on));
    let secure = get_https(juniors, "www.google.com", "/", std::slice::from_ref(&sites)).expect("search");
    assert!(secure.answer.body.contains(on), "{secure:?}");
    assert!(get(staff, "http://www.google.com/").body.contains("SafeSearch is not enforced"));
    assert!(get(juniors, "http://www.google.com/").body.contains(on), "a grown-up's connection was used for a child");
}

#[test]
fn whoever_was_warned_can_go_on() {
    let mut gate = Running::demo();
    let [sites, root] = gate.authorities();
    let listener = gate.listener("juniors");
    let page = get_https(listener, "toys.example", "/bricks?size=2", std::slice::from_ref(&root)).expect("page").answer;
    check_page(&page, 403, "Stop and think about this page");
    let link = page.body.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.contains("go-on")).expect("a link");
    let link = link.replace("&amp;", "&");
    let going = get_https(listener, "toys.example", &link, &[root]).expect("going on").answer;
    assert_eq!((going.status, going.header("Location")), (303, Some("/bricks?size=2")));
    let site = get_https(listener, "toys.example", "/bricks?size=2", &[sites]).expect("the site itself");
    assert!(site.answer.body.contains("Toys Example"), "{site:?}");
    assert_eq!(get(gate.listener("staff"), "http://toys.example/").status, 200);
    let others = get(gate.listener("juniors"), &format!("http://casino.example{link}"));
    assert_eq!(others.status, 403, "one site's link let through another");
}

#[test]
fn nobody_goes_on_before_signing_in_and_signing_the_agreement() {
    let mut gate = Running::demo();
    let listener = gate.listener("sign-in");
    let url = "http://museum.example/";
    let stranger = get(listener, url);
    assert_eq!(stranger.status, 407);
    assert!(stranger.header("Proxy-Authenticate").is_some_and(|how| how.starts_with("Basic ")));
    assert_eq!(connect(listener, "museum.example", "").expect_err("no tunnel").status, 407);
    assert_eq!(get_with(listener, url, "Proxy-Authorization: Basic cm93YW46d3Jvbmc=\r\n").status, 407, "a wrong password");
    check_page(&get_with(listener, url, &login("juniper")), 511, "There is something to sign first");
    assert!(get_with(listener, url, &login("rowan")).body.contains("Museum of Small Things"));
    let people: Vec<bool> = gate.events().iter().map(|event| event.person.is_some()).collect();
    assert_eq!(people, [true, true], "only who is known is judged here");
}

#[test]
fn browsers_are_never_told_to_go_past_the_gate() {
    let mut gate = Running::demo();
    let listener = gate.listener("juniors");
    let settings = page_of(listener, "/proxy.pac").body;
    assert!(settings.contains(&format!("return \"PROXY {listener}\";")), "{settings}");
    let direct: Vec<&str> = settings.lines().filter(|line| line.contains("DIRECT")).collect();
    assert!(direct.iter().all(|line| line.contains("isPlainHostName")), "{direct:?}");
}

#[test]
fn each_line_of_the_journal_is_true_and_tells_no_content() {
    let mut gate = Running::demo();
    let [sites, root] = gate.authorities();
    let (infants, juniors) = (gate.listener("infants"), gate.listener("juniors"));
    get(infants, "http://museum.example/dinosaurs?name=of-a-child");
    get_https(juniors, "news.example", "/secret-path?words=typed", &[sites]).expect("news");
    get_https(juniors, "casino.example", "/secret-path?words=typed", &[root]).expect("page");
    get(infants, "http://unlisted.example/?words=typed");
    get(juniors, "http://toys.example/");

    let told: Vec<_> = gate
        .events()
        .iter()
        .map(|event| (event.listener.to_string(), event.via, shown(event), event.action, event.seen, event.profile.to_string()))
        .collect();
    let line = |listener: &str, via, host: &str, path: Option<&str>, action, seen, profile: &str| {
        (listener.to_owned(), via, (host.to_owned(), path.map(str::to_owned)), action, seen, profile.to_owned())
    };
    let expected = [
        line("infants", Via::Http, "museum.example", Some("/dinosaurs"), Action::Allow, Seen::Plain, "early-years-ks1"),
        line("juniors", Via::Connect, "news.example", None, Action::Allow, Seen::HostOnly, "ks2"),
        line("juniors", Via::Connect, "casino.example", None, Action::Block, Seen::HostOnly, "ks2"),
        line("infants", Via::Http, "unlisted.example", Some("/"), Action::Ask, Seen::Plain, "early-years-ks1"),
        line("juniors", Via::Http, "toys.example", Some("/"), Action::Warn, Seen::Plain, "ks2"),
    ];
    assert_eq!(told, expected);
    let casino = &gate.events()[2];
    assert_eq!((casino.list.as_deref(), casino.rule.as_deref()), (Some("demonstration"), Some("casino.example")));

    let journal = gate.folder.join("data/journal");
    let files = std::fs::read_dir(&journal).expect("journal").flatten().filter(|file| file.file_name() != "lock");
    let text: String = files.map(|file| std::fs::read_to_string(file.path()).expect("file")).collect();
    for content in ["of-a-child", "typed", "secret-path", "Museum of Small"] {
        assert!(!text.contains(content), "{content} is in the journal");
    }
    let said = gate.process.printed();
    assert!(!said.contains("secret-path") && !said.contains("dinosaurs"), "the log tells what was asked for: {said}");
}

#[test]
fn nothing_of_the_demonstration_leaves_the_machine() {
    let mut gate = Running::demo();
    let listener = gate.listener("juniors");
    assert!(get(listener, "http://bbc.co.uk/").body.contains("no such site in the demonstration"), "another site answered");
    assert_eq!(connect(listener, "bbc.co.uk", "").expect_err("no tunnel").status, 502);
}
