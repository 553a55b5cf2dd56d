//! The pages in a real browser, at the size of a phone (which is also 400 % zoom on a desktop) and of a desktop.
//!
//! Set `SCHOOLGATE_SCREENSHOTS` to a folder to have a picture of each page written there.

use std::path::PathBuf;

use office::people::Role;
use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
use testkit::browser::thirtyfour::{By, Key};
use testkit::browser::{Browser, Options};

use super::pages::PAGES;
use super::{PATIENCE, Running};

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

#[tokio::test]
async fn browser_pages_are_for_everyone() {
    let mut running = Running::start(&["--demo"]);
    let mut browser = signed_in(&mut running, "headteacher").await;
    let mut wrong = Vec::new();
    for (size, width, height) in SIZES {
        browser.resize(width, height).await.expect("size");
        let list = running.get("/people").body;
        let person = list.split("href=\"/people/").nth(1).and_then(|rest| rest.split('"').next()).expect("somebody").to_owned();
        let person = format!("/people/{person}");
        for (name, path) in PAGES.into_iter().chain([("person", person.as_str())]) {
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

/// Everybody's first page, and each page of their menu, at the size of a phone.
#[tokio::test]
async fn browser_each_role_finds_its_way() {
    let mut running = Running::start(&["--demo"]);
    let mut browser = signed_in(&mut running, Role::ALL[0].as_str()).await;
    browser.resize(320, 640).await.expect("size");
    let (mut wrong, mut seen) = (Vec::new(), Vec::new());
    for (number, role) in Role::ALL.iter().enumerate() {
        if number > 0 {
            press(&browser, &running, role.as_str()).await;
        }
        let links = "return [...document.querySelectorAll('nav a')].map(link => link.getAttribute('href'));";
        let menu: Vec<String> = browser.run(links).await.expect("the menu");
        // What one role has seen is looked at once: the page is the same for the next one.
        for path in menu.into_iter().filter(|path| path == "/" || !seen.contains(path)).collect::<Vec<_>>() {
            browser.open(&format!("https://{}{path}", running.address)).await.expect("a page");
            if let Some(folder) = pictures().filter(|_| path == "/") {
                browser.screenshot(&folder.join(format!("role-{}-phone.png", role.as_str()))).await.expect("picture");
            }
            let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
            let too_wide = browser.sideways_overflow().await.expect("width");
            let complaints = browser.complaints().await.expect("console");
            if !faults.is_empty() || too_wide > 0 || !complaints.is_empty() {
                wrong.push(format!("{path} as {role}: {too_wide} px too wide; complaints {complaints:?}; faults:\n{faults}"));
            }
            seen.push(path);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.len() > Role::ALL.len() + 5, "{seen:?}");
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
async fn signed_in(running: &mut Running, user_name: &str) -> Browser {
    let line = running.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys");
    let options = Options { trusted_keys: keys.split(',').map(str::to_owned).collect(), ..Options::default() };
    let browser = Browser::start(&options).await.expect("browser");
    press(&browser, running, user_name).await;
    browser
}

/// Signs in as somebody of the demonstration with one press.
async fn press(browser: &Browser, running: &Running, user_name: &str) {
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
