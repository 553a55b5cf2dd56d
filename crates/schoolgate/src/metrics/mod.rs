//! Whether Schoolgate lives, whether it is ready, and figures for whoever watches machines, on a port of their own.
//!
//! `/health` answers as long as the process does. `/ready` says whether the gate can take requests, and if not, why. `/metrics` has
//! figures in the text form of Prometheus. Nothing of a person, a device or a site is in any of them.

mod figures;
mod requests;

use std::net::SocketAddr;
use std::sync::Arc;

use activity::journal::Health;
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tracing::{info, warn};

use self::requests::Requests;
use crate::gateway::Status;
use crate::live::Live;
use crate::records::Records;
use crate::world::World;

/// Prometheus's text form (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is looked at.
#[derive(Debug)]
struct Watched {
    live: Arc<Live>,
    world: World,
    gate: Arc<Status>,
    records: Arc<Records>,
    requests: Requests,
}

/// Serves them until `stop` ends, where the configuration names an address. Must be called within a runtime.
///
/// # Errors
/// Where the port cannot be had.
pub async fn start(
    live: &Arc<Live>,
    world: &World,
    gate: &Arc<Status>,
    records: &Arc<Records>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let Some(listen) = live.in_force().config.metrics.listen else { return Ok(()) };
    let doing = || format!("listening on {listen} for the metrics: choose another address with listen = ... under [metrics]");
    let listener = TcpListener::bind(listen).await.with_context(doing)?;
    let address: SocketAddr = listener.local_addr().with_context(doing)?;
    let watched = Arc::new(Watched {
        live: Arc::clone(live),
        world: world.clone(),
        gate: Arc::clone(gate),
        records: Arc::clone(records),
        requests: Requests::of(live.data().journal()),
    });
    info!(%address, "health, readiness and metrics are served");
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes(watched)).with_graceful_shutdown(stop).await {
            warn!(%error, "the metrics can no longer be served");
        }
    });
    Ok(())
}

fn routes(watched: Arc<Watched>) -> Router {
    Router::new().route("/health", get(|| async { "ok\n" })).route("/ready", get(ready)).route("/metrics", get(metrics)).with_state(watched)
}

async fn ready(State(watched): State<Arc<Watched>>) -> Response {
    let missing = watched.missing();
    if missing.is_empty() {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, missing.concat()).into_response()
}

async fn metrics(State(watched): State<Arc<Watched>>) -> Response {
    let waiting = figures::waiting_in(&watched.records).await;
    match spawn_blocking(move || figures::text(&watched, waiting.as_ref())).await {
        Ok(text) => ([(header::CONTENT_TYPE, FORM)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

// === impl Watched ===

impl Watched {
    /// Why the gate takes no request, a line each. The records are no reason: it filters without them.
    fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.gate.listeners().is_empty() {
            missing.push("no listener is configured, so nothing is filtered\n");
        }
        if self.gate.journal() != Health::Healthy {
            missing.push("the journal cannot be written, so no request goes on\n");
        }
        missing
    }
}
