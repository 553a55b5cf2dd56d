//! Downloads in a process of their own: a full disk, `kill -9` in the middle, and the trust store of the machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use lists::whole_file::remove_leftovers;

use crate::server::{ok, send, serve, serve_tls};
use crate::{NEW, OLD, Place, address, get};

/// Run by the tests below in a process of its own: downloads the address in the file `address` of the present folder.
#[test]
#[ignore = "the child of other tests"]
fn child() {
    let Ok(url) = fs::read_to_string("address") else { return };
    match get(&address(&url), Path::new("list.txt")) {
        Ok(_) => fs::write("outcome", "fetched"),
        Err(error) => fs::write("outcome", error.to_string()),
    }
    .expect("write");
}

/// A process that runs [`child`] in `folder`, under `sh -c SCRIPT` where `"$0" "$@"` is the child.
fn spawn_child(place: &Place, url: &str, script: &str) -> Child {
    fs::write(place.folder.path().join("address"), url).expect("write");
    let this = std::env::current_exe().expect("this binary");
    Command::new("sh")
        .args(["-c", script])
        .arg(this)
        .args(["--exact", "process::child", "--ignored"])
        .current_dir(place.folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("spawn")
}

#[test]
fn a_full_disk_names_the_file_and_what_to_do() {
    let (base, _asked) = serve(|_, stream| ok(stream, "", &"host.example\n".repeat(40_000)));
    let place = Place::with_old_list();
    // A limit on the size of any file stands in for a full disk: the same write fails, at the same place, without root.
    let mut child = spawn_child(&place, &format!("{base}/list.txt"), "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"");
    assert!(child.wait().expect("wait").success());
    assert_eq!(
        fs::read_to_string(place.folder.path().join("outcome")).expect("outcome"),
        "write list.txt: the disk is full or a size limit is reached; free some space on it, then run the update again"
    );
    assert_eq!(place.text(), OLD);
    assert_eq!(place.names(), ["address", "list.txt", "outcome"]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let (base, _asked) = serve(|_, stream| ok(stream, "", NEW));
    let error = get(&address(&format!("{base}/list.txt")), Path::new("/nowhere/list.txt")).expect_err("refused").to_string();
    assert_eq!(error, "create a file beside /nowhere/list.txt: check that the folder exists and that Schoolgate may write in it");
}

#[test]
fn killed_in_the_middle_the_old_list_is_whole_and_the_rest_is_swept_up() {
    let (sent, half_sent) = channel();
    let (base, _asked) = serve(move |_, stream| {
        send(stream, "200 OK\r\nContent-Length: 200000", &[b'a'; 100_000]);
        let _ = sent.send(());
        let _ = stream.peek(&mut [0]);
    });
    let place = Place::with_old_list();
    let mut child = spawn_child(&place, &format!("{base}/list.txt"), "exec \"$0\" \"$@\"");
    half_sent.recv_timeout(Duration::from_secs(60)).expect("half is sent");
    while !partial(&place).is_some_and(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0)) {
        assert!(child.try_wait().expect("child").is_none(), "the child ended by itself");
        thread::yield_now();
    }
    assert_eq!(remove_leftovers(place.folder.path()).expect("sweep"), 0, "a download under way is left alone");
    child.kill().expect("kill -9");
    child.wait().expect("wait");

    assert_eq!(place.text(), OLD);
    assert!(partial(&place).is_some(), "a killed run cannot clean up after itself");
    fs::write(place.folder.path().join(".schoolgate-notes.txt"), "not ours").expect("write");
    assert_eq!(remove_leftovers(place.folder.path()).expect("sweep"), 1);
    assert_eq!(place.names(), [".schoolgate-notes.txt", "address", "list.txt"]);
}

#[test]
fn https_is_held_to_the_trust_of_the_machine_and_never_left() {
    let (port, certificate) = serve_tls(NEW);
    let outcome = |path: &str, script: &str| {
        let place = Place::with_old_list();
        fs::write(place.folder.path().join("trusted.pem"), &certificate).expect("write");
        let mut child = spawn_child(&place, &format!("https://localhost:{port}{path}"), script);
        assert!(child.wait().expect("wait").success());
        (fs::read_to_string(place.folder.path().join("outcome")).expect("outcome"), place.text())
    };
    let trusting = "SSL_CERT_FILE=trusted.pem exec \"$0\" \"$@\"";
    assert_eq!(outcome("/list.txt", trusting), ("fetched".to_owned(), NEW.to_owned()));
    let (error, list) = outcome("/away", trusting);
    assert!(error.ends_with("sent us on from https to an address without it; refused, because anyone could change the list"), "{error}");
    assert_eq!(list, OLD);
    let (error, list) = outcome("/list.txt", "exec \"$0\" \"$@\"");
    assert!(error.contains("the server could not prove who it is"), "{error}");
    assert_eq!(list, OLD);
}

fn partial(place: &Place) -> Option<PathBuf> {
    place.names().into_iter().find(|name| name.ends_with(".tmp")).map(|name| place.folder.path().join(name))
}
