//! `schoolgate audit`: whether the trail of who did what is as it was written.
//!
//! Both commands only read, work beside a Schoolgate that runs, and need no unlocking.

mod head;
mod verify;

use std::process::ExitCode;

use anyhow::Result;

use crate::world::World;

/// What to do with the audit trail.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Walk the audit trail and name the first thing that is not as it was written
    Verify(verify::Args),
    /// Print the head of the audit trail, to be kept where nobody can change it
    Head(head::Args),
}

/// Runs it.
pub fn run(command: &Command, world: &World) -> Result<ExitCode> {
    match command {
        Command::Verify(args) => verify::run(args, world),
        Command::Head(args) => head::run(args, world),
    }
}
