//! The binary as people use it: real process, real files, real ports.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod answers;
mod audit;
mod backup;
mod console;
mod controls;
mod crowded;
mod doctor;
mod doors;
mod gateway;
mod intake;
mod jobs;
mod keys;
mod lists;
mod logging;
mod metrics;
mod notices;
mod people;
mod policies;
mod public;
mod register;
mod roster;
mod run;
mod secrets;
mod signin;
mod soak;
mod support;
mod upgrade;
mod why;
