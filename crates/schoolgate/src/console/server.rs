//! Connections of the console after their hand-shake: how long each may take, and how many there may be, from one address and from all.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::server::TlsStream;
use tracing::warn;

use super::secure::Secure;
use crate::config::ConsoleConfig;

/// How long the header of a request may take, from the moment it is waited for: so long may a connection be idle, too.
const HEADER: Duration = Duration::from_secs(15);
/// How long requests that were begun may go on after the order to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// How long a connection may be in use.
#[derive(Debug, Clone, Copy)]
struct Life {
    /// So long it takes further requests; a browser then opens another.
    young: Duration,
    /// So long the last of them may go on, however slowly its answer is read.
    last: Duration,
}

/// A table for a spreadsheet over a slow line is read in a quarter of an hour.
const LIFE: Life = Life { young: Duration::from_secs(600), last: Duration::from_secs(900) };

/// Who is connected, by address, and of IPv6 by network too.
#[derive(Debug, Clone)]
pub(super) struct Guests {
    counts: Arc<Mutex<HashMap<Place, usize>>>,
    from_one: usize,
    from_network: usize,
}

/// Where connections come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Address(IpAddr),
    /// The first 64 bits of an address.
    Network(u128),
}

/// One connection among them, as long as it lasts.
#[derive(Debug)]
pub(super) struct Guest {
    guests: Guests,
    places: [Option<Place>; 2],
    /// Among all.
    _place: OwnedSemaphorePermit,
}

/// A connection whose hand-shake is done.
pub(super) struct Connection<S = TlsStream<TcpStream>> {
    pub(super) stream: S,
    pub(super) from: SocketAddr,
    pub(super) guest: Guest,
}

/// Serves each connection until `stop` ends, then lets requests that were begun come to their end for five seconds. `answer` gets from where
/// a request comes, too.
pub(super) async fn serve<H, F, B>(mut secure: Secure, answer: H, stop: impl Future<Output = ()>)
where
    H: Fn(IpAddr, Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let (order, stopped) = watch::channel(false);
    let mut open = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            connection = secure.next() => {
                open.spawn(one(connection, answer.clone(), LIFE, stopped.clone()));
            }
            Some(_) = open.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(secure);
    // Nobody waits any more where none is open.
    let _ = order.send(true);
    if timeout(LAST_REQUESTS, async { while open.join_next().await.is_some() {} }).await.is_err() {
        warn!("some requests to the console were cut off, because they did not end");
    }
}

