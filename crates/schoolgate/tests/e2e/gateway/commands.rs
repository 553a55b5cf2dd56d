//! What commands and the console say of the gate.

use testkit::folder::Folder;

use super::client::get;
use super::{PATIENCE, Running};
use crate::console::Console;
use crate::support::{output, text};

#[test]
fn the_page_root_is_shown_and_exported_as_it_is_used() {
    let mut gate = Running::demo();
    let line = gate.process.wait_for_line("Page root ", PATIENCE).expect("fingerprint");
    let fingerprint = line.split_whitespace().find(|word| word.contains(':')).expect("fingerprint").to_owned();
    let shown = text(&output(gate.folder.path(), &["root", "show", "--data", "data"]).stdout);
    assert!(shown.contains(&fingerprint) && shown.contains("Larkfield"), "{shown}");
    let [_, root] = gate.authorities();
    let pem = text(&output(gate.folder.path(), &["root", "export", "--data", "data"]).stdout);
    assert_eq!(pem.trim(), root.trim());
    let profile = text(&output(gate.folder.path(), &["root", "export", "--format", "mobileconfig", "--data", "data"]).stdout);
    assert!(profile.contains("com.apple.security.root"), "{profile}");
    let der = output(gate.folder.path(), &["root", "export", "--format", "der", "--out", "root.cer", "--data", "data"]);
    assert!(der.status.success() && gate.folder.join("root.cer").metadata().expect("file").len() > 100);
}

#[test]
fn a_mistyped_folder_gets_no_root_of_its_own() {
    let folder = Folder::new().expect("folder");
    let output = output(folder.path(), &["root", "show", "--data", "elsewhere"]);
    assert!(!output.status.success() && text(&output.stderr).contains("schoolgate run"));
    assert!(!folder.join("elsewhere").exists());
}

#[test]
fn the_console_shows_the_listeners_and_counts_decisions_without_telling_them() {
    let mut gate = Running::demo();
    let line = gate.process.wait_for_line("Console ", PATIENCE).expect("console");
    let console = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("address");
    let head = Console::at(console, &gate.folder.join("data")).signed_in_as("headteacher");
    let infants = gate.listener("infants");
    for _ in 0..3 {
        get(infants, "http://unlisted.example/");
    }
    let home = head.get("/overview").body;
    assert!(home.contains(&format!("infants at {infants}")), "{home}");
    assert!(home.contains("Decisions today") && home.contains("3 <strong"), "{home}");
    assert!(!home.contains("unlisted.example"), "{home}");
}

#[test]
fn doctor_looks_at_each_listener() {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", "[[listen]]\nname = \"room\"\naddress = \"192.0.2.1:8080\"\n").expect("config");
    let said = text(&output(folder.path(), &["doctor", "--config", "school.toml", "--data", "data"]).stdout);
    assert!(said.contains("192.0.2.1 is no address of this machine") && said.contains("[[listen]]"), "{said}");
    assert!(said.contains("direct_route_check"), "{said}");
    let none = text(&output(folder.path(), &["doctor", "--data", "data"]).stdout);
    assert!(none.contains("no browser goes through Schoolgate"), "{none}");
}
