//! Children sign in by themselves, with pictures or a card, and the gate knows each at their device.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Shutdown};
use std::os::unix::net::UnixStream;
use std::path::Path;

use event::Known;
use ids::PersonId;
use ledger::{Ledger, Origin, Place, by_program, organisation_of};
use office::gate::Class;
use office::people::Scope;
use office::signin::{Cost, MachineKey, SignIns};
use testkit::browser::thirtyfour::By;
use testkit::browser::thirtyfour::common::print::{PrintPage, PrintParameters};
use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
use testkit::browser::{Browser, Options};

use super::class::{School, class, device};
use super::{PATIENCE, Running};
use crate::console::{Answer, Console};

/// Everybody's pictures in the demonstration.
pub(super) const PICTURES: [u8; 4] = [0, 1, 2, 3];

/// What stands between `before` and `after` in a page.
pub(super) fn between<'a>(page: &'a str, before: &str, after: char) -> Option<&'a str> {
    page.split_once(before)?.1.split(after).next()
}

// === impl School: what is asked of it here ===

impl School {
    pub(super) fn tablet(&self, number: usize) -> Console {
        Console::at(&self.console, &self.gate.folder.join("data")).at_device(device(number))
    }

    /// The page about the signing in of a class, and the code that stands on it.
    pub(super) fn sign_ins(&self, teacher: &Console, name: &str) -> (String, String) {
        let path = format!("{}/sign-ins", class(teacher, name));
        let page = teacher.get(&path).body;
        let code = between(&page, "sg-code\">", '<').expect("a code").replace(' ', "").to_lowercase();
        (path, code)
    }

    /// Who is known at one device.
    pub(super) fn at(&self, number: usize) -> (Option<PersonId>, Known) {
        self.ask(&[device(number)])[&device(number)]
    }
}

/// The children on the page of a class: id and first name.
pub(super) fn children(tablet: &Console, code: &str) -> Vec<(PersonId, String)> {
    let page = tablet.get(&format!("/class/{code}"));
    assert_eq!(page.status, 200, "{}", page.body);
    let link = format!("href=\"/class/{code}/");
    let child = |rest: &str| {
        let id = rest.split('"').next()?.parse().ok()?;
        Some((id, between(rest, "<span>", '<')?.to_owned()))
    };
    page.body.split(&link).skip(1).filter_map(child).collect()
}

/// Presses four pictures, one after the other, as each page offers them.
pub(super) fn press(tablet: &Console, code: &str, child: PersonId, pictures: [u8; 4]) -> Answer {
    let path = format!("/class/{code}/{child}");
    let mut page = tablet.get(&path);
    for picture in pictures {
        let chosen = between(&page.body, "name=\"chosen\" value=\"", '"').expect("a form").to_owned();
        assert_eq!(page.body.matches("name=\"press\"").count(), 20);
        page = tablet.post(&path, &format!("chosen={chosen}&press={picture}"));
    }
    page
}

pub(super) const BY_NOBODY: (Option<PersonId>, Known) = (None, Known::Listener);

#[test]
fn a_child_signs_in_with_pictures_and_is_known_at_the_tablet_until_the_next_one_comes() {
    let school = School::start();
    let (_, code) = school.sign_ins(&school.browser("headteacher"), "1 Wrens");
    let tablet = school.tablet(0);
    assert_eq!(tablet.get("/class").status, 200);
    assert_eq!(tablet.get(&format!("/class?code={}", code.to_uppercase())).header("Location"), Some(format!("/class/{code}").as_str()));
    assert_eq!((tablet.get("/class?code=x").status, tablet.get("/class/bcdfgh").status), (422, 404));
    let class = children(&tablet, &code);
    let page = tablet.get(&format!("/class/{code}")).body;
    assert!(class.len() >= 8 && page.contains("Pip") && !page.contains("Mallow"), "first names and no others: {page}");
    let ((ada, name), (bob, _)) = (class[0].clone(), class[1].clone());

    let wrong = press(&tablet, &code, ada, [3, 2, 1, 0]);
    assert!(wrong.status == 403 && wrong.body.contains("not your pictures"), "{}", wrong.body);
    assert_eq!(school.at(0), BY_NOBODY);
    assert_eq!(press(&tablet, &code, ada, PICTURES).header("Location"), Some("/here"));
    let here = tablet.get("/here").body;
    assert!(here.contains(&format!("You are signed in, {name}.")) && here.contains("0800 1111") && here.contains("Sign out"), "{here}");
    assert_eq!(tablet.get("/").header("Location"), Some("/here"));
    assert_eq!(school.at(0), (Some(ada), Known::Own));

    // Pictures open what is a pupil's, and nothing where they were not pressed.
    assert_eq!((tablet.get("/people").status, tablet.get("/help-lines").status), (404, 200));
    let elsewhere = school.tablet(1).with_session(&tablet.session());
    assert_eq!(elsewhere.get("/here").status, 303, "a session that was carried off");

    // Two children at one tablet: the later one has it.
    let other = school.tablet(0);
    assert_eq!(press(&other, &code, bob, PICTURES).header("Location"), Some("/here"));
    assert_eq!(school.at(0), (Some(bob), Known::Own));
    assert_eq!(tablet.get("/here").status, 303, "the earlier one is out");
    // And who goes to another tablet has left the first.
    let third = school.tablet(2);
    assert_eq!(press(&third, &code, bob, PICTURES).header("Location"), Some("/here"));
    assert_eq!((school.at(0), school.at(2)), (BY_NOBODY, (Some(bob), Known::Own)));
    assert_eq!(third.form("/sign-out", "").header("Location"), Some("/class"));
    assert_eq!(school.at(2), BY_NOBODY);
}

