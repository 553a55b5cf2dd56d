//! `lists update`: the last good list stays, whatever its publisher does.

use std::process::Command;
use std::time::Duration;

use testkit::folder::Folder;
use testkit::origin::{Body, Origin, Reply};
use testkit::process::Process;

use super::{Ran, hosts, leftovers, ran, run};
use crate::support::schoolgate;

const HTML: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>\n";

/// A school with one list on the web.
struct School {
    folder: Folder,
    origin: Origin,
}

impl School {
    fn new() -> Self {
        let school = Self { folder: Folder::new().expect("folder"), origin: Origin::start().expect("origin") };
        school.configure("");
        school
    }

    /// The list on the web, and what else is to stand in the configuration.
    fn configure(&self, more: &str) {
        let url = self.origin.url("/games.txt");
        let text = format!("data = \"data\"\n[[list]]\nname = \"play\"\nurl = \"{url}\"\n{more}");
        self.folder.write("school.toml", text).expect("configuration");
    }

    fn publish(&self, reply: Reply) {
        self.origin.serve("/games.txt", reply);
    }

    fn publish_list(&self, count: usize, tag: &str) {
        self.publish(Reply::ok("text/plain", hosts(count, tag)).header("ETag", &format!("\"{tag}\"")));
    }

    fn update(&self) -> Ran {
        run(self.folder.path(), &["lists", "update", "--config", "school.toml"])
    }

    fn pack(&self) -> Vec<u8> {
        std::fs::read(self.folder.join("data/lists.sgpack")).expect("pack")
    }

    fn list(&self) -> String {
        std::fs::read_to_string(self.folder.join("data/downloads/play")).expect("list")
    }
}

#[test]
fn a_list_is_fetched_once_and_again_when_it_changes() {
    let school = School::new();
    school.publish_list(40, "one");
    let printed = school.update().ok();
    assert!(
        printed.contains("play: updated") && printed.contains("40 lines taken") && printed.contains("A new pack is in force"),
        "{printed}"
    );
    let first = school.pack();

    let printed = school.update().ok();
    assert!(printed.contains("play: unchanged, 40 lines taken") && printed.contains("already made of all this"), "{printed}");
    assert_eq!(school.origin.seen().last().and_then(|seen| seen.header("If-None-Match").map(str::to_owned)).as_deref(), Some("\"one\""));
    assert!(school.pack() == first);

    school.publish_list(41, "two");
    let printed = school.update().ok();
    assert!(printed.contains("play: updated") && printed.contains("41 lines taken"), "{printed}");
    assert!(school.pack() != first);
    let report = std::fs::read_to_string(school.folder.join("data/lists-report.json")).expect("report");
    assert!(report.contains("\"entries\": 41") && report.contains("games.txt"), "{report}");
}

#[test]
fn whatever_the_publisher_does_the_last_good_list_stays_in_force() {
    let school = School::new();
    school.publish_list(40, "one");
    school.update().ok();
    let (pack, list) = (school.pack(), school.list());
    let cases = [
        (Reply::ok("text/plain", "gone").status(404), "answered 404"),
        (Reply::ok("text/plain", "trouble").status(500), "answered 500"),
        (Reply::with(Body::Lying { bytes: hosts(3, "cut").into(), announced: 9999 }), "ended before the file was complete"),
        (Reply::ok("text/html", HTML), "what came"),
        (Reply::ok("text/plain", ""), "empty"),
        (Reply::ok("text/plain", "# at work\n"), "what came"),
        (Reply::with(Body::Raw(b"SSH-2.0-x\r\n".to_vec())), "not understood"),
        (Reply::ok("text/plain", hosts(200_000, "huge")), "larger than 1048576 bytes"),
    ];
    school.configure("[lists]\nmax_download_bytes = \"1 MiB\"\n");
    for (reply, why) in cases {
        school.publish(reply);
        let printed = school.update();
        printed.refused(&["play: kept the last good one, 40 lines taken", why]);
        assert!(school.pack() == pack && school.list() == list, "{why}");
        assert!(leftovers(&school.folder.join("data/downloads")).is_empty(), "{why}");
    }
    let failure = school.folder.join("data/downloads/play.failure.json");
    assert!(std::fs::read_to_string(&failure).expect("failure").contains("larger than"));
    school.publish_list(41, "two");
    school.update().ok();
    assert!(!failure.exists(), "a failure is forgotten when the list comes again");
}

#[test]
fn a_list_that_was_never_there_is_named_and_the_others_are_used() {
    let school = School::new();
    school.folder.write("dating.txt", "meet.example\n").expect("list");
    school.configure("[[list]]\nname = \"own\"\npath = \"dating.txt\"\n");
    let printed = school.update();
    printed.refused(&["play: NOT IN USE: ", "answered 404", "own: on this machine, 1 line taken", "A new pack is in force"]);
    school.publish(Reply::ok("text/html", HTML));
    school.update().refused(&["play: NOT IN USE: ", "already made of all this"]);
    assert!(!school.folder.join("data/downloads/play").exists(), "a page is never kept as a list");
}

