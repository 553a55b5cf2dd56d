//! `schoolgate keys`: who can read what is protected.
//!
//! The Schoolgate that is running on the data folder is told over its control socket. Where none runs, the command opens the records
//! itself; only unlocking and locking need one that runs, since what is unlocked lives in its memory.

mod ask;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lists::whole_file::WholeFile;

use super::Place;
use crate::config::Config;
use crate::control;
use crate::data::DataFolder;
use crate::keys::{self, Done, Order, Protected, With};
use crate::records;
use crate::terminal;
use crate::world::World;
use ask::From;

/// What to do about keys.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make the first keys: asks for a passphrase for each holder, and prints three recovery sheets
    Init(Init),
    /// Say who can unlock, and what losing something means
    Status(Place),
    /// Let the Schoolgate that is running read what is protected, until it is locked or stopped
    Unlock(Unlock),
    /// Let nobody read what is protected, from now on
    Lock(Place),
    /// Give a holder a new passphrase with two of the three recovery sheets
    Recover(Recover),
    /// Give a holder a passphrase, with that of another
    Holder(Holder),
    /// Make a key file that unlocks at each start, for a school that wants nobody to have to be there
    KeyFile(KeyFile),
    /// Make the keys anew: after somebody has left, or a sheet or a passphrase is in wrong hands
    Rotate(Rotate),
}

/// Arguments of `keys init`.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// Who unlocks alone, with a passphrase; give it more than once [default: head and dsl]
    #[arg(long = "holder", value_name = "ROLE")]
    holders: Vec<String>,
    /// Who keeps a recovery sheet; three of them [default: head, dsl and dpo]
    #[arg(long = "sheet", value_name = "ROLE")]
    sheets: Vec<String>,
    /// I have read what losing the sheets means
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    source: Source,
}

/// Arguments of `keys unlock`.
#[derive(Debug, clap::Args)]
pub struct Unlock {
    /// Who you are
    #[arg(long = "as", value_name = "ROLE", required_unless_present = "key_file")]
    who: Option<String>,
    /// Unlock with this key file
    #[arg(long, value_name = "FILE", conflicts_with = "who")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    source: Source,
}

/// Arguments of `keys recover`.
#[derive(Debug, clap::Args)]
pub struct Recover {
    /// Who gets the new passphrase
    #[arg(long = "as", value_name = "ROLE")]
    who: String,
    #[command(flatten)]
    source: Source,
}

/// Arguments of `keys holder`.
#[derive(Debug, clap::Args)]
pub struct Holder {
    /// Who gets the passphrase
    #[arg(value_name = "ROLE")]
    name: String,
    /// Who you are
    #[arg(long = "as", value_name = "ROLE")]
    who: String,
    #[command(flatten)]
    source: Source,
}

/// Arguments of `keys key-file`.
#[derive(Debug, clap::Args)]
pub struct KeyFile {
    /// Where to write it; nothing may be there
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Who you are
    #[arg(long = "as", value_name = "ROLE")]
    who: String,
    /// What the file is called among the holders; making another of that name ends the first
    #[arg(long, value_name = "ROLE", default_value = "key-file")]
    name: String,
    #[command(flatten)]
    source: Source,
}

/// Arguments of `keys rotate`.
#[derive(Debug, clap::Args)]
pub struct Rotate {
    /// Who you are
    #[arg(long = "as", value_name = "ROLE")]
    who: String,
    /// Who opens nothing any more; may be given more than once
    #[arg(long, value_name = "ROLE")]
    without: Vec<String>,
    /// Make new recovery sheets; those in the safes open nothing any more
    #[arg(long)]
    new_sheets: bool,
    #[command(flatten)]
    source: Source,
}

/// Where passphrases come from, and whose keys.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// Read passphrases and codes from standard input, one a line, in the order in which they would be asked for
    #[arg(long)]
    passphrase_stdin: bool,
    #[command(flatten)]
    place: Place,
}

/// Whose keys.
struct Target {
    config: Config,
    data: DataFolder,
    world: World,
}

