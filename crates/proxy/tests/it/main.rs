//! The proxy through its port: real sockets, real clients, real origins, all on this machine.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says so")]

mod ambiguity;
mod client;
mod conformance;
mod forwarding;
mod harness;
mod hostile;
mod inner;
mod judging;
mod origins;
mod present;
mod rebinding;
mod recording;
mod streams;
mod tunnels;
mod upgrades;
mod who;
