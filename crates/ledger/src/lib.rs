//! The school's records: one handle on SQLite or PostgreSQL, and the trail of who did what.
//!
//! Whoever changes a record begins a [`Unit`] with an [`Act`]: who, in which role, on whose behalf, why, when and from where. A
//! unit commits with its audit entries or not at all. Looking at an identified record is an entry too ([`Ledger::view`]). What
//! is acknowledged has been forced to the disk.
//!
//! The trail is append-only, chained by hashes for each organisation, and can be walked ([`audit::verify`]). `docs/adr/0009` and
//! `0010` say why it is built as it is; the place to begin reading is `unit.rs`.

mod act;
pub mod audit;
pub mod backup;
mod column;
mod connect;
mod damage;
mod durable;
mod error;
mod founding;
mod handle;
pub mod jobs;
pub mod keys;
mod lock;
mod migrations;
pub mod outbox;
mod place;
pub mod store;
mod unit;
pub mod upgrade;
pub mod vault;
mod waiting;

pub use act::{Act, Actor, Code, Origin, Subject};
pub use column::Id;
pub use damage::damage;
pub use error::{Fault, LedgerError};
pub use founding::{by_program, organisation_of};
pub use handle::Ledger;
pub use place::{Place, PlaceError};
/// Records that were opened for questions only.
pub use sea_orm::DatabaseConnection as Reading;
pub use unit::{Change, Text, Unit};
pub use waiting::{Waiting, waiting};
