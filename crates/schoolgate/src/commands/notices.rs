//! `schoolgate notices`: the privacy notices, the draft of the impact assessment and the lines for the record of processing, as files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use calendar::Date;
use lists::whole_file;
use office::notices::{ALL, values};
use office::people::Scope;

use super::Place;
use crate::world::World;
use crate::{notices, records, terminal};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to write them into; what is there under these names is written over
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Runs it.
///
/// # Errors
/// Where the records cannot be had or the folder cannot be written.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let today = Date::try_from(world.now().to_zoned(config.time_zone.clone()).date()).context("reading the clock")?;
    let values = records::runtime()?.block_on(async {
        let reading =
            records::read(&config, &data).await?.context("there are no records yet, which say who is who: start Schoolgate once")?;
        let organisation =
            ledger::organisation_of(&reading).await?.context("there is no school in the records yet: start Schoolgate once")?;
        let scope = Scope { organisation, site: None };
        values(&reading, scope, &config.school, &notices::facts(&config), today).await.context("reading what the notices say")
    })?;
    std::fs::create_dir_all(&args.to).with_context(|| format!("making {}", args.to.display()))?;
    let mut text = String::new();
    for notice in ALL {
        let filled = notice.filled(&values);
        let path = args.to.join(format!("{}.md", notice.word));
        let body = filled.text.replace("{{", "**[to be filled in: ").replace("}}", "]**");
        whole_file::write(&path, body.as_bytes()).with_context(|| format!("writing {}", path.display()))?;
        let gaps = if filled.gaps.is_empty() { String::new() } else { format!("; to be filled in: {}", filled.gaps.join(", ")) };
        text.push_str(&format!("{}: {}{gaps}\n", path.display(), notice.reader));
    }
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
