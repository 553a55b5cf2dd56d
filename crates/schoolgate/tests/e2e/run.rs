//! `schoolgate run`: starting, stopping, reloading, and what goes wrong.

mod browser;
mod intake;
mod pages;
mod roles;

use std::net::TcpListener;
use std::sync::OnceLock;
use std::time::Duration;

use testkit::folder::Folder;
use testkit::origin::{Origin, Reply};
use testkit::process::Process;

use crate::console::{Answer, Console};
use crate::support::{output, schoolgate, text};
pub(crate) use browser::{pictures, trusting};

/// How long anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running Schoolgate, with the folder it works in.
pub(crate) struct Running {
    pub(crate) process: Process,
    address: String,
    folder: Folder,
    is_demo: bool,
    signed: OnceLock<Console>,
}

impl Running {
    /// Starts it on a free port with these arguments, and a folder that lives as long as it does.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_in(Folder::new().expect("folder"), arguments)
    }

    fn start_in(folder: Folder, arguments: &[&str]) -> Self {
        let (process, address) = start(&folder, arguments);
        Self { process, address, folder, is_demo: arguments.contains(&"--demo"), signed: OnceLock::new() }
    }

    /// With a configuration of this text.
    fn with_config(config: &str) -> Self {
        let folder = Folder::new().expect("folder");
        folder.write("school.toml", config).expect("config");
        Self::start_in(folder, &["--config", "school.toml"])
    }

    /// A browser at which nobody is signed in.
    pub(crate) fn browser(&self) -> Console {
        Console::at(&self.address, &self.folder.join("data"))
    }

    /// The browser of the headteacher.
    fn head(&self) -> &Console {
        self.signed.get_or_init(|| match self.is_demo {
            true => self.browser().signed_in_as("headteacher"),
            false => self.browser().with_first_headteacher(self.folder.path(), &["--config", "school.toml", "--data", "data"]),
        })
    }

    /// As the headteacher sees it.
    fn get(&self, path: &str) -> Answer {
        self.head().get(path)
    }
}

fn start(folder: &Folder, arguments: &[&str]) -> (Process, String) {
    let all = [&["run", "--data", "data", "--listen", "127.0.0.1:0"], arguments].concat();
    let mut process = Process::start(schoolgate(folder.path(), &all)).expect("start");
    let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
    let address = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned();
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    (process, address)
}

/// Starts it where it must not start, and gives what it said.
fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let all = [&["run", "--listen", "127.0.0.1:0"], arguments].concat();
    let output = output(folder.path(), &all);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("is running"));
    text(&output.stderr)
}

#[test]
fn the_demonstration_needs_nothing_and_stops_when_told() {
    let mut running = Running::start(&["--demo"]);
    assert!(running.get("/").body.contains("Demonstration: invented school"));
    assert_eq!(running.get("/health").body, "ok\n");
    running.process.stop().expect("stop");
    assert_eq!(running.process.wait(Duration::from_secs(10)).expect("end").code(), Some(0));
    assert!(!running.folder.join("data/schoolgate.sock").exists(), "the socket is left behind");
}

#[test]
fn its_data_folder_is_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let running = Running::start(&["--demo"]);
    let mode = running.folder.join("data").metadata().expect("folder").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn after_a_power_cut_it_starts_again() {
    let mut running = Running::start(&["--demo"]);
    running.process.kill().expect("kill");
    assert!(running.folder.join("data/schoolgate.sock").exists(), "nothing was left to be replaced");
    let (_process, address) = start(&running.folder, &["--demo"]);
    assert_eq!(Console::at(&address, &running.folder.join("data")).get("/health").status, 200);
}

#[test]
fn two_on_one_folder_is_one_too_many() {
    let running = Running::start(&["--demo"]);
    let said = refused(&running.folder, &["--demo", "--data", "data"]);
    assert!(said.contains("already running on this data folder"), "{said}");
    assert_eq!(running.get("/health").status, 200, "the first one was disturbed");
}

#[test]
fn a_busy_port_is_named_with_a_way_out() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = holder.local_addr().expect("address").to_string();
    let folder = Folder::new().expect("folder");
    let output = output(folder.path(), &["run", "--demo", "--data", "data", "--listen", &address]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains(&address) && said.contains("another program uses this port") && said.contains("--listen"), "{said}");
    assert!(!folder.join("data/schoolgate.sock").exists());
}

