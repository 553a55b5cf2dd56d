//! What people wrote about children is nowhere on the disk in a form that can be read: not while locked, not in a backup, not after it was
//! erased; and keys whose change is killed in the middle open everything still.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use calendar::Instant as At;
use ids::{OrganisationId, RecordId};
use ledger::audit::Side;
use ledger::keys::{Access, HolderName, Keys, Passphrase, SealedText};
use ledger::vault::{self, Object};
use ledger::{Act, Change, Ledger, Origin, Place, Subject, Text, by_program, code, keys};
use testkit::folder::Folder;
use testkit::postgres::{Database, Server};
use testkit::process::Process;

use crate::support::{output, schoolgate, text};

const PATIENCE: Duration = Duration::from_secs(60);
const HEAD: &str = "correct zebra lantern quay";
const DSL: &str = "umbrella vortex plinth jam";
/// In the trail, as an attachment's content, and as its name.
const SAID: &str = "Robin said that the lodger shouts at night";
const SCAN: &str = "the drawing shows a door with three locks";
const NAME: &str = "robin-drawing-monday.png";
const SECRETS: [&str; 3] = [SAID, SCAN, NAME];

fn now() -> At {
    "2020-11-24T09:00:00Z".parse().expect("a time")
}

fn case() -> Subject {
    Subject { kind: code!("case"), id: RecordId::named("a case") }
}

fn scan() -> RecordId {
    RecordId::named("a scan")
}

/// A school whose records hold something protected.
struct School {
    folder: Folder,
    place: Place,
    sealed: SealedText,
}

/// Its records, opened by the test.
struct Open {
    ledger: Ledger,
    keys: Keys,
    organisation: OrganisationId,
}

// === impl Open ===

impl Open {
    async fn of(data: &Path, place: &Place) -> Self {
        let ledger = Ledger::open(data, place, now()).await.expect("the records");
        let organisation = ledger.organisation("Hill School", now()).await.expect("a school");
        let keys = Keys::open(&ledger, by_program(organisation, now(), Origin::Job)).await.expect("the keys");
        Self { ledger, keys, organisation }
    }

    fn act(&self) -> Act {
        by_program(self.organisation, now(), Origin::Job)
    }

    async fn unlock(&self, who: &str, words: &str) {
        let words = Passphrase::new(words.to_owned().into()).expect("a passphrase");
        let with = Access::Passphrase(HolderName::parse(who).expect("a name"), words);
        self.keys.unlock(&self.ledger, self.act(), with).await.expect("unlocked");
    }
}

// === impl School ===

impl School {
    fn new(database: Option<&Database>) -> Self {
        let folder = Folder::new().expect("a folder");
        let printed = succeeds(&folder, &["backup", "new-key", "--out", "backup.key"]);
        let recipient = printed.split('"').nth(1).expect("a public key in quotes");
        let url = database.map(|database| format!("[records]\ndatabase_url = \"{}\"\n", database.url())).unwrap_or_default();
        let config = format!(
            "school = \"Hill School\"\ndata = \"data\"\n[console]\nlisten = \"127.0.0.1:0\"\n[backup]\nrecipients = [\"{recipient}\"]\n{url}"
        );
        folder.write("school.toml", config).expect("a configuration");
        folder.write("data/.here", "").expect("the data folder");
        let data = folder.join("data");
        let place = database.map_or_else(|| Place::in_folder(&data), |database| Place::parse(database.url()).expect("an address"));
        runtime().block_on(async { Open::of(&data, &place).await.ledger.close().await.expect("closed") });
        told(&folder, &["keys", "init", "--yes", "--passphrase-stdin", "--config", "school.toml"], &[HEAD, DSL]);
        let sealed = runtime().block_on(write(&data, &place));
        Self { folder, place, sealed }
    }

    /// Erases all of it, as retention would.
    async fn erase(&self) {
        let data = self.folder.join("data");
        let open = Open::of(&data, &self.place).await;
        let mut unit = open.ledger.begin(open.act()).await.expect("a unit");
        keys::erase(&mut unit, case(), code!("retention")).await.expect("erased");
        vault::erase(&mut unit, scan(), code!("retention")).await.expect("erased");
        unit.commit().await.expect("committed");
        vault::Folder::open(&data.join("vault")).expect("a vault").remove(scan()).expect("removed");
        open.ledger.forget().await.expect("forgotten");
        open.ledger.close().await.expect("closed");
    }

