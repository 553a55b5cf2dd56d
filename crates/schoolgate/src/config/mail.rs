//! `[mail]`: how letters leave.

use std::path::PathBuf;

use filter::host::Host;
use ledger::outbox::MailAddress;
use post::Security;
use toml_span::value::Value;

use super::reader::Section;
use super::values;

/// `[mail]`: how letters leave. Without a server they wait.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailConfig {
    /// Where they are handed over.
    pub server: Option<MailServer>,
    /// Who gets the head of the audit trail each day. Default nobody.
    pub heads_to: Option<MailAddress>,
}

/// The school's mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// From whom letters come.
    pub from: MailAddress,
    /// Its name, which its certificate must have.
    pub host: String,
    /// Its port. Default that of the way of encryption.
    pub port: Option<u16>,
    /// How the connection is encrypted. Default `STARTTLS`.
    pub security: Security,
    /// A file with one line, `user:password`, where it asks for a login. Default none.
    pub login_file: Option<PathBuf>,
}

/// The ways of encryption, by their words.
const SECURITY: [(&str, Security); 3] = [("start-tls", Security::StartTls), ("tls", Security::Tls), ("none", Security::None)];

// === impl MailConfig ===

impl MailConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let section = root.table("mail");
        let from = section.optional("from", address);
        let host = section.optional("server", host);
        let port = section.optional("port", values::port);
        let security = section.or("security", Security::StartTls, |value| values::choice(value, &SECURITY));
        let login_file = section.optional("login_file", |value| values::path(value, section.base()));
        let heads_to = section.optional("heads_to", address);
        if section.has("server") && !section.has("from") {
            section.mistake("from", "is missing: the address that letters come from");
        }
        for key in ["from", "port", "login_file", "heads_to"] {
            if section.has(key) && !section.has("server") {
                section.mistake(key, "needs server = ...: where letters are handed over");
            }
        }
        if security == Security::None && host.as_deref().is_some_and(|host| !post::is_this_machine(host)) {
            section.mistake("security", "can be \"none\" for a server on this machine only (127.0.0.1 or localhost)");
        }
        section.finish();
        let server = from.zip(host).map(|(from, host)| MailServer { from, host, port, security, login_file });
        Self { server, heads_to }
    }
}

fn address(value: &Value<'_>) -> Result<MailAddress, String> {
    MailAddress::parse(values::text(value)?).map_err(|error| error.to_string())
}

fn host(value: &Value<'_>) -> Result<String, String> {
    let host = Host::parse(values::text(value)?).map_err(|error| format!("must be a host, such as \"mail.school.example\": {error}"))?;
    Ok(host.to_string())
}
