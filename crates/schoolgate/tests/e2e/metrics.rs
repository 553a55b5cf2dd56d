//! Health, readiness and figures for whoever watches machines.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use testkit::folder::Folder;

use crate::gateway::{PATIENCE, listener, start_in};

fn get(address: &str, target: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connect");
    let host = target.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or(address);
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn figures_say_how_it_stands_and_nothing_of_anybody() {
    let folder = Folder::new().expect("folder");
    let pupils = "[[listen]]\nname = \"pupils\"\naddress = \"127.0.0.1:0\"\nprofile = \"ks2\"\n";
    folder.write("school.toml", format!("{pupils}[metrics]\nlisten = \"127.0.0.1:0\"\n")).expect("config");
    let mut process = start_in(&folder, &["--config", "school.toml"]);
    let proxy = listener(&mut process, "pupils").to_string();
    let line = process.wait_for_line("health, readiness and metrics are served", PATIENCE).expect("its address");
    let address = line.split_once("address=").expect("an address").1.trim().to_owned();
    assert!(get(&address, "/health").ends_with("\r\n\r\nok\n"));
    assert!(get(&address, "/ready").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/other").starts_with("HTTP/1.1 404"));

    assert!(get(&proxy, "http://bet365.com/in-play").starts_with("HTTP/1.1 403"));
    let figures = get(&address, "/metrics");
    for line in [
        "schoolgate_requests_today{action=\"block\"} 1\n",
        "schoolgate_requests_today{action=\"allow\"} 0\n",
        "schoolgate_journal_healthy 1\n",
        "schoolgate_listeners 1\n",
        "schoolgate_records_open 1\n",
        "schoolgate_messages{state=\"waiting\"} 0\n",
        "schoolgate_jobs_failed 0\n",
        "# TYPE schoolgate_up gauge\n",
    ] {
        assert!(figures.contains(line), "{line}{figures}");
    }
    assert!(!figures.contains("bet365") && !figures.contains("backup_age"), "{figures}");
}

#[test]
fn without_a_listener_it_is_not_ready_and_says_why() {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", "[metrics]\nlisten = \"127.0.0.1:0\"\n").expect("config");
    let mut process = start_in(&folder, &["--config", "school.toml"]);
    let line = process.wait_for_line("health, readiness and metrics are served", PATIENCE).expect("its address");
    let address = line.split_once("address=").expect("an address").1.trim().to_owned();
    let answer = get(&address, "/ready");
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("nothing is filtered"), "{answer}");
    assert!(get(&address, "/health").starts_with("HTTP/1.1 200"));
}
