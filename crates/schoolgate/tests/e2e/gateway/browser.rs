//! A real Chromium through the gate, which trusts the made-up sites' authority and the page root, and nothing else.
//!
//! Set `SCHOOLGATE_SCREENSHOTS` to a folder to have a picture of each page written there.

use std::path::PathBuf;

use testkit::browser::{Browser, Options};

use super::{PATIENCE, Running};

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

/// What is opened, a name for its picture, and a heading that must be there.
type Visit = (&'static str, &'static str, &'static str);

/// For each listener.
const VISITS: [(&str, &[Visit]); 3] = [
    (
        "infants",
        &[
            ("https://museum.example/", "museum", "The Museum of Small Things"),
            ("https://casino.example/", "blocked", "This page is closed, but you are not in trouble."),
            ("https://unlisted.example/", "unlisted", "This page is closed, but you are not in trouble."),
            ("https://childline.org.uk/", "help-line", "Stand-in for Childline"),
        ],
    ),
    (
        "juniors",
        &[
            ("https://casino.example/", "blocked", "This page is closed at school"),
            ("https://toys.example/", "warned", "Stop and think about this page"),
            ("https://dark-thoughts.example/", "self-harm", "Help is here if you want it"),
            ("https://www.google.com/", "search", "Stand-in for www.google.com"),
            ("http://schoolgate.internal/worried", "worried", "You are not on your own"),
            ("https://childline.org.uk/", "help-line", "Stand-in for Childline"),
        ],
    ),
    (
        "staff",
        &[
            ("https://casino.example/", "blocked", "This page is closed on the school network"),
            ("https://childline.org.uk/", "help-line", "Stand-in for Childline"),
        ],
    ),
];

async fn browser(gate: &mut Running, listener: &str) -> Browser {
    let line = gate.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys");
    let options = Options { proxy: Some(gate.listener(listener)), trusted_keys: keys.split(',').map(str::to_owned).collect() };
    Browser::start(&options).await.expect("browser")
}

#[tokio::test]
async fn browser_shows_the_page_for_each_reader_over_https() {
    let mut gate = Running::demo();
    let mut wrong = Vec::new();
    for (listener, visits) in VISITS {
        let mut browser = browser(&mut gate, listener).await;
        for (size, width, height) in SIZES {
            browser.resize(width, height).await.expect("size");
            for (url, name, heading) in visits {
                browser.open(url).await.expect(url);
                if let Some(folder) = pictures() {
                    browser.screenshot(&folder.join(format!("gate-{listener}-{name}-{size}.png"))).await.expect("picture");
                }
                let shown: String = browser.run("return document.body.innerText").await.expect("text");
                let faults = browser.axe().await.expect("axe");
                let too_wide = browser.sideways_overflow().await.expect("width");
                if !shown.contains(heading) || !faults.is_empty() || too_wide > 0 {
                    let faults: String = faults.iter().map(ToString::to_string).collect();
                    wrong.push(format!("{listener} {name} ({size}): {too_wide} px too wide; faults:\n{faults}\n{shown}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn browser_goes_on_after_a_warning() {
    use testkit::browser::thirtyfour::By;
    use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
    let mut gate = Running::demo();
    let browser = browser(&mut gate, "juniors").await;
    browser.open("https://toys.example/bricks").await.expect("warning");
    browser.web().find(By::Css("a[href*='go-on']")).await.expect("link").click().await.expect("click");
    let site = browser.web().query(By::XPath("//h1[.='Toys Example']")).first().await;
    assert!(site.is_ok(), "not the site: {}", browser.web().source().await.expect("the page"));
    assert_eq!(browser.run::<String>("return location.pathname").await.expect("path"), "/bricks");
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says here where the pictures go")]
fn pictures() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SCHOOLGATE_SCREENSHOTS")?);
    std::fs::create_dir_all(&folder).is_ok().then_some(folder)
}
