//! The office through its public door, each test on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod classes;
mod demo;
mod directory;
mod families;
mod importing;
mod persons;
mod roles;
mod store;
mod world;
