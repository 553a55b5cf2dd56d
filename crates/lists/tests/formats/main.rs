//! Sources of every kind, read through the public door: what is taken, what is named as left out, and what is refused.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot set itself up has failed")]

mod any_input;
mod bad_input;
mod real_lists;
mod sources;
mod support;
mod trees;
mod v2fly;
