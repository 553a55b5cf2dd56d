//! Parents come in with a link from a letter, guests with a code.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use testkit::browser::thirtyfour::By;
use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
use testkit::browser::{Browser, Options};

use crate::signin::School;

const PATIENCE: Duration = Duration::from_secs(60);

/// The letters so far, each as it lies in the folder.
fn letters(school: &School) -> Vec<String> {
    letters_in(&school.folder.join("data/letters"))
}

fn letters_in(folder: &Path) -> Vec<String> {
    let files: Vec<PathBuf> = fs::read_dir(folder).map(|all| all.flatten().map(|file| file.path()).collect()).unwrap_or_default();
    files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .map(|path| fs::read_to_string(path).expect("a letter"))
        .collect()
}

/// The path of the link in the letter, once it is there.
fn link(school: &School) -> String {
    link_in(&school.folder.join("data/letters"))
}

#[expect(clippy::disallowed_methods, reason = "a person waits for a letter")]
pub(crate) fn link_in(folder: &Path) -> String {
    let since = Instant::now();
    loop {
        // The mail form breaks long lines with a sign at their end.
        let text: String = letters_in(folder).first().cloned().unwrap_or_default().replace("=\r\n", "");
        if let Some((_, rest)) = text.split_once("/parents/") {
            return format!("/parents/{}", rest.split_whitespace().next().expect("a link"));
        }
        assert!(since.elapsed() < PATIENCE, "no letter came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_parent_comes_in_with_a_letter_and_nobody_is_told_who_is_known() {
    let school = School::demo();
    let parent = school.browser();
    let page = parent.get("/parents").body;
    assert!(page.contains("Your mail address"), "{page}");
    let wrong = parent.post("/parents", "email=nobody");
    assert!(wrong.status == 422 && wrong.body.contains("Enter a mail address"), "{}", wrong.body);
    let stranger = parent.post("/parents", "email=stranger%40home.example");
    let known = parent.post("/parents", "email=tom.alder%40home.example");
    assert_eq!((stranger.status, &stranger.body), (200, &known.body), "the same word for word");
    let link = link(&school);
    assert_eq!(letters(&school).len(), 1, "none to a stranger");
    let page = parent.get(&link);
    assert!(page.status == 200 && page.body.contains("This link works once"), "{}", page.body);
    assert_eq!(parent.get("/").status, 303, "to look at a link is not to sign in");
    assert_eq!(parent.post(&link, "").header("Location"), Some("/"));
    let home = parent.get("/").body;
    assert!(home.contains("You are here as <strong>parent"), "{home}");
    assert_eq!(parent.get("/people").status, 404);
    assert_eq!((parent.get(&link).status, school.browser().post(&link, "").status), (404, 404), "it was used");
    for _ in 0..8 {
        parent.post("/parents", "email=stranger%40home.example");
    }
    assert_eq!(parent.post("/parents", "email=stranger%40home.example").status, 429);
}

fn between<'a>(page: &'a str, before: &str, after: char) -> &'a str {
    page.split_once(before).expect(before).1.split(after).next().expect("its end")
}