#[test]
fn a_list_on_this_machine_that_breaks_does_not_fall_out_of_the_pack() {
    let school = School::new();
    school.publish_list(40, "one");
    school.folder.write("dating.txt", "meet.example\n").expect("list");
    school.configure("[[list]]\nname = \"own\"\npath = \"dating.txt\"\n");
    school.update().ok();
    let pack = school.pack();
    school.publish_list(50, "two");
    school.folder.write("dating.txt", HTML).expect("list");
    school.update().refused(&["the list \"own\" is in the pack in force", "that pack stays"]);
    std::fs::remove_file(school.folder.join("dating.txt")).expect("remove");
    school.update().refused(&["the list \"own\" is in the pack in force", "dating.txt"]);
    assert!(school.pack() == pack);
    school.configure("");
    school.update().ok();
    assert!(school.pack() != pack);
}

#[test]
fn a_list_that_shrinks_is_taken_and_flagged_until_it_comes_again() {
    let school = School::new();
    school.publish_list(1000, "one");
    school.update().ok();
    school.publish_list(400, "two");
    let warning = "play: updated";
    let printed = school.update().ok();
    assert!(printed.contains(warning) && printed.contains("it has shrunk from 1,000 to 400 lines"), "{printed}");
    assert!(school.update().ok().contains("it has shrunk from 1,000 to 400 lines"));
    let report = std::fs::read_to_string(school.folder.join("data/lists-report.json")).expect("report");
    assert!(report.contains("\"shrunk_from\": 1000"), "{report}");
    school.publish_list(390, "three");
    assert!(!school.update().ok().contains("shrunk"));
}

#[test]
fn a_damaged_pack_or_list_is_made_whole_by_the_next_update() {
    let school = School::new();
    school.publish_list(40, "one");
    school.update().ok();
    let pack = school.pack();
    school.folder.write("data/lists.sgpack", &pack[..pack.len() / 2]).expect("cut");
    school.folder.write("data/downloads/play", "half a li").expect("cut");
    school.update().ok();
    assert!(school.pack() == pack && school.list() == hosts(40, "one"));
}

#[test]
fn two_updates_at_once_do_not_get_in_each_others_way() {
    let school = School::new();
    school.publish(Reply::with(Body::Slow { bytes: hosts(40, "one").into(), piece: 1, pause: Duration::from_millis(20) }));
    let mut first = Process::start(schoolgate(school.folder.path(), &["lists", "update", "--config", "school.toml"])).expect("first");
    first.wait_for_line("fetching play", Duration::from_secs(30)).expect("it fetches");
    school.update().refused(&["being refreshed by another Schoolgate"]);
    assert!(first.wait(Duration::from_secs(60)).expect("end").success());
    assert_eq!(school.list(), hosts(40, "one"));
}

#[test]
fn a_full_disk_leaves_list_and_pack_as_they_were() {
    let school = School::new();
    school.publish_list(40, "one");
    school.update().ok();
    let (pack, list) = (school.pack(), school.list());
    school.publish_list(100_000, "two");
    let limited = |blocks: u32, arguments: &[&str]| {
        // A limit on the size of any file stands in for a full disk: the same write fails, at the same place, without root.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_schoolgate")]).args(arguments).current_dir(school.folder.path());
        ran(&command.output().expect("sh"))
    };
    let update = ["lists", "update", "--config", "school.toml"];
    limited(64, &update).refused(&["play: kept the last good one", "the disk is full"]);
    assert!(school.pack() == pack && school.list() == list);
    // Room for the list (some 1.7 MB), not for the pack.
    limited(4000, &update).refused(&["writing the pack", "the pack in force stays"]);
    assert!(school.pack() == pack);
    school.folder.write("games.txt", hosts(100_000, "two")).expect("list");
    limited(4000, &["lists", "build", "games.txt", "--out", "data/lists.sgpack"]).refused(&["writing the pack", "as it was"]);
    assert!(school.pack() == pack);
    assert!(leftovers(&school.folder.join("data")).is_empty() && leftovers(&school.folder.join("data/downloads")).is_empty());
    school.update().ok();
    assert!(school.pack() != pack);
}

#[test]
fn without_a_list_it_is_said_that_there_is_none() {
    let folder = Folder::new().expect("folder");
    let printed = run(folder.path(), &["lists", "update", "--data", "data"]).ok();
    assert!(printed.contains("No list is set up") && printed.contains("[[list]]") && printed.contains("--config"), "{printed}");
}
