//! Who can read what is protected, and how that ends (docs/adr/0008).
//!
//! An organisation has a key pair. The public half lies in the database, so that anybody who may write can write at any time. The
//! private half lies nowhere: the [`Ring`] holds it sealed to each holder's passphrase, and to each two of three recovery sheets.
//!
//! ```text
//! passphrase (Argon2id) --+
//! key file ---------------+--> private half --> epoch key --> record key --> text, attachment
//! two of three sheets ----+    (memory only)    (a start)     (deleted = erased)
//! ```
//!
//! [`Writer`] needs no unlocking and can open nothing. [`Reader`] exists only after unlocking, and opens. Every step names what it
//! belongs to as associated data, so that what was moved to another row does not open. Everything here is plain bytes in, bytes out:
//! no file, no database, no clock.

mod code;
mod context;
mod error;
mod holder;
mod pair;
mod passphrase;
mod read;
mod ring;
mod secret;
#[cfg(test)]
mod tests;
mod write;

pub use code::{Code, CodeError, CodeKind};
pub use error::KeyError;
pub use holder::{HolderName, HolderNameError};
pub use pair::PublicHalf;
pub use passphrase::{Cost, Passphrase, PassphraseError};
pub use read::{EpochReader, OpenedText, Reader, RecordOpener};
pub use ring::{Change, Holder, HolderKind, Ring, RingError, Sheets};
pub(crate) use write::FileKey;
pub use write::{RecordSealer, SealedEpoch, SealedText, WrappedKey, Writer};
