//! The records through their public door, each test on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod jobs;
mod keys;
mod kill;
mod migrations;
mod outbox;
mod tampering;
mod trail;
mod units;
mod world;
