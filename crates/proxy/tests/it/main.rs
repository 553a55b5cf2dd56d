//! The proxy through its port: real sockets, real clients, real origins, all on this machine.

mod client;
mod forwarding;
mod harness;
mod judging;
mod origins;
mod streams;
mod tunnels;
mod who;
