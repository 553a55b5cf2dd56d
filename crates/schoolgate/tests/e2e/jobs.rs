//! Work on the records: letters that are sent, however the process ends; what waits, and who says so.

mod gone;
mod mailbox;

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use calendar::Instant as At;
use ids::RecordId;
use ledger::outbox::{self, Line, Mail, MailAddress, Message};
use ledger::{Change, Ledger, Origin, Place, Subject, by_program, code};
use schoolgate::data::DataFolder;
use schoolgate::master::MasterKey;
use testkit::folder::Folder;
use testkit::process::Process;

use crate::console::Console;
use crate::support::{output, schoolgate, text};
use mailbox::Mailbox;

const PATIENCE: Duration = Duration::from_secs(60);

fn now() -> At {
    "2020-11-24T09:00:00Z".parse().expect("a time")
}

/// Puts letters into the outbox of a school that does not run, and gives their ids.
fn put(data: &Path, count: usize) -> Vec<String> {
    let folder = DataFolder::new(data);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let ledger = Ledger::open(data, &Place::in_folder(data), now()).await.expect("the records");
        let organisation = ledger.organisation("Hill School", now()).await.expect("a school");
        let key = MasterKey::of(&folder).expect("a key").outbox().expect("a key");
        let mut ids = Vec::new();
        for _ in 0..count {
            let mut unit = ledger.begin(by_program(organisation, now(), Origin::Job)).await.expect("a unit");
            let to = MailAddress::parse("dsl@hill.school.example").expect("an address");
            let mail = Mail { to, subject: Line::parse("Something to read").expect("a line"), text: "Please sign in.".to_owned() };
            let id = outbox::put(&unit, &key, code!("alert"), &Message::Mail(mail)).await.expect("put");
            let about = Subject { kind: code!("case"), id: RecordId::named("a case") };
            unit.record(&Change::new(about, code!("opened"))).expect("an entry");
            unit.commit().await.expect("committed");
            ids.push(id.to_string());
        }
        ledger.close().await.expect("closed");
        ids.sort();
        ids
    })
}

fn folder() -> Folder {
    let folder = Folder::new().expect("a folder");
    folder.write("data/.here", "").expect("the data folder");
    folder
}

fn configure(folder: &Folder, more: &str) {
    let config = format!("school = \"Hill School\"\ndata = \"data\"\n[console]\nlisten = \"127.0.0.1:0\"\n{more}");
    folder.write("school.toml", config).expect("a configuration");
}

fn run(folder: &Folder) -> Process {
    run_on(folder, &[])
}

fn run_on(folder: &Folder, more: &[&str]) -> Process {
    let all = [&["run", "--config", "school.toml"], more].concat();
    let mut process = Process::start(schoolgate(folder.path(), &all)).expect("it starts");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
    process
}

fn ran(folder: &Folder, arguments: &[&str], code: i32) -> String {
    let ended = output(folder.path(), arguments);
    let printed = format!("{}{}", text(&ended.stdout), text(&ended.stderr));
    assert_eq!(ended.status.code(), Some(code), "{arguments:?}: {printed}");
    printed
}

/// Asks `schoolgate jobs` until it says so.
fn until_jobs_say(folder: &Folder, words: &str) -> String {
    let begun = Instant::now();
    loop {
        let said = ran(folder, &["jobs", "--config", "school.toml"], 0);
        if said.contains(words) {
            return said;
        }
        assert!(begun.elapsed() < PATIENCE, "{words:?} was not said: {said}");
        std::thread::yield_now();
    }
}

