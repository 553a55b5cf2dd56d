//! Connections of the console after their hand-shake: how long each may take, and how many there may be, from one address and from all.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;
use tracing::warn;

use super::secure::Secure;

/// How long the header of a request may take, from the moment it is waited for: so long may a connection be idle, too.
const HEADER: Duration = Duration::from_secs(15);
/// How long requests that were begun may go on after the order to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// Connections from one address; a browser opens six.
const FROM_ONE: usize = 128;

/// Who is connected, by address.
#[derive(Debug, Clone, Default)]
pub(super) struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection among them, as long as it lasts.
#[derive(Debug)]
pub(super) struct Guest {
    guests: Guests,
    address: IpAddr,
}

/// A connection whose hand-shake is done.
pub(super) struct Connection {
    pub(super) stream: TlsStream<TcpStream>,
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
                open.spawn(one(connection, answer.clone(), stopped.clone()));
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

async fn one<H, F, B>(connection: Connection, answer: H, mut stopped: watch::Receiver<bool>)
where
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
        () = ordered => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
    drop(guest);
}

// === impl Guests ===

impl Guests {
    /// One more from there; none where that address has enough.
    pub(super) fn admit(&self, from: IpAddr) -> Option<Guest> {
        let address = household(from);
        let mut guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = guests.entry(address).or_default();
        if *count >= FROM_ONE {
            return None;
        }
        *count += 1;
        Some(Guest { guests: self.clone(), address })
    }
}

/// Of IPv6 whoever has one address has all of its network (RFC 4291, 2.5.4).
fn household(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = guests.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                guests.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_no_place_from_another_and_nothing_is_remembered() {
        let guests = Guests::default();
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let many: Vec<_> = (0..FROM_ONE).map(|_| guests.admit(address("192.0.2.1")).expect("a place")).collect();
        assert!(guests.admit(address("192.0.2.1")).is_none() && guests.admit(address("::ffff:192.0.2.1")).is_none());
        assert!(guests.admit(address("192.0.2.2")).is_some());
        drop(many);
        assert!(guests.admit(address("192.0.2.1")).is_some());
        let network: Vec<_> = (0..FROM_ONE).map(|host| guests.admit(address(&format!("2001:db8::{host:x}"))).expect("a place")).collect();
        assert!(guests.admit(address("2001:db8::ffff:1")).is_none() && guests.admit(address("2001:db8:0:1::1")).is_some());
        drop(network);
        assert!(guests.0.lock().expect("guests").is_empty());
    }
}
