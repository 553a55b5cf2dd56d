//! Who opens many connections to the console, or is slow, takes nothing from the others.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use testkit::folder::Folder;
use testkit::process::Process;

use crate::console::Console;
use crate::support::schoolgate;

const PATIENCE: Duration = Duration::from_secs(60);
/// As the school has set it.
const ALL: usize = 24;
const FROM_ONE: usize = 16;

fn running(folder: &Folder) -> (Process, SocketAddr) {
    folder.write("school.toml", format!("[console]\nconnections = {ALL}\nconnections_from_one = {FROM_ONE}\n")).expect("configuration");
    let arguments = ["run", "--config", "school.toml", "--data", "data", "--listen", "127.0.0.1:0"];
    let mut process = Process::start(schoolgate(folder.path(), &arguments)).expect("start");
    let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
    let address =
        line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").parse().expect("an address");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    (process, address)
}

/// Connects from another address of this machine.
#[tokio::main(flavor = "current_thread")]
async fn from_elsewhere(to: SocketAddr, last: u8) -> TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).expect("another address");
    let stream = socket.connect(to).await.expect("connected").into_std().expect("a stream");
    stream.set_nonblocking(false).expect("waiting reads");
    stream
}

/// Whether the console says something: who speaks HTTP is sent to HTTPS.
fn is_answered(mut stream: TcpStream) -> bool {
    stream.set_read_timeout(Some(PATIENCE)).expect("time-out");
    let mut answer = Vec::new();
    let _ = stream.write_all(b"GET / HTTP/1.1\r\n\r\n").and_then(|()| stream.read_to_end(&mut answer).map(drop));
    answer.starts_with(b"HTTP/1.1 308")
}

#[test]
fn one_address_with_many_connections_shuts_nobody_else_out() {
    let folder = Folder::new().expect("folder");
    let (mut process, address) = running(&folder);
    let connect = || TcpStream::connect(address).expect("connected");
    assert!(is_answered(connect()));
    let many: Vec<TcpStream> = (0..FROM_ONE).map(|_| connect()).collect();
    // Those before were accepted in their order, so this one meets the bound.
    assert!(!is_answered(connect()) && !is_answered(connect()), "there is no bound");
    assert!(is_answered(from_elsewhere(address, 2)), "another address is shut out");
    process.wait_for_line("one address has as many connections to the console as one may have", PATIENCE).expect("said");
    assert_eq!(process.printed().matches("as one may have").count(), 1, "it is said again and again");
    drop(many);
    while !is_answered(connect()) {
        std::thread::yield_now();
    }
}

#[test]
fn where_all_places_are_taken_the_next_waits_for_one() {
    let folder = Folder::new().expect("folder");
    let (mut process, address) = running(&folder);
    let mut many: Vec<TcpStream> = (0..FROM_ONE).map(|_| TcpStream::connect(address).expect("connected")).collect();
    many.extend((0..ALL - FROM_ONE).map(|_| from_elsewhere(address, 2)));
    process.wait_for_line("the console has as many connections as it may have", PATIENCE).expect("said");
    let waiting = from_elsewhere(address, 3);
    waiting.set_nonblocking(true).expect("looking");
    let mut one = [0];
    assert_eq!(waiting.peek(&mut one).map_err(|error| error.kind()), Err(std::io::ErrorKind::WouldBlock), "it is closed");
    waiting.set_nonblocking(false).expect("waiting reads");
    many.pop();
    assert!(is_answered(waiting), "it waits for ever");
}

#[test]
fn a_request_that_never_ends_is_let_go_of() {
    let folder = Folder::new().expect("folder");
    let (_process, address) = running(&folder);
    let browser = Console::at(&address.to_string(), &folder.join("data"));
    assert!(!browser.still_waits_after("GET / HTTP/1.1\r\nHost: "), "a header may take for ever");
    assert!(!browser.still_waits_after(""), "an idle connection may stay for ever");
    assert_eq!(browser.get("/health").status, 200);
}
