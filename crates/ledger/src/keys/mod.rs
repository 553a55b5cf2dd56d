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
//! belongs to as associated data, so that what was moved to another row does not open. All of that is plain bytes in, bytes out;
//! [`Keys`] holds an organisation's keys in a process and keeps them in the database.

mod code;
mod context;
pub(crate) mod entity;
mod error;
mod holder;
mod keeper;
mod pair;
mod passphrase;
mod read;
mod ring;
mod secret;
mod store;
#[cfg(test)]
mod tests;
mod texts;
mod write;

pub use code::{Code, CodeError, CodeKind};
pub use error::{KeyError, KeysError};
pub use holder::{HolderName, HolderNameError};
pub use keeper::{Access, Keys, Standing};
pub use pair::PublicHalf;
pub use passphrase::{Cost, Passphrase, PassphraseError};
pub use read::{EpochReader, OpenedText, Reader, RecordOpener};
pub use ring::{Change, Holder, HolderKind, Ring, RingError, Sheets};
pub(crate) use store::insert_key;
pub use store::{erase, ring_of};
pub use texts::{RecordTexts, Unlocked};
pub(crate) use write::FileKey;
pub use write::{RecordSealer, SealedEpoch, SealedText, WrappedKey, Writer};
