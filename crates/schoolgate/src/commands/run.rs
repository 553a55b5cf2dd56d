//! `schoolgate run`.

use std::process::ExitCode;

use super::Place;
use crate::world::World;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
}

/// Runs it.
pub fn run(args: &Args, world: &World) -> anyhow::Result<ExitCode> {
    let config = args.place.load()?;
    let _data = world.data_folder(args.place.data.as_deref(), &config);
    Ok(ExitCode::SUCCESS)
}
