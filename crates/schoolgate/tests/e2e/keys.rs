//! `schoolgate keys`: made, looked at, unlocked, locked, recovered and changed, beside a Schoolgate that runs and without one.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use testkit::folder::Folder;
use testkit::process::Process;

use crate::support::{schoolgate, text};

/// How long anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const HEAD: &str = "correct zebra lantern quay";
const DSL: &str = "umbrella vortex plinth jam";

/// Runs `schoolgate keys` with these lines on standard input.
fn keys(folder: &Folder, arguments: &[&str], lines: &[&str]) -> Output {
    let all = [&["keys"], arguments, &["--data", "data"]].concat();
    let mut command = schoolgate(folder.path(), &all);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("start");
    // It may have ended before it read anything.
    drop(child.stdin.take().expect("input").write_all(format!("{}\n", lines.join("\n")).as_bytes()));
    child.wait_with_output().expect("end")
}

/// The same, and it works; what it printed.
fn done(folder: &Folder, arguments: &[&str], lines: &[&str]) -> String {
    let output = keys(folder, arguments, lines);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// The same, and it is refused; what it said.
fn refused(folder: &Folder, arguments: &[&str], lines: &[&str]) -> String {
    let output = keys(folder, arguments, lines);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stdout));
    text(&output.stderr)
}

/// Makes keys; the three codes.
fn made(folder: &Folder) -> Vec<String> {
    codes(&done(folder, &["init", "--yes", "--passphrase-stdin"], &[HEAD, DSL]))
}

fn codes(printed: &str) -> Vec<String> {
    let codes: Vec<String> =
        printed.lines().map(str::trim).filter(|line| line.len() == 39 && line.contains('-')).map(str::to_owned).collect();
    assert_eq!(codes.len(), 3, "{printed}");
    codes
}

fn run(folder: &Folder, more: &[&str]) -> (Process, String) {
    let all = [&["run", "--data", "data", "--listen", "127.0.0.1:0"], more].concat();
    let mut process = Process::start(schoolgate(folder.path(), &all)).expect("start");
    let records = process.wait_for_line("  Records   ", PATIENCE).expect("how the records stand");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    (process, records)
}

#[test]
fn what_losing_the_sheets_means_is_said_before_keys_are_made() {
    let folder = Folder::new().expect("folder");
    let output = keys(&folder, &["init", "--passphrase-stdin"], &["yes", HEAD, DSL]);
    assert!(!output.status.success(), "standard input is for passphrases: reading what it means is said with --yes");
    assert!(text(&output.stdout).contains("EVERYTHING THAT IS PROTECTED IS GONE FOR EVER"), "{}", text(&output.stdout));
    assert!(done(&folder, &["status"], &[]).contains("There are no keys yet"));

    let printed = done(&folder, &["init", "--yes", "--passphrase-stdin"], &[HEAD, DSL]);
    assert!(printed.contains("Recovery sheet 2 of 3, Our school. Held by: dsl"), "{printed}");
    codes(&printed);
    let status = done(&folder, &["status"], &[]);
    for part in ["locked", "with a passphrase: head, dsl", "1 head, 2 dsl, 3 dpo", "GONE FOR EVER", "Keys version: 1"] {
        assert!(status.contains(part), "{part}: {status}");
    }
    let again = refused(&folder, &["init", "--yes", "--passphrase-stdin"], &[HEAD, DSL]);
    assert!(again.contains("there are keys already"), "{again}");
}

#[test]
fn bad_passphrases_and_names_are_refused_and_nothing_is_made() {
    let folder = Folder::new().expect("folder");
    let init = ["init", "--yes", "--passphrase-stdin"];
    assert!(refused(&folder, &init, &["short", DSL]).contains("less than 15 letters"));
    assert!(refused(&folder, &init, &[HEAD]).contains("nothing was given"));
    assert!(refused(&folder, &[&init[..], &["--sheet", "head"]].concat(), &[HEAD, DSL]).contains("give --sheet three times"));
    assert!(refused(&folder, &[&init[..], &["--holder", "Mrs Hill"]].concat(), &[HEAD]).contains("a role of 1 to 24 small letters"));
    let nobody = keys(&folder, &["init", "--yes"], &[HEAD, DSL]);
    assert!(text(&nobody.stderr).contains("--passphrase-stdin"), "{}", text(&nobody.stderr));
    assert!(done(&folder, &["status"], &[]).contains("There are no keys yet"));
}

