//! What must hold for any input, one function for each fuzz target. The tests of the crates take these files in by path and run
//! them over the corpus, so that what was once found stays found without a nightly toolchain.

#[cfg(feature = "ledger")]
pub mod backup;
pub mod calendar;
#[cfg(feature = "binary")]
pub mod config;
pub mod engine;
#[cfg(feature = "proxy")]
pub mod files;
#[cfg(feature = "ledger")]
pub mod keys;
pub mod parsers;
#[cfg(feature = "office")]
pub mod people;
#[cfg(feature = "proxy")]
pub mod wire;
