//! The engine: (snapshot, request) in, verdict with its reason out.
//!
//! Pure: no clock, no file, no network, no task. Given a snapshot and a request there is always a verdict.

pub mod host;
pub mod target;