#[test]
fn a_running_schoolgate_is_unlocked_and_locked_and_starts_locked_again() {
    let folder = Folder::new().expect("folder");
    assert!(refused(&folder, &["unlock", "--as", "dsl", "--passphrase-stdin"], &[DSL]).contains("start it with `schoolgate run`"));
    let (mut process, records) = run(&folder, &[]);
    assert!(records.contains("no keys yet"), "{records}");
    made(&folder);
    assert!(done(&folder, &["status"], &[]).contains("Protected text is locked"));

    let wrong = refused(&folder, &["unlock", "--as", "dsl", "--passphrase-stdin"], &[HEAD]);
    assert!(wrong.contains("unlock as dsl: the passphrase is wrong"), "{wrong}");
    assert!(!wrong.contains(HEAD), "{wrong}");
    let nobody = refused(&folder, &["unlock", "--as", "caretaker", "--passphrase-stdin"], &[HEAD]);
    assert!(nobody.contains("there are: head, dsl"), "{nobody}");
    done(&folder, &["unlock", "--as", "dsl", "--passphrase-stdin"], &[DSL]);
    assert!(done(&folder, &["status"], &[]).contains("Protected text is unlocked"));
    assert!(done(&folder, &["lock"], &[]).contains("Protected text is locked"));
    assert!(done(&folder, &["status"], &[]).contains("Protected text is locked"));

    done(&folder, &["unlock", "--as", "head", "--passphrase-stdin"], &[HEAD]);
    process.stop().expect("stop");
    assert_eq!(process.wait(PATIENCE).expect("end").code(), Some(0));
    let (_process, records) = run(&folder, &[]);
    assert!(records.contains("locked: can be written, read by nobody"), "{records}");
}

#[test]
fn lost_passphrases_are_recovered_by_two_sheets_and_not_by_one() {
    let folder = Folder::new().expect("folder");
    let codes = made(&folder);
    let recover = ["recover", "--as", "head", "--passphrase-stdin"];
    let twice = refused(&folder, &recover, &[&codes[0], &codes[0], "quite other words now"]);
    assert!(twice.contains("sheet 1 was given twice"), "{twice}");
    let slip = codes[2].replacen(|letter: char| letter.is_ascii_digit(), "Z", 1);
    let wrong = refused(&folder, &recover, &[&codes[0], &slip, "quite other words now"]);
    assert!(wrong.contains("the second recovery code: reading a code: a letter is wrong"), "{wrong}");
    assert!(!wrong.contains(&slip), "{wrong}");
    let said = done(&folder, &recover, &[&codes[2].to_lowercase(), &codes[0].replace('-', " "), "quite other words now"]);
    assert!(said.contains("Nothing was lost"), "{said}");

    let (_process, _) = run(&folder, &[]);
    let unlock = ["unlock", "--as", "head", "--passphrase-stdin"];
    assert!(refused(&folder, &unlock, &[HEAD]).contains("the passphrase is wrong"));
    done(&folder, &unlock, &["quite other words now"]);
    done(&folder, &["holder", "deputy", "--as", "head", "--passphrase-stdin"], &["quite other words now", "the deputy has words too"]);
    done(&folder, &["unlock", "--as", "deputy", "--passphrase-stdin"], &["the deputy has words too"]);
}

