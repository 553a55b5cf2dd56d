//! Letters to a mail server.

use std::fmt;
use std::time::Duration;

use ledger::jobs::Failure;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::PostError;

/// How long a server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a mail server is reached.
#[derive(Debug)]
pub struct ServerSettings {
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port; `None` for that of the way of encryption: 587, 465 or 25.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    pub security: Security,
    /// The user it asks for.
    pub login: Option<Login>,
}

/// How the connection to a mail server is encrypted. There is no way that falls back to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// `STARTTLS`, without which nothing is said (RFC 3207). The default of most servers, on port 587.
    StartTls,
    /// TLS from the first byte (RFC 8314), on port 465.
    Tls,
    /// None, to a server on this machine only, on port 25.
    None,
}

/// A user of a mail server.
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// A mail server.
pub struct Server {
    host: String,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Login")
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Server({})", self.host)
    }
}

// === impl Server ===

impl Server {
    /// A server. Nothing is asked of it yet.
    ///
    /// # Errors
    /// Without encryption, when it is not on this machine; when encryption cannot be set up.
    pub fn new(settings: ServerSettings) -> Result<Self, PostError> {
        let ServerSettings { host, port, security, login } = settings;
        let tls = || TlsParameters::new_rustls(host.clone()).map_err(|source| PostError::Tls { host: host.clone(), source });
        let (tls, usual_port) = match security {
            Security::StartTls => (Tls::Required(tls()?), 587),
            Security::Tls => (Tls::Wrapper(tls()?), 465),
            Security::None if is_this_machine(&host) => (Tls::None, 25),
            Security::None => return Err(PostError::Plain { host }),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.clone())
            .port(port.unwrap_or(usual_port))
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some(Login { user, password }) = login {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self { host, transport: builder.build() })
    }

    /// Returns when the server has it.
    pub(crate) async fn send(&self, letter: Message) -> Result<(), Failure> {
        self.transport.send(letter).await.map(|_| ()).map_err(|error| failure(&error))
    }
}

/// Whether `host` is this machine, so that a connection to it may do without encryption.
pub fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// What a refusal means. What the server says in words is not kept: it repeats addresses.
fn failure(error: &Error) -> Failure {
    let code = error.status().map(u16::from);
    let failure = match code {
        // RFC 4954, section 6: the user and password, which somebody will put right.
        Some(530 | 534 | 535 | 538) => Failure::passing("the mail server does not take our user and password"),
        Some(_) if error.is_permanent() => Failure::lasting("the mail server refuses it for good"),
        Some(_) => Failure::passing("the mail server refuses it for now"),
        None if error.is_timeout() => Failure::passing("the mail server does not answer in time"),
        None if error.is_tls() => Failure::passing("the mail server's certificate is not accepted"),
        None if error.is_client() => Failure::passing("the mail server does not offer what we need: encryption, or our way of signing in"),
        None => Failure::passing("the mail server cannot be reached"),
    };
    code.map_or(failure, |code| failure.numbered(code.into()))
}
