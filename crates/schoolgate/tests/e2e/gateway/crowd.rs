//! A crowd that does nothing keeps nobody out.

use std::net::TcpStream;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Running, client};

/// Idle readers, where the system lets this process hold as many.
const CROWD: u64 = 10_000;
/// Files that this process needs for other things.
const SPARE: u64 = 200;

#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    // Started with few files allowed, as a service is: it has to help itself.
    setrlimit(Resource::Nofile, Rlimit { current: Some(1024), maximum }).expect("fewer files");
    let mut gate = Running::demo();
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).expect("more files");
    let crowd = maximum.map_or(CROWD, |maximum| CROWD.min(maximum.saturating_sub(SPARE)));
    assert!(crowd > 2_000, "this system allows {maximum:?} files only, which shows nothing");

    let juniors = gate.listener("juniors");
    let idle: Vec<TcpStream> =
        (0..crowd).map(|number| TcpStream::connect(juniors).unwrap_or_else(|error| panic!("{number}: {error}"))).collect();
    assert_eq!(client::get(juniors, "http://museum.example/").status, 200);
    assert_eq!(client::get(juniors, "http://casino.example/").status, 403);
    drop(idle);
    assert_eq!(client::get(juniors, "http://museum.example/").status, 200);
}
