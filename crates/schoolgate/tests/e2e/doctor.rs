//! `schoolgate doctor`: each check both ways, as far as a test can make a machine ill.

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use filter::sealed::{SealedEntry, SealedList};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use schoolgate::control::{self, ControlServer, Handlers};
use serde_json::Value;
use testkit::folder::Folder;
use testkit::origin::{Origin, Reply};

use crate::support::{output, schoolgate, text};

/// The clock that doctor reads too.
#[expect(clippy::disallowed_methods, reason = "ages are told from the machine's own clock")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// A day on which somebody confirmed something lately.
fn lately() -> Date {
    days_ago(30)
}

fn days_ago(days: i64) -> Date {
    let today = Timestamp::try_from(now()).expect("time").to_zoned(TimeZone::UTC);
    today.date().checked_sub(days.days()).expect("date")
}

/// Somebody's public key, from age's own documentation.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/// A school where everything is in order: a list on this machine, a filter further up the line, a free port.
struct School {
    folder: Folder,
    config: String,
}

impl School {
    fn new() -> Self {
        let folder = Folder::new().expect("folder");
        folder.write("bets.txt", "tombola.example\nlottery.example\n").expect("list");
        folder.write("data/.here", "").expect("data folder");
        fs::set_permissions(folder.join("data"), Permissions::from_mode(0o700)).expect("rights");
        let backup = schoolgate::backup::name(Timestamp::try_from(now()).expect("time"));
        folder.write(&format!("backups/{backup}"), "last night's").expect("backup");
        folder.write(&format!("backups/{}", schoolgate::backup::KEPT), "what is kept").expect("beside it");
        let config = format!(
            "data = \"data\"\n[console]\nlisten = \"127.0.0.1:0\"\n[[list]]\nname = \"county\"\npath = \"bets.txt\"\n\
             category = \"gambling\"\n[illegal_content]\nsource = \"upstream\"\nupstream_provider = \"Example Broadband\"\n\
             confirmed_on = \"{}\"\nconfirmed_by = \"network manager\"\n\
             [backup]\nto = \"backups\"\nrecipients = [\"{RECIPIENT}\"]\n\
             [mail]\nserver = \"mail.school.example\"\nfrom = \"gate@school.example\"\n",
            lately()
        );
        Self { folder, config }
    }

    /// The same with `from` in its configuration written as `to`.
    fn with(mut self, from: &str, to: &str) -> Self {
        assert!(self.config.contains(from), "{from}");
        self.config = self.config.replace(from, to);
        self
    }

    /// The same with its list in force.
    fn updated(self) -> Self {
        self.write();
        let out = output(self.folder.path(), &["lists", "update", "--config", "school.toml"]);
        assert!(out.status.success(), "{}", text(&out.stderr));
        self
    }

    fn write(&self) {
        self.folder.write("school.toml", &self.config).expect("configuration");
    }

    fn command(&self) -> Command {
        self.write();
        schoolgate(self.folder.path(), &["doctor", "--json", "--config", "school.toml"])
    }

    fn report(&self) -> Report {
        Report::of(self.command())
    }

    /// Answers on the control socket, as a running Schoolgate does.
    fn serve(&self) -> ControlServer {
        let no = || "only hello is answered here".to_owned();
        let nothing = Handlers {
            why: Arc::new(move |_| Err(no())),
            keys: Arc::new(move |_| Err(no())),
            jobs: Arc::new(move |_| Err(no())),
            accounts: Arc::new(move |_| Err(no())),
            people: Arc::new(move |_| Err(no())),
        };
        control::serve(&self.folder.join("data/schoolgate.sock"), nothing).expect("serve")
    }
}

/// What doctor says, as read from its JSON.
struct Report {
    findings: Vec<Value>,
    code: Option<i32>,
}

