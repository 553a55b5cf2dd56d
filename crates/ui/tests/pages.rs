//! Every page in a real browser, at the size of a phone (which is also 400 % zoom on a desktop) and of a desktop.
//!
//! Set `SCHOOLGATE_SCREENSHOTS` to a folder to have a picture of each page written there.

use std::path::PathBuf;

use testkit::browser::{Browser, Options};
use testkit::origin::{Origin, Reply};
use ui::block_page::{BlockPage, CategoryWords, HelpLine, Outcome, Rendered, StaffDetail, render};
use ui::{Asset, Href, ReadingAge, Words, assets, gallery, shell};

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

#[tokio::test]
async fn the_gallery_is_for_everyone() {
    let origin = Origin::start().expect("origin");
    for asset in assets() {
        let reply = Reply::ok(asset.content_type, asset.gzip).header("Content-Encoding", "gzip");
        origin.serve(asset.path, reply.header("Cache-Control", Asset::CACHE_CONTROL));
    }
    let words = Words::new(ReadingAge::Adult, "Hill Top Church of England Primary School and Nursery");
    let page = gallery::gallery(&words).into_string();
    origin.serve("/", Reply::ok("text/html; charset=utf-8", page).header("Content-Security-Policy", shell::CONTENT_SECURITY_POLICY));

    let mut browser = Browser::start(&Options::default()).await.expect("browser");
    check(&mut browser, &origin.url("/"), "gallery").await.expect("gallery");

    let scripted: bool = browser.run("return document.body.classList.contains('govuk-frontend-supported');").await.expect("class");
    assert!(scripted, "the script did not run");
    let order = browser.focus_order().await.expect("focus");
    let first = [
        "a Skip to main content",
        "a Schoolgate",
        "a Your sign-in: Robin Teasel, Headteacher",
        "button Sign out",
        "input search-all",
        "button Search",
        "a Today",
    ];
    assert_eq!(order[..7], first, "{order:?}");
    let missing: Vec<_> = origin.seen().into_iter().map(|request| request.target).filter(|target| target != "/").collect();
    assert!(missing.iter().all(|target| assets().iter().any(|asset| asset.path == target)), "{missing:?}");
}

#[tokio::test]
async fn each_block_page_is_for_its_reader() {
    let origin = Origin::start().expect("origin");
    let mut browser = Browser::start(&Options::default()).await.expect("browser");
    for age in [ReadingAge::Young, ReadingAge::Child, ReadingAge::Teen, ReadingAge::Adult] {
        for (name, outcome, help_first) in outcomes() {
            let staff = if age == ReadingAge::Adult { vec![false, true] } else { vec![false] };
            for staff in staff {
                let Rendered { html, style_hash } = block_page(age, outcome.clone(), help_first, staff);
                let policy = Rendered { html: String::new(), style_hash }.content_security_policy();
                let name = format!("block-{age:?}-{name}{}", if staff { "-staff" } else { "" }).to_lowercase();
                let path = format!("/{name}");
                origin.serve(&path, Reply::ok("text/html; charset=utf-8", html).status(403).header("Content-Security-Policy", &policy));
                check(&mut browser, &origin.url(&path), &name).await.expect("block page");

                let header: String =
                    browser.run("return getComputedStyle(document.querySelector('header')).backgroundColor;").await.expect("style");
                assert_eq!(header, "rgb(18, 60, 74)", "{name}: the style was not let in");
                let order = browser.focus_order().await.expect("focus");
                let place = |text: &str| order.iter().position(|focused| focused == text);
                assert!(place("a I think this should be open").is_some() && place("a I am worried about something").is_some(), "{order:?}");
            }
        }
    }
    let asked: Vec<_> = origin.seen().into_iter().map(|request| request.target).filter(|target| !target.starts_with("/block-")).collect();
    assert!(asked.is_empty(), "a block page loads something: {asked:?}");
}

/// Opens the page at both sizes: no fault found by axe, nothing refused, no scrolling sideways; and takes its picture.
async fn check(browser: &mut Browser, url: &str, name: &str) -> Result<(), String> {
    for (size, width, height) in SIZES {
        let told = |error| format!("{name} ({size}): {error:#}");
        browser.resize(width, height).await.map_err(told)?;
        browser.open(url).await.map_err(told)?;
        if let Some(folder) = pictures() {
            browser.screenshot(&folder.join(format!("{name}-{size}.png"))).await.map_err(told)?;
        }
        let faults: String = browser.axe().await.map_err(told)?.iter().map(ToString::to_string).collect();
        let mut complaints = browser.complaints().await.map_err(told)?;
        // The browser's own remark that the answer was 403, which is as it should be.
        complaints.retain(|complaint| !complaint.contains("status of 403"));
        let overflow = browser.sideways_overflow().await.map_err(told)?;
        if !faults.is_empty() || !complaints.is_empty() || overflow > 0 {
            return Err(format!("{name} ({size}): {overflow} px too wide; complaints {complaints:?}; faults:\n{faults}"));
        }
    }
    Ok(())
}

fn outcomes() -> [(&'static str, Outcome, bool); 7] {
    [
        ("blocked", Outcome::Blocked, false),
        ("help", Outcome::Blocked, true),
        ("ask", Outcome::Ask, false),
        ("warn", Outcome::Warn { continue_url: Href::path("on") }, false),
        ("gate", Outcome::Gate { sign_url: Href::path("sign") }, false),
        ("suspended", Outcome::Suspended { read_url: Href::path("sign") }, false),
        ("sealed", Outcome::Sealed, false),
    ]
}

fn block_page(age: ReadingAge, outcome: Outcome, help_first: bool, staff: bool) -> Rendered {
    let words = Words::new(age, "Hill Top Church of England Primary School");
    let site = Href::path("help");
    let line = |name, what, phone| HelpLine { name, what, phone: Some(phone), url: Some(site.clone()) };
    let help_lines = [
        line("Childline", "For anyone under 19, day and night. It is free and does not show on the bill.", "0800 1111"),
        line("Samaritans", "For anyone, day and night.", "116 123"),
    ];
    let reasons = [
        "Sealed lists: no hit.",
        "Help lines and report pages: not one of them.",
        "Profile “Key Stage 3”: the category “Gambling” is closed.",
        "List “Starter list”, line 214: bets-and-more-bets.example.",
    ];
    let missing = ["No full category list has been built.", "No source of illegal-content addresses is declared."];
    let betting = CategoryWords { title: "Gambling", sentence: "Betting and games for money." };
    let hurting = CategoryWords { title: "Self-harm", sentence: "Pages about hurting oneself." };
    let long = "https://bets-and-more-bets.example/a/very/long/path/without-any-place-to-break?session=0123456789abcdef";
    let (category, address) = if help_first { (hurting, "http://sad-pages.example/") } else { (betting, long) };
    render(&BlockPage {
        words: &words,
        outcome,
        category: Some(category),
        shown_address: Some(address),
        help_first,
        help_lines: &help_lines,
        who_to_talk_to: "your teacher, or Mrs Lane in the Hub",
        open_request_url: &Href::path("ask"),
        worried_url: &Href::path("worried"),
        staff: staff.then_some(StaffDetail { reasons: &reasons, missing: &missing }),
    })
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says here where the pictures go")]
fn pictures() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SCHOOLGATE_SCREENSHOTS")?);
    std::fs::create_dir_all(&folder).is_ok().then_some(folder)
}
