//! No signature, no internet: a pupil is gated, a parent signs on a telephone, and the pupil is through; a new text asks anew, and when its
//! grace is over the pupil is gated again.

use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
use testkit::browser::thirtyfour::{By, Key};
use testkit::browser::{Browser, Options};

use super::class::{School, class};
use super::{PATIENCE, client};
use crate::console::Console;

/// Rowan's tablet.
const TABLET: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 9, 40));

impl School {
    /// What the tablet is answered.
    fn asked_by_tablet(&mut self) -> client::Answer {
        let juniors = self.gate.listener("juniors");
        // In a thread of its own, where no runtime is running.
        std::thread::scope(|scope| {
            let asking = scope.spawn(move || {
                let mut stream = client::open_from(TABLET, juniors);
                client::ask(&mut stream, "http://museum.example/", "Connection: close\r\n").expect("an answer")
            });
            asking.join().expect("asked")
        })
    }

    /// Asks again and again until the answer is this; gives how long that took.
    fn until(&mut self, status: u16) -> Duration {
        let start = Instant::now();
        loop {
            let answer = self.asked_by_tablet();
            if answer.status == status {
                return start.elapsed();
            }
            assert!(start.elapsed() < Duration::from_secs(10), "{status} was waited for: {} {}", answer.status, answer.body);
        }
    }

    /// Seats Rowan of 5 Kites at the tablet, and signs the class in.
    fn seat(&self, head: &Console) -> String {
        let kites = class(head, "5 Kites");
        let page = head.get(&kites).body;
        let before = page.split(">Rowan Ragwort<").next().expect("Rowan");
        let rest = page.split("Rowan Ragwort").nth(1).expect("Rowan");
        let pupil = rest.split("name=\"at-").nth(1).and_then(|rest| rest.split('"').next());
        let pupil = pupil.or_else(|| before.rsplit("name=\"at-").next().and_then(|rest| rest.split('"').next())).expect("an id").to_owned();
        assert_eq!(head.form(&format!("{kites}/seats"), &format!("at-{pupil}={TABLET}")).status, 303);
        assert_eq!(head.form(&format!("{kites}/sign-in"), "minutes=60").status, 303);
        pupil
    }
}

/// The keys that browsers of this school trust.
fn trusted(school: &mut School) -> Vec<String> {
    let line = school.gate.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys");
    keys.split(',').map(str::to_owned).collect()
}

/// A browser of a parent: no larger than a telephone.
async fn telephone(trusted_keys: Vec<String>) -> Browser {
    let mut browser = Browser::start(&Options { trusted_keys, ..Options::default() }).await.expect("browser");
    browser.resize(360, 740).await.expect("size");
    browser
}

/// A way to `to` on which everybody seems to be at `device`: a browser cannot choose the address that it asks from.
fn at_device(device: IpAddr, to: SocketAddr) -> SocketAddr {
    let door = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = door.local_addr().expect("an address");
    std::thread::spawn(move || {
        for browser in door.incoming().flatten() {
            let gate = client::open_from(device, to);
            gate.set_read_timeout(None).expect("no time-out");
            for (mut from, mut to) in
                [(&browser, &gate), (&gate, &browser)].map(|(from, to)| (from.try_clone().expect("half"), to.try_clone().expect("half")))
            {
                std::thread::spawn(move || {
                    // Whoever goes first may cut the line in the middle.
                    drop(std::io::copy(&mut from, &mut to));
                    drop(to.shutdown(Shutdown::Write));
                });
            }
        }
    });
    address
}

/// The browser of Rowan's tablet.
async fn tablet(school: &mut School) -> Browser {
    let proxy = Some(at_device(TABLET, school.gate.listener("juniors")));
    Browser::start(&Options { proxy, trusted_keys: trusted(school) }).await.expect("browser")
}

/// What the pupil's browser shows of a site, over HTTPS.
async fn museum(browser: &Browser) -> String {
    browser.open("https://museum.example/").await.expect("a page");
    browser.run("return document.body.innerText").await.expect("its text")
}

async fn look(browser: &mut Browser, name: &str) {
    if let Some(folder) = crate::run::pictures() {
        browser.screenshot(&folder.join(format!("signing-{name}.png"))).await.expect("picture");
    }
    let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
    assert_eq!((faults, browser.sideways_overflow().await.expect("width")), (String::new(), 0), "{name}");
}

