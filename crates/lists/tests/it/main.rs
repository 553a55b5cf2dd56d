//! Packs and the engine over them, as a school meets them.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod engine;
mod pack;
mod properties;
mod support;
