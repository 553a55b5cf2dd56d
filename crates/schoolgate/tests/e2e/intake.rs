//! People come in from a file on pages; the school goes into its next year; and an import that was cut off says how far it came.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use testkit::folder::Folder;
use testkit::process::Process;

use crate::console::{Answer, Console};
use crate::signin::School;
use crate::support::schoolgate;

const PATIENCE: Duration = Duration::from_secs(120);

/// A form with a file, as a browser sends it.
fn give(browser: &Console, fields: &[(&str, &str)], file: &str) -> Answer {
    let page = browser.get("/my/sign-in").body;
    let word = page.split_once("name=\"word\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a word").to_owned();
    let mut body = String::new();
    for (name, value) in fields.iter().chain(&[("word", word.as_str())]) {
        write!(body, "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").expect("text");
    }
    write!(
        body,
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--cut--\r\n"
    )
    .expect("text");
    let (address, length, session) = (&browser.address, body.len(), browser.session());
    browser.send(&format!(
        "POST /people/import HTTP/1.1\r\nHost: {address}\r\nOrigin: https://{address}\r\nContent-Type: multipart/form-data; boundary=cut\r\n\
         Content-Length: {length}\r\nCookie: __Host-schoolgate={session}\r\nConnection: close\r\n\r\n{body}"
    ))
}

/// Asks until the answer is so.
fn until(ask: impl Fn() -> Answer, is_so: impl Fn(&Answer) -> bool) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = ask();
        if is_so(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{}", answer.body);
    }
}

/// The page of a run once nothing is on its way any more.
fn finished(browser: &Console, path: &str) -> String {
    until(|| browser.get(path), |answer| answer.header("Refresh").is_none()).body
}

#[test]
fn columns_are_named_by_hand_and_passwords_are_never_read() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let told = give(&head, &[("membership", "pupil")], "");
    assert!(told.status == 422 && told.body.contains("Choose a file that is not empty"), "{}", told.body);
    let told = give(&head, &[], "PK\u{3}\u{4}....");
    assert!(told.status == 422 && told.body.contains("save it as CSV"), "{}", told.body);
    let file =
        "Our number,First,Surname,Year,Class,Password,DOB\nN1,Juno,Sorrel,3,3 Owls,hunter2,2018-01-01\nN2,=1+1,Dock,3,3 Owls,hunter3,\n";
    assert_eq!(give(&head, &[("membership", "pupil")], file).status, 303);
    let page = head.get("/people/import/columns").body;
    assert!(page.contains("Never read: it looks like passwords") && !page.contains("hunter2") && !page.contains("2018-01-01"), "{page}");
    let told = head.form("/people/import/columns", "column-1=given&column-2=family");
    assert!(told.status == 422 && told.body.contains("tells one person from another"), "{}", told.body);
    let named = "column-0=id&column-1=given&column-2=family&column-3=year&column-4=class&column-5=known_as&column-6=";
    assert_eq!(head.form("/people/import/columns", named).status, 303);
    let check = head.get("/people/import/check").body;
    assert!(check.contains("Juno Sorrel") && !check.contains("hunter"), "{check}");
    let done = head.form("/people/import/apply", "");
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(finished(&head, done.header("Location").expect("a place")).contains("It is done"));
    assert!(head.get("/people.csv?find=dock").body.contains("'=1+1"), "harmless in a spreadsheet");
    let again = head.form("/people/import/apply", "");
    assert!(again.status == 422 && again.body.contains("Give it again"), "the file is let go of");
    let deputy = school.browser().signed_in_as("deputy_headteacher");
    for page in ["/people/import/check", "/people/import/columns"] {
        assert!(deputy.get(page).body.contains("Take people in from a file</h1>"), "one's own file, and nobody else's");
    }
    assert_eq!(deputy.get("/people/import/faults.csv").body.lines().count(), 1, "the headings");
    for role in ["dsl", "teacher", "governor", "parent", "it_technician", "pupil"] {
        let browser = school.browser().signed_in_as(role);
        for page in ["/people/import", "/people/import/columns", "/people/import/check", "/people/year"] {
            assert_eq!(browser.get(page).status, 404, "{page} as {role}");
        }
        assert_eq!(browser.get(done.header("Location").expect("a place")).status, 404, "{role}");
        assert_eq!(browser.form("/people/import/apply", "").status, 404, "{role}");
    }
}

#[test]
fn the_next_year_is_looked_at_and_does_not_begin_before_its_day() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let page = head.get("/people/year").body;
    assert!(page.contains("It begins on 1 September") && page.contains("value=\"6 Kites\""), "{page}");
    assert!(page.contains("Leaves") && !page.contains("Go into the new year"), "{page}");
    let looked = head.form("/people/year", "do=apply&last=6&class-0=1+Sparrows");
    assert!(looked.status == 200 && looked.body.contains("1 Sparrows"), "{}", looked.body);
    assert!(head.get("/people?find=rowan+ragwort").body.contains("Year 5"), "nothing was changed");
}

/// Killed in the middle: what was done is whole, it is said how far it came, and the same file goes on from there.
#[test]
fn an_import_that_was_cut_off_says_how_far_it_came_and_goes_on() {
    let folder = Folder::new().expect("folder");
    // A code is good once, and both starts may lie in one half minute: the second is somebody else's.
    let start = |role: &str| {
        let arguments = ["run", "--data", "data", "--listen", "127.0.0.1:0", "--demo"];
        let mut process = Process::start(schoolgate(folder.path(), &arguments)).expect("start");
        let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
        let address = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned();
        process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
        let head = Console::at(&address, &folder.join("data")).signed_in_as(role);
        (process, head)
    };
    let mut file = "UPN,Forename,Surname,Year,Class\n".to_owned();
    for number in 0..10_000 {
        writeln!(file, "P{number},Sam,Sedge{number},{},{} Owls", 1 + number % 6, 1 + number % 6).expect("text");
    }
    let (mut process, head) = start("headteacher");
    assert_eq!(give(&head, &[("membership", "pupil")], &file).status, 303);
    assert_eq!(head.get("/people/import/check").status, 200);
    let begun = head.form("/people/import/apply", "");
    let run = begun.header("Location").expect("a place").to_owned();
    until(|| head.get(&run), |page| !page.body.contains(">0 of 10000 lines"));
    process.kill().expect("killed");
    let (_process, head) = start("deputy_headteacher");
    let page = head.get(&run).body;
    assert!(page.contains("It was interrupted"), "{page}");
    let done: usize =
        page.split("The first ").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|text| text.parse().ok()).expect("how far");
    assert!(done > 0 && done < 10_000 && done.is_multiple_of(500), "{done}");
    let here = head.get("/people?is=pupil&find=sam+sedge").body;
    assert!(here.contains(&format!("{done} people")), "exactly those: {here}");
    assert_eq!(give(&head, &[("membership", "pupil")], &file).status, 303);
    let check = head.get("/people/import/check").body;
    assert!(check.contains(&format!(">{}</td>", 10_000 - done)), "{check}");
    let again = head.form("/people/import/apply", "");
    let done = finished(&head, again.header("Location").expect("a place"));
    assert!(done.contains("It is done"), "{done}");
    assert!(head.get("/people?is=pupil&find=sam+sedge").body.contains("10000 people"));
}
