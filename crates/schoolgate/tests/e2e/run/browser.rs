//! The pages in a real browser, at the size of a phone (which is also 400 % zoom on a desktop) and of a desktop.
//!
//! Set `SCHOOLGATE_SCREENSHOTS` to a folder to have a picture of each page written there.

use std::path::PathBuf;

use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
use testkit::browser::thirtyfour::{By, Key};
use testkit::browser::{Browser, Options};

use super::pages::{PAGES, PEOPLE, PUBLIC};
use super::{PATIENCE, Running};
use crate::console::code_of;

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

#[tokio::test]
async fn browser_pages_are_for_everyone() {
    let mut running = Running::start(&["--demo"]);
    let pages: Vec<(&str, String)> = PAGES.iter().chain(&PUBLIC).map(|(name, path)| (*name, (*path).to_owned())).collect();
    visit(&mut running, &pages).await;
}

#[tokio::test]
async fn browser_pages_about_people_are_for_everyone() {
    let mut running = Running::start(&["--demo"]);
    let pages: Vec<(&str, String)> = PEOPLE.iter().map(|(name, path)| (*name, (*path).to_owned())).collect();
    visit(&mut running, &pages).await;
}

#[tokio::test]
async fn browser_pages_of_one_person_are_for_everyone() {
    let mut running = Running::start(&["--demo"]);
    let pages = of_somebody(&running);
    visit(&mut running, &pages).await;
}

