//! The records through their public door, each test on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod keys;
mod migrations;
mod tampering;
mod trail;
mod units;
mod world;
