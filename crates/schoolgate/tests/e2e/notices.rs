//! What the school tells people about their data: for anybody on a page, for those who answer for it with its gaps in red, and as files.

use std::time::Duration;

use testkit::folder::Folder;
use testkit::process::Process;

use crate::console::Console;
use crate::support::{output, schoolgate, text};

const PATIENCE: Duration = Duration::from_secs(60);

/// The invented school, running.
fn running(folder: &Folder) -> (Process, String) {
    let mut process =
        Process::start(schoolgate(folder.path(), &["run", "--demo", "--data", "data", "--listen", "127.0.0.1:0"])).expect("start");
    let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
    let address = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned();
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    (process, address)
}

#[test]
fn notices_are_for_anybody_and_the_assessment_for_those_who_answer() {
    let folder = Folder::new().expect("folder");
    let (_process, address) = running(&folder);
    let browser = || Console::at(&address, &folder.join("data"));
    let nobody = browser();
    assert!(nobody.get("/sign-in").body.contains("href=\"/privacy\""), "nobody finds them");
    for (name, expected) in [
        ("pupils-6", "Telling is always good"),
        ("pupils-10", "Childline (0800 1111)"),
        ("pupils", "Does somebody watch me all the time?"),
        ("parents", "We do not rely on your consent"),
        ("staff", "Consent is not asked for"),
    ] {
        let page = nobody.get(&format!("/privacy/{name}"));
        assert!(page.status == 200 && page.body.contains(expected) && page.body.contains("30 days"), "{name}: {}", page.body);
        assert!(!page.body.contains("Missing:"), "{name} has a gap in a school where every role is held: {}", page.body);
    }
    assert_eq!(nobody.get("/privacy/dpia").status, 404, "a draft for the officer is public");

    for reader in ["headteacher", "governor", "data_protection_officer"] {
        let page = browser().signed_in_as(reader).get("/data-protection/dpia");
        assert_eq!(page.status, 200, "{reader}");
        assert!(page.body.contains("Missing: the-advice-given") && page.body.contains("still to be filled in"), "{}", page.body);
    }
    let list = browser().signed_in_as("headteacher").get("/data-protection").body;
    assert!(list.contains("still to be filled in"), "{list}");
    assert_eq!(browser().signed_in_as("teacher").get("/data-protection/dpia").status, 404);
}

#[test]
fn notices_are_written_as_files_with_what_is_missing_said() {
    let folder = Folder::new().expect("folder");
    let (process, _) = running(&folder);
    let done = output(folder.path(), &["notices", "--to", "papers", "--data", "data"]);
    drop(process);
    let said = format!("{}{}", text(&done.stdout), text(&done.stderr));
    assert!(said.contains("parents.md") && said.contains("to be filled in: "), "{said}");
    let read = |name: &str| std::fs::read_to_string(folder.join("papers").join(name)).expect("a file");
    assert!(read("parents.md").contains("30 days") && !read("parents.md").contains("{{"));
    assert!(read("dpia.md").contains("**[to be filled in: the-advice-given]**"));
    assert!(read("ropa.md").starts_with("# Record of processing"));
}
