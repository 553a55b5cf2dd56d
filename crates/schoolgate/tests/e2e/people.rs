//! `schoolgate people`: taken in from files with faults in them, listed, given out, ended; with and without a Schoolgate that runs.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use testkit::folder::Folder;
use testkit::process::Process;

use crate::support::{output, schoolgate, text};

const PATIENCE: Duration = Duration::from_secs(60);
const HEAD: &str = "correct zebra lantern quay";
const DSL: &str = "umbrella vortex plinth jam";

/// A school with records and keys, which does not run.
fn school() -> Folder {
    let folder = Folder::new().expect("a folder");
    folder
        .write("school.toml", "school = \"Hill School\"\ndata = \"data\"\n[console]\nlisten = \"127.0.0.1:0\"\n")
        .expect("a configuration");
    let arguments = ["keys", "init", "--yes", "--passphrase-stdin", "--config", "school.toml"];
    let mut keys = schoolgate(folder.path(), &arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("start");
    keys.stdin.take().expect("input").write_all(format!("{HEAD}\n{DSL}\n").as_bytes()).expect("typed");
    assert!(keys.wait().expect("ended").success(), "no keys were made");
    folder
}

/// `schoolgate people` with these arguments; its exit status, what it said, and what it said beside.
fn people(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String, String) {
    let all = [&["people"], arguments, &["--config", "school.toml"]].concat();
    let ended = output(folder.path(), &all);
    (ended.status.code(), text(&ended.stdout), text(&ended.stderr))
}

/// The same with `--json`, which must end so.
fn json(folder: &Folder, arguments: &[&str], code: i32) -> Value {
    let (ended, said, beside) = people(folder, &[arguments, &["--json"]].concat());
    assert_eq!(ended, Some(code), "{arguments:?}: {said} {beside}");
    serde_json::from_str(&said).expect("JSON")
}

fn counts(report: &Value) -> [u64; 4] {
    ["added", "changed", "left", "refused"].map(|word| report[word].as_u64().expect("a number"))
}

fn run(folder: &Folder) -> Process {
    let mut process = Process::start(schoolgate(folder.path(), &["run", "--config", "school.toml"])).expect("it starts");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
    process
}

/// 2,000 people with 50 faults, and of each fault the line and a word that explains it.
pub(crate) fn faulty() -> (String, BTreeMap<u64, &'static str>) {
    let mut faults = BTreeMap::new();
    let mut file = "UPN,Forename,Surname,Year,Class,Start date,Email\r\n".to_owned();
    for number in 0..2_000_u64 {
        let line = number + 2;
        let right = format!("P{number:04},Sam,Sedge{number},{},{} Owls,2025-09-01,", 1 + number % 6, 1 + number % 6);
        let (row, why) = if number % 40 != 17 {
            (right, None)
        } else {
            match number / 40 % 7 {
                0 => (format!(",Sam,Sedge{number},3,3 Owls,2025-09-01,"), Some("no key")),
                1 => (format!("P{number:04},,Sedge{number},3,3 Owls,2025-09-01,"), Some("first name")),
                2 => (format!("P{number:04},Sam,Sedge{number},14,3 Owls,2025-09-01,"), Some("no year group")),
                3 => (format!("P{number:04},Sam,Sedge{number},3,3 Owls,31/02/2025,"), Some("no day")),
                4 => (format!("P{number:04},Sam,Sedge{number},3,3 Owls,2025-09-01,not an address"), Some("mail address")),
                5 => (format!("P0000,Sam,Sedge{number},3,3 Owls,2025-09-01,"), Some("stands at line 2 already")),
                _ => (format!("P{number:04},Sam,Sedge, Jr,3,3 Owls,2025-09-01,x"), Some("needs quotes")),
            }
        };
        faults.extend(why.map(|why| (line, why)));
        file.push_str(&row);
        file.push_str("\r\n");
    }
    (file, faults)
}

#[test]
fn of_two_thousand_with_fifty_faults_what_is_right_is_taken_and_each_fault_is_explained() {
    let folder = school();
    let (file, faults) = faulty();
    assert_eq!(faults.len(), 50);
    folder.write("pupils.csv", &file).expect("written");
    let import = ["import", "pupils.csv", "--membership", "pupil"];

    let dry = json(&folder, &import, 1);
    assert_eq!((dry["applied"].as_bool(), counts(&dry)), (Some(false), [1_950, 0, 0, 50]));
    let refused: BTreeMap<u64, String> = dry["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .filter(|line| line["outcome"] == "refused")
        .map(|line| (line["line"].as_u64().expect("a line"), line["detail"].as_str().expect("why").to_owned()))
        .collect();
    assert_eq!(refused.keys().collect::<Vec<_>>(), faults.keys().collect::<Vec<_>>());
    for (line, why) in &faults {
        assert!(refused[line].contains(why), "line {line}: {} says nothing of {why:?}", refused[line]);
    }
    assert_eq!(json(&folder, &["list"], 0), serde_json::json!([]), "a dry run takes nobody in");

    let done = json(&folder, &[&import[..], &["--apply"]].concat(), 1);
    assert_eq!((done["applied"].as_bool(), counts(&done)), (Some(true), [1_950, 0, 0, 50]));
    assert_eq!(json(&folder, &["list", "--kind", "pupil"], 0).as_array().map(Vec::len), Some(1_950));
    assert_eq!(counts(&json(&folder, &import, 1)), [0, 0, 1_950, 50], "the same file again changes nothing");
    let owls = json(&folder, &["list", "--class", "3 owls"], 0);
    let owls = owls.as_array().expect("people");
    assert!(owls.len() > 300 && owls.iter().all(|person| person["classes"] == serde_json::json!(["3 Owls"])));
}

#[test]
fn beside_a_schoolgate_that_runs_people_come_change_and_leave() {
    let folder = school();
    let running = run(&folder);
    folder.write("one.csv", "Number;Forename;Surname;Year;Class\nP1;Pip;Ragwort;3;3 Owls\nP2;=1+1;Sedge;3;3 Owls\n").expect("written");
    let import = ["import", "one.csv", "--columns", "id=Number", "--membership", "pupil"];
    let (code, said, _) = people(&folder, &import);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("line 2") && said.contains("Pip Ragwort") && said.contains("--apply"), "{said}");
    let (code, said, beside) = people(&folder, &[&import[..], &["--apply"]].concat());
    assert_eq!(code, Some(0), "{said} {beside}");
    assert!(said.contains("2 added") && said.contains("It was done"), "{said}");

    folder.write("two.csv", "Number;Forename;Surname;Year;Class\nP1;Pip;Yarrow;3;3 Kites\n").expect("written");
    let changed = json(&folder, &["import", "two.csv", "--columns", "id=Number", "--membership", "pupil", "--apply"], 0);
    assert_eq!(counts(&changed), [0, 1, 0, 0]);
    assert_eq!(json(&folder, &["list", "yarrow"], 0)[0]["classes"], serde_json::json!(["3 Kites"]));

    let (code, said, _) = people(&folder, &["export", "out.csv"]);
    assert_eq!(code, Some(0), "{said}");
    let exported = std::fs::read_to_string(folder.join("out.csv")).expect("the file");
    assert!(exported.contains("'=1+1") && exported.contains("Pip,Yarrow"), "{exported}");
    let (code, _, beside) = people(&folder, &["export", "out.csv"]);
    assert_eq!(code, Some(1));
    assert!(beside.contains("a file of that name is there"), "{beside}");

    let (code, _, beside) = people(&folder, &["end", "Nobody Atall", "--on", "2026-11-01"]);
    assert_eq!(code, Some(1));
    assert!(beside.contains("nobody here is called"), "{beside}");
    let (code, said, beside) = people(&folder, &["end", "pip yarrow", "--on", "2999-07-20"]);
    assert_eq!(code, Some(0), "{beside}");
    assert!(said.contains("2999-07-20"), "{said}");
    assert_eq!(json(&folder, &["list", "yarrow"], 0)[0]["ended"], "2999-07-20");
    drop(running);
}

#[test]
fn the_next_school_year_is_shown_and_not_begun_before_its_day() {
    let folder = school();
    folder.write("pupils.csv", "id,Forename,Surname,Year,Class\nP1,Pip,Ragwort,5,5 Kites\nP2,Rowan,Sedge,6,6 Herons\n").expect("written");
    let (code, said, beside) = people(&folder, &["import", "pupils.csv", "--membership", "pupil", "--apply"]);
    assert_eq!(code, Some(0), "{said} {beside}");
    let to = next_year();
    let year = ["year", "--to", to.as_str(), "--class", "5 Kites=6 Herons"];
    let report = json(&folder, &year, 0);
    assert_eq!(counts(&report), [0, 2, 0, 0]);
    let outcomes: Vec<&str> = report["lines"].as_array().expect("lines").iter().filter_map(|line| line["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["changed", "ends"]);
    let (code, _, beside) = people(&folder, &[&year[..], &["--apply"]].concat());
    assert_eq!(code, Some(1));
    assert!(beside.contains("it begins on"), "{beside}");
    assert_eq!(json(&folder, &["list", "pip"], 0)[0]["year"], "Year 5", "nothing was changed");
    let (code, _, beside) = people(&folder, &["year", "--to", to.as_str(), "--class", "9 Kites=6 Herons"]);
    assert_eq!(code, Some(1));
    assert!(beside.contains("9 Kites") && beside.contains("5 Kites"), "{beside}");
}

/// The year in which the next school year begins.
#[expect(clippy::disallowed_methods, reason = "the binary looks at the machine's clock, so the test does")]
fn next_year() -> String {
    let zone = jiff::tz::TimeZone::get("Europe/London").expect("a zone");
    let today = jiff::Timestamp::now().to_zoned(zone).date();
    (if today.month() >= 9 { today.year() + 1 } else { today.year() }).to_string()
}