/// Signs what the page shows, in this name.
async fn sign(browser: &mut Browser, path: &str, name: &str) {
    browser.web().query(By::Css(format!("a[href='{path}']"))).first().await.expect("the link").click().await.expect("opened");
    let field = browser.web().query(By::Id("name")).first().await.expect("the name");
    field.clear().await.expect("emptied");
    field.send_keys(name).await.expect("typed");
    look(browser, &format!("text-{}", name.replace(' ', "-"))).await;
    // By the keyboard alone.
    browser.web().find(By::Id("read")).await.expect("the box").send_keys(Key::Space.value().to_string()).await.expect("ticked");
    let yes = browser.web().find(By::Css("button[value='yes']")).await.expect("the button");
    yes.send_keys(Key::Enter.value().to_string()).await.expect("signed");
    browser.web().query(By::Id("done")).first().await.expect("it is kept");
}

#[tokio::test]
async fn browser_a_pupil_is_gated_until_the_parent_signs() {
    let mut school = School::start();
    let head = school.browser("headteacher");
    let rowan = school.seat(&head);
    assert_eq!(school.asked_by_tablet().status, 511, "another client is told so too");
    let pupil = tablet(&mut school).await;
    let gate = museum(&pupil).await;
    assert!(gate.contains("Before you use the internet at school, you agree to some rules"), "{gate}");

    // The parent has a letter with a link, and opens it on a telephone.
    let asked = school.stranger().post("/parents", "email=kit.ragwort%40home.example");
    assert_eq!(asked.status, 200, "{}", asked.body);
    let link = crate::doors::link_in(&school.gate.folder.path().join("data/letters"));
    let mut browser = telephone(trusted(&mut school)).await;
    browser.open(&format!("https://{}{link}", school.console)).await.expect("the link");
    browser.web().find(By::Css("form[action^='/parents/'] button")).await.expect("the button").click().await.expect("pressed");
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
    let text = format!("https://{}/my/agreements/parent-agreement/{rowan}?lang=pl", school.console);
    browser.open(&text).await.expect("the text in Polish");
    browser.web().find(By::Css("article[lang='pl'] h1")).await.expect("its title");
    look(&mut browser, "in-polish").await;
    browser.open(&format!("https://{}/my/agreements", school.console)).await.expect("what is to be signed");
    look(&mut browser, "mine").await;
    sign(&mut browser, &format!("/my/agreements/parent-agreement/{rowan}"), "Kit Ragwort").await;
    assert_eq!(school.asked_by_tablet().status, 511, "Rowan is in Year 5 and signs too");
    sign(&mut browser, &format!("/my/agreements/pupil-ks2/{rowan}"), "Rowan").await;
    let signed = Instant::now();
    while !museum(&pupil).await.contains("The Museum of Small Things") {
        assert!(signed.elapsed() < Duration::from_secs(10), "the pupil is still gated");
    }
    println!("from the page that says it is kept to the site in the pupil's browser: {} ms", signed.elapsed().as_millis());
    assert_eq!(school.asked_by_tablet().status, 200);
    look(&mut browser, "done").await;
    let kept = browser.web().query(By::Css("a[href^='/agreements/signature/']")).first().await.expect("a link to what was signed");
    let kept = kept.attr("href").await.expect("read").expect("where it leads");
    browser.open(&format!("https://{}{kept}", school.console)).await.expect("what was signed");
    look(&mut browser, "printed").await;
    let page = head.get(&format!("/agreements/person/{rowan}")).body;
    assert!(page.contains("Kit Ragwort, Parent or carer") && page.contains("a mark, with an adult’s help"), "{page}");

    // Taken back, and it is shut again.
    let parent = school.browser("parent");
    let page = parent.get(&format!("/my/agreements/parent-agreement/{rowan}")).body;
    let version = page.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a version").to_owned();
    let back = parent.form(&format!("/my/agreements/parent-agreement/{rowan}"), &format!("version={version}&name=Kit+Ragwort&answer=back"));
    assert_eq!(back.status, 303, "{}", back.body);
    school.until(511);
    let gate = museum(&pupil).await;
    assert!(gate.contains("you agree to some rules"), "{gate}");
}

#[test]
fn a_pupil_who_has_not_signed_works_on_under_the_teacher_where_the_head_allows_it() {
    let mut school = School::start();
    let head = school.browser("headteacher");
    let rowan = school.seat(&head);
    school.until(511);
    let dsl = school.browser("dsl");
    let wrong = dsl.form("/settings/gate_led", "value=1&reason=A+lesson.&seen=0").status;
    assert_eq!(wrong, 404, "the gate is the headteacher's");
    assert_eq!(head.form("/settings/gate_led", "value=1&reason=A+lesson.&seen=0").status, 303);
    school.until(200);
    // What the headteacher has taken from the pupil stays taken.
    let today = jiff_today();
    let day = |name: &str| format!("{name}-day={}&{name}-month={}&{name}-year={}", today.2, today.1, today.0);
    let suspension = format!("{}&{}&reason=Repeated+misuse.", day("until"), day("review"));
    assert_eq!(head.form(&format!("/agreements/person/{rowan}/suspend"), &suspension).status, 303);
    school.until(403);
    assert_eq!(head.form("/settings/gate_led", "value=0&reason=No+more.&seen=1").status, 303);
}

