//! `kill -9` in the middle of a build or an update: the pack is the former one or the new one, never something else.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use testkit::folder::Folder;
use testkit::origin::{Origin, Reply};
use testkit::process::Process;

use super::{hosts, leftovers, run};
use crate::support::schoolgate;

/// Moments at which a run is killed, spread evenly over the time that a whole one takes.
const MOMENTS: u32 = 20;
const ENTRIES: usize = 300_000;

/// Starts the binary and kills it after `delay`, unless it is done by then.
fn kill_after(delay: Duration, folder: &Path, arguments: &[&str]) {
    let mut process = Process::start(schoolgate(folder, arguments)).expect("start");
    // It ends or the time is over; either will do.
    drop(process.wait(delay));
    process.kill().expect("kill");
}

fn took(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

#[test]
fn a_killed_build_leaves_the_former_pack_or_the_new_one() {
    let folder = Folder::new().expect("folder");
    folder.write("old/games.txt", "play.example\n").expect("list");
    folder.write("games.txt", hosts(ENTRIES, "new")).expect("list");
    let build = |source: &str, out: &str| drop(run(folder.path(), &["lists", "build", source, "--out", out]).ok());
    build("old/games.txt", "old/p");
    fs::create_dir(folder.join("new")).expect("folder");
    let whole = took(|| build("games.txt", "new/p"));
    let (former, new) = (fs::read(folder.join("old/p")).expect("pack"), fs::read(folder.join("new/p")).expect("pack"));
    fs::create_dir(folder.join("out")).expect("folder");
    for moment in 0..MOMENTS {
        fs::write(folder.join("out/p"), &former).expect("pack");
        kill_after(whole * moment / MOMENTS, folder.path(), &["lists", "build", "games.txt", "--out", "out/p"]);
        let found = fs::read(folder.join("out/p")).expect("pack");
        assert!(found == former || found == new, "killed after {moment}/{MOMENTS} of {whole:?}: {} bytes", found.len());
    }
    // A kill seldom meets the short time in which a file is half there, so one is laid down that surely is.
    folder.write("out/.schoolgate-killed.tmp", &new[..new.len() / 2]).expect("leftover");
    build("old/games.txt", "out/p");
    assert!(fs::read(folder.join("out/p")).expect("pack") == former);
    assert_eq!(leftovers(&folder.join("out")), [""; 0], "the next run clears what killed ones left");
}

#[test]
fn a_killed_update_leaves_the_former_pack_or_the_new_one() {
    let folder = Folder::new().expect("folder");
    let origin = Origin::start().expect("origin");
    let config = format!("[[list]]\nname = \"play\"\nurl = \"{}\"\n", origin.url("/games.txt"));
    folder.write("school.toml", config).expect("configuration");
    let arguments = |data: &'static str| ["lists", "update", "--config", "school.toml", "--data", data];
    let pack = |data: &str| fs::read(folder.join(data).join("lists.sgpack")).expect("pack");
    let publish = |count, tag: &str| {
        origin.serve("/games.txt", Reply::ok("text/plain", hosts(count, tag)).header("ETag", &format!("\"{tag}\"")));
    };
    publish(1000, "old");
    run(folder.path(), &arguments("old")).ok();
    publish(ENTRIES, "new");
    let whole = took(|| drop(run(folder.path(), &arguments("new")).ok()));
    let (former, new) = (pack("old"), pack("new"));
    for moment in 0..MOMENTS {
        copy_data(&folder.join("old"), &folder.join("data"));
        kill_after(whole * moment / MOMENTS, folder.path(), &arguments("data"));
        let found = pack("data");
        assert!(found == former || found == new, "killed after {moment}/{MOMENTS} of {whole:?}: {} bytes", found.len());
        run(folder.path(), &["lists", "stats", "data/lists.sgpack"]).ok();
        if moment % 4 == 3 {
            folder.write("data/.schoolgate-killed.tmp", &new[..new.len() / 2]).expect("leftover");
            run(folder.path(), &arguments("data")).ok();
            assert!(pack("data") == new);
            assert_eq!(leftovers(&folder.join("data")), [""; 0]);
            assert_eq!(leftovers(&folder.join("data/downloads")), [""; 0], "the next run clears what killed ones left");
        }
    }
}

/// Puts the files of one data folder into another; what else lies there stays, as after a kill.
fn copy_data(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("downloads")).expect("folder");
    for folder in ["", "downloads"] {
        for entry in fs::read_dir(from.join(folder)).expect("folder") {
            let entry = entry.expect("entry");
            if entry.file_type().expect("kind").is_file() {
                fs::copy(entry.path(), to.join(folder).join(entry.file_name())).expect("copy");
            }
        }
    }
}
