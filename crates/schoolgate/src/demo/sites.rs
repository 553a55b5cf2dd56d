//! The demonstration's own small internet: some made-up sites and stand-ins for known ones, by HTTP and HTTPS, on loopback ports.
//!
//! Their certificates come from an authority of their own, made anew at each start and trusted by nobody but who is told to: what
//! a browser sees on an allowed site is this, and not the school's page root.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData as _};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// One site.
struct Site {
    host: &'static str,
    title: &'static str,
    says: &'static str,
}

const SITES: [Site; 11] = [
    Site { host: "museum.example", title: "The Museum of Small Things", says: "Dinosaur week: draw the bones you see." },
    Site { host: "casino.example", title: "Casino Example", says: "Nobody at school should read this." },
    Site { host: "friends.example", title: "Friends Example", says: "A made-up social network." },
    Site { host: "toys.example", title: "Toys Example", says: "A made-up shop." },
    Site { host: "news.example", title: "News Example", says: "A made-up newspaper." },
    Site { host: "dark-thoughts.example", title: "Dark Thoughts Example", says: "Nobody at school should read this." },
    Site { host: "unlisted.example", title: "Unlisted Example", says: "A site on no list." },
    Site { host: "www.google.com", title: "Stand-in for www.google.com", says: "This is not Google." },
    Site { host: "forcesafesearch.google.com", title: "Stand-in for forcesafesearch.google.com", says: "This is not Google." },
    Site { host: "childline.org.uk", title: "Stand-in for Childline", says: "This is not Childline. Ring 0800 1111 for the real one." },
    Site { host: "www.childline.org.uk", title: "Stand-in for Childline", says: "This is not Childline. Ring 0800 1111 for the real one." },
];
/// The host at which results are safe.
const SAFE: &str = "forcesafesearch.google.com";

/// The sites, with their ports taken; [`Sites::serve`] opens them.
#[derive(Debug)]
pub struct Sites {
    sites: std::net::TcpListener,
    safe_search: std::net::TcpListener,
    addresses: [SocketAddr; 2],
    tls: Arc<ServerConfig>,
    pem: String,
    pin: String,
}

/// By which address a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Plainly,
    AtSafeSearch,
}

/// Each host, and whether it is the one with safe results.
pub(super) fn hosts() -> impl Iterator<Item = (&'static str, bool)> {
    SITES.iter().map(|site| (site.host, site.host == SAFE))
}

// === impl Sites ===

impl Sites {
    /// Takes two free loopback ports and makes the certificates.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn prepare() -> Result<Self> {
        let (sites, safe_search) = (bind()?, bind()?);
        let addresses = [sites.local_addr()?, safe_search.local_addr()?];
        let (tls, pem, pin) = certificates().context("making the certificates of the made-up sites")?;
        Ok(Self { sites, safe_search, addresses, tls: Arc::new(tls), pem, pin })
    }

    /// Where the sites are.
    pub fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// Where the host with safe results is.
    pub fn safe_search_address(&self) -> SocketAddr {
        self.addresses[1]
    }

    /// The authority of their certificates, as PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Base64 of SHA-256 over its public key, for a browser that is to trust it.
    pub fn pin(&self) -> &str {
        &self.pin
    }

    /// Opens the sites. They end with the runtime.
    ///
    /// # Errors
    /// Where the runtime cannot take the ports.
    pub fn serve(self) -> io::Result<()> {
        for (listener, reached) in [(self.sites, Reached::Plainly), (self.safe_search, Reached::AtSafeSearch)] {
            tokio::spawn(accept(TcpListener::from_std(listener)?, TlsAcceptor::from(Arc::clone(&self.tls)), reached));
        }
        Ok(())
    }
}

fn bind() -> Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("taking a port for the made-up sites")?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// One certificate for all sites, under an authority whose key is thrown away at once; its PEM and the pin of its key.
fn certificates() -> Result<(ServerConfig, String, String)> {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Made-up sites of the Schoolgate demonstration");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let key = KeyPair::generate()?;
    let certificate = authority.self_signed(&key)?;
    let pin = STANDARD.encode(Sha256::digest(key.subject_public_key_info()));
    let site_key = KeyPair::generate()?;
    let names: Vec<String> = SITES.iter().map(|site| site.host.to_owned()).collect();
    let mut site = CertificateParams::new(names)?;
    site.distinguished_name = DistinguishedName::new();
    site.distinguished_name.push(DnType::CommonName, "A made-up site of the Schoolgate demonstration");
    let site = site.signed_by(&site_key, &Issuer::new(authority, key))?;
    let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(site_key.serialize_der()));
    let mut tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![site.der().clone(), certificate.der().clone()], private)?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((tls, certificate.pem(), pin))
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, reached: Reached) {
    // A demonstration that has run out of handles may as well end.
    while let Ok((stream, _)) = listener.accept().await {
        let tls = tls.clone();
        tokio::spawn(async move {
            // One port for both: a TLS greeting begins with 22 (RFC 8446, 5.1), a request with a letter.
            match first_byte(&stream).await {
                Some(22) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, reached, "HTTPS").await;
                    }
                }
                Some(_) => serve(stream, reached, "HTTP").await,
                None => {}
            }
        });
    }
}

async fn first_byte(stream: &TcpStream) -> Option<u8> {
    let mut first = [0];
    let seen = stream.peek(&mut first).await.ok()?;
    (seen == 1).then_some(first[0])
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, reached: Reached, by: &'static str) {
    let service = service_fn(move |request| async move { Ok::<_, Infallible>(answer(&request, reached, by)) });
    let mut builder = hyper::server::conn::http1::Builder::new();
    // How a connection ends is the visitor's business.
    drop(builder.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await);
}

fn answer(request: &Request<Incoming>, reached: Reached, by: &str) -> Response<Full<Bytes>> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let site = SITES.iter().find(|site| site.host == host).filter(|_| request.method() != Method::CONNECT);
    let Some(site) = site else {
        return respond(
            StatusCode::NOT_FOUND,
            "text/plain; charset=utf-8",
            "There is no such site in the demonstration's internet.\n".to_owned(),
        );
    };
    let search = match reached {
        _ if !host.ends_with("google.com") => String::new(),
        Reached::AtSafeSearch => format!("<p>SafeSearch is on: reached at the address of {SAFE}.</p>"),
        Reached::Plainly => "<p>SafeSearch is not enforced.</p>".to_owned(),
    };
    // Texts of this file only; nothing of the request is in it.
    let Site { title, says, .. } = site;
    let page = format!(
        "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><link rel=\"icon\" href=\"data:,\"></head><body><main><h1>{title}</h1><p>{says}</p>{search}\
         <p><small>A made-up page of the Schoolgate demonstration, reached by {by}.</small></p></main></body></html>"
    );
    respond(StatusCode::OK, "text/html; charset=utf-8", page)
}

fn respond(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
