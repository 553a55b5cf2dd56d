//! `schoolgate lists update`: what `run` does by itself every day, now.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;

use super::{counted, grouped, print, report, size, words};
use crate::commands::Place;
use crate::commands::progress::Progress;
use crate::refresh::{self, FetchOutcome, ListOutcome, Options, PackOutcome, Refreshed};
use crate::world::World;

/// Arguments of `lists update`. It ends with 1 where a list could not be had.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Fetch nothing: build from what is on this machine
    #[arg(long)]
    offline: bool,
    /// No progress and no report, only errors
    #[arg(long)]
    quiet: bool,
}

/// Runs it.
pub(super) fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let options = if args.offline { Options::BuildOnly } else { Options::FetchAndBuild };
    let mut progress = Progress::new(world, args.quiet);
    let refreshed = refresh::refresh(&config, &data, world.now(), options, &mut |step| progress.say(|| words(step)))?;
    drop(progress);
    let has_failed = |list: &ListOutcome| matches!(list.fetched, FetchOutcome::KeptLast(_) | FetchOutcome::Missing(_));
    let all_well = !refreshed.lists.iter().any(has_failed);
    if !args.quiet || !all_well {
        print(&text(&refreshed))?;
    }
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn text(refreshed: &Refreshed) -> String {
    // Writing to a String cannot fail.
    let mut text = String::new();
    for list in &refreshed.lists {
        let entries = counted(list.entries, "line taken", "lines taken");
        let outcome = match &list.fetched {
            FetchOutcome::Local => format!("on this machine, {entries}"),
            FetchOutcome::NotAsked => format!("not asked for, {entries}"),
            FetchOutcome::Unchanged => format!("unchanged, {entries}"),
            FetchOutcome::Updated { bytes } => format!("updated, {}, {entries}", size(*bytes)),
            FetchOutcome::KeptLast(why) => format!("kept the last good one, {entries}: {why}"),
            FetchOutcome::Missing(why) => format!("NOT IN USE: {why}"),
        };
        let _ = writeln!(text, "{}: {outcome}", list.name);
        if let Some(before) = list.shrunk_from {
            let (before, now) = (grouped(before), grouped(list.entries));
            let _ = writeln!(text, "  WARNING: it has shrunk from {before} to {now} lines. Ask its publisher whether that is meant.");
        }
    }
    if refreshed.lists.is_empty() {
        text.push_str("No list is set up, so there is only the starter list, if that: add a [[list]] to the file that --config names.\n");
    }
    match &refreshed.pack {
        PackOutcome::Unchanged => text.push_str("The pack in force is already made of all this.\n"),
        PackOutcome::Replaced(report) => {
            text.push_str(&report::totals(report));
            text.push_str("A new pack is in force.\n");
        }
    }
    text
}
