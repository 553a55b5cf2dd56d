//! `schoolgate lists seal`: a feed of illegal material into keyed hashes. It never prints what is on the feed.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::{counted, print};
use crate::data::DataFolder;
use crate::refresh::make_folder;
use crate::sealed;
use crate::secret_file::Credentials;

/// Lines that are named; the rest are counted.
const NAMED: usize = 20;

/// Arguments of `lists seal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The feed: one host or address a line, # before a comment
    #[arg(value_name = "FEED")]
    feed: PathBuf,
    /// The key; made if it is not there
    #[arg(long, value_name = "FILE", conflicts_with = "data", required_unless_present = "data")]
    key: Option<PathBuf>,
    /// The data folder, whose key is used
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The sealed file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs it.
pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let key = match (&args.key, &args.data) {
        (Some(key), _) => key.clone(),
        (None, data) => {
            let data = data.as_deref().map(DataFolder::new).context("sealing a feed: name a key or a data folder")?;
            make_folder(data.root())?;
            data.sealed_key()
        }
    };
    let sealing = sealed::seal(&args.feed, sealed::key_or_new(&key, &Credentials::default())?)?;
    sealed::write(&sealing.list, &args.out)?;
    let number = counted(sealing.list.len() as u64, "address or host", "addresses and hosts");
    print(&format!("Sealed: {number}, in {}\n", args.out.display()))?;
    if !sealing.wrong.is_empty() {
        let named: Vec<_> = sealing.wrong.iter().take(NAMED).map(ToString::to_string).collect();
        let more = if sealing.wrong.len() > NAMED { " and others" } else { "" };
        let count = counted(sealing.wrong.len() as u64, "line is", "lines are");
        // Nobody is left to tell when standard error is closed.
        drop(writeln!(
            std::io::stderr().lock(),
            "WARNING: {count} neither a host nor an address, and not sealed: {}{more}. Look at them in the feed.",
            named.join(", ")
        ));
    }
    Ok(ExitCode::SUCCESS)
}
