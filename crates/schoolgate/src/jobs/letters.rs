//! From the configuration to whoever takes letters.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ledger::outbox::{Line, MailAddress};
use post::{Folder, Letters, Login, Post, Sender, Server, ServerSettings};

use crate::config::MailServer;

/// Longest name of a school before its address, in characters: that of a line.
const NAME: usize = 200;

/// Letters of `school` to its mail server.
///
/// # Errors
/// Where the login cannot be read, or the server cannot be used as it is set.
pub(super) fn to(config: &MailServer, school: &str) -> Result<Post> {
    let MailServer { from, host, port, security, login_file } = config;
    let login = login_file.as_deref().map(login).transpose()?;
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
fn login(path: &Path) -> Result<Login> {
    let doing = || format!("reading the login of the mail server, {}", path.display());
    let mode = path.metadata().with_context(doing)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("{}: other accounts of this machine can read it (mode {mode:03o}): run `chmod 600 {}`", doing(), path.display());
    }
    let text = std::fs::read_to_string(path).with_context(doing)?;
    match text.trim_end_matches(['\r', '\n']).split_once(':') {
        Some((user, password)) if !user.is_empty() && !text.trim_end().contains(char::is_control) => {
            Ok(Login { user: user.to_owned(), password: password.to_owned() })
        }
        _ => bail!("{}: it must hold one line, user:password", doing()),
    }
}
