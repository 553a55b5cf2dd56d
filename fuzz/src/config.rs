//! Any text as a configuration, as the users file, or as a request at the control socket; any bytes as RADIUS accounting.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, LazyLock};

use schoolgate::config::Config;
use schoolgate::control::{self, ControlServer, Handlers};
use schoolgate::radius::{Accounting, MAX_PACKET, Secret};
use schoolgate::{policy, users};
use tempfile::TempDir;

/// A configuration that is taken always makes a snapshot; one that is refused says where, within the text.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Config::parse(text, "school.toml") {
        Ok(config) => {
            let snapshot = policy::snapshot(&config, Vec::new(), Vec::new());
            assert!(snapshot.is_ok(), "{:?}", snapshot.err());
            assert!(config.profile(config.default_profile).is_some());
        }
        Err(mistakes) => assert!(!mistakes.to_string().is_empty()),
    }
}

/// The users file: refused with the numbers of its lines, or the same when it is written and read again.
pub fn users(bytes: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { panic!("no temporary folder") };
    // Made by the program, so that it is private; then changed.
    let path = folder.path().join("users");
    assert!(users::write(&path, &[]).is_ok() && std::fs::write(&path, bytes).is_ok());
    match users::read(&path) {
        Ok(entries) => {
            assert!(users::write(&path, &entries).is_ok());
            assert!(users::read(&path).is_ok_and(|again| again == entries), "written and read again it is another");
        }
        Err(error) => assert!(error.to_string().contains("users file")),
    }
}

/// A packet of RADIUS accounting under one secret: refused, or read into what is within the bounds of a packet, with an answer that is one
/// itself. Whatever does not bear the secret is refused.
pub fn radius(bytes: &[u8]) {
    let (Some(ours), Some(other)) = (Secret::new(vec![b's'; 16]), Secret::new(vec![b'o'; 16])) else { panic!("long enough") };
    let Ok(said) = Accounting::read(bytes, &ours) else { return };
    assert!(Accounting::read(bytes, &other).is_err(), "taken under two secrets");
    let answer = said.answer();
    let length = answer.get(2..4).map(|length| usize::from(length[0]) << 8 | usize::from(length[1]));
    assert!(length == Some(answer.len()) && (20..=MAX_PACKET).contains(&answer.len()));
    assert!(said.user.is_none_or(|user| user.len() <= 253) && said.session.len() <= 253 && said.nas.len() <= 253);
    assert!(said.addresses.iter().all(|address| !address.is_unspecified() || address.is_ipv6()));
}

/// A request at the control socket: one line comes back, or nothing, and the next one is answered.
pub fn control(bytes: &[u8]) {
    let path = CONTROL.1.path().join("control");
    let ask = |bytes: &[u8]| {
        let Ok(mut stream) = UnixStream::connect(&path) else { panic!("nobody listens") };
        // It may hang up before it has all.
        let _ = stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write));
        let mut reply = String::new();
        let _ = stream.read_to_string(&mut reply);
        reply
    };
    let reply = ask(bytes);
    assert!(reply.is_empty() || reply.ends_with('\n') && reply.lines().count() == 1, "{reply:?}");
    assert!(ask(b"\"hello\"\n").contains("version"), "it answers no more");
}

static CONTROL: LazyLock<(ControlServer, TempDir)> = LazyLock::new(|| {
    let Ok(folder) = tempfile::tempdir() else { panic!("no temporary folder") };
    let no = || "not here".to_owned();
    let handlers = Handlers {
        why: Arc::new(move |_| Err(no())),
        keys: Arc::new(move |_| Err(no())),
        jobs: Arc::new(move |_| Err(no())),
        accounts: Arc::new(move |_| Err(no())),
        people: Arc::new(move |_| Err(no())),
    };
    match control::serve(&folder.path().join("control"), handlers) {
        Ok(server) => (server, folder),
        Err(error) => panic!("{error}"),
    }
});
