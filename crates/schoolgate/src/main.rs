//! Schoolgate: `schoolgate help` says what it can do.

use std::process::ExitCode;

use clap::Parser;
use schoolgate::cli::{Cli, report};
use schoolgate::world::World;

/// The system's allocator took a sixth of the time of a request that is handed on (ADR 0012).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let world = World::of_process();
    match cli.command.run(&world) {
        Ok(code) => code,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}
