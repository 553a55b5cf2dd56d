//! The threads that serve, one for each processor. Each has a runtime and connections to origins of its own, and a reader's
//! connection stays on the thread it was given to: no request wakes another thread or waits for one. Tasks that move between
//! threads cost a sixth of each request (ADR 0012).

use std::io;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};

use crate::gate::{Caller, Gate};
use crate::serve::connection;

/// The threads. Dropping it ends them, and whatever they are still serving.
#[derive(Debug)]
pub(crate) struct Workers(Vec<Worker>);

#[derive(Debug)]
struct Worker {
    arrivals: mpsc::UnboundedSender<Arrival>,
    open: Arc<AtomicUsize>,
}

/// A reader's connection on its way to a worker. It belongs to no runtime yet.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) caller: Caller,
    pub(crate) stream: TcpStream,
}

/// A connection's place: one of all that may be open, and counted for the worker that serves it. Held as long as the connection,
/// or a tunnel that came of it, is open.
#[derive(Debug)]
pub(crate) struct Place {
    open: Arc<AtomicUsize>,
    _permit: OwnedSemaphorePermit,
}

// === impl Workers ===

impl Workers {
    /// Starts `count` threads, at least one.
    ///
    /// # Errors
    /// Where the system gives no thread or no runtime.
    pub(crate) fn start(count: usize, gate: &Arc<Gate>, stop: &watch::Receiver<bool>) -> io::Result<Self> {
        let worker = |number| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let (arrivals, receiver) = mpsc::unbounded_channel();
            let (gate, stop) = (gate.with_connections_of_its_own(), stop.clone());
            thread::Builder::new().name(format!("proxy-{number}")).spawn(move || {
                runtime.block_on(work(gate, receiver, stop));
                // A look-up may still wait for the school's name server, and nobody for the look-up.
                runtime.shutdown_background();
            })?;
            Ok(Worker { arrivals, open: Arc::default() })
        };
        (0..count.max(1)).map(worker).collect::<io::Result<_>>().map(Self)
    }

    /// A place with the worker that has the fewest connections open.
    pub(crate) fn place(&self, permit: OwnedSemaphorePermit) -> Option<(Place, &mpsc::UnboundedSender<Arrival>)> {
        let worker = self.0.iter().min_by_key(|worker| worker.open.load(Ordering::Relaxed))?;
        worker.open.fetch_add(1, Ordering::Relaxed);
        Some((Place { open: Arc::clone(&worker.open), _permit: permit }, &worker.arrivals))
    }
}

/// Serves what arrives, until there are no more [`Workers`].
async fn work(gate: Arc<Gate>, mut arrivals: mpsc::UnboundedReceiver<Arrival>, stop: watch::Receiver<bool>) {
    let tidying = Arc::clone(&gate);
    tokio::spawn(async move { tidying.forwarder.keep_tidy().await });
    while let Some(Arrival { caller, stream }) = arrivals.recv().await {
        match tokio::net::TcpStream::from_std(stream) {
            Ok(stream) => drop(tokio::spawn(connection(Arc::clone(&gate), caller, stream, stop.clone()))),
            Err(error) => tracing::warn!(%error, "a connection could not be served"),
        }
    }
}

// === impl Place ===

impl Drop for Place {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}
