//! What the gate reads and keeps in the records.

mod directory;
mod seat;

pub use directory::directory;
pub(super) use seat::{record, seats, set_seats};
