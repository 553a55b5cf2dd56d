//! A file of people, taken in by somebody at a browser.

use std::collections::BTreeMap;

use testkit::browser::Browser;
use testkit::browser::thirtyfour::By;
use testkit::browser::thirtyfour::prelude::ElementQueryable as _;

use super::browser::{pictures, signed_in};
use super::{PATIENCE, Running};
use crate::people::faulty;

/// 2,000 people with 50 faults, through the pages: what is right is taken in, and each fault is
/// explained by its line.
#[tokio::test]
async fn browser_of_two_thousand_with_fifty_faults_what_is_right_is_taken_and_each_fault_is_explained() {
    let mut running = Running::start(&["--demo"]);
    let mut browser = signed_in(&mut running, "headteacher").await;
    let at = |path: &str| format!("https://{}{path}", running.address);
    let (file, faults) = faulty();
    running.folder.write("pupils.csv", &file).expect("written");
    browser.open(&at("/people/import")).await.expect("the form");
    look(&mut browser, "import").await;
    let web = browser.web();
    let chosen = running.folder.join("pupils.csv").canonicalize().expect("a path");
    web.find(By::Id("file")).await.expect("the field").send_keys(chosen.to_str().expect("a path")).await.expect("chosen");
    web.find(By::Css("#membership option[value='pupil']")).await.expect("pupils").click().await.expect("chosen");
    web.find(By::Css("main form button")).await.expect("go on").click().await.expect("sent");
    let heading = |text: &'static str| By::XPath(format!("//h1[.='{text}']"));
    web.query(heading("What each column means")).first().await.expect("the columns");
    look(&mut browser, "import-columns").await;
    let web = browser.web();
    web.find(By::Css("main form button")).await.expect("go on").click().await.expect("sent");
    web.query(heading("What would happen")).first().await.expect("the dry run");
    look(&mut browser, "import-check").await;
    let counts = "return [...document.querySelectorAll('main table')][0].innerText.match(/[0-9]+/g).join(' ');";
    assert_eq!(browser.run::<String>(counts).await.expect("numbers"), "1950 0 0 50");
    browser.open(&at("/people/import/check?only=refused")).await.expect("the refused");
    let lines = "return Object.fromEntries([...document.querySelectorAll('main table')][1].querySelectorAll('tbody tr').values().map(row => \
         [row.children[0].innerText.trim(), row.children[3].innerText]));";
    let told: BTreeMap<String, String> = browser.run(lines).await.expect("the lines");
    explained(&told, &faults);
    let head = running.browser().with_session(&session(&browser).await);
    let table = head.get("/people/import/faults.csv").body;
    assert_eq!(table.lines().count(), 51, "{table}");
    assert_eq!(running.get("/people?find=sedge1999").body.matches("Sedge1999").count(), 0, "nobody is taken in yet");
    let web = browser.web();
    web.find(By::Css(".sg-actions form button")).await.expect("take them in").click().await.expect("sent");
    web.query(heading("It is done")).wait(PATIENCE, std::time::Duration::from_millis(200)).first().await.expect("it is done");
    look(&mut browser, "import-done").await;
    assert_eq!(browser.run::<String>(counts).await.expect("numbers"), "1950 0 0 50");
    let told: BTreeMap<String, String> = browser.run(lines).await.expect("the lines");
    explained(&told, &faults);
    let found = running.get("/people?is=pupil&find=sam+sedge").body;
    assert!(found.contains("1950 people"), "{found}");
    browser.open(&at("/people/import")).await.expect("the form");
    look(&mut browser, "import-after").await;
    browser.open(&at("/people/year")).await.expect("the next year");
    look(&mut browser, "year").await;
}

/// Every fault, with a word that explains it.
fn explained(told: &BTreeMap<String, String>, faults: &BTreeMap<u64, &'static str>) {
    assert_eq!(told.len(), faults.len(), "{told:?}");
    for (line, why) in faults {
        let text = told.get(&line.to_string()).expect("the line is told");
        assert!(text.contains(why) && !text.contains("--"), "line {line}: {text} says nothing of {why:?}");
    }
}

async fn session(browser: &Browser) -> String {
    browser.web().get_named_cookie("__Host-schoolgate").await.expect("a cookie").value
}

async fn look(browser: &mut Browser, name: &str) {
    for (size, width, height) in [("phone", 320, 640), ("desktop", 1280, 900)] {
        browser.resize(width, height).await.expect("size");
        if let Some(folder) = pictures() {
            browser.screenshot(&folder.join(format!("{name}-{size}.png"))).await.expect("picture");
        }
        let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
        let too_wide = browser.sideways_overflow().await.expect("width");
        let complaints = browser.complaints().await.expect("console");
        assert!(faults.is_empty() && too_wide == 0 && complaints.is_empty(), "{name} ({size}): {too_wide} px; {complaints:?}\n{faults}");
    }
}
