//! What is gone is missed, and not made anew; and a database that goes away for a while takes nothing with it.

use std::io::Write as _;
use std::process::Stdio;

use testkit::postgres::{Database, Server, Stop};

use super::*;

const LISTEN: &str = "[[listen]]\nname = \"pupils\"\naddress = \"127.0.0.1:0\"\nprofile = \"ks2\"\n";

/// A running Schoolgate with a listener.
struct School {
    process: Process,
    console: Console,
    proxy: String,
}

impl School {
    fn start(folder: &Folder) -> Self {
        let mut process = Process::start(schoolgate(folder.path(), &["run", "--config", "school.toml"])).expect("it starts");
        let console = Console::at(&console(&mut process), &folder.join("data"));
        let proxy = process.wait_for_line("Proxy     pupils at ", PATIENCE).expect("the proxy");
        let proxy = proxy.split(" at ").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address").to_owned();
        process.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
        Self { process, console, proxy }
    }

    /// Waits until the door of the console shows these words, or no longer does.
    fn until_page(&self, words: &str, shows: bool) -> String {
        let begun = Instant::now();
        loop {
            let page = self.console.get("/sign-in").body;
            if page.contains(words) == shows {
                return page;
            }
            assert!(begun.elapsed() < PATIENCE, "{words:?}, {shows}: {page}");
        }
    }

    fn filters(&self) {
        assert!(through(&self.proxy, "http://bet365.com/").starts_with("HTTP/1.1 403"), "it filters");
    }

    fn stop(mut self) {
        self.process.stop().expect("asked to stop");
        assert!(self.process.wait(PATIENCE).expect("it ends").success(), "{}", self.process.printed());
    }
}

#[test]
fn records_that_are_gone_are_missed_and_not_made_anew() {
    let folder = folder();
    configure(&folder, LISTEN);
    School::start(&folder).stop();
    let (file, away) = (folder.join("data/records.sqlite"), folder.join("away.sqlite"));
    std::fs::rename(&file, &away).expect("moved away");

    let gone = "this data folder had some, so none were made in their place";
    let mut school = School::start(&folder);
    school.filters();
    school.until_page("The records cannot be had", true);
    let doctor = ran(&folder, &["doctor", "--config", "school.toml"], 2);
    assert!(doctor.contains("Bad     Records") && doctor.contains(gone), "{doctor}");
    let orders: [&[&str]; 3] = [&["jobs"], &["jobs", "retry", "--all"], &["keys", "status"]];
    for order in orders {
        let said = ran(&folder, &[order, &["--config", "school.toml"]].concat(), 1);
        assert!(said.contains(gone), "{order:?}: {said}");
    }
    assert!(!file.exists(), "made anew");

    std::fs::rename(&away, &file).expect("brought back");
    school.process.wait_for_line("the records can be had again", PATIENCE).expect("taken up");
    school.until_page("The records cannot be had", false);
    school.stop();
    // Somebody decides to begin again.
    std::fs::remove_file(&file).expect("removed");
    std::fs::remove_file(folder.join("data/installation.txt")).expect("removed");
    let again = School::start(&folder);
    assert!(file.exists());
    again.stop();
}

#[test]
fn other_records_than_the_folder_had_are_not_taken() {
    let (folder, other) = (folder(), folder());
    configure(&folder, "");
    configure(&other, "");
    for folder in [&folder, &other] {
        let mut running = run(folder);
        running.stop().expect("asked to stop");
        assert!(running.wait(PATIENCE).expect("it ends").success());
    }
    std::fs::copy(other.join("data/records.sqlite"), folder.join("data/records.sqlite")).expect("exchanged");
    let refused = ran(&folder, &["jobs", "retry", "--all", "--config", "school.toml"], 1);
    assert!(refused.contains("holds other records than this data folder had"), "{refused}");
}

#[test]
fn a_lost_machine_key_is_missed_and_not_made_anew() {
    let folder = folder();
    configure(&folder, LISTEN);
    let school = School::start(&folder);
    until_jobs_say(&folder, "audit.head");
    school.stop();
    let (key, away) = (folder.join("data/master.key"), folder.join("away.key"));
    std::fs::rename(&key, &away).expect("moved away");

    let school = School::start(&folder);
    school.filters();
    school.until_page("Nobody can sign in just now", true);
    let doctor = ran(&folder, &["doctor", "--config", "school.toml"], 2);
    assert!(doctor.contains("Bad     Machine's key") && doctor.contains("bring back your copy"), "{doctor}");
    assert!(!key.exists(), "made anew");

    std::fs::rename(&away, &key).expect("brought back");
    school.until_page("Nobody can sign in just now", false);
    school.stop();
}

#[test]
fn postgres_goes_away_and_comes_back() {
    let server = Server::start(&std::env::temp_dir()).expect("a server");
    let database = Database::empty_on(&server).expect("a database");
    let folder = folder();
    configure(&folder, &format!("{LISTEN}[records]\ndatabase_url = \"{}\"\n", database.url()));
    let status = ran(&folder, &["keys", "status", "--config", "school.toml"], 0);
    assert!(status.contains("There are no keys yet"), "before the first start: {status}");
    let nothing = ran(&folder, &["jobs", "--config", "school.toml"], 0);
    assert!(nothing.contains("Nothing waits: there are no records in"), "{nothing}");

    let school = School::start(&folder);
    until_jobs_say(&folder, "audit.head");
    let head = Console::at(&school.console.address, &folder.join("data"));
    let head = head.with_first_headteacher(folder.path(), &["--config", "school.toml"]);
    server.stop(Stop::Crash).expect("taken away");
    school.filters();
    until_status(&head, 503);
    let doctor = ran(&folder, &["doctor", "--config", "school.toml"], 2);
    assert!(doctor.contains("Bad     Records") && doctor.contains("cannot be reached"), "{doctor}");
    let refused = init(&folder).expect_err("nothing can be made");
    assert!(refused.contains("cannot be reached"), "{refused}");

    server.start_again().expect("given back");
    until_status(&head, 200);
    let begun = Instant::now();
    // Each of the connections that broke is noticed once. One that breaks while the keys are being kept leaves it open whether they are:
    // then the next attempt finds them.
    while let Err(refused) = init(&folder) {
        if refused.contains("there are keys already") {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{refused}");
    }
    school.filters();
    school.stop();
    let walked = ran(&folder, &["audit", "verify", "--config", "school.toml"], 0);
    assert!(walked.contains("Hill School"), "{walked}");
}

/// Asks for the first page until it is answered so.
fn until_status(head: &Console, status: u16) {
    let begun = Instant::now();
    loop {
        let answer = head.get("/");
        if answer.status == status {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{status}: {}", answer.body);
    }
}

/// What `schoolgate keys init` says.
fn init(folder: &Folder) -> Result<String, String> {
    let mut command = schoolgate(folder.path(), &["keys", "init", "--yes", "--passphrase-stdin", "--config", "school.toml"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    // It may have ended before it read anything.
    drop(child.stdin.take().expect("input").write_all(b"correct zebra lantern quay\numbrella vortex plinth jam\n"));
    let ended = child.wait_with_output().expect("it ends");
    if ended.status.success() { Ok(text(&ended.stdout)) } else { Err(text(&ended.stderr)) }
}
