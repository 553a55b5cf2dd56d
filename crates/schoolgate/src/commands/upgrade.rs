//! `schoolgate upgrade`: what a new version of the program will do to the records, and doing it.

use std::process::ExitCode;

use anyhow::Result;

use super::Place;
use super::lists::counted;
use crate::live::Origin;
use crate::terminal;
use crate::upgrade::{self, Backup, Plan};
use crate::world::World;
use crate::{records, records::place};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only try it, on a copy, and say what would be done; another Schoolgate may be running meanwhile
    #[arg(long)]
    check: bool,
    /// Change the records though no backup can be made first
    #[arg(long, conflicts_with = "check")]
    without_backup: bool,
    #[command(flatten)]
    place: Place,
}

/// Runs it.
///
/// # Errors
/// Why the records cannot be brought up to date, and whether they are as they were.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let at = place(&config, &data);
    let runtime = records::runtime()?;
    // Held from before the rehearsal, so that what is changed is what was tried.
    let held = match !args.check && runtime.block_on(upgrade::is_due(&config, &data))? {
        true => Some(ledger::upgrade::hold(data.root())?),
        false => None,
    };
    let Some(plan) = runtime.block_on(upgrade::plan(&config, &data, world.now()))? else {
        terminal::print(&format!("Nothing is to be done to the records ({at}): they are of this version, or there are none yet.\n"))?;
        return Ok(ExitCode::SUCCESS);
    };
    let mut text = format!("Records: {at}\n{}", told(&plan));
    if let Some(held) = held {
        let origin = args.place.config.clone().map_or(Origin::BuiltIn, Origin::File);
        let with = if args.without_backup { Backup::Without } else { Backup::Configured };
        let made = runtime.block_on(upgrade::carry_out(&held, &config, &origin, &data, with, world.now()))?;
        text.push_str(&made.map_or_else(|| "No backup was made first.\n".to_owned(), |path| format!("Backup: {}\n", path.display())));
        text.push_str("Done: the records are up to date.\n");
    } else {
        let first = match &config.backup.to {
            Some(to) => format!("A backup into {} comes first.", to.display()),
            None => "No backup is configured, so none will be made first (docs/backup.md).".to_owned(),
        };
        text.push_str(&format!("Nothing was changed. `schoolgate upgrade`, or the next start of Schoolgate, does it. {first}\n"));
    }
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn told(Plan { steps, tried }: &Plan) -> String {
    let rows = counted(tried.rows, "row", "rows");
    let mut text = format!("To be done: {} ({})\n", counted(steps.len() as u64, "step", "steps"), steps.join(", "));
    text.push_str(&format!("Tried out: {rows} in {} tables, none is lost, and everything is in order afterwards\n", tried.tables));
    if !tried.new.is_empty() {
        text.push_str(&format!("New tables: {}\n", tried.new.join(", ")));
    }
    text
}