    /// Everything that was written can be read by this holder.
    async fn reads(&self, who: &str, words: &str) {
        let data = self.folder.join("data");
        let open = Open::of(&data, &self.place).await;
        open.unlock(who, words).await;
        let texts = open.keys.texts(open.ledger.reader(), &[case().id]).await.expect("keys");
        let said = texts[&case().id].open("words", &self.sealed).expect("opened");
        assert_eq!(said.as_str(), Ok(SAID));
        let found = vault::find(open.ledger.reader(), open.organisation, scan()).await.expect("asked");
        let readable = found.and_then(|object| if let Object::Readable(readable) = object { Some(readable) } else { None });
        let scan = readable.expect("an attachment that can be read");
        let mut read = Vec::new();
        let folder = vault::Folder::open(&data.join("vault")).expect("a vault");
        scan.read(&open.keys, open.ledger.reader(), &folder, &mut read).await.expect("read");
        assert_eq!(read, SCAN.as_bytes());
        open.ledger.close().await.expect("closed");
    }
}

async fn write(data: &Path, place: &Place) -> SealedText {
    let open = Open::of(data, place).await;
    let mut unit = open.ledger.begin(open.act()).await.expect("a unit");
    let sealed = open.keys.sealer(&unit, case().id).await.expect("a key").seal("words", SAID.as_bytes()).expect("sealed");
    let texts = vec![Text { field: code!("words"), side: Side::After, sealed: sealed.clone() }];
    unit.record(&Change { subject: case(), action: code!("written"), texts }).expect("an entry");
    unit.commit().await.expect("committed");
    let folder = vault::Folder::open(&data.join("vault")).expect("a vault");
    let incoming = vault::take_in(&open.keys, &folder, scan(), NAME, &mut SCAN.as_bytes(), 1 << 20).expect("taken in");
    let mut unit = open.ledger.begin(open.act()).await.expect("a unit");
    incoming.keep(&mut unit, case().id, code!("png")).await.expect("kept");
    unit.commit().await.expect("committed");
    open.ledger.close().await.expect("closed");
    sealed
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

fn succeeds(folder: &Folder, arguments: &[&str]) -> String {
    let ended = output(folder.path(), arguments);
    assert!(ended.status.success(), "{arguments:?}: {}", text(&ended.stderr));
    text(&ended.stdout)
}

fn with_lines(folder: &Folder, arguments: &[&str], lines: &[&str]) -> std::process::Child {
    let mut command = schoolgate(folder.path(), arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("start");
    child.stdin.take().expect("input").write_all(format!("{}\n", lines.join("\n")).as_bytes()).expect("told");
    child
}

fn told(folder: &Folder, arguments: &[&str], lines: &[&str]) -> String {
    let ended: Output = with_lines(folder, arguments, lines).wait_with_output().expect("end");
    assert!(ended.status.success(), "{arguments:?}: {}", text(&ended.stderr));
    text(&ended.stdout)
}

/// The files below a folder that hold this, byte for byte.
fn holding(folder: &Path, words: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            found.extend(holding(&entry.path(), words));
        } else if kind.is_file() {
            let mut bytes = Vec::new();
            // PostgreSQL removes files of its own at any time.
            let Ok(mut file) = fs::File::open(entry.path()) else { continue };
            file.read_to_end(&mut bytes).expect("read");
            if bytes.windows(words.len()).any(|part| part == words) {
                found.push(entry.path().display().to_string());
            }
        }
    }
    found
}

fn none_is_in(folders: &[&Path]) {
    for folder in folders {
        for secret in SECRETS {
            assert_eq!(holding(folder, secret.as_bytes()), Vec::<String>::new(), "{secret}");
        }
    }
}