#[tokio::test]
async fn browser_a_new_text_asks_anew_and_when_grace_is_over_the_pupil_is_gated_again() {
    let mut school = School::start();
    let head = school.browser("headteacher");
    let rowan = school.seat(&head);
    let pupil = tablet(&mut school).await;
    assert!(museum(&pupil).await.contains("you agree to some rules"));
    let kites = class(&head, "5 Kites");
    let group = kites.rsplit('/').next().expect("an id").to_owned();
    // On paper, as a secretary enters it; the pupil's own part is the parent's to help with.
    let office = school.browser("support_staff");
    let page = office.get(&format!("/agreements/class/{group}")).body;
    let row = page.split_once(&format!("name=\"by-{rowan}\"")).map(|(_, rest)| rest).expect("Rowan's row");
    let adult = row.split("option value=\"").nth(2).and_then(|rest| rest.split('"').next()).expect("an adult").to_owned();
    let day = page.split_once("name=\"on-day\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("today").to_owned();
    let month = page.split_once("name=\"on-month\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("today").to_owned();
    let year = page.split_once("name=\"on-year\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("today").to_owned();
    assert!(page.contains(&format!("name=\"own-{rowan}\"")), "Rowan signs too: {page}");
    let text = page.split_once("id=\"version\"").and_then(|(_, rest)| rest.split("option value=\"").nth(1)).expect("the versions");
    let text = text.split('"').next().expect("a version");
    let form = format!("on-day={day}&on-month={month}&on-year={year}&version={text}&by-{rowan}={adult}&own-{rowan}=yes");
    let entered = office.form(&format!("/agreements/class/{group}"), &form);
    assert_eq!(entered.status, 303, "{}", entered.body);
    school.until(200);
    assert!(museum(&pupil).await.contains("The Museum of Small Things"), "the paper counts");

    assert_eq!(head.form("/settings/agreement_grace", "value=1&reason=A+short+one.&seen=0").status, 303);
    revise(&school);
    school.until(200);
    let list = head.get("/agreements?show=asks&who=pupils").body;
    assert!(list.contains("to be signed again by an adult who answers for the child, by the end of"), "{list}");

    // The last day of grace ends at midnight.
    let governor = school.browser("responsible_governor");
    assert_eq!(governor.get("/agreements").status, 404, "governors see no names");
    school.wait_minutes(24 * 60);
    let head = school.browser("headteacher");
    school.seat(&head);
    school.until(511);
    let gate = museum(&pupil).await;
    assert!(gate.contains("you agree to some rules"), "{gate}");
    let list = head.get("/agreements?show=without&who=pupils").body;
    assert!(list.contains("the time to sign again ended before"), "{list}");
}

/// Another duty for parents: written, approved by a governor, put into force.
fn revise(school: &School) {
    let lead = school.browser("online_safety_lead");
    let field = |page: &str, name: &str| {
        let found = page.split_once(&format!("name=\"{name}\" value=\"")).and_then(|(_, rest)| rest.split('"').next());
        found.expect("a field").to_owned()
    };
    let page = lead.get("/policies/parent-agreement/write").body;
    let source = page.split_once("name=\"source\"").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest).expect("the text");
    let source = source.split("</textarea>").next().expect("the text").replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<");
    let source = format!("{}\n\nI read the school's letters. {{{{clauses B-090}}}}\n", source.trim());
    let sent = lead.upload(
        "/policies/parent-agreement/write",
        &[("source", &source), ("change", "Parents read our letters."), ("seen", &field(&page, "seen"))],
    );
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = lead.get("/policies/parent-agreement").body;
    let about = |page: &str| format!("version={}&seen={}", field(page, "version"), field(page, "seen"));
    let today = jiff_today();
    let approval = format!("{}&on-day={}&on-month={}&on-year={}&minute=Item+7", about(&page), today.2, today.1, today.0);
    let own = lead.form("/policies/parent-agreement/approve", &approval);
    assert_eq!(own.status, 404, "whoever wrote it does not approve it");
    let governor = school.browser("responsible_governor");
    let approved = governor.form("/policies/parent-agreement/approve", &approval);
    assert_eq!(approved.status, 303, "{}", approved.body);
    let page = lead.get("/policies/parent-agreement").body;
    let published = lead.form("/policies/parent-agreement/publish", &format!("{}&must_sign=no", about(&page)));
    assert_eq!(published.status, 303, "{}", published.body);
}

/// Year, month and day by the machine's own clock.
#[expect(clippy::disallowed_methods, reason = "the binary looks at the machine's clock, so the test does")]
fn jiff_today() -> (i16, i8, i8) {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    (today.year(), today.month(), today.day())
}
