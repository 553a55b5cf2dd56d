//! From the configuration to whoever takes letters.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ledger::outbox::{Line, MailAddress};
use post::{Folder, Letters, Login, Post, Sender, Server, ServerSettings};

use crate::config::MailServer;
use crate::secret_file::{self, Credentials};

/// Longest name of a school before its address, in characters: that of a line.
const NAME: usize = 200;

/// Letters of `school` to its mail server.
///
/// # Errors
/// Where the login cannot be read, or the server cannot be used as it is set.
pub(super) fn to(config: &MailServer, school: &str, credentials: &Credentials) -> Result<Post> {
    let MailServer { from, host, port, security, login_file } = config;
    let login = login_file.as_deref().map(|path| login(path, credentials)).transpose()?;
    let server = Server::new(ServerSettings { host: host.clone(), port: *port, security: *security, login })?;
    let name: String = school.chars().take(NAME).collect();
    Ok(Post::new(Sender { name: Line::parse(&name)?, address: from.clone() }, Letters::Server(server)))
}

/// Letters of the invented school: they lie in a folder, so that whoever looks round finds them, and nothing leaves the machine.
///
/// # Errors
/// Where the folder cannot be made.
pub(super) fn into_folder(folder: PathBuf) -> Result<Post> {
    std::fs::create_dir_all(&folder).with_context(|| format!("making the folder for letters, {}", folder.display()))?;
    let sender = Sender { name: Line::parse("Larkfield")?, address: MailAddress::parse("office@larkfield.example")? };
    Ok(Post::new(sender, Letters::Folder(Folder::new(folder))))
}

/// The login of the mail server, never shown in a message.
fn login(path: &Path, credentials: &Credentials) -> Result<Login> {
    let doing = || format!("reading the login of the mail server, {}", path.display());
    let line = secret_file::line(path, credentials, doing)?;
    match line.split_once(':') {
        Some((user, password)) if !user.is_empty() => Ok(Login { user: user.to_owned(), password: password.to_owned() }),
        _ => bail!("{}: it must hold one line, user:password", doing()),
    }
}