#[test]
fn new_keys_leave_out_who_left_while_running_and_stopped() {
    let folder = Folder::new().expect("folder");
    let old = made(&folder);
    let rotate = ["rotate", "--as", "dsl", "--without", "head", "--new-sheets", "--passphrase-stdin"];
    let said = done(&folder, &rotate, &[DSL]);
    assert!(said.contains("The old recovery sheets open nothing any more"), "{said}");
    let new = codes(&said);
    let recover = ["recover", "--as", "head", "--passphrase-stdin"];
    let refusal = refused(&folder, &recover, &[&old[0], &old[1], "words that will not be taken"]);
    assert!(refusal.contains("sheet 1 is not the one in force"), "{refusal}");

    let (mut process, _) = run(&folder, &[]);
    done(&folder, &["unlock", "--as", "dsl", "--passphrase-stdin"], &[DSL]);
    let last = refused(&folder, &["rotate", "--as", "dsl", "--without", "dsl", "--passphrase-stdin"], &[DSL]);
    assert!(last.contains("at least one holder must have a passphrase"), "{last}");
    let kept = done(&folder, &["rotate", "--as", "dsl", "--passphrase-stdin"], &[DSL]);
    assert!(kept.contains("The recovery sheets stay good"), "{kept}");
    let status = done(&folder, &["status"], &[]);
    assert!(status.contains("unlocked") && status.contains("Keys version: 3"), "{status}");
    process.kill().expect("kill");
    let status = done(&folder, &["status"], &[]);
    assert!(status.contains("locked") && status.contains("Keys version: 3") && status.contains("passphrase: dsl"), "{status}");
    done(&folder, &recover, &[&new[1], &new[2], "the head is back again"]);
}

#[test]
fn a_key_file_unlocks_at_each_start_and_says_what_it_gives_up() {
    let folder = Folder::new().expect("folder");
    made(&folder);
    let said = done(&folder, &["key-file", "start.key", "--as", "head", "--passphrase-stdin"], &[HEAD]);
    assert!(said.contains("whoever has this file and the database reads everything"), "{said}");
    let file = folder.join("start.key");
    assert_eq!(file.metadata().expect("file").permissions().mode() & 0o777, 0o600);
    let over = refused(&folder, &["key-file", "start.key", "--as", "head", "--passphrase-stdin"], &[HEAD]);
    assert!(over.contains("a file of that name is there"), "{over}");

    folder.write("school.toml", "[records]\nkey_file = \"start.key\"\n").expect("config");
    let (mut process, records) = run(&folder, &["--config", "school.toml"]);
    assert!(records.contains("unlocked by the key file"), "{records}");
    done(&folder, &["lock"], &[]);
    done(&folder, &["unlock", "--key-file", "start.key"], &[]);
    process.kill().expect("kill");

    // A file that others may read, or that is gone, leaves it locked; the gate opens all the same.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("mode");
    let (mut process, records) = run(&folder, &["--config", "school.toml"]);
    assert!(records.contains("locked: can be written"), "{records}");
    assert!(refused(&folder, &["unlock", "--key-file", "start.key"], &[]).contains("chmod 600"));
    process.kill().expect("kill");
    fs::remove_file(&file).expect("removed");
    let (_process, records) = run(&folder, &["--config", "school.toml"]);
    assert!(records.contains("locked: can be written"), "{records}");
}

/// Everything below a folder but sockets, as bytes.
fn everything(folder: &Path, into: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            everything(&entry.path(), into);
        } else if kind.is_file() {
            into.extend(fs::read(entry.path()).expect("a file"));
        }
    }
}

#[test]
fn neither_passphrases_nor_codes_are_in_the_data_folder_or_in_the_log() {
    let folder = Folder::new().expect("folder");
    let (mut process, _) = run(&folder, &[]);
    let codes = made(&folder);
    done(&folder, &["unlock", "--as", "dsl", "--passphrase-stdin"], &[DSL]);
    refused(&folder, &["unlock", "--as", "dsl", "--passphrase-stdin"], &["a wrong one with hornbeams"]);
    process.stop().expect("stop");
    process.wait(PATIENCE).expect("end");
    let mut bytes = Vec::new();
    everything(&folder.join("data"), &mut bytes);
    bytes.extend(process.printed().into_bytes());
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("keys.unlocked"), "the search finds what is there");
    // Words of the passphrases that nobody else has, and the halves of the codes.
    for secret in ["zebra", "quay", "vortex", "plinth", "hornbeams"] {
        assert!(!holds(secret), "{secret}");
    }
    for code in codes {
        for half in [&code[..19], &code[20..]] {
            assert!(!holds(half) && !holds(&half.replace('-', "")), "{half}");
        }
    }
}
