//! What leaves the school: a letter by mail, a text message, a call of another system. It commits with the change that causes it, a job
//! delivers it, and what is not delivered is shown (`docs/adr/0011`).
//!
//! A message is sealed under a key of the machine's own, since it must go out while the records are locked: whoever has the key file and
//! the database can read what waits. So a message says that there is something to read and where, never what it says. Once delivered,
//! its text is gone and only its traces stay: which channel, what for, when.
//!
//! Delivered means at least once: a process that ends between handing over and writing that down hands over again, with the same id.

mod address;
mod deliver;
pub(crate) mod entity;
mod list;
mod message;
mod put;
mod seal;

pub use address::{AddressError, Line, MailAddress, PhoneNumber, WebAddress};
pub use deliver::{Carrier, Carrying, delivery};
pub(crate) use list::hold;
pub use list::{Listed, State, again, release, undelivered};
pub use message::{Call, Channel, Mail, Message, Text};
pub use put::put;
pub use seal::OutboxKey;
