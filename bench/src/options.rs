//! The options that the measurements share.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::figures::RUNS;
use crate::peers::{PEERS, Peer};
use crate::quiet::Busy;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Options {
    /// The program under test, built for release.
    pub(crate) schoolgate: PathBuf,
    /// Runs of each measurement, each with a fresh start of each peer. Default 5; with fewer the figures are for trying.
    pub(crate) runs: usize,
    /// Length of a window of load. Default 3 s.
    pub(crate) window: Duration,
    /// Listed domains. Default: as the measurement says.
    pub(crate) domains: Option<usize>,
    /// Names of the peers to measure. Empty: all of them.
    only: Vec<String>,
    /// What happens when other programs are at work.
    pub(crate) busy: Busy,
}

impl Options {
    /// Reads the words behind the name of the measurement.
    pub(crate) fn parse(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self {
            schoolgate: PathBuf::new(),
            runs: RUNS,
            window: Duration::from_secs(3),
            domains: None,
            only: Vec::new(),
            busy: Busy::Refused,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if *word == "--allow-busy" {
                options.busy = Busy::Marked;
                continue;
            }
            let value = words.next().with_context(|| format!("{word} needs a value, or is not known"))?;
            let number = || value.parse::<usize>().ok().filter(|number| *number > 0).with_context(|| format!("{word} {value}: a number"));
            match *word {
                "--schoolgate" => options.schoolgate = PathBuf::from(value),
                "--runs" => options.runs = number()?,
                "--seconds" => options.window = Duration::from_secs(number()? as u64),
                "--domains" => options.domains = Some(number()?),
                "--peers" => options.only = value.split(',').map(str::to_owned).collect(),
                _ => bail!("`{word}` is no option"),
            }
        }
        let unknown = |name: &&String| !PEERS.iter().any(|peer| peer.name == **name);
        if let Some(name) = options.only.iter().find(unknown) {
            bail!("`{name}` is no peer; there are {}", PEERS.iter().map(|peer| peer.name).collect::<Vec<_>>().join(", "));
        }
        if !options.schoolgate.is_file() {
            bail!("--schoolgate {}: not there; `cargo xtask bench` builds it and says where it is", options.schoolgate.display());
        }
        Ok(options)
    }

    /// The peers to measure, in the order of the table.
    pub(crate) fn peers(&self) -> Vec<&'static Peer> {
        PEERS.iter().filter(|peer| self.only.is_empty() || self.only.iter().any(|name| name == peer.name)).collect()
    }
}
