//! The parts of the binary that tests reach: configuration.

pub mod config;
