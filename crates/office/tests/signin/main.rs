//! Signing in through its public door, each test on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]

mod accounts;
mod guessing;
mod guests;
mod leavers;
mod pupils;
mod sessions;
mod store;
mod world;