impl Report {
    fn of(mut command: Command) -> Self {
        let out = command.output().expect("the binary starts");
        assert!(out.stderr.is_empty(), "{}", text(&out.stderr));
        let json: Value = serde_json::from_slice(&out.stdout).expect("JSON");
        let findings = json["findings"].as_array().expect("findings").clone();
        let has_bad = findings.iter().any(|finding| finding["state"] == "bad");
        assert_eq!(out.status.code(), Some(if has_bad { 2 } else { 0 }), "the exit code says whether something is bad");
        Self { findings, code: out.status.code() }
    }

    /// That the check stands so, with this in what it says or in what is to be done.
    #[track_caller]
    fn check(&self, check: &str, state: &str, expected: &str) {
        let found: Vec<&Value> = self.findings.iter().filter(|finding| finding["check"] == check).collect();
        let fits = |finding: &&&Value| finding["state"] == state && finding.to_string().contains(expected);
        let finding = found.iter().find(fits);
        assert!(finding.is_some(), "{check} {state} {expected:?}: {found:#?}");
        let needs_action = state == "warn" || state == "bad";
        assert_eq!(finding.expect("found")["todo"].is_string(), needs_action, "what to do is said where something is");
    }
}

#[test]
fn a_school_in_order_has_nothing_bad() {
    let school = School::new().updated();
    let report = school.report();
    for (check, expected) in [
        ("Configuration", "school.toml has no mistakes"),
        ("Data folder", "can be written, and by this account only"),
        ("Disk", "free on the disk"),
        ("Memory", "free in memory"),
        ("Clock", "It is "),
        ("Time zone", "Europe/London; the clocks change next on"),
        ("Console address", "127.0.0.1:0 is free"),
        ("Backup", "The last one is of"),
        ("Illegal material", "The filter of Example Broadband applies the lists, confirmed on"),
        ("Full lists", "One category list is set up"),
        ("Each list", "county: 2 entries"),
        ("Pack", "checksum"),
        ("Build report", "every category of its lists is one of ours"),
        ("Help lines", "open for everybody"),
    ] {
        report.check(check, "good", expected);
    }
    report.check("Running", "warn", "schoolgate run");
    report.check("Accounts", "warn", "accounts first");
    assert_eq!(report.code, Some(0));
}

#[test]
fn a_fresh_install_must_not_be_the_only_filter() {
    let folder = Folder::new().expect("folder");
    let out = output(folder.path(), &["doctor", "--data", "data"]);
    assert_eq!(out.status.code(), Some(2));
    let printed = text(&out.stdout);
    for expected in
        ["Bad     Illegal material", "Bad     Full lists", "must not be your school's only filter", "To do: ", "Warn    Data folder"]
    {
        assert!(printed.contains(expected), "{expected:?}: {printed}");
    }
    assert!(!printed.contains('\u{1b}'), "words, not colours: {printed}");
    assert!(!folder.join("data").exists(), "looking changes nothing");
}

#[test]
fn what_the_school_has_to_choose_is_no_fault_of_the_machine() {
    let folder = Folder::new().expect("folder");
    let all = Report::of(schoolgate(folder.path(), &["doctor", "--json", "--data", "data"]));
    let of_school: Vec<&str> =
        all.findings.iter().filter(|finding| finding["part"] == "school").filter_map(|finding| finding["check"].as_str()).collect();
    assert_eq!(of_school, ["Accounts", "Mail server", "Backup", "Direct route", "Illegal material", "Full lists"]);
    let machine = Report::of(schoolgate(folder.path(), &["doctor", "--machine", "--json", "--data", "data"]));
    assert_eq!(machine.findings.len(), all.findings.len() - of_school.len());
    assert_eq!(machine.code, Some(0), "nothing of the machine is bad: {:#?}", machine.findings);
}