#[test]
fn a_guest_comes_in_with_a_code_and_the_notice_and_goes_when_the_pass_is_ended() {
    let school = School::demo();
    let teacher = school.browser().signed_in_as("teacher");
    let empty = teacher.form("/guests", "given=&family=Thrift&reason=visit&stay=day");
    assert!(
        empty.status == 422 && empty.body.contains("Enter the first name") && empty.body.contains("value=\"Thrift\""),
        "{}",
        empty.body
    );
    let given = teacher.form("/guests", "given=Odd&family=Thrift&reason=visit&stay=day");
    assert!(given.status == 200 && given.body.contains("is not shown again"), "{}", given.body);
    let code = between(&given.body, "sg-code\">", '<').replace(' ', "");
    let list = teacher.get("/guests").body;
    assert!(list.contains("Odd Thrift") && list.contains("Not yet") && list.contains("Ada Kingfisher") && !list.contains(&code), "{list}");

    let guest = school.browser();
    assert!(guest.get("/guest").body.contains("its use is recorded"));
    let unread = guest.post("/guest", &format!("code={code}"));
    assert!(unread.status == 422 && unread.body.contains("say that you accept it"), "{}", unread.body);
    assert_eq!(guest.post("/guest", "code=bbbbbbbb&accepted=yes").status, 403);
    assert_eq!(guest.post("/guest", &format!("code={code}&accepted=yes")).header("Location"), Some("/here"));
    let here = guest.get("/here").body;
    assert!(here.contains("You are signed in, Odd.") && here.contains(", Visitor</a>") && !here.contains("Childline"), "{here}");
    assert_eq!((guest.get("/people").status, guest.get("/guests").status), (404, 404));
    let list = teacher.get("/guests").body;
    assert!(list.contains(", at 127.0.0.1"), "{list}");
    let end = format!("/guests/{}/end", between(&list, "action=\"/guests/", '/'));
    for nobody in ["pupil", "parent", "governor", "it_technician", "visitor"] {
        let somebody = school.browser().signed_in_as(nobody);
        assert_eq!((somebody.get("/guests").status, somebody.form(&end, "").status), (404, 404), "{nobody}");
    }
    assert_eq!(guest.get("/here").status, 303, "others have signed in at this device since");
    assert_eq!(guest.post("/guest", &format!("code={code}&accepted=yes")).status, 303);
    assert_eq!(teacher.form(&end, "").status, 303);
    assert_eq!(guest.get("/here").status, 303);
    assert_eq!(guest.post("/guest", &format!("code={code}&accepted=yes")).status, 403);
    assert_eq!(teacher.form(&end, "").status, 404);
}

#[test]
fn a_visitor_comes_in_alone_from_a_network_for_guests() {
    let school = School::demo();
    let visitor = school.browser();
    let unread = visitor.post("/guest/register", "given=Iris&family=Orris&reason=event");
    assert!(unread.status == 422 && unread.body.contains("say that you accept it"), "{}", unread.body);
    let came = visitor.post("/guest/register", "given=Iris&family=Orris&reason=event&accepted=yes");
    assert!(came.status == 200 && came.body.contains("You are in"), "{}", came.body);
    assert!(visitor.get("/here").body.contains("You are signed in, Iris."));
    let list = school.browser().signed_in_as("headteacher").get("/guests").body;
    assert!(list.contains("Iris Orris") && list.contains("Came in alone"), "{list}");
}

#[test]
fn a_visitor_who_sends_the_page_twice_is_one_visitor_with_the_name_put_right() {
    let school = School::demo();
    let visitor = school.browser();
    let door = visitor.get("/guest").body;
    assert!(door.contains("this device uses the school’s network until"), "it is said until when: {door}");
    let page = between(&door, "name=\"page\" value=\"", '"').to_owned();
    let fields = |family: &str| format!("page={page}&given=Iris&family={family}&reason=event&accepted=yes");
    let first = visitor.post("/guest/register", &fields("Oris"));
    assert_eq!(first.status, 200);
    let code = |body: &str| between(body, "sg-code\">", '<').replace(' ', "");
    let again = visitor.post("/guest/register", &fields("Orris"));
    assert_eq!(again.status, 200);
    assert_ne!(code(&first.body), code(&again.body));
    let head = school.browser().signed_in_as("headteacher");
    let list = || head.get("/guests").body;
    assert!(list().contains("Iris Orris") && !list().contains("Oris"), "{}", list());
    assert_eq!(list().matches("Came in alone").count(), 1);
    assert_eq!(
        visitor.post("/guest", &format!("code={}&accepted=yes", code(&first.body))).status,
        403,
        "the code from before opens nothing"
    );
    let mistaken = visitor.post("/guest/register", &format!("page={page}&given=Iris&family=&reason=event"));
    assert!(mistaken.status == 422 && mistaken.body.contains("value=\"Iris\"") && mistaken.body.contains(&page), "{}", mistaken.body);
    let other = school.browser();
    assert_eq!(other.post("/guest/register", "given=Ivo&family=Orris&reason=event&accepted=yes").status, 200);
    assert_eq!(list().matches("Came in alone").count(), 2, "another page is another visitor");
}

