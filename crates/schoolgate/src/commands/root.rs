//! `schoolgate root`: the page root, for the devices that are to show the school's pages.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use proxy::root::Root;

use super::Place;
use crate::answer::school_time;
use crate::config::Config;
use crate::terminal;
use crate::world::World;

/// What to do with the page root.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write its certificate, to be installed on devices (docs/certificates.md)
    Export(Export),
    /// Print its name, fingerprint and last day
    Show(Place),
}

/// Arguments of `root export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// pem (Windows, Chromebook, Android, Linux), der (the same in bytes) or mobileconfig (iPad, iPhone, Mac)
    #[arg(long, value_enum, default_value_t = Format::Pem)]
    format: Format,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// The form of the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text.
    Pem,
    /// Bytes.
    Der,
    /// Apple's configuration profile.
    Mobileconfig,
}

/// Runs it.
pub fn run(command: &Command, world: &World) -> Result<ExitCode> {
    match command {
        Command::Export(args) => export(args, world)?,
        Command::Show(place) => show(place, world)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn export(args: &Export, world: &World) -> Result<()> {
    let (root, _) = load(&args.place, world)?;
    let bytes = match args.format {
        Format::Pem => root.pem().into_bytes(),
        Format::Der => root.der().to_vec(),
        Format::Mobileconfig => root.mobileconfig().into_bytes(),
    };
    match &args.out {
        Some(path) => std::fs::write(path, bytes).with_context(|| format!("writing the certificate to {}", path.display())),
        None if args.format == Format::Der => bail!("writing the certificate: name a file with --out, since it is not text"),
        None => terminal::print(&String::from_utf8_lossy(&bytes)),
    }
}

fn show(place: &Place, world: &World) -> Result<()> {
    let (root, config) = load(place, world)?;
    terminal::print(&format!(
        "Name         {}\nLast day     {}\nFingerprint  {} (SHA-256)\n",
        root.name(),
        school_time(root.ends(), &config.time_zone),
        root.fingerprint()
    ))
}

fn load(place: &Place, world: &World) -> Result<(Root, Config)> {
    let config = place.load()?;
    let folder = world.data_folder(place.data.as_deref(), &config).page_root();
    // A mistyped folder must not get a root of its own, which would then be installed in place of the right one.
    if !folder.exists() {
        bail!("reading the page root: there is none in {} yet; `schoolgate run` makes it at its first start", folder.display());
    }
    let root = Root::load_or_make(&folder, &config.school, world.now()).context("reading the page root")?;
    Ok((root, config))
}
