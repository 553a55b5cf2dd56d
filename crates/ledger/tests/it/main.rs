//! The records through their public door, each test on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]

mod faults;
mod jobs;
mod keys;
mod kill;
mod killed;
mod migrations;
mod model;
mod outbox;
mod tampering;
mod trail;
mod units;
mod vault;
mod world;