/// Makes cards past the screen, on which they are pictures for a camera. The program is stopped meanwhile.
#[expect(clippy::disallowed_methods, reason = "the cards are made now")]
async fn make_cards(data: &Path) -> Vec<(PersonId, String)> {
    let now = calendar::Instant::from(jiff::Timestamp::now());
    let ledger = Ledger::open(data, &Place::in_folder(data), now).await.expect("the records");
    let organisation = organisation_of(ledger.reader()).await.expect("read").expect("a school");
    let demo = office::demo::find(&ledger, organisation, None).await.expect("read").expect("Larkfield");
    let group = demo.class("R Robins").expect("a class");
    let today = calendar::Date::try_from(now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date()).expect("a day");
    let class = Class::on(&ledger, Scope::of(organisation), group, today).await.expect("a class");
    let sign_ins = SignIns::new(&ledger, organisation, MachineKey::new(&[7; 32]), Cost::LEAST);
    let act = by_program(organisation, now, Origin::Command);
    let cards = sign_ins.new_cards(act, group, &class.pupils, &class.pupils).await.expect("cards");
    ledger.close().await.expect("closed");
    cards.into_iter().map(|(person, token)| (person, token.expose().to_owned())).collect()
}

#[test]
fn a_card_signs_in_until_the_teacher_ends_it() {
    let mut running = Running::demo();
    running.process.stop().expect("stopped");
    running.process.wait(PATIENCE).expect("ended");
    let folder = running.folder;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    let cards = runtime.block_on(make_cards(&folder.join("data")));
    let school = School::of(Running::start(folder, &["--demo"]));
    let (ada, card) = &cards[0];
    let (tablet, path) = (school.tablet(0), format!("/card/{card}"));
    let page = tablet.get(&path);
    assert!(page.status == 200 && page.body.contains("Hello, ") && page.body.contains(">Go<"), "{}", page.body);
    assert_eq!(school.at(0), BY_NOBODY, "to look at a link is not to sign in");
    assert_eq!(tablet.post(&path, "").header("Location"), Some("/here"));
    assert_eq!(school.at(0), (Some(*ada), Known::Card));
    assert_eq!(tablet.get("/here").status, 200);

    let head = school.browser("headteacher");
    let (class, _) = school.sign_ins(&head, "R Robins");
    let list = head.get(&class).body;
    assert!(list.matches("Has a card").count() == 30 && list.contains("By card"), "{list}");
    assert_eq!(head.form(&class, &format!("do=end-cards+{ada}")).status, 303);
    assert_eq!(head.get(&class).body.matches("Has a card").count(), 29);
    assert_eq!((school.at(0), tablet.get("/here").status, tablet.get(&path).status), (BY_NOBODY, 303, 404));
    assert_eq!(tablet.post(&path, "").status, 404);
    let other = school.tablet(1);
    assert_eq!(other.post(&format!("/card/{}", cards[1].1), "").header("Location"), Some("/here"), "the others are good");
    assert_eq!(other.get(&format!("/card/{}", "A".repeat(43))).status, 404);

    // New cards for all with one press: a picture each, and the address of none in words.
    let sheet = head.form(&class, "do=cards").body;
    assert!(sheet.matches("class=\"sg-card\"").count() == 30 && !sheet.contains("/card/"), "{sheet}");
    assert_eq!((other.get(&format!("/card/{}", cards[1].1)).status, other.get("/here").status), (404, 303));
    // A family name stands on no card.
    let family = between(&list, "role=\"rowheader\">", '<').and_then(|cell| cell.rsplit(' ').next()).expect("a name").to_owned();
    assert!(!sheet.contains(&family), "{family}");
}