const SIZES: [(&str, u32, u32); 2] = [("phone", 320, 640), ("desktop", 1280, 900)];

async fn look(browser: &mut Browser, name: &str, wrong: &mut Vec<String>) {
    for (size, width, height) in SIZES {
        browser.resize(width, height).await.expect("size");
        if let Some(folder) = crate::run::pictures() {
            browser.screenshot(&folder.join(format!("doors-{name}-{size}.png"))).await.expect("picture");
        }
        let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
        let too_wide = browser.sideways_overflow().await.expect("width");
        if !faults.is_empty() || too_wide > 0 {
            wrong.push(format!("{name} ({size}): {too_wide} px too wide; faults:\n{faults}"));
        }
    }
}

#[tokio::test]
async fn browser_parents_and_guests_find_their_doors() {
    let mut school = School::demo();
    let line = school.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys").to_owned();
    let options = Options { trusted_keys: keys.split(',').map(str::to_owned).collect(), ..Options::default() };
    let mut browser = Browser::start(&options).await.expect("browser");
    let mut wrong = Vec::new();
    let root = format!("https://{}", school.address);
    let teacher = school.browser().signed_in_as("teacher");
    let given = teacher.form("/guests", "given=Odd&family=Thrift&reason=visit&stay=day").body;
    let code = between(&given, "sg-code\">", '<').replace(' ', "");

    browser.open(&format!("{root}/parents")).await.expect("the door");
    look(&mut browser, "parents", &mut wrong).await;
    let field = browser.web().query(By::Id("email")).first().await.expect("a field");
    field.send_keys("tom.alder@home.example\n").await.expect("typed");
    browser.web().query(By::XPath("//h1[normalize-space()='Look at your mail']")).first().await.expect("sent");
    look(&mut browser, "sent", &mut wrong).await;
    let link = link(&school);
    browser.open(&format!("{root}{link}")).await.expect("the link");
    look(&mut browser, "link", &mut wrong).await;
    press(&browser, "//main//button").await;
    browser.web().query(By::Css(".sg-who")).first().await.expect("in");
    look(&mut browser, "parent", &mut wrong).await;
    browser.open(&format!("{root}{link}")).await.expect("the link again");
    look(&mut browser, "gone", &mut wrong).await;

    browser.open(&format!("{root}/guest")).await.expect("the door");
    look(&mut browser, "guest", &mut wrong).await;
    let field = browser.web().query(By::Id("code")).first().await.expect("a field");
    field.send_keys(&code).await.expect("typed");
    press(&browser, "//button[normalize-space()='Go on']").await;
    browser.web().query(By::Css(".govuk-error-summary")).first().await.expect("the notice was not accepted");
    look(&mut browser, "guest-wrong", &mut wrong).await;
    let field = browser.web().query(By::Id("code")).first().await.expect("a field");
    field.send_keys(&code).await.expect("typed");
    press(&browser, "//input[@id='accepted']").await;
    press(&browser, "//button[normalize-space()='Go on']").await;
    browser.web().query(By::XPath("//h1[contains(., 'You are signed in, Odd')]")).first().await.expect("in");
    look(&mut browser, "guest-here", &mut wrong).await;
    press(&browser, "//main//button[normalize-space()='Sign out']").await;

    browser.open(&format!("{root}/sign-in")).await.expect("the door");
    press(&browser, "//button[normalize-space()='Teacher']").await;
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
    browser.open(&format!("{root}/guests")).await.expect("the guests");
    look(&mut browser, "guests", &mut wrong).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn press(browser: &Browser, what: &str) {
    browser.web().query(By::XPath(what)).first().await.expect(what).click().await.expect("pressed");
}