fn console(process: &mut Process) -> String {
    let line = process.wait_for_line("Console ", PATIENCE);
    let printed = line.unwrap_or_else(|_| process.printed());
    printed.split_once("Console   https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned()
}

/// The browser of the headteacher, whose account is the first.
fn head(folder: &Folder, address: &str) -> Console {
    Console::at(address, &folder.join("data")).with_first_headteacher(folder.path(), &["--config", "school.toml"])
}

/// At least once: what was in hand when the process was killed comes twice, with the same id, and nothing is lost.
#[test]
fn letters_are_delivered_whatever_is_killed() {
    let (folder, mailbox) = (folder(), Mailbox::open());
    configure(&folder, &mailbox.settings());
    let sent = put(&folder.join("data"), 8);
    let in_hand = mailbox.keep_the_third_waiting();
    let mut running = run(&folder);
    let caught = in_hand.recv_timeout(PATIENCE).expect("a letter in hand");
    running.kill().expect("killed");
    mailbox.answer_again();

    let mut running = run(&folder);
    until_jobs_say(&folder, "Nothing waits to be sent");
    running.stop().expect("asked to stop");
    assert!(running.wait(PATIENCE).expect("it ends").success(), "{}", running.printed());
    let mut got = mailbox.ids();
    got.sort();
    let twice = got.iter().filter(|id| **id == caught).count();
    assert_eq!(twice, 2, "the one in hand was handed over again");
    got.dedup();
    assert_eq!(got, sent, "each came, and none but that one twice");
    assert_eq!(mailbox.ids().len(), sent.len() + 1);
}

#[test]
fn without_a_mail_server_letters_wait_and_every_face_says_so() {
    let folder = folder();
    configure(&folder, "");
    let ids = put(&folder.join("data"), 1);
    let command = schoolgate(folder.path(), &["run", "--config", "school.toml"]);
    let mut running = Process::start(command).expect("it starts");
    let address = console(&mut running);
    running.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
    let said = ran(&folder, &["jobs", "--config", "school.toml"], 0);
    assert!(said.contains("1 message has not left yet") && said.contains(&ids[0]), "{said}");
    assert!(said.contains("No mail server is set up"), "{said}");
    let page = head(&folder, &address).get("/overview").body;
    assert!(page.contains("1 message waits to be sent") && page.contains("No mail server is set up"), "{page}");
    let doctor = ran(&folder, &["doctor", "--config", "school.toml"], 2);
    assert!(doctor.contains("No mail server is set up, so no message leaves; 1 wait"), "{doctor}");
    let said = until_jobs_say(&folder, "audit.head");
    assert!(said.contains("vault.compare"), "{said}");
    let nothing = ran(&folder, &["jobs", "retry", &ids[0], "--config", "school.toml"], 1);
    assert!(nothing.contains("nothing was changed"), "{nothing}");
}

#[test]
fn where_there_are_no_records_it_says_so_and_makes_none() {
    let folder = folder();
    configure(&folder, "");
    let said = ran(&folder, &["jobs", "--config", "school.toml"], 0);
    assert!(said.contains("there are no records in"), "{said}");
    let refused = ran(&folder, &["jobs", "retry", "--all", "--config", "school.toml"], 1);
    assert!(refused.contains("nothing was changed: there are no records in"), "{refused}");
    let mistyped = ran(&folder, &["jobs", "release", "xyz", "--config", "school.toml"], 2);
    assert!(mistyped.contains("not the id of a record"), "{mistyped}");
    assert!(!folder.join("data/records.sqlite").exists());
}

/// A login that others can read is not used: nothing leaves, the console says why, and it goes on when that is put right.
#[test]
fn a_login_that_cannot_be_used_is_told_and_taken_when_it_is_mended() {
    let (folder, mailbox) = (folder(), Mailbox::open());
    let login = folder.write("mail.login", "office:a password of the mail server").expect("a login");
    std::fs::set_permissions(&login, std::fs::Permissions::from_mode(0o644)).expect("rights");
    configure(&folder, &format!("{}login_file = \"mail.login\"\n", mailbox.settings()));
    put(&folder.join("data"), 1);
    let command = schoolgate(folder.path(), &["run", "--config", "school.toml"]);
    let mut running = Process::start(command).expect("it starts");
    let address = console(&mut running);
    running.wait_for_line("jobs cannot be begun", PATIENCE).expect("said in the log");
    let head = head(&folder, &address);
    let page = head.get("/overview").body;
    assert!(page.contains("no message leaves") && page.contains("run `chmod 600"), "{page}");
    assert!(!format!("{page}{}", running.printed()).contains("a password of"), "a login is never shown");
    assert_eq!(mailbox.ids(), Vec::<String>::new());

    std::fs::set_permissions(&login, std::fs::Permissions::from_mode(0o600)).expect("rights");
    mailbox.wait_for(1, PATIENCE);
    until_jobs_say(&folder, "Nothing waits to be sent");
    assert!(!head.get("/overview").body.contains("no message leaves"), "it is over");
    running.stop().expect("asked to stop");
    assert!(running.wait(PATIENCE).expect("it ends").success(), "{}", running.printed());
}

/// What was delivered after the backup was made must not be sent a second time by a restore.
#[test]
fn what_came_back_with_a_backup_is_sent_only_when_somebody_says_so() {
    let (folder, mailbox) = (folder(), Mailbox::open());
    let printed = ran(&folder, &["backup", "new-key", "--out", "backup.key"], 0);
    let recipient = printed.split('"').nth(1).expect("a public key in quotes").to_owned();
    let backup = format!("[backup]\nrecipients = [\"{recipient}\"]\n");
    configure(&folder, &format!("{backup}{}", mailbox.settings()));
    put(&folder.join("data"), 2);
    let made = ran(&folder, &["backup", "--config", "school.toml", "--to", "backups"], 0);
    let file = made.split_whitespace().find(|word| word.ends_with(".tar.age")).expect("a backup").to_owned();
    let said = ran(&folder, &["restore", &file, "--identity", "backup.key", "--data", "fresh"], 0);
    assert!(said.contains("Held      2 messages"), "{said}");
    std::fs::copy(folder.join("data/master.key"), folder.join("fresh/master.key")).expect("the copy that was kept apart");

    let fresh = ["--data", "fresh"];
    let mut running = run_on(&folder, &fresh);
    let listed = ran(&folder, &["jobs", "--config", "school.toml", "--data", "fresh"], 0);
    assert_eq!(listed.matches("held: it came back with a backup").count(), 2, "{listed}");
    let doctor = ran(&folder, &["doctor", "--config", "school.toml", "--data", "fresh"], 2);
    assert!(doctor.contains("2 came back with a backup"), "{doctor}");
    assert_eq!(mailbox.ids(), Vec::<String>::new());
    let said = ran(&folder, &["jobs", "release", "--all", "--config", "school.toml", "--data", "fresh"], 0);
    assert!(said.contains("2 are let go"), "{said}");
    mailbox.wait_for(2, PATIENCE);
    running.stop().expect("asked to stop");
    assert!(running.wait(PATIENCE).expect("it ends").success(), "{}", running.printed());
    assert_eq!(mailbox.ids().len(), 2);
}

/// The records are not to be had: the gate filters on, and every face says why.
#[test]
fn damaged_records_do_not_take_the_internet_away() {
    let folder = folder();
    let damaged = vec![b'x'; 8192];
    folder.write("data/records.sqlite", &damaged).expect("a damaged file");
    configure(&folder, "[[listen]]\nname = \"pupils\"\naddress = \"127.0.0.1:0\"\nprofile = \"ks2\"\n");
    let command = schoolgate(folder.path(), &["run", "--config", "school.toml"]);
    let mut running = Process::start(command).expect("it starts");
    let address = console(&mut running);
    let proxy = running.wait_for_line("Proxy     pupils at ", PATIENCE).expect("the proxy");
    let proxy = proxy.split(" at ").nth(1).and_then(|rest| rest.split(' ').next()).expect("an address").to_owned();
    running.wait_for_line("NOT TO BE HAD", PATIENCE).expect("said at the start");
    running.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
    assert!(through(&proxy, "http://bet365.com/").starts_with("HTTP/1.1 403"), "it filters");
    let door = Console::at(&address, &folder.join("data")).get("/sign-in").body;
    assert!(door.contains("The records cannot be had") && door.contains("Nobody can sign in just now"), "{door}");
    assert!(!door.contains("records.sqlite"), "whoever comes by is not told where things lie");
    let doctor = ran(&folder, &["doctor", "--config", "school.toml"], 2);
    assert!(doctor.contains("Bad     Records") && doctor.contains("is damaged or is none of ours"), "{doctor}");
    let refused = ran(&folder, &["keys", "status", "--config", "school.toml"], 1);
    assert!(refused.contains("the records cannot be had"), "{refused}");
    assert_eq!(std::fs::read(folder.join("data/records.sqlite")).expect("the file"), damaged, "nothing was written into it");

    // Somebody puts it right; nobody has to start anything again.
    std::fs::remove_file(folder.join("data/records.sqlite")).expect("moved away");
    running.wait_for_line("the records can be had again", PATIENCE).expect("taken up");
    assert!(ran(&folder, &["keys", "status", "--config", "school.toml"], 0).contains("There are no keys yet"));
    running.stop().expect("asked to stop");
    assert!(running.wait(PATIENCE).expect("it ends").success(), "{}", running.printed());
}

fn through(proxy: &str, url: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = TcpStream::connect(proxy).expect("connect");
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    stream.write_all(format!("GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
