//! The refresh of lists: fetch what is configured, keep the last good file of each, build one pack and put it in force.
//!
//! Nothing that goes wrong here opens what was closed: a download that fails or gives no entry leaves the last good one, and a build
//! that fails leaves the pack in force.

mod building;
mod fetching;
mod record;

use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use lists::build::Report;
use lists::fetch::State;
use lists::mapping::Mapping;
use lists::whole_file;

use crate::config::{Config, ListPlace};
use crate::data::DataFolder;

pub(crate) use fetching::why_empty;
pub use record::Failure;
use record::Record;

/// What a refresh does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Options {
    /// Fetches every list on the web that has changed, then builds.
    #[default]
    FetchAndBuild,
    /// Builds from what is on this machine.
    BuildOnly,
}

/// What a refresh is doing, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step<'a> {
    /// A list comes in: bytes so far, and the total where its server says it.
    Fetching {
        /// The list.
        list: &'a str,
        /// Bytes stored.
        bytes: u64,
        /// Bytes there will be.
        total: Option<u64>,
    },
    /// A list is read: entries of the whole build so far.
    Reading {
        /// The list.
        list: &'a str,
        /// Entries.
        entries: usize,
    },
    /// The pack is made.
    Building {
        /// In a word.
        what: &'a str,
        /// From 0 to 1.
        done: f32,
    },
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshed {
    /// Each configured list, in the order of the configuration.
    pub lists: Vec<ListOutcome>,
    /// Whether a new pack is in force.
    pub pack: PackOutcome,
}

/// How one list fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOutcome {
    /// As configured.
    pub name: String,
    /// What came of it.
    pub fetched: FetchOutcome,
    /// Entries that it gives to the pack in force.
    pub entries: u64,
    /// Entries that it had before, where it now has fewer than half of them.
    pub shrunk_from: Option<u64>,
}

/// What came of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchOutcome {
    /// A file or folder on this machine, read where it lies.
    Local,
    /// On the web, and not asked for this time.
    NotAsked,
    /// The publisher has nothing newer.
    Unchanged,
    /// A new file is in force.
    Updated {
        /// Its length.
        bytes: u64,
    },
    /// Nothing new could be had; the last good file stays in force. Why.
    KeptLast(String),
    /// Nothing could be had, and there is no good file. Why.
    Missing(String),
}

/// What came of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackOutcome {
    /// The pack in force is already made of all this.
    Unchanged,
    /// A new one is in force.
    Replaced(Box<Report>),
}

/// How a configured list stands, for `doctor` and the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    /// As configured.
    pub name: String,
    /// The file or folder on this machine; nothing for a list on the web.
    pub path: Option<PathBuf>,
    /// When its publisher last said that what we have is the newest. Always nothing for a list on this machine.
    pub checked_at: Option<Timestamp>,
    /// When what we have came. Always nothing for a list on this machine.
    pub changed_at: Option<Timestamp>,
    /// What went wrong the last time, where something did.
    pub failure: Option<Failure>,
    /// Entries in the pack in force; nothing where it is not in it.
    pub entries: Option<u64>,
    /// Entries that it had before, where it now has fewer than half of them.
    pub shrunk_from: Option<u64>,
}

/// Fetches and builds. `progress` hears what is being done. Blocks; one process at a time may refresh a data folder.
///
/// # Errors
/// Where another refresh is under way, the data folder cannot be written, or the pack cannot be built. The pack in force stays as
/// it was. A list that cannot be fetched is no error: see [`ListOutcome`].
pub fn refresh(
    config: &Config,
    data: &DataFolder,
    now: Timestamp,
    options: Options,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Refreshed> {
    let downloads = data.downloads();
    make_folder(&downloads)?;
    let _lock = lock(data)?;
    remove_leftovers(data)?;
    let mapping = mapping(config.lists.mapping.as_deref())?;
    let fetcher = fetching::Fetcher { config, downloads: &downloads, mapping: &mapping, now, options };
    let lists = config.sources.iter().map(|source| fetcher.list(source, progress)).collect();
    building::build(config, data, now, &mapping, lists, progress)
}

/// Clears what an interrupted refresh left behind, unless another is under way, which does so itself.
///
/// # Errors
/// Where a leftover cannot be removed.
pub fn clear_leftovers(data: &DataFolder) -> Result<()> {
    if !data.downloads().is_dir() {
        return Ok(());
    }
    match lock(data) {
        Ok(_lock) => remove_leftovers(data),
        Err(_) => Ok(()),
    }
}

fn remove_leftovers(data: &DataFolder) -> Result<()> {
    for folder in [data.root(), &data.downloads()] {
        whole_file::remove_leftovers(folder).with_context(|| format!("clearing what a killed run left in {}", folder.display()))?;
    }
    Ok(())
}

/// What was taken into the pack in force and what was left out, and when it was built; nothing where no refresh has built one.
pub fn last_report(data: &DataFolder) -> Option<(Timestamp, Report)> {
    Record::read(data).map(|record| (record.built_at, record.report))
}

/// How every configured list stands, in the order of the configuration.
pub fn states(config: &Config, data: &DataFolder) -> Vec<ListState> {
    let record = Record::read(data);
    let downloads = data.downloads();
    let state = |name: &str, place: &ListPlace| {
        let file = downloads.join(name);
        let known = match place {
            ListPlace::Web { .. } => State::read(&file).filter(|_| file.exists()),
            ListPlace::Path(_) => None,
        };
        let path = match place {
            ListPlace::Path(path) => Some(path.clone()),
            ListPlace::Web { .. } => None,
        };
        let in_pack = record.as_ref().and_then(|record| record.list(name));
        ListState {
            name: name.to_owned(),
            path,
            checked_at: known.as_ref().map(|known| known.checked_at),
            changed_at: known.as_ref().map(|known| known.changed_at),
            failure: Failure::read(&downloads, name),
            entries: in_pack.map(|list| list.entries),
            shrunk_from: in_pack.and_then(|list| list.shrunk_from),
        }
    };
    config.sources.iter().map(|source| state(&source.name, &source.place)).collect()
}

/// The shipped mapping, under the school's own where there is one.
///
/// # Errors
/// Where the school's own cannot be read, or with every mistake in it.
pub fn mapping(own: Option<&Path>) -> Result<Mapping> {
    let shipped = Mapping::shipped().context("reading the shipped mapping of categories")?;
    let Some(path) = own else { return Ok(shipped) };
    let doing = || format!("reading the mapping of categories {}", path.display());
    let text = std::fs::read_to_string(path).with_context(doing)?;
    Ok(shipped.with(Mapping::parse(&text).with_context(doing)?))
}

/// Makes a folder for its owner only, with what is above it, unless it is there.
///
/// # Errors
/// Where the disk refuses.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| format!("making the folder {}", path.display()))
}

/// Keeps every other process from refreshing the same data folder, until it is dropped or the process ends, however it ends.
fn lock(data: &DataFolder) -> Result<File> {
    let path = data.root().join("refresh.lock");
    let doing = || format!("locking {}", path.display());
    let file = File::options().create(true).truncate(false).write(true).open(&path).with_context(doing)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!("the lists in {} are being refreshed by another Schoolgate; wait until it is done", data.root().display())
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(doing),
    }
}
