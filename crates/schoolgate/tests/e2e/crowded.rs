//! Who opens many connections to the console, or is slow, takes nothing from the others.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use testkit::folder::Folder;
use testkit::process::Process;

use crate::console::Console;
use crate::support::schoolgate;

const PATIENCE: Duration = Duration::from_secs(60);

fn running(folder: &Folder) -> (Process, SocketAddr) {
    let arguments = ["run", "--data", "data", "--listen", "127.0.0.1:0"];
    let mut process = Process::start(schoolgate(folder.path(), &arguments)).expect("start");
    let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
    let address =
        line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").parse().expect("an address");
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    (process, address)
}

/// Connects from another address of this machine.
#[tokio::main(flavor = "current_thread")]
async fn from_elsewhere(to: SocketAddr) -> TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from(([127, 0, 0, 2], 0))).expect("another address");
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
    let (_process, address) = running(&folder);
    let connect = || TcpStream::connect(address).expect("connected");
    assert!(is_answered(connect()));
    let many: Vec<TcpStream> = (0..128).map(|_| connect()).collect();
    // Those before were accepted in their order, so this one meets the bound.
    assert!(!is_answered(connect()), "there is no bound");
    assert!(is_answered(from_elsewhere(address)), "another address is shut out");
    drop(many);
    while !is_answered(connect()) {
        std::thread::yield_now();
    }
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