#[test]
fn every_mistake_of_the_configuration_is_told_and_the_rest_is_not_guessed() {
    let school = School::new().with("listen = \"127.0.0.1:0\"", "listen = \"nowhere\"\nlisten_to = 1");
    let report = school.report();
    report.check("Configuration", "bad", "school.toml:3:");
    report.check("Configuration", "bad", "school.toml:4:");
    for check in ["Data folder", "Time zone", "Console address", "Illegal material", "Full lists", "Each list", "Pack", "Help lines"] {
        report.check(check, "unknown", "must be put right first");
    }
    let missing = Report::of(schoolgate(school.folder.path(), &["doctor", "--json", "--config", "none.toml", "--data", "data"]));
    missing.check("Configuration", "bad", "none.toml");
    missing.check("Data folder", "good", "can be written");
}

#[test]
fn a_data_folder_that_will_not_do() {
    let school = School::new();
    fs::set_permissions(school.folder.join("data"), Permissions::from_mode(0o755)).expect("rights");
    school.report().check("Data folder", "warn", "chmod 700");
    let school = school.with("data = \"data\"", "data = \"bets.txt\"");
    school.report().check("Data folder", "bad", "is no folder");
    // Not even root can write there.
    #[cfg(target_os = "linux")]
    school.with("data = \"bets.txt\"", "data = \"/proc/sys\"").report().check("Data folder", "bad", "cannot be written");
}

#[test]
fn a_clock_that_was_set_back_is_noticed() {
    let school = School::new();
    let file = File::create(school.folder.join("data/lists.tmp")).expect("file");
    file.set_modified(now() + Duration::from_secs(60)).expect("time");
    school.report().check("Clock", "good", "It is ");
    file.set_modified(now() + Duration::from_secs(3 * 86_400)).expect("time");
    school.report().check("Clock", "bad", "the clock was set back");
}

#[test]
fn a_zone_without_summer_time_is_noticed() {
    let school = School::new().with("data = \"data\"", "data = \"data\"\ntime_zone = \"UTC\"");
    school.report().check("Time zone", "warn", "Europe/London");
}

#[test]
fn a_busy_port_is_told_apart_from_our_own() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let busy = listener.local_addr().expect("address").to_string();
    let school = School::new().with("127.0.0.1:0", &busy);
    school.report().check("Console address", "bad", "in use by another program");
    let server = school.serve();
    let report = school.report();
    report.check("Console address", "good", "as it should be");
    report.check("Running", "good", "is running");
    drop(listener);
    school.report().check("Console address", "warn", "but not at");
    drop(server);
    school.report().check("Console address", "good", "is free");
}

#[test]
fn a_socket_that_does_not_answer_is_noticed() {
    let school = School::new();
    let listener = std::os::unix::net::UnixListener::bind(school.folder.join("data/schoolgate.sock")).expect("socket");
    let other = std::thread::spawn(move || drop(listener.accept()));
    school.report().check("Running", "bad", "gave no answer");
    other.join().expect("the other");
}

#[test]
fn a_confirmation_grows_old() {
    let day = format!("confirmed_on = \"{}\"", lately());
    let old = School::new().with(&day, &format!("confirmed_on = \"{}\"", days_ago(400)));
    old.report().check("Illegal material", "warn", "over 12 months ago");
    let early = School::new().with(&day, &format!("confirmed_on = \"{}\"", days_ago(-40)));
    early.report().check("Illegal material", "warn", "still to come");
}

/// A school with a sealed list of these entries in place of the filter further up.
fn sealing(entries: &[&str]) -> School {
    let mut school = School::new();
    let illegal = school.config.find("[illegal_content]").expect("section");
    school.config.truncate(illegal);
    school.config.push_str("[illegal_content]\nsource = \"sealed\"\nsealed_file = \"feed.sealed\"\n");
    let key = school.folder.write("data/sealed.key", [5; 16]).expect("key");
    fs::set_permissions(key, Permissions::from_mode(0o600)).expect("rights");
    let entries = entries.iter().map(|entry| SealedEntry::parse(entry).expect("entry"));
    school.folder.write("feed.sealed", SealedList::seal([5; 16], entries).to_bytes()).expect("sealed list");
    school
}

