//! `schoolgate audit head`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use ledger::Ledger;
use ledger::audit;

use super::super::Place;
use crate::world::World;
use crate::{records, terminal};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Add it to this file as well
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Runs it.
pub(super) fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let place = records::place(&config, &data);
    let heads = records::runtime()?.block_on(async {
        let reader = Ledger::read(&place).await?;
        audit::heads(&reader, world.now().into()).await
    })?;
    if heads.is_empty() {
        bail!("reading the head of the audit trail: nothing was recorded yet");
    }
    if let Some(path) = &args.to {
        audit::append(path, &heads).with_context(|| format!("adding the head of the audit trail to {}", path.display()))?;
    }
    terminal::print(&heads.iter().map(|head| format!("{head}\n")).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}
