//! `schoolgate controls` and the page "Our policy, line by line": what is found follows what is in force.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use filter::sealed::{SealedEntry, SealedList};
use serde_json::Value;
use testkit::folder::Folder;

use crate::support::{output, text};

/// What the command says of one control, and its exit code.
fn found(folder: &Folder, id: &str) -> (String, String, Option<i32>) {
    let output = output(folder.path(), &["controls", "--json", "--config", "school.toml", "--data", "data"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let controls = report["controls"].as_array().expect("controls");
    let control = controls.iter().find(|control| control["id"] == id).expect(id);
    let word = |key: &str| control[key].as_str().expect(key).to_owned();
    (word("state"), word("sentence"), output.status.code())
}

fn school(config: &str) -> Folder {
    let folder = Folder::new().expect("folder");
    folder.write("data/.here", "").expect("data folder");
    fs::set_permissions(folder.join("data"), Permissions::from_mode(0o700)).expect("rights");
    folder.write("school.toml", config).expect("configuration");
    folder
}

#[test]
fn what_the_filter_closes_is_found_met_and_what_it_opens_is_not() {
    let folder = school("");
    for id in ["filtering.harm-is-closed", "filtering.age-decides", "filtering.unknown-gets-the-strictest", "filtering.everyone-is-judged"]
    {
        assert_eq!(found(&folder, id).0, "met", "{id}");
    }
    // The school opens a betting site for one age: whoever reads the page must see it.
    let exception = "[[override]]\naction = \"allow\"\nfor = \"profile:ks4\"\nsite = \"bet365.com\"\nreason = \"Maths\"\nauthor = \"Head\"\n\
                     expires = \"2099-12-18 15:30\"\n";
    let folder = school(exception);
    let (state, sentence, code) = found(&folder, "filtering.harm-is-closed");
    assert_eq!((state.as_str(), code), ("breached", Some(2)));
    assert!(sentence.contains("ks4") && sentence.contains("bet365.com"), "{sentence}");
    let folder = school("default_profile = \"staff\"\n");
    assert_eq!(found(&folder, "filtering.unknown-gets-the-strictest").0, "breached");
}

#[test]
fn a_sealed_feed_is_measured_and_its_absence_is_a_breach() {
    let id = "filtering.illegal-comes-first";
    assert_eq!(found(&school(""), id).0, "breached");
    let folder = school("[illegal_content]\nsource = \"sealed\"\nsealed_file = \"feed.sealed\"\n");
    let key = folder.write("data/sealed.key", [5; 16]).expect("key");
    fs::set_permissions(key, Permissions::from_mode(0o600)).expect("rights");
    let entry = SealedEntry::parse("unlawful.example").expect("entry");
    folder.write("feed.sealed", SealedList::seal([5; 16], [entry]).to_bytes()).expect("sealed list");
    assert_eq!(found(&folder, id).0, "met");
}

#[test]
fn every_clause_is_in_the_answer_and_the_counts_add_up() {
    let folder = school("");
    let output = output(folder.path(), &["controls", "--config", "school.toml", "--data", "data"]);
    let said = text(&output.stdout);
    assert!(said.contains("Of 486 clauses of the policy"), "{said}");
    assert!(said.contains("breached: Illegal material is closed to everybody"), "{said}");
}
