//! What is promised of a private server, tried on a real one.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use super::*;

const PATIENCE: Duration = Duration::from_secs(60);

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn it_is_taken_away_and_given_back_with_what_was_in_it() {
    let server = Server::start(&std::env::temp_dir()).expect("starts");
    server.sql("postgres", "CREATE TABLE t (n int); INSERT INTO t VALUES (7)").expect("written");
    for how in [Stop::Fast, Stop::Crash] {
        server.stop(how).expect("stops");
        assert!(server.sql("postgres", "SELECT 1").is_err(), "nobody answers while it is away");
        server.start_again().expect("starts again");
        assert_eq!(server.sql("postgres", "SELECT n FROM t").expect("read"), "7");
    }
    assert_eq!(server.sql("postgres", "SHOW fsync").expect("asked"), "on");
    let folder = server.folder().to_owned();
    drop(server);
    assert!(!folder.exists(), "its folder goes with it");
}

/// What a test process does that is then killed; not a test of its own.
#[test]
#[ignore = "started by the test below"]
fn starts_a_server_and_waits() {
    let server = Server::start(&std::env::temp_dir()).expect("starts");
    println!("folder {}", server.folder().display());
    std::io::stdout().flush().expect("printed");
    let _ = std::io::read_to_string(std::io::stdin());
}

#[test]
fn it_does_not_outlive_a_killed_test() {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--ignored", "--exact", "--nocapture", "tests::starts_a_server_and_waits"]);
    let mut test = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
    let lines = BufReader::new(test.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let folder = lines.filter_map(|line| line.split_once("folder ").map(|(_, folder)| PathBuf::from(folder))).next().expect("a folder");
    let process = std::fs::read_to_string(folder.join("data/postmaster.pid")).expect("it runs");
    let process = format!("/proc/{}", process.lines().next().expect("its id"));
    test.kill().expect("killed");
    test.wait().expect("gone");
    wait_until("the server ends", || !Path::new(&process).exists());
    wait_until("the folder is removed", || !folder.exists());
}
