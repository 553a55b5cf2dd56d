//! The pages in a real browser, at the size of a phone (which is also 400 % zoom on a desktop) and of a desktop.
//!
//! Set `SCHOOLGATE_SCREENSHOTS` to a folder to have a picture of each page written there.

use std::path::PathBuf;

use testkit::browser::{Browser, Options};

use super::Running;
use super::pages::PAGES;

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

#[tokio::test]
async fn browser_pages_are_for_everyone() {
    let running = Running::start(&["--demo"]);
    let mut browser = Browser::start(&Options::default()).await.expect("browser");
    let mut wrong = Vec::new();
    for (size, width, height) in SIZES {
        browser.resize(width, height).await.expect("size");
        for (name, path) in PAGES {
            browser.open(&format!("http://{}{path}", running.address)).await.expect(path);
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

#[tokio::test]
async fn browser_keyboard_reaches_the_question_in_order() {
    let running = Running::start(&["--demo"]);
    let browser = Browser::start(&Options::default()).await.expect("browser");
    browser.open(&format!("http://{}/", running.address)).await.expect("home");
    let order = browser.focus_order().await.expect("focus");
    assert_eq!(order.first().map(String::as_str), Some("a Skip to main content"), "{order:?}");
    let place = |text: &str| order.iter().position(|focused| focused == text);
    let places = ["a Ask why", "input address", "select who", "input at", "button Ask why"].map(place);
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn browser_question_is_asked_by_typing() {
    use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
    use testkit::browser::thirtyfour::{By, Key};
    let running = Running::start(&["--demo"]);
    let browser = Browser::start(&Options::default()).await.expect("browser");
    browser.open(&format!("http://{}/", running.address)).await.expect("home");
    let address = browser.web().find(By::Id("address")).await.expect("field");
    address.send_keys("pornhub.com".to_owned() + Key::Enter).await.expect("typing");
    let heading = browser.web().query(By::Css(".sg-answer h1")).first().await.expect("answer").text().await.expect("text");
    assert!(heading.starts_with("pornhub.com is blocked for somebody unknown"), "{heading}");
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says here where the pictures go")]
fn pictures() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SCHOOLGATE_SCREENSHOTS")?);
    std::fs::create_dir_all(&folder).is_ok().then_some(folder)
}
