//! The binary's own modules, as a library so that tests reach them.

pub mod answer;
pub mod backup;
pub mod cli;
pub mod commands;
pub mod config;
pub mod console;
pub mod control;
pub mod controls;
pub mod data;
pub mod demo;
pub mod gateway;
pub mod installation;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod master;
pub mod metrics;
pub mod policy;
pub mod radius;
pub mod records;
pub mod refresh;
pub mod roster;
pub mod sealed;
pub mod terminal;
pub mod users;
pub mod world;
