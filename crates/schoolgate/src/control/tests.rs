//! The socket as the two sides use it.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;

use testkit::folder::Folder;

use super::*;
use crate::answer::{Asker, answer};
use crate::config::Config;
use crate::policy;

/// Answers by the starter list, and refuses what it cannot judge.
fn handler() -> Handlers {
    let config = Config::default();
    let pack = Arc::new(policy::starter_pack().expect("starter pack"));
    let snapshot = policy::snapshot(&config, vec![pack], Vec::new()).expect("snapshot");
    let now = "2026-11-23T10:30:00Z".parse().expect("time");
    let why = move |question| answer(&config, &snapshot, &question, now).map_err(|error| error.to_string());
    let keys = |order| match order {
        Order::Lock => Ok(Done::Sheets(Vec::new())),
        _ => Err("no keys here".to_owned()),
    };
    let jobs = |_| Err("no jobs here".to_owned());
    Handlers {
        why: Arc::new(why),
        keys: Arc::new(keys),
        jobs: Arc::new(jobs),
        accounts: Arc::new(|_| Err("no accounts here".to_owned())),
        people: Arc::new(|_| Err("no people here".to_owned())),
    }
}

fn question(address: &str, who: Asker) -> Question {
    Question { address: address.to_owned(), who, at: None }
}

/// What comes back for raw bytes.
fn raw(path: &Path, bytes: &[u8]) -> String {
    let mut stream = UnixStream::connect(path).expect("connect");
    // The other side may close before it has read everything.
    drop(stream.write_all(bytes));
    let mut reply = String::new();
    drop(stream.read_to_string(&mut reply));
    reply
}

#[test]
fn a_question_is_answered_and_a_wrong_one_refused() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    let _server = serve(&path, handler()).expect("serve");
    let answer = ask(&path, &question("bet365.com", Asker::Profile("ks2".to_owned()))).expect("ask").expect("an answer");
    assert_eq!((answer.action.as_str(), answer.address.as_deref()), ("block", Some("bet365.com")));
    let error = ask(&path, &question("bet365.com", Asker::Profile("ks22".to_owned()))).expect_err("refused");
    assert!(error.to_string().contains("did you mean \"ks2\"?"), "{error}");
    assert_eq!(running(&path).expect("hello").as_deref(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_order_about_keys_is_obeyed_or_refused_in_words() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    assert!(order(&path, Order::Lock).expect("nobody").is_none());
    let _server = serve(&path, handler()).expect("serve");
    assert!(matches!(order(&path, Order::Lock).expect("obeyed"), Some(Done::Sheets(_))));
    let refused = order(&path, Order::Status).err().map(|error| error.to_string());
    assert_eq!(refused.as_deref(), Some("no keys here"));
}

#[test]
fn only_this_account_may_connect() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    let _server = serve(&path, handler()).expect("serve");
    assert_eq!(fs::metadata(&path).expect("socket").permissions().mode() & 0o777, 0o600);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("folder").map(|entry| entry.expect("entry").file_name()).collect();
    assert_eq!(left.len(), 2, "socket and lock, nothing else: {left:?}");
}

#[test]
fn a_second_one_is_refused_and_the_first_goes_on() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    let server = serve(&path, handler()).expect("serve");
    let error = serve(&path, handler()).expect_err("a second");
    assert!(matches!(error, ControlError::AlreadyRunning { .. }), "{error}");
    assert!(running(&path).expect("the first").is_some());
    drop(server);
    assert!(!path.exists(), "removed with its server");
    assert!(running(&path).expect("nobody").is_none());
    serve(&path, handler()).expect("the folder is free again");
}

#[test]
fn what_a_killed_process_left_is_no_hindrance() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    drop(UnixListener::bind(&path).expect("a socket"));
    assert!(path.exists(), "left behind");
    assert!(ask(&path, &question("bbc.co.uk", Asker::Unknown)).expect("nobody listens").is_none());
    let _server = serve(&path, handler()).expect("replaced");
    assert!(running(&path).expect("hello").is_some());
}

#[test]
fn a_file_of_the_name_is_not_thrown_away() {
    let folder = Folder::new().expect("folder");
    let path = folder.write("gate.sock", "accounts 2026").expect("file");
    assert!(matches!(serve(&path, handler()), Err(ControlError::NotASocket { .. })));
    assert_eq!(fs::read_to_string(&path).expect("still there"), "accounts 2026");
}

#[test]
fn a_path_too_long_for_a_socket_says_so() {
    let folder = Folder::new().expect("folder");
    let path = folder.write(&format!("{}/lists", "school".repeat(20)), "").expect("folder").with_file_name("gate.sock");
    let error = serve(&path, handler()).expect_err("too long");
    assert!(error.to_string().contains("too long for a socket"), "{error}");
    assert!(ask(&path, &question("bbc.co.uk", Asker::Unknown)).expect("nobody can listen there").is_none());
}

#[test]
fn nonsense_is_answered_with_an_error_and_harms_nobody() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    let _server = serve(&path, handler()).expect("serve");
    for nonsense in [&b"GET / HTTP/1.1\r\n"[..], b"{}\n", b"{\"why\":{}}\n", b"\xff\xfe\n", b"\n", b"null\n", b"{\"shutdown\":true}\n"] {
        let reply = raw(&path, nonsense);
        assert_eq!(reply, "{\"error\":\"the request cannot be read\"}\n", "{}", String::from_utf8_lossy(nonsense));
    }
    let endless = vec![b'['; 2 * MAX_REQUEST as usize];
    assert!(!raw(&path, &endless).contains("answer"));
    assert!(running(&path).expect("still there").is_some());
}

#[test]
fn a_silent_connection_keeps_nobody_waiting() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    let _server = serve(&path, handler()).expect("serve");
    let silent = UnixStream::connect(&path).expect("connect");
    let started = Instant::now();
    assert!(running(&path).expect("hello").is_some());
    assert!(started.elapsed() < PATIENCE);
    drop(silent);
}

#[test]
fn somebody_else_behind_the_socket_is_no_answer() {
    let folder = Folder::new().expect("folder");
    let path = folder.join("gate.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    let other = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a caller");
        stream.write_all(b"220 mail.example ready\n").expect("written");
    });
    assert!(matches!(running(&path), Err(ControlError::NoAnswer { .. })));
    other.join().expect("the other");
}
