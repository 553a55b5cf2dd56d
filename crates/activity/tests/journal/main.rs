//! The journal: what it keeps, and what it does when the disk or the process fails.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod days;
mod direct;
mod failing;
mod files;
mod kill;
mod lines;
mod support;
mod throughput;
