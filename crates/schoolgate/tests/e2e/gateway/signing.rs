//! No signature, no internet: a pupil is gated, a parent signs on a telephone, and the pupil is through; a new text asks anew, and when its
//! grace is over the pupil is gated again.

use std::net::{IpAddr, Ipv4Addr};
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

/// A browser of a parent: no larger than a telephone.
async fn telephone(school: &mut School) -> Browser {
    let line = school.gate.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys").to_owned();
    let options = Options { trusted_keys: keys.split(',').map(str::to_owned).collect(), ..Options::default() };
    let mut browser = Browser::start(&options).await.expect("browser");
    browser.resize(360, 740).await.expect("size");
    browser
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
    let gate = school.asked_by_tablet();
    assert_eq!(gate.status, 511, "{}", gate.body);
    assert!(gate.body.contains("Before you use the internet at school, you agree to some rules"), "{}", gate.body);

    let mut browser = telephone(&mut school).await;
    browser.open(&format!("https://{}/sign-in", school.console)).await.expect("the door");
    browser.web().find(By::Css("input[value='parent'] ~ button")).await.expect("the button").click().await.expect("pressed");
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
    let text = format!("https://{}/my/agreements/parent-agreement/{rowan}?lang=pl", school.console);
    browser.open(&text).await.expect("the text in Polish");
    browser.web().find(By::Css("article[lang='pl'] h1")).await.expect("its title");
    look(&mut browser, "in-polish").await;
    browser.open(&format!("https://{}/my/agreements", school.console)).await.expect("what is to be signed");
    look(&mut browser, "mine").await;
    sign(&mut browser, &format!("/my/agreements/parent-agreement/{rowan}"), "Sorrel Ragwort").await;
    assert_eq!(school.asked_by_tablet().status, 511, "Rowan is in Year 5 and signs too");
    sign(&mut browser, &format!("/my/agreements/pupil-ks2/{rowan}"), "Rowan").await;
    let through = school.until(200);
    println!("from the signature to the first page: {} ms", through.as_millis());
    look(&mut browser, "done").await;
    let kept = browser.web().query(By::Css("a[href^='/agreements/signature/']")).first().await.expect("a link to what was signed");
    let kept = kept.attr("href").await.expect("read").expect("where it leads");
    browser.open(&format!("https://{}{kept}", school.console)).await.expect("what was signed");
    look(&mut browser, "printed").await;
    let page = head.get(&format!("/agreements/person/{rowan}")).body;
    assert!(page.contains("Sorrel Ragwort, Parent or carer") && page.contains("a mark, with an adult’s help"), "{page}");

    // Taken back, and it is shut again.
    let parent = school.browser("parent");
    let page = parent.get(&format!("/my/agreements/parent-agreement/{rowan}")).body;
    let version = page.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a version").to_owned();
    let back =
        parent.form(&format!("/my/agreements/parent-agreement/{rowan}"), &format!("version={version}&name=Sorrel+Ragwort&answer=back"));
    assert_eq!(back.status, 303, "{}", back.body);
    school.until(511);
}

#[test]
fn a_new_text_asks_anew_and_when_grace_is_over_the_pupil_is_gated_again() {
    let mut school = School::start();
    let head = school.browser("headteacher");
    let rowan = school.seat(&head);
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
