//! A sudden end in the middle of traffic: whatever was answered has its line.

use std::collections::HashSet;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use testkit::folder::Folder;
use testkit::origin::{Origin, Reply};

use super::client::{ask, open};
use super::{events, listener, shown, start_in};

const TIMES: usize = 50;
/// Browsers at once, and how many answers there are before the end comes.
const BROWSERS: usize = 4;
const ANSWERS: usize = 24;

#[test]
fn no_answered_request_is_without_its_line_after_fifty_sudden_ends() {
    let site = Origin::start().expect("origin");
    site.serve("/", Reply::ok("text/plain", "ok"));
    let folder = Folder::new().expect("folder");
    let config = format!(
        "[[listen]]\nname = \"room\"\naddress = \"127.0.0.1:0\"\nprofile = \"ks2\"\n[[host]]\nname = \"site.example\"\n\
         address = \"127.0.0.1\"\nport = {}\n[pages]\nhttps = false\n",
        site.address().port()
    );
    folder.write("school.toml", config).expect("config");
    let mut answered = HashSet::new();
    for round in 0..TIMES {
        let mut process = start_in(&folder, &["--config", "school.toml"]);
        let gate = listener(&mut process, "room");
        let count = AtomicUsize::new(0);
        let paths = thread::scope(|scope| {
            let browsers: Vec<_> = (0..BROWSERS)
                .map(|browser| {
                    // Here, since one that is slow to begin would find the gate gone.
                    let stream = open(gate);
                    scope.spawn({
                        let count = &count;
                        move || browse(stream, &format!("{round}-{browser}"), count)
                    })
                })
                .collect();
            while count.load(Ordering::Relaxed) < ANSWERS + round {
                thread::yield_now();
            }
            process.kill().expect("kill");
            browsers.into_iter().flat_map(|browser| browser.join().expect("browser")).collect::<Vec<_>>()
        });
        answered.extend(paths);
    }
    // The next start cuts what was torn.
    drop(start_in(&folder, &["--config", "school.toml"]));
    let recorded: HashSet<String> = events(&folder.join("data/journal")).iter().filter_map(|event| shown(event).1).collect();
    let lost: Vec<&String> = answered.difference(&recorded).collect();
    assert!(answered.len() >= TIMES * ANSWERS, "{} answers", answered.len());
    assert!(lost.is_empty(), "answered and not recorded: {lost:?}");
}

/// Asks for one page after the other until the connection breaks; gives the paths that were answered.
fn browse(mut stream: TcpStream, name: &str, count: &AtomicUsize) -> Vec<String> {
    let mut answered = Vec::new();
    for number in 0.. {
        let path = format!("/{name}-{number}");
        // The origin has no such page; what counts is that something came back.
        let Some(_) = ask(&mut stream, &format!("http://site.example{path}"), "") else { break };
        answered.push(path);
        count.fetch_add(1, Ordering::Relaxed);
    }
    answered
}
