//! What the gate reads of the records.

mod directory;

pub use directory::directory;
