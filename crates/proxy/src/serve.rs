//! Listening: accept, bound, serve, drain.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::chain;
use crate::gate::{Caller, Gate, Settings};
use crate::identify::Identity;
use crate::idle::Patient;
use crate::workers::{Arrival, Workers};

/// Most headers of a message, either way.
pub(crate) const MAX_HEADERS: usize = 200;

/// A listener, already bound, so that a busy port is known before anything else starts.
#[derive(Debug)]
pub struct Listener {
    /// Its name in rules and events.
    pub name: Arc<str>,
    /// Whether people sign in at the proxy here.
    pub asks: bool,
    /// Where it listens.
    pub socket: TcpListener,
}

/// Starts the threads that serve. The future serves until `stop` says so, then lets open requests and tunnels finish for a while.
///
/// # Errors
/// Where the system gives no threads.
pub fn serve(
    gate: &Arc<Gate>,
    listeners: Vec<Listener>,
    stop: watch::Receiver<bool>,
) -> std::io::Result<impl Future<Output = ()> + Send + use<>> {
    let Settings { connections, drain, .. } = gate.settings;
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let workers = Arc::new(Workers::start(processors, gate, &stop)?);
    Ok(async move {
        let places = Arc::new(Semaphore::new(connections));
        let mut tasks = tokio::task::JoinSet::new();
        for listener in listeners {
            tasks.spawn(listen(Arc::clone(&workers), listener, Arc::clone(&places), stop.clone()));
        }
        while tasks.join_next().await.is_some() {}
        let all = u32::try_from(connections).unwrap_or(u32::MAX);
        if tokio::time::timeout(drain, places.acquire_many(all)).await.is_err() {
            tracing::warn!(drain_s = drain.as_secs(), "stopping although some connections have not finished");
        }
    })
}

async fn listen(workers: Arc<Workers>, listener: Listener, places: Arc<Semaphore>, mut stop: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener.socket, &places) => accepted,
            () = stopped(&mut stop) => return,
        };
        let Some((stream, address, permit)) = accepted else { continue };
        let (Ok(stream), Some((place, worker))) = (stream.into_std(), workers.place(permit)) else { continue };
        let caller = Caller {
            listener: Arc::clone(&listener.name),
            asks: listener.asks,
            source: address.ip().to_canonical(),
            inside: None,
            login: None,
            identity: Identity::NOBODY,
            _place: Arc::new(place),
        };
        // A worker that is gone takes nothing: then the program is about to end.
        drop(worker.send(Arrival { caller, stream }));
    }
}

/// One connection, to its end. How it ends is the reader's business; what matters was answered or recorded.
pub(crate) async fn connection(gate: Arc<Gate>, caller: Caller, stream: TcpStream, mut stop: watch::Receiver<bool>) {
    let builder = server(&gate.settings);
    let stream = Patient::new(stream, gate.settings.tunnel_idle);
    let service = service_fn(move |request| chain::handle(Arc::clone(&gate), caller.clone(), request));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    tokio::select! {
        ended = connection.as_mut() => drop(ended),
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

async fn accept(socket: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    // When all places are taken, further readers wait in the system's queue.
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, address)) => {
            drop(stream.set_nodelay(true));
            Some((stream, address, place))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted; trying again");
            // Out of file handles: without a pause this loop would take a whole processor.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            None
        }
    }
}

/// The server side of HTTP/1 with all its bounds.
pub(crate) fn server(settings: &Settings) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout)
        .max_buf_size(settings.header_bytes.max(8192))
        .max_headers(MAX_HEADERS);
    builder
}
