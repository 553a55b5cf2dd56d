//! The trail: what was done and looked at, by whom, chained so that a change afterwards shows.

pub(crate) mod entity;
mod entry;

pub use entry::Kind;
pub(crate) use entry::{NewEntry, rows};
