//! Steady load: so many requests a second, whatever the proxy does, from readers that each keep a connection; and probes, each over a
//! connection of its own. Who waits and who fails is counted.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::probe::{self, Answer};
use crate::{machine, origin};

/// Readers that keep a connection.
const READERS: usize = 16;
/// Between two requests of one reader. All together ask 2,000 times a second: a thousand pupils, each of whose pages asks twice a second.
const READER_PACE: Duration = Duration::from_millis(8);
/// Between two probes.
const PROBE_PACE: Duration = Duration::from_millis(4);
/// How long an answer may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// What some of those who asked have met.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Met {
    pub(crate) asked: usize,
    /// Without an answer: no connection, a broken one, or none in time; or an open host did not come through.
    pub(crate) failed: usize,
    /// A listed host came through.
    pub(crate) leaked: usize,
    /// The longest wait for an answer.
    pub(crate) worst: Duration,
}

/// What all have met.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// Over kept connections.
    pub(crate) kept: Met,
    /// Over new ones.
    pub(crate) probes: Met,
}

/// Runs `work` while the load is on. `listed` is a host that must stay closed all the time.
pub(crate) fn during<T>(proxy: SocketAddr, port: u16, listed: &str, work: impl FnOnce() -> T) -> (T, Seen) {
    let stop = AtomicBool::new(false);
    let stop = &stop;
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|number| scope.spawn(move || reader(proxy, port, number, stop))).collect();
        let prober = scope.spawn(move || probes(proxy, port, listed, stop));
        let value = work();
        stop.store(true, Ordering::Relaxed);
        let kept = readers.into_iter().filter_map(|reader| reader.join().ok()).fold(Met::default(), Met::and);
        (value, Seen { kept, probes: prober.join().unwrap_or_default() })
    })
}

/// One reader: asks at its pace, over one connection as long as that holds.
fn reader(proxy: SocketAddr, port: u16, number: usize, stop: &AtomicBool) -> Met {
    let host = origin::name(number);
    let mut met = Met::default();
    let mut connection = None;
    at_pace(READER_PACE, stop, || {
        let start = Instant::now();
        let over = |mut stream: BufReader<TcpStream>| ask(&mut stream, &host, port).map(|()| stream);
        // A proxy may close a kept connection at any time; a browser then asks again over a new one.
        let kept = connection.take().and_then(|kept| over(kept).ok());
        let answer = kept.map_or_else(|| connect(proxy).and_then(over), Ok);
        met.count(start.elapsed(), answer.is_err(), false);
        connection = answer.ok();
    });
    met
}

fn probes(proxy: SocketAddr, port: u16, listed: &str, stop: &AtomicBool) -> Met {
    let host = origin::name(0);
    let mut met = Met::default();
    at_pace(PROBE_PACE, stop, || {
        let start = Instant::now();
        let answer = probe::ask(proxy, &host, port);
        met.count(start.elapsed(), !matches!(answer, Ok(Answer::Origins)), false);
        let start = Instant::now();
        let answer = probe::ask(proxy, listed, port);
        met.count(start.elapsed(), answer.is_err(), matches!(answer, Ok(Answer::Origins)));
    });
    met
}

/// Does something over and over, at a pace, or as fast as it goes where that is slower.
fn at_pace(pace: Duration, stop: &AtomicBool, mut work: impl FnMut()) {
    while !stop.load(Ordering::Relaxed) {
        let next = Instant::now() + pace;
        work();
        machine::pause(next.saturating_duration_since(Instant::now()));
    }
}

fn connect(proxy: SocketAddr) -> std::io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&proxy, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

/// Asks for the small page over a kept connection. The error says that this is not what came.
fn ask(stream: &mut BufReader<TcpStream>, host: &str, port: u16) -> std::io::Result<()> {
    let head =
        format!("GET http://{host}:{port}/1k.html HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/html\r\nConnection: keep-alive\r\n\r\n");
    stream.get_mut().write_all(head.as_bytes())?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head)? == 0 {
            return Err(std::io::Error::other("the connection closed without an answer"));
        }
    }
    let length = length_of_good(&head).ok_or_else(|| std::io::Error::other("another answer"))?;
    let mut page = vec![0; length];
    stream.read_exact(&mut page)
}

/// The length of an answer with status 200.
fn length_of_good(head: &str) -> Option<usize> {
    let is_good = head.lines().next()?.split(' ').nth(1)? == "200";
    let length = head.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1;
    if is_good { length.trim().parse().ok() } else { None }
}

// === impl Met ===

impl Met {
    fn count(&mut self, took: Duration, is_failure: bool, is_leak: bool) {
        self.asked += 1;
        self.failed += usize::from(is_failure);
        self.leaked += usize::from(is_leak);
        self.worst = self.worst.max(took);
    }

    fn and(self, other: Self) -> Self {
        Self {
            asked: self.asked + other.asked,
            failed: self.failed + other.failed,
            leaked: self.leaked + other.leaked,
            worst: self.worst.max(other.worst),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_that_of_a_good_answer() {
        assert_eq!(length_of_good("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 1024\r\n\r\n"), Some(1024));
        assert_eq!(length_of_good("HTTP/1.1 403 Forbidden\r\nContent-Length: 1024\r\n\r\n"), None);
        assert_eq!(length_of_good("HTTP/1.1 200 OK\r\n\r\n"), None);
    }

    #[test]
    fn what_several_met_is_added_and_the_worst_wait_kept() {
        let mut one = Met::default();
        one.count(Duration::from_millis(3), false, false);
        let mut other = Met::default();
        other.count(Duration::from_millis(5), true, false);
        other.count(Duration::from_millis(1), false, true);
        assert_eq!(one.and(other), Met { asked: 3, failed: 1, leaked: 1, worst: Duration::from_millis(5) });
    }
}
