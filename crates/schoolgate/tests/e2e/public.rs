//! The public address: what is published, for everybody, and nothing else.

use std::time::Duration;

use crate::run::{Running, pictures, trusting};
use office::web::Ask;

const PATIENCE: Duration = Duration::from_secs(60);

/// The public address, as the demonstration prints it.
fn address(running: &mut Running) -> String {
    let line = running.process.wait_for_line("Public ", PATIENCE).expect("the public address");
    line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned()
}

#[test]
fn the_public_address_has_what_is_published_and_nothing_else_whoever_asks() {
    let mut running = Running::start(&["--demo"]);
    let public = address(&mut running);
    let nobody = running.browser().goes_to(&public);
    assert_eq!((nobody.get("/").status, nobody.get("/").header("location")), (303, Some("/published")));
    for path in ["/published", "/published/online-safety-policy", "/published/online-safety-policy/1", "/privacy", "/privacy/parents"] {
        let answer = nobody.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-security-policy").is_some() && answer.header("set-cookie").is_none(), "{path}");
        assert!(!answer.body.contains("sign-in") && answer.body.contains("href=\"/privacy\""), "{path}: {}", answer.body);
    }
    // The headteacher's session is nothing here.
    let head = running.browser().signed_in_as("headteacher");
    assert_eq!(head.get("/people").status, 200);
    let head = head.goes_to(&public);
    let published: Vec<&str> = schoolgate::console::published().into_iter().map(|(path, _)| path).collect();
    let mut shut = 0;
    for (method, path, ask) in schoolgate::console::listed() {
        if published.contains(&path) {
            assert!(method == "GET" && matches!(ask, Ask::Nothing(_)), "{path}: whoever is not signed in reads it on the console too");
        } else if path != "/" && !path.starts_with("/assets/") {
            let answer = if method == "GET" { head.get(path) } else { head.post(path, "word=x") };
            assert_eq!(answer.status, if method == "GET" { 404 } else { 405 }, "{method} {path}");
            shut += 1;
        }
    }
    assert!(shut > 100, "{shut}");
    assert_eq!(head.post("/published", "a=b").status, 405, "nothing can be sent");
    assert_eq!(head.get(&format!("/published/{}", "a".repeat(20_000))).status, 414);
    let elsewhere = nobody.send("GET /published HTTP/1.1\r\nHost: policies.school.example\r\nConnection: close\r\n\r\n");
    assert_eq!(elsewhere.status, 200, "it answers to the name that the school gives it");
}

#[tokio::test]
async fn browser_a_parent_reads_the_policy_on_a_phone_without_signing_in() {
    let mut running = Running::start(&["--demo"]);
    let public = address(&mut running);
    let mut browser = trusting(&mut running).await;
    browser.resize(320, 640).await.expect("size");
    for path in ["/published", "/published/online-safety-policy", "/privacy", "/privacy/parents", "/nowhere"] {
        browser.open(&format!("https://{public}{path}")).await.expect(path);
        if let Some(folder) = pictures() {
            browser.screenshot(&folder.join(format!("public{}.png", path.replace('/', "-")))).await.expect("picture");
        }
        let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
        assert_eq!((faults, browser.sideways_overflow().await.expect("width")), (String::new(), 0), "{path}");
    }
}
