//! CONNECT: the host is judged, then the name in the ClientHello; nothing that is allowed is decrypted.
//!
//! Of what is not allowed, a page is shown under the school's root where it is installed: browsers show no page for a refused
//! CONNECT. Page connections close after the page, so that a signature or a new rule takes effect at once.

use std::sync::Arc;

use event::{Flags, Seen, Via};
use filter::safesearch::enforcing_host;
use filter::{Target, Verdict};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::chain::{self, Body, Case, Outcome};
use crate::gate::{Caller, Gate, OWN_HOST};
use crate::hello::{Hello, peek_hello};
use crate::hold::Hold;
use crate::identify;
use crate::idle::Watched;
use crate::page;
use crate::prefixed::PrefixedStream;
use crate::relay::relay;
use crate::rules::Rules;
use crate::serve::server;

/// Names under which servers offer Encrypted ClientHello: a tunnel that was opened for a site may well carry one of these.
const ECH_PUBLIC_NAMES: [&str; 2] = ["cloudflare-ech.com", "public.pki.goog"];

/// Answers a CONNECT.
pub(crate) async fn connect(gate: Arc<Gate>, rules: Arc<Rules>, caller: Caller, request: Request<Incoming>, target: Target) -> Outcome {
    let method = Method::CONNECT;
    if target.port == 80 {
        return Ok(established(request, move |stream| take_apart(gate, caller, target, stream)));
    }
    // Our own pages are nobody's visit: neither judged nor recorded.
    if target.host.as_str() == OWN_HOST {
        return if gate.root.is_some() {
            Ok(established(request, move |stream| show_page(gate, rules, caller, target, None, PrefixedStream::new(Vec::new(), stream))))
        } else {
            Err(page::plain(StatusCode::NOT_FOUND, &format!("There are no secure pages here. Try http://{OWN_HOST}/start")).into())
        };
    }
    let case =
        Case { gate: &gate, rules: &rules, caller: &caller, target: &target, method: &method, via: Via::Connect, seen: Seen::HostOnly };
    let verdict = case.judge_with(Flags::default()).await?;
    if !case.may_pass(&verdict) {
        return if gate.root.is_some() {
            let (gate, rules) = (Arc::clone(&gate), Arc::clone(&rules));
            Ok(established(request, move |stream| {
                show_page(gate, rules, caller, target, Some(verdict), PrefixedStream::new(Vec::new(), stream))
            }))
        } else {
            Err(page::of_verdict(&case, &verdict, page::Wanted::Page, None).into())
        };
    }
    if !gate.settings.tunnel_ports.contains(&target.port) {
        return Err(page::plain(StatusCode::FORBIDDEN, "The school's filter opens no tunnels to this port.").into());
    }
    let origin = gate.dialer.connect(&target.host, target.port, case.safe_search()).await;
    let origin = origin.map_err(|error| page::fault(StatusCode::BAD_GATEWAY, &error.to_string()))?;
    let (gate, rules) = (Arc::clone(&gate), Arc::clone(&rules));
    Ok(established(request, move |stream| tunnel(gate, rules, caller, target, stream, origin.stream)))
}

/// Says 200 and goes on with the raw stream.
fn established<F>(mut request: Request<Incoming>, then: impl FnOnce(TokioIo<Upgraded>) -> F + Send + 'static) -> Response<Body>
where
    F: Future<Output = ()> + Send,
{
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        if let Ok(stream) = upgrade.await {
            then(TokioIo::new(stream)).await;
        }
    });
    Response::new(Either::Left(Full::default()))
}

