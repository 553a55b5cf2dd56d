//! `schoolgate backup`: a backup now, a look through one, and the key pair that it needs.

use std::fs::OpenOptions;
use std::io::{BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use ledger::backup::{self as form, Age, Identity, Kept, Seen};

use super::Place;
use super::lists::{counted, size};
use super::progress::Progress;
use crate::answer::school_time;
use crate::backup::{self, KEPT, Record, words};
use crate::config::Config;
use crate::live::Origin;
use crate::records;
use crate::terminal::{self, Ink, Paint};
use crate::world::World;

/// Arguments.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    make: Make,
}

/// What else there is to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Read a backup to its end and prove that it is whole, without restoring it
    Verify(Verify),
    /// Make the key pair: the private half into a file, the public half to be named in the configuration
    NewKey(NewKey),
}

/// Arguments of `backup` itself.
#[derive(Debug, clap::Args)]
pub struct Make {
    #[command(flatten)]
    place: Place,
    /// The folder to write it into [default: as the configuration says]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Whose private key opens it, age1..., in place of those in the configuration; may be given several times
    #[arg(long, value_name = "KEY")]
    recipient: Vec<String>,
    /// Read it again from end to end when it is written, with this private key
    #[arg(long, value_name = "FILE")]
    check_with: Option<PathBuf>,
    /// No progress and no report, only errors
    #[arg(long)]
    quiet: bool,
}

/// Arguments of `backup verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The backup
    file: PathBuf,
    /// The file with its private key
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// What is kept beside the backups [default: the file of that name beside the backup]
    #[arg(long, value_name = "FILE")]
    kept: Option<PathBuf>,
    /// The school whose backup it is notes that it was read, if its data folder is on this machine
    #[command(flatten)]
    place: Place,
}

/// Arguments of `backup new-key`.
#[derive(Debug, clap::Args)]
pub struct NewKey {
    /// The file to write the private key into; it must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs it.
///
/// # Errors
/// What could not be done, and what stays as it was.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    match &args.command {
        None => make(&args.make, world),
        Some(Command::Verify(args)) => verify(args, world),
        Some(Command::NewKey(args)) => new_key(args),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn make(args: &Make, world: &World) -> Result<()> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let origin = args.place.config.clone().map_or(Origin::BuiltIn, Origin::File);
    let recipients = backup::recipients(&config, &args.recipient)?;
    let to = args.to.as_ref().or(config.backup.to.as_ref());
    let to = to.context("making a backup: name the folder to write it into, with --to or in [backup] of the configuration")?;
    let mut progress = Progress::new(world, args.quiet);
    let mut step = |step: form::Step<'_>| progress.say(|| words(step));
    let done = records::runtime()?.block_on(backup::make(&config, &origin, &data, &recipients, to, world.now(), &mut step))?;
    if let Some(key) = &args.check_with {
        let kept = Kept::read(&to.join(KEPT))?;
        look_through(&done.path, &Identity::read(key)?, kept.as_ref(), &mut progress)?;
        Record::note_read(&data, world.now());
    }
    drop(progress);
    if args.quiet {
        return Ok(());
    }
    let rows = counted(done.rows, "row", "rows");
    let files = counted(done.files, "file", "files");
    let removed = if done.removed == 0 {
        String::new()
    } else {
        format!(" Removed: {} whose time was over.", counted(done.removed, "one", "others"))
    };
    let checked = if args.check_with.is_some() { " It was read again from end to end and is whole." } else { "" };
    terminal::print(&format!("Backup: {} ({}; {rows}, {files}).{checked}{removed}\n", done.path.display(), size(done.size)))
}

fn verify(args: &Verify, world: &World) -> Result<()> {
    let identity = Identity::read(&args.identity)?;
    let kept = Kept::read(&kept_beside(&args.file, args.kept.as_deref()))?;
    let mut progress = Progress::new(world, false);
    let seen = look_through(&args.file, &identity, kept.as_ref(), &mut progress)?;
    drop(progress);
    let config = args.place.load()?;
    Record::note_read(&world.data_folder(args.place.data.as_deref(), &config), world.now());
    terminal::print(&format!("This backup is whole.\n{}", told(&seen, &Config::default(), world.paint)))
}

fn look_through(file: &Path, identity: &Identity, kept: Option<&Kept>, progress: &mut Progress) -> Result<Seen> {
    let opened = std::fs::File::open(file).with_context(|| format!("opening the backup {}", file.display()))?;
    let seen = form::verify(BufReader::with_capacity(1 << 20, opened), identity, kept, &mut |step| progress.say(|| words(step)));
    seen.with_context(|| format!("reading the backup {}", file.display()))
}

/// What a backup is of, and in red how old it is where something newer is known.
pub(super) fn told(seen: &Seen, config: &Config, paint: Paint) -> String {
    let made = school_time(seen.opening.made_at.timestamp(), &config.time_zone);
    let rows = counted(seen.closing.rows.iter().sum(), "row", "rows");
    let files = counted(seen.closing.files, "file", "files");
    let program: String = seen.opening.program.chars().filter(|letter| letter.is_ascii_graphic()).take(20).collect();
    let mut text = format!("  Made on   {made}, by Schoolgate {program}\n  Holds     {rows}, {files}\n");
    match &seen.age {
        Some(Age::Newest) => text.push_str("  Age       nothing later is known\n"),
        Some(Age::Older { entries, by }) => {
            let days = by.as_hours() / 24;
            let entries = counted(entries.unsigned_abs(), "entry", "entries");
            let old = format!(
                "this is an OLD backup: {entries} of the audit trail after it are known, up to {days} days later, and are not in it"
            );
            text.push_str(&format!("  Age       {}\n", paint.with(Ink::Red, &old)));
        }
        None => text.push_str("  Age       not known: what is kept beside the backups was not there\n"),
    }
    text
}

/// Where to look for what is kept beside a backup.
pub(super) fn kept_beside(file: &Path, given: Option<&Path>) -> PathBuf {
    given.map_or_else(|| lists::whole_file::folder_of(file).join(KEPT), Path::to_path_buf)
}

fn new_key(args: &NewKey) -> Result<()> {
    let doing = || format!("writing the private key {}: it must not be there yet", args.out.display());
    let identity = Identity::generate();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&args.out).with_context(doing)?;
    file.write_all(identity.file_text().as_bytes()).and_then(|()| file.sync_all()).with_context(doing)?;
    terminal::print(&format!(
        "The private key is in {}. Whoever has it can read every backup; without it nobody can.\n\
         Take it off this machine: onto two media, in two places, such as the safe and the trust's office. Print it, too.\n\n\
         The public key belongs into the configuration:\n\n  [backup]\n  recipients = [\"{}\"]\n",
        args.out.display(),
        identity.recipient()
    ))
}
