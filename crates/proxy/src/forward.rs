//! Handing a judged request on: over a connection that is idle, else a new one, framing made anew.

mod pool;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::http::uri::{Parts, Scheme};
use hyper::{Request, Response, Uri, Version};
use hyper_util::rt::TokioIo;
use tokio::time::interval;

use self::pool::{KEPT, Key, Pool};
use crate::dial::{Dialer, FarEnd};
use crate::headers;
use crate::idle::IdleBody;
use crate::serve::MAX_HEADERS;

type Sent = IdleBody<Incoming>;

/// Sends requests to origins and keeps the connections.
#[derive(Debug)]
pub(crate) struct Forwarder {
    dialer: Arc<Dialer>,
    pool: Arc<Pool<Link>>,
}

/// A connection to an origin, or to the parent proxy in its stead, ready for a request.
pub(crate) struct Link {
    sender: http1::SendRequest<Sent>,
    far_end: FarEnd,
}

/// The body of an origin's answer. When it has been read to its end, its connection is kept for the next request; before that,
/// dropping it closes the connection.
pub(crate) struct Answer {
    body: IdleBody<Incoming>,
    has_ended: bool,
    back: Option<Back>,
}

/// The way back to the pool.
struct Back {
    pool: Arc<Pool<Link>>,
    key: Key,
    link: Link,
}

/// Why a request could not be handed on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForwardError {
    /// The origin cannot be reached, in the dialler's words.
    #[error("{0}")]
    Dial(String),
    /// The origin took the request and said nothing for too long.
    #[error("the site took too long to answer")]
    Late,
    /// The origin speaks no HTTP that we understand, or closed too early.
    #[error("the site gave no proper answer")]
    Answer,
}

// === impl Forwarder ===

impl Forwarder {
    pub(crate) fn new(dialer: &Arc<Dialer>) -> Self {
        Self { dialer: Arc::clone(dialer), pool: Arc::default() }
    }

    /// Lets go of connections that have been idle for too long, now and then. Never ends.
    pub(crate) async fn keep_tidy(&self) {
        let mut now_and_then = interval(KEPT);
        loop {
            now_and_then.tick().await;
            self.pool.sweep(Link::is_closed);
        }
    }

    /// Sends a request with an address in origin form and a `Host`, and waits for the head of the answer, at most `limit` after the
    /// request's body last moved. The error is the dialler's where the origin could not be reached.
    pub(crate) async fn send(
        &self,
        request: Request<Sent>,
        key: Key,
        limit: Duration,
        body_idle: Duration,
    ) -> Result<Response<Answer>, ForwardError> {
        let (head, body) = request.into_parts();
        let (body, watch) = body.watched();
        let mut request = Request::from_parts(head, body);
        *request.version_mut() = Version::HTTP_11;
        loop {
            let kept = self.pool.take(&key, |link| link.sender.is_ready());
            let is_new = kept.is_none();
            let mut link = match kept {
                Some(link) => link,
                None => Box::pin(self.connect(&key)).await?,
            };
            if link.far_end == FarEnd::Parent {
                make_absolute(&mut request);
            }
            let answer = tokio::select! {
                biased;
                answer = link.sender.try_send_request(request) => answer,
                () = watch.silent_for(limit) => return Err(ForwardError::Late),
            };
            match answer {
                Ok(answer) if headers::is_plainly_framed(answer.headers()) => {
                    let back = Back { pool: Arc::clone(&self.pool), key, link };
                    return Ok(answer.map(|body| Answer { body: IdleBody::new(body, body_idle), has_ended: false, back: Some(back) }));
                }
                Ok(_) => return Err(ForwardError::Answer),
                // The origin had closed it just before: nothing was sent, so that the request may be tried again.
                Err(mut error) => request = error.take_message().filter(|_| !is_new).ok_or(ForwardError::Answer)?,
            }
        }
    }

    async fn connect(&self, (host, port, enforce): &Key) -> Result<Link, ForwardError> {
        let dialled = self.dialer.connect_http(host, *port, *enforce).await.map_err(|error| ForwardError::Dial(error.to_string()))?;
        let shaken = http1::Builder::new().max_headers(MAX_HEADERS).handshake(TokioIo::new(dialled.stream)).await;
        let (sender, connection) = shaken.map_err(|_| ForwardError::Answer)?;
        // How it ends is told to whoever waits for an answer.
        tokio::spawn(async move { drop(connection.with_upgrades().await) });
        Ok(Link { sender, far_end: dialled.far_end })
    }
}

impl Link {
    fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }
}

/// What a parent proxy wants: the whole address (RFC 9112, 3.2.2).
fn make_absolute(request: &mut Request<Sent>) {
    let authority = request.headers().get(HOST).and_then(|host| host.as_bytes().try_into().ok());
    let mut parts = Parts::default();
    parts.path_and_query = request.uri().path_and_query().cloned();
    (parts.scheme, parts.authority) = (Some(Scheme::HTTP), authority);
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
}

// === impl Answer ===

impl Answer {
    /// The connection goes on as something else.
    pub(crate) fn keep_for_good(&mut self) {
        self.back = None;
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        self.has_ended = frame.is_none();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if (self.has_ended || self.body.is_end_stream())
            && let Some(Back { pool, key, link }) = self.back.take()
        {
            pool.put(key, link, Link::is_closed);
        }
    }
}