/// Looks at each of these pages as the headteacher, at both sizes.
async fn visit(running: &mut Running, pages: &[(&str, String)]) {
    let mut browser = signed_in(running, "headteacher").await;
    let mut wrong = Vec::new();
    for (size, width, height) in SIZES {
        browser.resize(width, height).await.expect("size");
        for (name, path) in pages {
            browser.open(&format!("https://{}{path}", running.address)).await.expect(path);
            if let Some(folder) = pictures() {
                browser.screenshot(&folder.join(format!("console-{name}-{size}.png"))).await.expect("picture");
            }
            let faults = browser.axe().await.expect("axe");
            let too_wide = browser.sideways_overflow().await.expect("width");
            let mut complaints = browser.complaints().await.expect("console");
            // The browser's own remark on pages that are errors by intent.
            complaints.retain(|complaint| !complaint.contains("status of 40"));
            if !faults.is_empty() || too_wide > 0 || !complaints.is_empty() {
                let faults: String = faults.iter().map(ToString::to_string).collect();
                wrong.push(format!("{name} ({size}): {too_wide} px too wide; complaints {complaints:?}; faults:\n{faults}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The pages of a pupil of whom much is known.
fn of_somebody(running: &Running) -> Vec<(&'static str, String)> {
    let list = running.get("/people?find=rowan+ragwort").body;
    let id = list.split("href=\"/people/").filter_map(|rest| rest.split('"').next()).find(|id| id.len() == 36).expect("somebody");
    let contacts = running.get(&format!("/people/{id}/contacts")).body;
    let adult = contacts.split("href=\"/people/").filter_map(|rest| rest.split('"').next()).find(|other| other.len() == 36 && *other != id);
    let own = ["", "/change", "/classes", "/end", "/history", "/contacts", "/contacts/new"];
    let names = ["person", "person-change", "person-classes", "person-end", "person-history", "person-contacts", "person-contact-new"];
    let own = names.into_iter().zip(own.map(|path| format!("/people/{id}{path}")));
    own.chain([("person-contact", format!("/people/{id}/contacts/{}", adult.expect("an adult")))]).collect()
}

/// What somebody new sees, from the link in their hand to the codes on their paper.
#[tokio::test]
async fn browser_somebody_new_comes_in() {
    let mut running = Running::start(&["--demo"]);
    let head = running.browser().signed_in_as("headteacher");
    let page = head.get("/accounts").body;
    let row = page.split("<tr").find(|row| row.contains(">ddsl</th>")).expect("the deputy").to_owned();
    let id = row.split("action=\"/accounts/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id");
    let given = head.form(&format!("/accounts/{id}/reset"), "").body;
    let link = given.split("/link/").nth(1).and_then(|rest| rest.split(['<', '"', ' ']).next()).expect("a link").to_owned();
    let mut browser = trusting(&mut running).await;
    let mut wrong = Vec::new();
    browser.open(&format!("https://{}/link/{link}", running.address)).await.expect("the link");
    look(&mut browser, "link", &mut wrong).await;
    fill(&browser, &[("new", "nine grey herons wade"), ("again", "nine grey herons wade")]).await;
    look(&mut browser, "chosen", &mut wrong).await;
    browser.open(&format!("https://{}/sign-in", running.address)).await.expect("the door");
    look(&mut browser, "door", &mut wrong).await;
    fill(&browser, &[("name", "ddsl"), ("password", "a wrong one of some length")]).await;
    look(&mut browser, "door-wrong", &mut wrong).await;
    fill(&browser, &[("name", "ddsl"), ("password", "nine grey herons wade")]).await;
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
    look(&mut browser, "first-day", &mut wrong).await;
    browser.open(&format!("https://{}/my/second-factor", running.address)).await.expect("the second factor");
    let key: String = browser.run("return document.querySelector('code').innerText.replaceAll(' ', '');").await.expect("a key");
    look(&mut browser, "second-factor-new", &mut wrong).await;
    fill(&browser, &[("code", &code_of(&key)), ("password", "nine grey herons wade")]).await;
    browser.web().query(By::Css(".sg-codes")).first().await.expect("the codes");
    look(&mut browser, "codes", &mut wrong).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Types into fields by their names, and presses Enter in the last.
async fn fill(browser: &Browser, fields: &[(&str, &str)]) {
    for (number, (name, text)) in fields.iter().enumerate() {
        let field = browser.web().query(By::Css(format!("main input[name='{name}']"))).first().await.expect("the field");
        field.clear().await.expect("emptied");
        let enter = if number + 1 == fields.len() { Key::Enter.value().to_string() } else { String::new() };
        field.send_keys(format!("{text}{enter}")).await.expect("typed");
    }
}

/// Looks at the page as it is, at both sizes.
async fn look(browser: &mut Browser, name: &str, wrong: &mut Vec<String>) {
    for (size, width, height) in SIZES {
        browser.resize(width, height).await.expect("size");
        if let Some(folder) = pictures() {
            browser.screenshot(&folder.join(format!("new-{name}-{size}.png"))).await.expect("picture");
        }
        let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
        let too_wide = browser.sideways_overflow().await.expect("width");
        let mut complaints = browser.complaints().await.expect("console");
        complaints.retain(|complaint| !complaint.contains("status of 40"));
        if !faults.is_empty() || too_wide > 0 || !complaints.is_empty() {
            wrong.push(format!("{name} ({size}): {too_wide} px too wide; complaints {complaints:?}; faults:\n{faults}"));
        }
    }
}

#[tokio::test]
async fn browser_keyboard_reaches_the_question_in_order() {
    let mut running = Running::start(&["--demo"]);
    let browser = signed_in(&mut running, "headteacher").await;
    browser.open(&format!("https://{}/overview", running.address)).await.expect("home");
    let order = browser.focus_order().await.expect("focus");
    assert_eq!(order.first().map(String::as_str), Some("a Skip to main content"), "{order:?}");
    let place = |text: &str| order.iter().position(|focused| focused == text);
    let places = ["a Ask why", "input address", "select who", "input at", "button Ask why"].map(place);
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn browser_question_is_asked_by_typing() {
    let mut running = Running::start(&["--demo"]);
    let browser = signed_in(&mut running, "headteacher").await;
    browser.open(&format!("https://{}/overview", running.address)).await.expect("home");
    let address = browser.web().find(By::Id("address")).await.expect("field");
    address.send_keys("pornhub.com".to_owned() + Key::Enter).await.expect("typing");
    let heading = browser.web().query(By::Css(".sg-answer h1")).first().await.expect("answer").text().await.expect("text");
    assert!(heading.starts_with("pornhub.com is blocked for somebody unknown"), "{heading}");
}

/// A browser that trusts the school's own root, at which somebody of the demonstration has signed in with one press.
pub(super) async fn signed_in(running: &mut Running, user_name: &str) -> Browser {
    let browser = trusting(running).await;
    press(&browser, running, user_name).await;
    browser
}

/// A browser that trusts the school's own root.
pub(crate) async fn trusting(running: &mut Running) -> Browser {
    let line = running.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys");
    let options = Options { trusted_keys: keys.split(',').map(str::to_owned).collect(), ..Options::default() };
    Browser::start(&options).await.expect("browser")
}

/// Signs in as somebody of the demonstration with one press.
pub(super) async fn press(browser: &Browser, running: &Running, user_name: &str) {
    browser.open(&format!("https://{}/sign-in", running.address)).await.expect("the door");
    let button = format!("input[value='{user_name}'] ~ button");
    browser.web().find(By::Css(&button)).await.expect("the button").click().await.expect("pressed");
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says here where the pictures go")]
pub(crate) fn pictures() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SCHOOLGATE_SCREENSHOTS")?);
    std::fs::create_dir_all(&folder).is_ok().then_some(folder)
}
