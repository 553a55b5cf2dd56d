//! A changed configuration takes effect while connections stay open.

use std::net::TcpListener;
use std::path::Path;

use testkit::folder::Folder;
use testkit::origin::{Origin, Reply};

use super::client::{ask, get, get_with, open};
use super::{PATIENCE, Running};
use crate::support::{output, schoolgate, text};

/// One listener for juniors, and a site behind it.
fn config(site: &Origin, more: &str) -> String {
    format!(
        "users_file = \"users\"\n[[listen]]\nname = \"room\"\naddress = \"127.0.0.1:0\"\nprofile = \"ks2\"\n\
         [[listen]]\nname = \"desk\"\naddress = \"127.0.0.1:0\"\nsign_in = true\n\
         [[host]]\nname = \"site.example\"\naddress = \"127.0.0.1\"\nport = {}\n\
         [[person]]\nname = \"ada\"\nprofile = \"ks2\"\nagreement = \"signed\"\n{more}",
        site.address().port()
    )
}

fn site() -> Origin {
    let site = Origin::start().expect("origin");
    site.serve("/", Reply::ok("text/plain", "the site itself"));
    site
}

const CLOSED: &str =
    "[[override]]\naction = \"block\"\nfor = \"everyone\"\nsite = \"site.example\"\nreason = \"Testing\"\nauthor = \"Head\"\n";

#[test]
fn a_new_rule_holds_on_a_connection_that_stays_open() {
    let site = site();
    let mut gate = Running::with_config(&config(&site, ""));
    let mut stream = open(gate.listener("room"));
    assert_eq!(ask(&mut stream, "http://site.example/", "").expect("open").body, "the site itself");

    gate.folder.write("school.toml", config(&site, CLOSED)).expect("config");
    gate.process.reload().expect("SIGHUP");
    gate.process.wait_for_line("is in force", PATIENCE).expect("reload");
    let closed = ask(&mut stream, "http://site.example/", "").expect("the connection was dropped");
    assert!(closed.status == 403 && closed.body.contains("This page is closed at school"), "{closed:?}");

    gate.folder.write("school.toml", "school = 7\n").expect("config");
    gate.process.reload().expect("SIGHUP");
    gate.process.wait_for_line("the rules from before still hold", PATIENCE).expect("refusal");
    assert_eq!(ask(&mut stream, "http://site.example/", "").expect("still there").status, 403, "a broken file opened the site");
}

#[test]
fn what_needs_a_new_start_is_said() {
    let site = site();
    let mut gate = Running::with_config(&config(&site, ""));
    gate.folder.write("school.toml", config(&site, "[proxy]\ntunnel_ports = [443, 8443]\n")).expect("config");
    gate.process.reload().expect("SIGHUP");
    gate.process.wait_for_line("are read at the start only", PATIENCE).expect("warning");
}

#[test]
fn a_user_who_is_added_can_sign_in_and_one_who_is_removed_cannot() {
    use base64::Engine as _;
    let site = site();
    let mut gate = Running::with_config(&config(&site, ""));
    let desk = gate.listener("desk");
    let run = |folder: &Path, verb: &str, name: &str| output(folder, &["users", verb, name, "--config", "school.toml"]);
    assert!(text(&run(gate.folder.path(), "add", "nobody").stderr).contains("no [[person]] of that name"));
    let said = text(&run(gate.folder.path(), "add", "ada").stdout);
    let password = said.lines().find_map(|line| line.strip_prefix("  ")).expect("a password").to_owned();
    gate.process.wait_for_line("is in force", PATIENCE).expect("reload");
    let login = format!("Proxy-Authorization: Basic {}\r\n", base64::engine::general_purpose::STANDARD.encode(format!("ada:{password}")));
    assert_eq!(get_with(desk, "http://site.example/", &login).body, "the site itself");
    assert!(site.seen().iter().all(|seen| seen.header("Proxy-Authorization").is_none()), "the password left the machine");

    let listed = output(gate.folder.path(), &["users", "list", "--config", "school.toml"]);
    assert_eq!(text(&listed.stdout), "ada\n");
    assert!(!std::fs::read_to_string(gate.folder.join("users")).expect("file").contains(&password), "the password is kept");
    assert!(run(gate.folder.path(), "remove", "ada").status.success());
    let mut last = 200;
    // The file is looked at every two seconds.
    for _ in 0..200 {
        last = get_with(desk, "http://site.example/", &login).status;
        if last == 407 {
            break;
        }
        gate.process.wait_for_port(desk, PATIENCE).expect("running");
        let _ = gate.process.wait_for_line("never printed", std::time::Duration::from_millis(100));
    }
    assert_eq!(last, 407);
}

#[test]
fn a_busy_port_names_its_listener_and_nothing_starts() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = holder.local_addr().expect("address");
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", format!("[[listen]]\nname = \"room-4\"\naddress = \"{address}\"\n")).expect("config");
    let arguments = ["run", "--config", "school.toml", "--data", "data", "--listen", "127.0.0.1:0"];
    let output = schoolgate(folder.path(), &arguments).output().expect("run");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("\"room-4\"") && said.contains(&address.to_string()) && said.contains("choose another port"), "{said}");
    assert!(!folder.join("data/page-root").exists() && !folder.join("data/journal").exists(), "something was begun");
}

#[test]
fn stopping_writes_everything_and_ends_soon() {
    let site = site();
    let mut gate = Running::with_config(&config(&site, ""));
    let listener = gate.listener("room");
    let idle = open(listener);
    for _ in 0..20 {
        assert_eq!(get(listener, "http://site.example/").status, 200);
    }
    gate.process.stop().expect("stop");
    assert_eq!(gate.process.wait(PATIENCE).expect("end").code(), Some(0));
    assert_eq!(gate.events().len(), 20);
    drop(idle);
}
