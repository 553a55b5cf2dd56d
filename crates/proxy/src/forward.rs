//! Handing a judged request on: a pool of connections for each level of safe search, framing made anew.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use filter::Host;
use filter::safesearch::SafeSearch;
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::{Request, Response, Uri, Version};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;

use crate::dial::{DialError, Dialer, FarEnd};
use crate::headers;
use crate::idle::IdleBody;
use crate::serve::MAX_HEADERS;

/// Idle connections kept to one origin, and how long.
const KEPT: (usize, Duration) = (32, Duration::from_secs(30));

type Pool = Client<Connector, IdleBody<Incoming>>;

/// One pool for each level: a connection made for a grown-up must never carry a child's search.
#[derive(Debug)]
pub(crate) struct Forwarder {
    off: Pool,
    moderate: Pool,
    strict: Pool,
}

impl Forwarder {
    pub(crate) fn new(dialer: &Arc<Dialer>) -> Self {
        let pool = |enforce| {
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .timer(TokioTimer::new())
                .pool_max_idle_per_host(KEPT.0)
                .pool_idle_timeout(KEPT.1)
                .http1_max_headers(MAX_HEADERS)
                .build(Connector { dialer: Arc::clone(dialer), enforce })
        };
        Self { off: pool(SafeSearch::Off), moderate: pool(SafeSearch::Moderate), strict: pool(SafeSearch::Strict) }
    }

    /// Sends a request whose address names the origin, and waits for the head of the answer, at most `limit` after the request's
    /// body last moved. The error is the dialler's where the origin could not be reached.
    pub(crate) async fn send(
        &self,
        request: Request<IdleBody<Incoming>>,
        enforce: SafeSearch,
        limit: Duration,
    ) -> Result<Response<Incoming>, ForwardError> {
        let (head, body) = request.into_parts();
        let (body, watch) = body.watched();
        let mut request = Request::from_parts(head, body);
        *request.version_mut() = Version::HTTP_11;
        if let Some(host) = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok()) {
            request.headers_mut().insert(HOST, host);
        }
        let pool = match enforce {
            SafeSearch::Off => &self.off,
            SafeSearch::Moderate => &self.moderate,
            SafeSearch::Strict => &self.strict,
        };
        let response = tokio::select! {
            response = pool.request(request) => response.map_err(|error| ForwardError::of(&error))?,
            () = watch.silent_for(limit) => return Err(ForwardError::Late),
        };
        if headers::is_plainly_framed(response.headers()) { Ok(response) } else { Err(ForwardError::Answer) }
    }
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

impl ForwardError {
    fn of(error: &hyper_util::client::legacy::Error) -> Self {
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            if let Some(dial) = error.downcast_ref::<DialError>() {
                return Self::Dial(dial.to_string());
            }
            cause = error.source();
        }
        Self::Answer
    }
}

/// Makes connections through the dialler.
#[derive(Debug, Clone)]
struct Connector {
    dialer: Arc<Dialer>,
    enforce: SafeSearch,
}

impl tower_service::Service<Uri> for Connector {
    type Response = Origin;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<Origin, DialError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { dialer, enforce } = self.clone();
        Box::pin(async move {
            // The address was made from a judged host, so that it always has one.
            let host = uri.host().and_then(|host| Host::parse(host).ok()).ok_or(DialError::NotFound)?;
            let dialled = dialer.connect_http(&host, uri.port_u16().unwrap_or(80), enforce).await?;
            Ok(Origin { through_parent: dialled.far_end == FarEnd::Parent, stream: TokioIo::new(dialled.stream) })
        })
    }
}

/// A connection to an origin, or to the parent proxy in its stead.
struct Origin {
    stream: TokioIo<TcpStream>,
    through_parent: bool,
}

impl Connection for Origin {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.through_parent)
    }
}

impl Read for Origin {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Origin {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }
}
