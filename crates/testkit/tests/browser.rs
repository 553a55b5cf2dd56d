//! The browser of the tests, on pages with known faults.

use testkit::browser::{Browser, Options};
use testkit::folder::Folder;
use testkit::origin::{Origin, Reply};

const FAULTY: &str = "<!doctype html><html><head><title>t</title></head><body><img src=x><div style='width:900px'>wide</div>\
    <a href=/one>One</a> <button>Two</button></body></html>";

#[tokio::test]
async fn faults_are_found_and_nothing_is_left_behind() {
    let origin = Origin::start().expect("origin");
    origin.serve("/", Reply::ok("text/html", FAULTY));
    let mut browser = Browser::start(&Options::default()).await.expect("browser");
    browser.resize(320, 640).await.expect("resize");
    browser.open(&origin.url("/")).await.expect("open");

    let rules: Vec<_> = browser.axe().await.expect("axe").into_iter().map(|violation| violation.rule).collect();
    assert!(rules.contains(&"image-alt".to_owned()) && rules.contains(&"html-has-lang".to_owned()), "{rules:?}");
    assert!(browser.sideways_overflow().await.expect("width") > 500);
    assert_eq!(browser.focus_order().await.expect("focus"), ["a One", "button Two"]);

    let folder = Folder::new().expect("folder");
    let picture = folder.join("page.png");
    browser.screenshot(&picture).await.expect("picture");
    assert!(std::fs::read(&picture).expect("png").starts_with(b"\x89PNG"));

    let profile = browser.profile().display().to_string();
    assert!(!running_with(&profile).is_empty());
    drop(browser);
    assert!(!std::path::Path::new(&profile).exists());
    // Each was told to end; that all have takes the system a moment.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !running_with(&profile).is_empty() {
        assert!(std::time::Instant::now() < deadline, "still there: {:?}", running_with(&profile));
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn traffic_goes_through_the_proxy() {
    let proxy = Origin::start().expect("proxy");
    proxy.serve("/museum", Reply::ok("text/html", "<title>The museum</title>"));
    let options = Options { proxy: Some(proxy.address()), ..Options::default() };
    let browser = Browser::start(&options).await.expect("browser");
    browser.open("http://museum.example/museum").await.expect("open");
    assert_eq!(browser.web().title().await.expect("title"), "The museum");
    assert!(proxy.seen().iter().any(|request| request.target == "http://museum.example/museum"));
}

/// The processes, zombies apart, whose command line names `text`.
fn running_with(text: &str) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = entries.filter_map(|entry| std::fs::read_to_string(entry.path().join("cmdline")).ok());
    lines.filter(|line| line.contains(text)).collect()
}