/// An allowed tunnel: reads the ClientHello, judges the name in it where it is another, and joins the two sides.
async fn tunnel(
    gate: Arc<Gate>,
    rules: Arc<Rules>,
    mut caller: Caller,
    target: Target,
    mut stream: TokioIo<Upgraded>,
    mut origin: tokio::net::TcpStream,
) {
    let (mut first, mut targets) = (Vec::new(), vec![target.clone()]);
    match peek_hello(&mut stream, &mut first).await {
        Hello::Tls { server_name, ech, .. } => {
            // Without an encrypted part the public name is a site like any other.
            let is_public = |name: &filter::Host| ech && ECH_PUBLIC_NAMES.contains(&name.as_str());
            if let Some(name) = server_name.filter(|name| *name != target.host && !is_public(name)) {
                let inner = Target::of_host(name, target.port);
                // The greeting may come long after the CONNECT.
                caller.identity = identify::again(&gate, &rules, &caller);
                let method = Method::CONNECT;
                let case = Case {
                    gate: &gate,
                    rules: &rules,
                    caller: &caller,
                    target: &inner,
                    method: &method,
                    via: Via::Sni,
                    seen: Seen::HostOnly,
                };
                let Ok(verdict) = case.judge_with(Flags { ech, name_mismatch: true, ..Flags::default() }).await else { return };
                if !case.may_pass(&verdict) {
                    return show_page(
                        Arc::clone(&gate),
                        Arc::clone(&rules),
                        caller.clone(),
                        inner.clone(),
                        Some(verdict),
                        PrefixedStream::new(first, stream),
                    )
                    .await;
                }
                // This tunnel leads to the address of another host: the safe twin cannot be put in its place any more.
                if enforcing_host(&inner.host, case.safe_search()) != enforcing_host(&target.host, case.safe_search()) {
                    return;
                }
                targets.push(inner);
            }
        }
        // What is no TLS cannot be told from a way round the filter; what is malformed neither.
        Hello::NotTls | Hello::TooLong | Hello::Malformed(_) | Hello::Closed | Hello::TimedOut => return,
    }
    if origin.write_all(&first).await.is_ok() {
        join(stream, origin, Hold { gate, caller, targets }).await;
    }
}

/// A tunnel to port 80 carries plain HTTP (browsers open them for WebSockets): each request in it is judged like any other.
async fn take_apart(gate: Arc<Gate>, mut caller: Caller, target: Target, stream: TokioIo<Upgraded>) {
    caller.inside = Some((target.host, target.port));
    let inner_gate = Arc::clone(&gate);
    let service = service_fn(move |request| chain::handle(Arc::clone(&inner_gate), caller.clone(), request));
    drop(server(&gate.settings).serve_connection(stream.into_inner(), service).with_upgrades().await);
}

/// Ends TLS under the school's root and answers every request with the verdict's page, or without a verdict with a page of ours.
async fn show_page<S>(
    gate: Arc<Gate>,
    rules: Arc<Rules>,
    caller: Caller,
    target: Target,
    verdict: Option<Verdict>,
    stream: PrefixedStream<S>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Some(root) = gate.root.clone() else { return };
    let config = root.acceptor(&target.host, gate.now());
    let accept = tokio_rustls::TlsAcceptor::from(config).accept(stream);
    let Ok(Ok(tls)) = tokio::time::timeout(gate.settings.header_timeout, accept).await else { return };
    let settings = gate.settings.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (gate, rules, caller, target) = (Arc::clone(&gate), Arc::clone(&rules), caller.clone(), target.clone());
        async move { Ok::<_, std::convert::Infallible>(page::inside(&gate, &rules, &caller, &target, verdict.as_ref(), &request)) }
    });
    let mut builder = server(&settings);
    builder.keep_alive(false);
    drop(builder.serve_connection(TokioIo::new(tls), service).await);
}

/// Joins two upgraded connections. The caller's place is held meanwhile.
pub(crate) async fn join_upgrades(reader: OnUpgrade, origin: OnUpgrade, hold: Hold) {
    if let (Ok(reader), Ok(origin)) = tokio::join!(reader, origin) {
        join(TokioIo::new(reader), TokioIo::new(origin), hold).await;
    }
}

/// Copies both ways until both sides have ended, nothing has moved for too long, or it would not be opened any more.
async fn join<A, B>(reader: A, mut origin: B, hold: Hold)
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut reader, watch) = Watched::new(reader);
    tokio::select! {
        // How a tunnel ends is the business of its two ends.
        result = relay(&mut reader, &mut origin) => drop(result),
        () = hold.until_closed(&watch) => {}
    }
}