async fn one<S, H, F, B>(connection: Connection<S>, answer: H, life: Life, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    H: Fn(IpAddr, Request<Incoming>) -> F,
    F: Future<Output = Response<B>>,
    B: Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>> + 'static,
{
    let Connection { stream, from, guest } = connection;
    let service = service_fn(move |request| {
        let answered = answer(from.ip(), request);
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let serving =
        http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(HEADER).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let ordered = async move { drop(stopped.wait_for(|stop| *stop).await) };
    // How a connection ends is its reader's matter: nobody is told.
    tokio::select! {
        _ = serving.as_mut() => {}
        () = async { tokio::select! { () = ordered => {}, () = sleep(life.young) => {} } } => {
            serving.as_mut().graceful_shutdown();
            let _ = timeout(life.last, serving).await;
        }
    }
    drop(guest);
}

// === impl Guests ===

impl Guests {
    /// None yet, and so many at once as the configuration says.
    pub(super) fn new(config: &ConsoleConfig) -> Self {
        Self {
            counts: Arc::default(),
            from_one: config.connections_from_one,
            from_network: (config.connections / 2).max(config.connections_from_one),
        }
    }

    /// One more from there, at this place among all; none where that address, or its network, has enough.
    pub(super) fn admit(&self, from: IpAddr, place: OwnedSemaphorePermit) -> Option<Guest> {
        let from = from.to_canonical();
        let places = [Some(Place::Address(from)), network(from)];
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |place: &Place| {
            let most = if matches!(place, Place::Address(_)) { self.from_one } else { self.from_network };
            counts.get(place).is_some_and(|count| *count >= most)
        };
        if places.iter().flatten().any(is_full) {
            return None;
        }
        for place in places.iter().flatten() {
            *counts.entry(*place).or_default() += 1;
        }
        Some(Guest { guests: self.clone(), places, _place: place })
    }
}

/// Of IPv6 whoever has one address of the internet has all of its network (RFC 4291, 2.5.4): another in each is counted as one. A network of
/// the school's own (RFC 4193; RFC 4291, 2.5.6) is a room or a building, and no single reader.
fn network(from: IpAddr) -> Option<Place> {
    match from {
        IpAddr::V6(address) if !address.is_unique_local() && !address.is_unicast_link_local() => {
            Some(Place::Network(address.to_bits() >> 64))
        }
        _ => None,
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = self.guests.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for place in self.places.iter().flatten() {
            if let Some(count) = counts.get_mut(place) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(place);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;
    use hyper::body::Bytes;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::Semaphore;

    use super::*;

    const FROM_ONE: usize = 16;
    const ALL: usize = 64;

    fn guests() -> (Guests, impl Fn(&Guests, &str) -> Option<Guest>) {
        let config = ConsoleConfig { connections: ALL, connections_from_one: FROM_ONE, ..ConsoleConfig::default() };
        let places = Arc::new(Semaphore::new(1000));
        let admit = move |guests: &Guests, from: &str| {
            guests.admit(from.parse().expect("an address"), Arc::clone(&places).try_acquire_owned().expect("a place"))
        };
        (Guests::new(&config), admit)
    }

    #[test]
    fn one_address_takes_no_place_from_another_and_nothing_is_remembered() {
        let (guests, admit) = guests();
        let many: Vec<_> = (0..FROM_ONE).map(|_| admit(&guests, "192.0.2.1").expect("a place")).collect();
        assert!(admit(&guests, "192.0.2.1").is_none() && admit(&guests, "::ffff:192.0.2.1").is_none());
        assert!(admit(&guests, "192.0.2.2").is_some());
        drop(many);
        assert!(admit(&guests, "192.0.2.1").is_some());
        assert!(guests.counts.lock().expect("guests").is_empty());
    }

    #[test]
    fn a_class_on_one_network_has_places_for_each_tablet_and_a_stranger_with_a_network_takes_half() {
        let (guests, admit) = guests();
        // Thirty tablets with a browser's six connections each, where one network is a room.
        for network in ["fd12:3456:789a:1", "fe80"] {
            let class: Vec<_> = (0..30 * 6).map(|at| admit(&guests, &format!("{network}::{:x}", at % 30 + 1))).collect();
            assert!(class.iter().all(Option::is_some), "{network}: a tablet is shut out");
        }
        let stranger: Vec<_> = (0..ALL).filter_map(|host| admit(&guests, &format!("2001:db8::{host:x}"))).collect();
        assert_eq!(stranger.len(), ALL / 2);
        assert!(admit(&guests, "2001:db8:0:1::1").is_some());
        drop(stranger);
        assert!(guests.counts.lock().expect("guests").is_empty());
    }

    #[tokio::test]
    async fn who_stops_reading_an_answer_gives_the_place_back() {
        let (guests, admit) = guests();
        let guest = admit(&guests, "192.0.2.1").expect("a place");
        let (mut reader, stream) = tokio::io::duplex(64);
        reader.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("asked");
        let connection = Connection { stream, from: ([192, 0, 2, 1], 1).into(), guest };
        let answer = |_, _| async { Response::new(Full::new(Bytes::from(vec![b'a'; 1 << 20]))) };
        let (_order, stopped) = watch::channel(false);
        let life = Life { young: Duration::from_millis(1), last: Duration::from_millis(1) };
        timeout(Duration::from_secs(60), one(connection, answer, life, stopped)).await.expect("the place is kept for ever");
        assert!(guests.counts.lock().expect("guests").is_empty());
        // The answer had begun, and was cut off.
        let mut begun = [0; 15];
        reader.read_exact(&mut begun).await.expect("the beginning of an answer");
        assert_eq!(&begun, b"HTTP/1.1 200 OK");
    }
}