#[test]
fn a_teacher_sets_up_the_own_class_and_no_other() {
    let school = School::start();
    let (head, teacher) = (school.browser("headteacher"), school.browser("teacher"));
    let own = format!("{}/sign-ins", class(&teacher, "5 Kites"));
    let (other, _) = school.sign_ins(&head, "1 Wrens");
    assert_eq!((teacher.get(&own).status, teacher.get(&other).status), (200, 404));
    for order in ["do=open&way=pictures", "do=pictures", "do=cards", "do=end-cards"] {
        assert_eq!(teacher.form(&other, order).status, 404, "{order}");
    }
    for nobody in ["pupil", "parent", "governor", "it_technician", "support_staff"] {
        assert_eq!(school.browser(nobody).get(&other).status, 404, "{nobody}");
        assert_eq!(school.browser(nobody).form(&other, "do=cards").status, 404, "{nobody}");
    }
    // The older ones: a name and words. A pupil of another class is not there.
    assert_eq!(teacher.form(&own, "do=open&way=words").status, 303);
    let page = teacher.get(&own).body;
    let pupil = between(&page, "value=\"account ", '"').expect("a pupil").to_owned();
    let link = teacher.form(&own, &format!("do=account+{pupil}"));
    assert!(link.status == 200 && link.body.contains("Hand over this link"), "{}", link.body);
    let page = head.get(&other).body;
    let stranger = between(&page, "value=\"pictures ", '"').expect("a pupil").to_owned();
    for order in ["pictures", "cards", "end-cards", "account"] {
        assert_eq!(teacher.form(&own, &format!("do={order}+{stranger}")).status, 404, "{order}");
    }
    assert_eq!(teacher.form(&own, "do=dance").status, 400);
}