/// Runs it.
pub fn run(command: &Command, world: &World) -> Result<ExitCode> {
    match command {
        Command::Init(args) => init(args, world),
        Command::Status(place) => status(place, world),
        Command::Unlock(args) => unlock(args, world),
        Command::Lock(place) => lock(place, world),
        Command::Recover(args) => recover(args, world),
        Command::Holder(args) => holder(args, world),
        Command::KeyFile(args) => key_file(args, world),
        Command::Rotate(args) => rotate(args, world),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn init(args: &Init, world: &World) -> Result<()> {
    let (target, from) = args.source.open(world)?;
    let or = |given: &[String], default: &[&str]| -> Vec<String> {
        if given.is_empty() { default.iter().map(|name| (*name).to_owned()).collect() } else { given.to_vec() }
    };
    let holders = or(&args.holders, &["head", "dsl"]);
    let sheets = or(&args.sheets, &["head", "dsl", "dpo"]);
    let sheets = <[String; 3]>::try_from(sheets)
        .map_err(|_| anyhow::anyhow!("making keys: three people keep a recovery sheet each; give --sheet three times, or not at all"))?;
    // Asked before anybody types a passphrase in vain.
    if target.report()?.standing != "not-made" {
        bail!("{}", ledger::keys::KeysError::Made);
    }
    if !args.yes {
        terminal::print(&format!("{}\n", words::losing(&sheets)))?;
        if !from.agrees()? {
            bail!("making keys: nothing was made. Say yes, or give --yes, once you have read what losing the sheets means");
        }
    }
    let holders = holders.into_iter().map(|name| {
        let words = from.new_passphrase(&format!("Passphrase of {name} (four or five words that have nothing to do with each other)"))?;
        Ok((name, words))
    });
    let done = target.order(Order::Make { holders: holders.collect::<Result<_>>()?, sheets })?;
    target.show(done)
}

fn status(place: &Place, world: &World) -> Result<()> {
    terminal::print(&words::report(&Target::of(place, world)?.report()?))
}

fn unlock(args: &Unlock, world: &World) -> Result<()> {
    let with = match (&args.key_file, &args.who) {
        (Some(path), _) => With::KeyFile(keys::Secret(keys::read_key_file(path, &world.credentials)?.text())),
        (None, Some(who)) => passphrase_of(who, From::chosen(args.source.passphrase_stdin)?)?,
        (None, None) => bail!("unlocking: say who you are with --as"),
    };
    let target = Target::of(&args.source.place, world)?;
    target.order_running(Order::Unlock { with })?;
    terminal::print("Protected text is unlocked, until `schoolgate keys lock` or until Schoolgate stops.\n")
}

fn lock(place: &Place, world: &World) -> Result<()> {
    let target = Target::of(place, world)?;
    match control::order(&target.data.socket(), Order::Lock)? {
        Some(_) => terminal::print("Protected text is locked.\n"),
        None => terminal::print("No Schoolgate is running on this data folder, so nothing is unlocked.\n"),
    }
}

fn recover(args: &Recover, world: &World) -> Result<()> {
    let (target, from) = args.source.open(world)?;
    let one = from.secret("The code on the first recovery sheet")?;
    let other = from.secret("The code on the second recovery sheet")?;
    let words = from.new_passphrase(&format!("The new passphrase of {}", args.who))?;
    target.order(Order::Holder { with: With::Sheets(one, other), name: args.who.clone(), words })?;
    terminal::print(&format!(
        "{} has a new passphrase. Nothing was lost.\nTwo sheets have been in one place: make three new ones now, with `schoolgate keys rotate --as {} --new-sheets`.\n",
        args.who, args.who
    ))
}

fn holder(args: &Holder, world: &World) -> Result<()> {
    let (target, from) = args.source.open(world)?;
    let with = passphrase_of(&args.who, from)?;
    let words = from.new_passphrase(&format!("The new passphrase of {}", args.name))?;
    target.order(Order::Holder { with, name: args.name.clone(), words })?;
    terminal::print(&format!("{} unlocks with the new passphrase.\n", args.name))
}

fn key_file(args: &KeyFile, world: &World) -> Result<()> {
    let (target, from) = args.source.open(world)?;
    let doing = || format!("writing the key file {}", args.file.display());
    // Before keys are changed for a file that cannot be written.
    let mut file = WholeFile::beside(&args.file).with_context(doing)?;
    if args.file.try_exists().with_context(doing)? {
        bail!("{}: a file of that name is there; choose another, or move it away", doing());
    }
    let with = passphrase_of(&args.who, from)?;
    let Done::KeyFile(code) = target.order(Order::KeyFile { with, name: args.name.clone() })? else {
        bail!("{}: Schoolgate gave no key file; is it of another version?", doing());
    };
    file.write(code.0.as_bytes()).and_then(|()| file.write(b"\n")).with_context(doing)?;
    file.keep_new().with_context(doing)?;
    terminal::print(&format!(
        "The key file is {}. Name it in the configuration, [records] key_file, to unlock at each start.\n\
         What that gives up: whoever has this file and the database reads everything, with no passphrase. A stolen machine, or a\n\
         backup of the whole disk, is then as open as a filing cabinet with its key in the lock. Keep it on another medium.\n",
        args.file.display()
    ))
}

fn rotate(args: &Rotate, world: &World) -> Result<()> {
    let (target, from) = args.source.open(world)?;
    let with = passphrase_of(&args.who, from)?;
    let done = target.order(Order::Rotate { with, leaving: args.without.clone(), new_sheets: args.new_sheets })?;
    let sheets = if args.new_sheets { "The old recovery sheets open nothing any more." } else { "The recovery sheets stay good." };
    terminal::print(&format!(
        "The keys are new. Everything that was written opens with them. {sheets}\n\
         Backups made before today open with the old keys still: keep them as locked away as before.\n"
    ))?;
    if args.new_sheets { target.show(done) } else { Ok(()) }
}

fn passphrase_of(name: &str, from: From) -> Result<With> {
    Ok(With::Passphrase { name: name.to_owned(), words: from.secret(&format!("The passphrase of {name}"))? })
}

// === impl Source ===

impl Source {
    fn open(&self, world: &World) -> Result<(Target, From)> {
        Ok((Target::of(&self.place, world)?, From::chosen(self.passphrase_stdin)?))
    }
}

// === impl Target ===

impl Target {
    fn of(place: &Place, world: &World) -> Result<Self> {
        let config = place.load()?;
        let data = world.data_folder(place.data.as_deref(), &config);
        Ok(Self { config, data, world: world.clone() })
    }

    /// From whoever runs, else from the database.
    fn report(&self) -> Result<keys::Report> {
        match control::order(&self.data.socket(), Order::Status)? {
            Some(Done::Report(report)) => Ok(report),
            Some(_) => bail!("asking how keys stand: the Schoolgate that is running gave another answer; is it of another version?"),
            None => records::runtime()?.block_on(keys::report_of_stopped(&self.config, &self.data)),
        }
    }

    /// By whoever runs, else by this process.
    fn order(&self, order: Order) -> Result<Done> {
        if control::running(&self.data.socket())?.is_some() {
            return self.order_running(order);
        }
        make_folder(self.data.root())?;
        records::runtime()?.block_on(async {
            let now = self.world.now().into();
            let protected = Protected::open(&self.config, &self.data, now).await?;
            let done = protected.carry_out(order, now).await.map_err(anyhow::Error::msg);
            protected.close().await?;
            done
        })
    }

    fn order_running(&self, order: Order) -> Result<Done> {
        control::order(&self.data.socket(), order)?
            .context("no Schoolgate is running on this data folder; start it with `schoolgate run`, then unlock")
    }

    fn show(&self, done: Done) -> Result<()> {
        match done {
            Done::Sheets(sheets) => terminal::print(&words::sheets(&self.config.school, &sheets)),
            Done::Report(report) => terminal::print(&words::report(&report)),
            Done::KeyFile(_) => Ok(()),
        }
    }
}

fn make_folder(root: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(root);
    made.with_context(|| {
        format!("making the data folder {}: choose another with --data, or give this user the right to write there", root.display())
    })
}
