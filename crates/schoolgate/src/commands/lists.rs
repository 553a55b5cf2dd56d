//! `schoolgate lists`.

use std::process::ExitCode;

use crate::world::World;

/// What to do with lists.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Build.
    Build,
}

/// Runs it.
pub fn run(_command: &Command, _world: &World) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