#[test]
fn new_pictures_are_shown_once_and_put_the_old_ones_out_of_use() {
    let school = School::start();
    let head = school.browser("headteacher");
    let (path, code) = school.sign_ins(&head, "1 Wrens");
    let tablet = school.tablet(0);
    let (child, _) = children(&tablet, &code)[0].clone();
    assert_eq!(press(&tablet, &code, child, PICTURES).header("Location"), Some("/here"));
    let sheet = head.form(&path, &format!("do=pictures+{child}")).body;
    assert_eq!(tablet.get("/here").status, 303, "it was signed out");
    assert_eq!(school.at(0), BY_NOBODY);
    assert_eq!(press(&tablet, &code, child, PICTURES).status, 403);
    let names: Vec<&str> =
        sheet.split_once("<ol").expect("pictures").1.split("<span>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    let number = |name: &&str| ui::components::symbol::Symbol::all().find(|symbol| symbol.name() == *name).expect("a picture").number();
    let new: Vec<u8> = names.iter().map(number).collect();
    assert_eq!(press(&tablet, &code, child, new.try_into().expect("four")).header("Location"), Some("/here"));
}

#[test]
fn an_idle_device_becomes_unknown() {
    let school = School::start();
    let (_, code) = school.sign_ins(&school.browser("headteacher"), "1 Wrens");
    let (tablet, used) = (school.tablet(0), school.tablet(1));
    let class = children(&tablet, &code);
    let (ada, bob) = (class[0].0, class[1].0);
    assert_eq!(press(&tablet, &code, ada, PICTURES).header("Location"), Some("/here"));
    assert_eq!(press(&used, &code, bob, PICTURES).header("Location"), Some("/here"));
    for _ in 0..2 {
        school.wait_minutes(11);
        assert_eq!(school.at(1), (Some(bob), Known::Own), "it asks now and then");
    }
    assert_eq!(school.at(0), BY_NOBODY, "it has asked for nothing for twenty-two minutes");
    assert_eq!((tablet.get("/here").status, used.get("/here").status), (303, 200));
}

impl School {
    /// The clock of the running program goes on by so much at once.
    pub(super) fn wait_minutes(&self, minutes: u32) {
        let mut socket = UnixStream::connect(self.gate.folder.join("data/schoolgate.sock")).expect("the control socket");
        writeln!(socket, "{{\"clock\":{}}}", minutes * 60).expect("ordered");
        socket.shutdown(Shutdown::Write).expect("said");
        let mut reply = String::new();
        socket.read_to_string(&mut reply).expect("a reply");
        assert!(reply.contains("hello"), "{reply}");
    }
}

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

/// Looks at the page as it is, at both sizes.
async fn look(browser: &mut Browser, name: &str, wrong: &mut Vec<String>) {
    for (size, width, height) in SIZES {
        browser.resize(width, height).await.expect("size");
        if let Some(folder) = crate::run::pictures() {
            browser.screenshot(&folder.join(format!("pupils-{name}-{size}.png"))).await.expect("picture");
        }
        let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
        let too_wide = browser.sideways_overflow().await.expect("width");
        if !faults.is_empty() || too_wide > 0 {
            wrong.push(format!("{name} ({size}): {too_wide} px too wide; faults:\n{faults}"));
        }
    }
}

async fn click(browser: &Browser, what: &str) {
    browser.web().query(By::XPath(what)).first().await.expect(what).click().await.expect("pressed");
}

/// Presses pictures, each on the page that knows the ones before.
async fn press_all(browser: &Browser, pictures: [u8; 4]) {
    let mut before = Vec::new();
    for picture in pictures {
        let chosen = before.join("-");
        click(browser, &format!("//form[input[@name='chosen' and @value='{chosen}']]//button[@name='press' and @value='{picture}']")).await;
        before.push(picture.to_string());
    }
}

/// The whole way in a real browser: a teacher sets a class up, a child comes in with pictures, and leaves.
#[tokio::test]
async fn browser_a_child_comes_in_with_pictures() {
    let mut school = School::start();
    let line = school.gate.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys").to_owned();
    let options = Options { trusted_keys: keys.split(',').map(str::to_owned).collect(), ..Options::default() };
    let mut browser = Browser::start(&options).await.expect("browser");
    let mut wrong = Vec::new();
    let root = format!("https://{}", school.console);
    // As the DSL, since a code of the headteacher's telephone is good once, and the browser needs it.
    let dsl = school.browser("dsl");
    let ((path, code), (of_thirty, _)) = (school.sign_ins(&dsl, "1 Wrens"), school.sign_ins(&dsl, "R Robins"));

    browser.open(&format!("{root}/sign-in")).await.expect("the door");
    click(&browser, "//button[normalize-space()='Headteacher']").await;
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
    browser.open(&format!("{root}{of_thirty}")).await.expect("the class of thirty");
    click(&browser, "//button[normalize-space()='Print new cards for the class']").await;
    browser.web().query(By::Css(".sg-card")).first().await.expect("cards");
    let paper = PrintParameters { page: PrintPage { width: 21.0, height: 29.7 }, ..PrintParameters::default() };
    let pdf = browser.web().print_page(paper).await.expect("printed");
    if let Some(folder) = crate::run::pictures() {
        std::fs::write(folder.join("pupils-cards.pdf"), &pdf).expect("kept");
    }
    let pages = pdf.windows(12).filter(|bytes| bytes.starts_with(b"/Type /Page") && bytes[11] != b's').count();
    assert_eq!(pages, 1, "thirty cards are one sheet of A4");
    browser.open(&format!("{root}{path}")).await.expect("the class");
    look(&mut browser, "sign-ins", &mut wrong).await;
    click(&browser, "//button[normalize-space()='Print new cards for the class']").await;
    browser.web().query(By::Css(".sg-card")).first().await.expect("cards");
    look(&mut browser, "cards", &mut wrong).await;
    click(&browser, "//a[normalize-space()='How the class signs in']").await;
    click(&browser, "(//button[starts-with(normalize-space(), 'New pictures')])[1]").await;
    browser.web().query(By::Css(".sg-given")).first().await.expect("pictures");
    look(&mut browser, "given", &mut wrong).await;
    click(&browser, "//button[normalize-space()='Sign out']").await;

    browser.open(&format!("{root}/class")).await.expect("the code");
    look(&mut browser, "code", &mut wrong).await;
    browser.open(&format!("{root}/class/{code}")).await.expect("the class");
    look(&mut browser, "who", &mut wrong).await;
    // By keyboard alone: each child, and then each picture, is reached and told apart.
    let order = browser.focus_order().await.expect("focus");
    assert!(order.iter().any(|focused| focused.contains("Pip")), "{order:?}");
    click(&browser, "//a[contains(@class, 'sg-press')][.//span='Pip']").await;
    look(&mut browser, "pictures", &mut wrong).await;
    let order = browser.focus_order().await.expect("focus");
    assert!(["sun", "cat", "boat", "apple", "hat"].iter().all(|name| order.iter().any(|focused| focused.contains(name))), "{order:?}");
    press_all(&browser, [1, 0, 2, 3]).await;
    browser.web().query(By::Css(".govuk-error-summary")).first().await.expect("wrong ones");
    look(&mut browser, "wrong", &mut wrong).await;
    press_all(&browser, PICTURES).await;
    browser.web().query(By::XPath("//h1[contains(., 'You are signed in, Pip')]")).first().await.expect("in");
    look(&mut browser, "here", &mut wrong).await;
    assert_eq!(school.ask(&[IpAddr::from([127, 0, 0, 1])]).values().map(|(_, known)| *known).collect::<Vec<_>>(), [Known::Own]);
    click(&browser, "//main//button[normalize-space()='Sign out']").await;
    browser.web().query(By::Id("code")).first().await.expect("the code again");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
