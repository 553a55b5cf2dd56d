//! The office through its public door, each test on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod agreements;
mod classes;
mod demo;
mod directory;
mod families;
mod generated;
mod importing;
mod mailed;
mod next_year;
mod pages;
mod permissions;
mod persons;
mod policies;
mod register;
mod reminders;
mod roles;
mod seen;
mod settings;
mod starters;
mod store;
mod translations;
mod understanding;
mod world;
