//! `schoolgate restore`: the records again, in an empty folder, from a backup.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use ledger::backup::{BackupError, Identity, Kept, Target, restore};

use super::backup::{kept_beside, told};
use super::lists::counted;
use super::progress::Progress;
use crate::backup::contents::{CONTENTS, Fate};
use crate::backup::words;
use crate::config::Config;
use crate::data::DataFolder;
use crate::records;
use crate::terminal::{self, Ink};
use crate::world::World;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup
    file: PathBuf,
    /// The data folder to restore into: empty, or not there yet
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The file with the backup's private key
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// What is kept beside the backups [default: the file of that name beside the backup]
    #[arg(long, value_name = "FILE")]
    kept: Option<PathBuf>,
    /// It is lost: what was erased after the backup was made comes back
    #[arg(long, conflicts_with = "kept")]
    no_kept: bool,
    /// The configuration that will be used, if it names a database other than the file in the data folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// What is wrong with the backup or the folder. Then nothing was restored.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.config.as_deref().map_or_else(|| Ok(Config::default()), Config::load)?;
    let identity = Identity::read(&args.identity)?;
    let kept = kept(args)?;
    let file = std::fs::File::open(&args.file).with_context(|| format!("opening the backup {}", args.file.display()))?;
    let target = Target { folder: args.data.clone(), place: records::place(&config, &DataFolder::new(&args.data)) };
    let mut progress = Progress::new(world, false);
    let mut step = |step: ledger::backup::Step<'_>| progress.say(|| words(step));
    let restoring = restore(BufReader::with_capacity(1 << 20, file), identity, &target, kept, world.now().into(), &mut step);
    let seen = records::runtime()?.block_on(restoring).context("nothing was restored")?;
    drop(progress);
    let erased = match seen.erased {
        0 => String::new(),
        count => {
            format!("  Erased    {}, since this was done after the backup was made\n", counted(count, "record again", "records again"))
        }
    };
    let held = match seen.held {
        0 => String::new(),
        count => format!(
            "  Held      {} that waited to be sent, since they may have been sent after the backup was made:\n            \
             `schoolgate jobs` shows them, and `schoolgate jobs release` sends them\n",
            counted(count, "message", "messages")
        ),
    };
    let todo = next(&args.data, &config);
    terminal::print(&format!("Restored into {}.\n{}{erased}{held}\n{todo}", args.data.display(), told(&seen, &config, world.paint)))?;
    if args.no_kept {
        let warning = "What was erased after this backup was made has come back: erase it again.";
        terminal::print(&format!("\n{}\n", world.paint.with(Ink::Red, warning)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn kept(args: &Args) -> Result<Option<Kept>> {
    if args.no_kept {
        return Ok(None);
    }
    let path = kept_beside(&args.file, args.kept.as_deref());
    let kept = Kept::read(&path)?;
    Ok(Some(kept.ok_or(BackupError::NothingKept { path })?))
}

/// What is left to do.
fn next(data: &Path, config: &Config) -> String {
    let folder = data.display();
    let mut text = "Now:\n".to_owned();
    for content in CONTENTS.iter().filter(|content| content.fate == Fate::KeptApart) {
        text.push_str(&format!("  - {}: {}\n", content.name, content.why));
    }
    if data.join("config/config.toml").is_file() {
        text.push_str(&format!("  - the configuration as it was is {folder}/config/config.toml: put it where you keep yours\n"));
    }
    let with = if config.records.database.is_some() { " --config FILE" } else { "" };
    text.push_str(&format!("  - look: schoolgate audit verify --data '{folder}'{with}\n"));
    text.push_str(&format!("  - check: schoolgate doctor --data '{folder}'{with}, then start it with schoolgate run\n"));
    text
}
