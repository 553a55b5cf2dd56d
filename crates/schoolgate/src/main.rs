//! Schoolgate: `schoolgate help` says what it can do.

use std::process::ExitCode;

use clap::Parser;
use schoolgate::cli::{Cli, report};
use schoolgate::world::World;

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
