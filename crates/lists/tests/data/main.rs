//! The real lists, which lie outside the project, in one pack: what is understood of them, and what each age then gets.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test for people: it says what it counts")]

mod adblock;
mod over_blocking;
mod school;
mod table;

use std::path::PathBuf;

#[expect(clippy::disallowed_methods, reason = "the data lies wherever the person keeps it")]
fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("SCHOOLGATE_DATA").expect("SCHOOLGATE_DATA names the folder"))
}