#[test]
fn a_sealed_list_is_opened_and_looked_at() {
    let school = sealing(&["unlawful.example"]);
    school.report().check("Illegal material", "warn", "A sealed list of 1 addresses is in force; nobody has confirmed");
    school.report().check("Help lines", "good", "open for everybody");
    let mut confirmed = sealing(&["unlawful.example"]);
    confirmed.config.push_str(&format!("confirmed_on = \"{}\"\nconfirmed_by = \"head\"\n", lately()));
    confirmed.report().check("Illegal material", "good", "confirmed on");
    fs::write(school.folder.join("feed.sealed"), "unlawful.example\n").expect("written");
    school.report().check("Illegal material", "bad", "is not in force");
}

#[test]
fn a_feed_that_closes_a_help_line_is_noticed_and_not_told() {
    let school = sealing(&["childline.org.uk"]);
    let report = school.report();
    report.check("Help lines", "bad", "closed by the sealed list");
    assert!(!format!("{:?}", report.findings).contains("childline"), "nothing of a sealed list is told");
}

#[test]
fn lists_that_close_nothing_are_noticed() {
    let school = School::new();
    school.report().check("Each list", "warn", "county: not in the pack in force");
    school.report().check("Each list", "warn", "lists update` with the same --config");
    school.report().check("Pack", "bad", "There is no pack");
    fs::remove_file(school.folder.join("bets.txt")).expect("removed");
    school.report().check("Each list", "bad", "county: what it is read from is not there");
    let never = School::new().with("path = \"bets.txt\"", "url = \"http://127.0.0.1:9/bets.txt\"");
    never.report().check("Each list", "bad", "county: never fetched");
}

#[test]
fn a_list_without_news_grows_stale_and_a_failure_is_told() {
    let origin = Origin::start().expect("origin");
    origin.serve("/bets.txt", Reply::ok("text/plain", "tombola.example\nlottery.example\n"));
    let url = format!("url = \"{}\"", origin.url("/bets.txt"));
    let school = School::new().with("path = \"bets.txt\"", &url).updated();
    school.report().check("Each list", "good", "county: 2 entries, last checked on");
    drop(origin);
    let out = output(school.folder.path(), &["lists", "update", "--config", "school.toml"]);
    let said = format!("{}{}", text(&out.stdout), text(&out.stderr));
    assert!(said.contains("county"), "{said}");
    school.report().check("Each list", "warn", "the last attempt failed");
    school.report().check("Each list", "warn", "put that right");
    let state = school.folder.join("data/downloads/county.fetch.json");
    let json: Value = serde_json::from_slice(&fs::read(&state).expect("state")).expect("JSON");
    let aged = fs::read_to_string(&state).expect("state").replace(json["checked_at"].as_str().expect("time"), "2026-01-05T03:15:00Z");
    fs::write(&state, aged).expect("state");
    school.report().check("Each list", "warn", "no news from its publisher for");
}

#[test]
fn a_broken_pack_is_noticed() {
    let school = School::new().updated();
    let path = school.folder.join("data/lists.sgpack");
    let mut bytes = fs::read(&path).expect("pack");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&path, bytes).expect("pack");
    school.report().check("Pack", "bad", "lists.sgpack");
    fs::remove_file(school.folder.join("data/lists-report.json")).expect("report");
    school.report().check("Build report", "unknown", "no report");
}

#[test]
fn categories_that_nobody_mapped_are_counted() {
    let school = School::new();
    school.folder.write("more/unheard-of/domains", "other.example\n").expect("list");
    school.folder.write("more/gambling/domains", "tombola.example\n").expect("list");
    let school = school.with("path = \"bets.txt\"\ncategory = \"gambling\"", "path = \"more\"").updated();
    school.report().check("Build report", "warn", "1 categories");
}
