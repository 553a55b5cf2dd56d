//! The refresh of lists: fetch what is configured, keep the last good file of each, build one pack and put it in force.
//!
//! Nothing that goes wrong here opens what was closed: a download that fails or gives no entry leaves the last good one, and a build
//! that fails leaves the pack in force.

use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;
use lists::build::Report;

use crate::config::Config;
use crate::data::DataFolder;

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
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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

/// What went wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// In words for a person, with what to do.
    pub text: String,
}

/// Fetches and builds. `progress` hears what is being done. Blocks; one process at a time may refresh a data folder.
///
/// # Errors
/// Where another refresh is under way, the data folder cannot be written, or the pack cannot be built. The pack in force stays as
/// it was. A list that fails is no error: see [`ListOutcome`].
pub fn refresh(_config: &Config, _data: &DataFolder, _now: Timestamp, _options: Options, _progress: &mut dyn FnMut(Step<'_>)) -> Result<Refreshed> {
    anyhow::bail!("being written")
}

/// How every configured list stands, in the order of the configuration.
pub fn states(_config: &Config, _data: &DataFolder) -> Vec<ListState> {
    Vec::new()
}
