//! Hands over what waits in the outbox: letters to the school's mail server by SMTP, or into a folder as `.eml` files, from which
//! another program sends them or a person reads what would have been sent.
//!
//! Text messages and calls of other systems have no carrier yet: they wait, and the list of what is undelivered says so.

mod folder;
mod letter;
mod server;

use calendar::Instant;
use ids::RecordId;
use ledger::jobs::Failure;
use ledger::outbox::{Carrier, Carrying, Line, MailAddress, Message};

pub use folder::Folder;
pub use server::{Login, Security, Server, ServerSettings, is_this_machine};

/// From whom letters come.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The school's name, as it stands before the address.
    pub name: Line,
    /// Its address. Answers go there, and so do complaints that a letter could not be delivered.
    pub address: MailAddress,
}

/// Where letters are handed over.
#[derive(Debug)]
pub enum Letters {
    /// To a mail server.
    Server(Server),
    /// Into a folder.
    Folder(Folder),
}

/// Takes messages out of the school.
#[derive(Debug)]
pub struct Post {
    sender: Sender,
    letters: Letters,
}

/// Why a mail server cannot be used as it is set.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Without encryption, to another machine.
    #[error(
        "setting up mail: without encryption a mail server must be on this machine (127.0.0.1 or localhost), and {host} is not; use start_tls"
    )]
    Plain {
        /// The server.
        host: String,
    },
    /// It cannot be spoken to in secret.
    #[error("setting up mail to {host}: encryption cannot be set up; look at the server's name")]
    Tls {
        /// The server.
        host: String,
        /// What the library says.
        source: lettre::transport::smtp::Error,
    },
}

// === impl Post ===

impl Post {
    /// Letters from `sender`, handed over at `letters`.
    pub const fn new(sender: Sender, letters: Letters) -> Self {
        Self { sender, letters }
    }
}

impl Carrier for Post {
    fn carry<'a>(&'a self, message: &'a Message, id: RecordId, now: Instant) -> Carrying<'a> {
        Box::pin(async move {
            match message {
                Message::Mail(mail) => {
                    let letter = letter::of(&self.sender, mail, id, now)?;
                    match &self.letters {
                        Letters::Server(server) => server.send(letter).await,
                        Letters::Folder(folder) => folder.put(id, letter.formatted()).await,
                    }
                }
                Message::Text(_) => Err(Failure::passing("nothing is set up that sends text messages")),
                Message::Call(_) => Err(Failure::passing("nothing is set up that calls other systems")),
            }
        })
    }
}
