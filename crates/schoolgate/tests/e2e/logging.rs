//! Where the log goes, and what whoever starts it for the first time is told.

use std::time::Duration;

use serde_json::Value;
use testkit::folder::Folder;
use testkit::process::Process;

use crate::support::{output, schoolgate, text};

const PATIENCE: Duration = Duration::from_secs(60);

fn run(folder: &Folder) -> Process {
    let arguments = ["run", "--config", "school.toml", "--data", "data", "--listen", "127.0.0.1:0"];
    let mut process = Process::start(schoolgate(folder.path(), &arguments)).expect("start");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    process
}

#[test]
fn the_log_goes_into_its_file_line_by_line() {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", "[log]\nfile = \"logs/gate.log\"\nform = \"json\"\n").expect("configuration");
    let mut process = run(&folder);
    process.stop().expect("stop");
    assert!(process.wait(PATIENCE).expect("end").success());
    let log = std::fs::read_to_string(folder.join("logs/gate.log")).expect("the log");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let started = lines.iter().find(|line| line["message"] == "Schoolgate is running").expect("the start is logged");
    assert!(started["level"] == "INFO" && started["listeners"] == 0 && started["timestamp"].is_string(), "{started}");
    assert!(lines.iter().any(|line| line["message"] == "Schoolgate has stopped"), "{log}");
    let printed = process.printed();
    assert!(!printed.contains("INFO") && !printed.contains("\"level\""), "the log is on a stream too: {printed}");
}

#[test]
fn whoever_starts_it_first_is_told_how_somebody_comes_in() {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", "school = \"Hill Top School\"\n").expect("configuration");
    let mut process = run(&folder);
    // The log is on the other stream, and may be read first.
    process.wait_for_line("Nobody can sign in to the console yet", PATIENCE).expect("said");
    process.wait_for_line("schoolgate accounts first --config 'school.toml' --head", PATIENCE).expect("how");
    let made = ["accounts", "first", "--head", "Hazel Marsh", "--technician", "Ash Patel", "--config", "school.toml", "--data", "data"];
    let made = output(folder.path(), &made);
    assert!(made.status.success(), "{}", text(&made.stderr));
    process.kill().expect("ended");
    let mut process = run(&folder);
    process.stop().expect("stop");
    process.wait(PATIENCE).expect("end");
    assert!(!process.printed().contains("Nobody can sign in"), "it is said though two can");
}