/// Written, read, locked, backed up, killed, erased, restored: nothing of it can be found. `base`: the database's own folder, if it has one.
fn is_found_nowhere(school: &School, base: Option<&Path>) {
    let (folder, data) = (&school.folder, school.folder.join("data"));
    let place = ["--config", "school.toml"];
    let mut running = Process::start(schoolgate(folder.path(), &[&["run"], &place[..]].concat())).expect("it starts");
    running.wait_for_line("Schoolgate is running", PATIENCE).expect("it runs");
    told(folder, &[&["keys", "unlock", "--as", "dsl", "--passphrase-stdin"], &place[..]].concat(), &[DSL]);
    succeeds(folder, &[&["backup", "--to", "backups"], &place[..]].concat());
    succeeds(folder, &[&["keys", "lock"], &place[..]].concat());
    let backups = folder.join("backups");
    let all: Vec<&Path> = [data.as_path(), backups.as_path()].into_iter().chain(base).collect();
    none_is_in(&all);
    running.kill().expect("killed");
    none_is_in(&all);
    let clear = base.unwrap_or(&data);
    assert_ne!(holding(clear, b"keys.unlocked"), Vec::<String>::new(), "the search finds what is there");
    assert_ne!(holding(clear, &school.sealed.as_bytes()[..24]), Vec::<String>::new(), "and the sealed text too");

    runtime().block_on(school.reads("dsl", DSL));
    runtime().block_on(school.erase());
    none_is_in(&all);
    // What is kept beside the later one tells the restore of the older one what was erased since.
    succeeds(folder, &[&["backup", "--to", "later"], &place[..]].concat());
    none_is_in(&[&folder.join("later")]);
    let mut files = fs::read_dir(&backups).expect("backups").map(|file| file.expect("a file").path());
    let old = files.find(|file| file.extension().is_some_and(|ending| ending == "age")).expect("a backup");
    let old = old.to_str().expect("a path");
    let kept = "later/schoolgate-kept.json";
    succeeds(folder, &["restore", old, "--identity", "backup.key", "--kept", kept, "--data", "fresh"]);
    let fresh = folder.join("fresh");
    none_is_in(&[&fresh]);
    runtime().block_on(async {
        let open = Open::of(&fresh, &Place::in_folder(&fresh)).await;
        open.unlock("dsl", DSL).await;
        let texts = open.keys.texts(open.ledger.reader(), &[case().id, scan()]).await.expect("asked");
        assert!(texts.values().all(keys::RecordTexts::is_erased), "an old backup brings nothing back");
        open.ledger.close().await.expect("closed");
    });
}

#[test]
fn what_people_wrote_cannot_be_found_on_the_disk() {
    is_found_nowhere(&School::new(None), None);
}

#[test]
fn what_people_wrote_cannot_be_found_in_the_folder_of_postgresql() {
    let parent = tempfile::tempdir().expect("a folder");
    let server = Server::start(parent.path()).expect("a server");
    let database = Database::empty_on(&server).expect("a database");
    is_found_nowhere(&School::new(Some(&database)), Some(&server.folder().join("data")));
}

/// Killed at any moment: the old keys hold or the new ones, whoever stays reads everything, and the next change works.
#[test]
fn keys_whose_change_was_killed_are_the_old_or_the_new() {
    let school = School::new(None);
    let folder = &school.folder;
    let rotate = ["keys", "rotate", "--as", "dsl", "--passphrase-stdin", "--config", "school.toml"];
    let version = || {
        let status = succeeds(folder, &["keys", "status", "--config", "school.toml"]);
        let number = status.lines().find_map(|line| line.split_once("Keys version: ")).map(|(_, number)| number.trim().to_owned());
        number.and_then(|number| number.parse::<u32>().ok()).expect("a version")
    };
    let begun = Instant::now();
    told(folder, &rotate, &[DSL]);
    let mut whole = begun.elapsed();
    let mut before = version();
    assert_eq!(before, 2);
    let mut killed = 0;
    for round in 0..8 {
        let mut child = with_lines(folder, &rotate, &[DSL]);
        // From the middle, after the passphrase was tried, to past the end.
        let begun = Instant::now();
        let end = begun + whole * (8 + round) / 14;
        while Instant::now() < end && child.try_wait().expect("asked").is_none() {
            std::thread::yield_now();
        }
        if child.try_wait().expect("asked").is_some() {
            // The machine has become faster.
            whole = whole.min(begun.elapsed());
        }
        // It may have ended by itself.
        let _ = child.kill();
        killed += u32::from(!child.wait().expect("ended").success());
        runtime().block_on(school.reads("dsl", DSL));
        let after = version();
        assert!(after == before || after == before + 1, "{before} became {after}");
        before = after;
    }
    assert!(killed > 0, "none was killed in the middle");
    runtime().block_on(school.reads("head", HEAD));
    told(folder, &rotate, &[DSL]);
    assert_eq!(version(), before + 1);
    runtime().block_on(school.reads("dsl", DSL));
}
