//! The request itself: one GET over the machine's own trust store, with everything limited.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use ureq::http::{HeaderMap, HeaderName, StatusCode, header};
use ureq::tls::{RootCerts, TlsConfig};

use super::{Address, FetchError, MAX_REDIRECTS, State};

/// Longest value of `ETag` or `Last-Modified` that is kept, in bytes.
const MAX_VALIDATOR: usize = 1024;

/// How this program names itself to publishers.
const USER_AGENT: &str = concat!("Schoolgate/", env!("CARGO_PKG_VERSION"));

/// The limits of one request; see [`super::Download`].
#[derive(Clone, Copy)]
pub(super) struct Client {
    pub(super) timeout: Duration,
    pub(super) idle: Duration,
}

/// What a server answered.
pub(super) enum Answer {
    /// What was kept is still the newest.
    NotModified,
    /// The file.
    Body(Body),
}

/// A file on its way.
pub(super) struct Body {
    /// Its bytes as they are to be stored.
    pub(super) reader: Box<dyn Read>,
    /// How many there will be, where the server says so; a server may lie.
    pub(super) stored_length: Option<u64>,
    /// The validator to send next time.
    pub(super) etag: Option<String>,
    /// The other validator.
    pub(super) last_modified: Option<String>,
}

// === impl Client ===

impl Client {
    /// Asks for `url`, or only for news of it where `kept` is still there.
    pub(super) fn get(&self, url: &Address, kept: Option<&State>, gzip: bool) -> Result<Answer, FetchError> {
        let agent = self.agent(url.is_https());
        let mut request = agent.get(url.as_str()).header(header::ACCEPT_ENCODING, if gzip { "gzip" } else { "identity" });
        if let Some(etag) = kept.and_then(|state| state.etag.as_deref()) {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(since) = kept.and_then(|state| state.last_modified.as_deref()) {
            request = request.header(header::IF_MODIFIED_SINCE, since);
        }
        let response = request.call().map_err(|error| FetchError::from_http(url, self.timeout, error))?;
        match response.status() {
            StatusCode::OK => body_of(url, response, gzip).map(Answer::Body),
            StatusCode::NOT_MODIFIED if kept.is_some() => Ok(Answer::NotModified),
            status => Err(FetchError::Status { url: url.clone(), status: status.as_u16() }),
        }
    }

    /// `https_only` holds an address that begins with https there through every redirect.
    fn agent(&self, https_only: bool) -> ureq::Agent {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .https_only(https_only)
            // The environment is the binary's to read: a parent proxy will come with the configuration.
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(MAX_REDIRECTS)
            .user_agent(USER_AGENT)
            .timeout_global(Some(self.timeout))
            .timeout_per_read(Some(self.idle));
        config.build().new_agent()
    }
}

fn body_of(url: &Address, response: ureq::http::Response<ureq::Body>, gzip: bool) -> Result<Body, FetchError> {
    let (parts, body) = response.into_parts();
    let length = body.content_length();
    let reader = body.into_reader();
    let encoding = value(&parts.headers, header::CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    let (reader, stored_length): (Box<dyn Read>, Option<u64>) = match encoding.as_str() {
        "gzip" | "x-gzip" if gzip => (Box::new(MultiGzDecoder::new(reader)), None),
        "" | "identity" | "gzip" | "x-gzip" => (Box::new(reader), length),
        _ => return Err(FetchError::Encoding { url: url.clone(), encoding }),
    };
    let etag = value(&parts.headers, header::ETAG);
    let last_modified = value(&parts.headers, header::LAST_MODIFIED);
    Ok(Body { reader, stored_length, etag, last_modified })
}

fn value(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (text.len() <= MAX_VALIDATOR).then(|| text.to_owned())
}