#[test]
fn what_cannot_be_used_is_refused_with_what_to_do() {
    let folder = Folder::new().expect("folder");
    folder.write("file", "in the way").expect("file");
    folder.write("wrong.toml", "scool = \"A\"\n[console]\nlisten = \"everywhere\"\n").expect("config");
    folder.write("sealed.toml", "[illegal_content]\nsource = \"sealed\"\nsealed_file = \"feed\"\n").expect("config");
    folder.write("broken/lists.sgpack", "not a pack").expect("pack");

    let said = refused(&folder, &["--demo", "--data", "file"]);
    assert!(said.contains("data folder ") && said.contains("/file:") && said.contains("--data"), "{said}");
    let said = refused(&folder, &["--config", "wrong.toml", "--data", "data"]);
    assert!(said.contains("did you mean \"school\"") && said.contains("must be an IP address and a port"), "{said}");
    let said = refused(&folder, &["--config", "missing.toml", "--data", "data"]);
    assert!(said.contains("missing.toml"), "{said}");
    let said = refused(&folder, &["--config", "sealed.toml", "--data", "data"]);
    assert!(said.contains("feed"), "it starts without the sealed list that is configured: {said}");
    let said = refused(&folder, &["--data", "broken"]);
    assert!(said.contains("lists update"), "{said}");
}

#[test]
fn a_changed_configuration_takes_effect_and_a_broken_one_does_not() {
    let mut running = Running::with_config("school = \"Hill Top School\"\n");
    let why = "/why?address=bbc.co.uk&who=ks2";
    assert!(running.get(why).body.contains("opens for Key Stage 2"), "{}", running.get(why).body);

    let closed = "school = \"Hill Top School\"\n[[override]]\naction = \"block\"\nfor = \"everyone\"\nsite = \"bbc.co.uk\"\n\
                  reason = \"Testing\"\nauthor = \"Head\"\n";
    running.folder.write("school.toml", closed).expect("config");
    running.process.reload().expect("SIGHUP");
    running.process.wait_for_line("is in force", PATIENCE).expect("reload");
    assert!(running.get(why).body.contains("is blocked for Key Stage 2"));

    running.folder.write("school.toml", "school = 7\n").expect("config");
    running.process.reload().expect("SIGHUP");
    running.process.wait_for_line("the rules from before still hold", PATIENCE).expect("refusal");
    let page = running.get(why).body;
    assert!(page.contains("is blocked for Key Stage 2"), "the old rules are gone");
    assert!(page.contains("could not be put into force") && page.contains("must be a text in quotes"), "{page}");
}

#[test]
fn a_changed_file_is_read_without_being_told() {
    let mut running = Running::with_config("school = \"Hill Top School\"\n");
    running.folder.write("school.toml", "school = \"Mill Lane School\"\n").expect("config");
    running.process.wait_for_line("is in force", PATIENCE).expect("reload");
    assert!(running.get("/").body.contains("Mill Lane School"));
}

#[test]
fn lists_are_fetched_at_once_and_a_publisher_who_is_away_is_shown() {
    let publisher = Origin::start().expect("origin");
    publisher.serve("/betting.txt", Reply::ok("text/plain", "bets-and-more.example\nroulette.example\n"));
    let list = |name: &str, path: &str| {
        format!("[[list]]\nname = \"{name}\"\nurl = \"{}\"\nformat = \"domains\"\ncategory = \"gambling\"\n", publisher.url(path))
    };
    let mut running = Running::with_config(&[list("betting", "/betting.txt"), list("away", "/away.txt")].concat());
    running.process.wait_for_line("new lists are in force", PATIENCE).expect("refresh");
    // The log tells of the pack before the page shows how it went; the warning is the last thing that is logged.
    running.process.wait_for_line("a list could not be refreshed", PATIENCE).expect("warning");

    let answer = running.get("/why?address=roulette.example&who=ks2").body;
    assert!(answer.contains("is blocked for Key Stage 2") && answer.contains("betting"), "{answer}");
    let lists = running.get("/lists").body;
    assert!(lists.contains("In force") && lists.contains("Not there") && lists.contains("404"), "{lists}");
    let home = running.get("/").body;
    assert!(!home.contains("No full category list is set up") && home.contains("No source of illegal material"), "{home}");
    assert!(home.contains("away&quot; is set up, but not in force"), "{home}");
}

#[test]
fn nobodys_question_and_nobodys_name_is_in_the_log() {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", "[[person]]\nname = \"ada-lovelace\"\nprofile = \"ks2\"\n").expect("config");
    let mut running = Running::start_in(folder, &["--config", "school.toml"]);
    running.get("/why?address=private-matter.example&who=ks2");
    running.get("/private-matter.example");
    running.process.reload().expect("SIGHUP");
    running.process.wait_for_line("is in force", PATIENCE).expect("reload");
    let printed = running.process.printed();
    assert!(!printed.contains("private-matter") && !printed.contains("lovelace"), "{printed}");
}
