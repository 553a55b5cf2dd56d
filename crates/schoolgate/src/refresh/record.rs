//! What is remembered of a refresh: of what the pack in force was made, and what went wrong with a list.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use jiff::Timestamp;
use lists::build::Report;
use lists::fetch::{Sha256, State};
use lists::whole_file;
use serde::{Deserialize, Serialize};

use crate::config::{Config, ListSource};
use crate::data::DataFolder;

/// Folders in folders that are looked through for changes; a list nested deeper is refused when it is read.
const MAX_DEPTH: usize = 32;

/// The report of the pack in force, as it is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// When the pack was built.
    pub built_at: Timestamp,
    /// The pack's checksum, in hexadecimal: a report without its pack, or of another, says nothing.
    pub checksum: String,
    /// Of what it was made.
    pub inputs: Inputs,
    /// Each list of it.
    pub lists: Vec<ListRecord>,
    /// What was taken and what was left out.
    pub report: Report,
}

/// One list of the pack in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListRecord {
    /// As configured.
    pub name: String,
    /// Entries that it gave.
    pub entries: u64,
    /// Entries that it had before, where it now has fewer than half of them.
    pub shrunk_from: Option<u64>,
}

/// Everything that the bytes of a pack depend on: where all of it is the same, so is the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    version: String,
    starter: bool,
    mapping: Option<Sha256>,
    /// By name; the digest covers content and settings of the list.
    lists: BTreeMap<String, Sha256>,
    order: Vec<String>,
}

/// What went wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// In words for a person, with what to do.
    pub text: String,
}

// === impl Record ===

impl Record {
    /// Reads it; nothing where there is none or it is not understood, which costs one build.
    pub(super) fn read(data: &DataFolder) -> Option<Self> {
        serde_json::from_slice(&fs::read(data.report()).ok()?).ok()
    }

    pub(super) fn write(&self, data: &DataFolder) -> Result<()> {
        let doing = || format!("writing the report {}", data.report().display());
        let text = serde_json::to_vec_pretty(self).with_context(doing)?;
        whole_file::write(&data.report(), &text).with_context(doing)
    }

    pub(super) fn list(&self, name: &str) -> Option<&ListRecord> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// Whether the list is now made of the same as then.
    pub(super) fn has_same(&self, name: &str, inputs: &Inputs) -> bool {
        self.inputs.lists.get(name).is_some_and(|then| inputs.lists.get(name) == Some(then))
    }
}

// === impl Inputs ===

impl Inputs {
    /// Of a pack of these lists, each with the file or folder that is read.
    pub(super) fn new(config: &Config, lists: &[(&ListSource, &Path)]) -> io::Result<Self> {
        let mapping = config.lists.mapping.as_deref().map(fs::read).transpose()?.map(|text| Sha256::of(&text));
        let digests = lists.iter().map(|(source, path)| Ok((source.name.clone(), digest(source, path)?)));
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            starter: config.lists.starter,
            mapping,
            lists: digests.collect::<io::Result<_>>()?,
            order: lists.iter().map(|(source, _)| source.name.clone()).collect(),
        })
    }
}

/// Of a list: its settings, and its bytes where a download says what they are, else the names, sizes and times of its files.
fn digest(source: &ListSource, path: &Path) -> io::Result<Sha256> {
    let mut text = format!("{:?}\n{:?}\n{:?}\n{:?}\n", source.place, source.format, source.category, source.roots);
    match State::read(path) {
        Some(state) => text.push_str(&state.sha256.to_string()),
        None => describe(path, 0, &mut text)?,
    }
    Ok(Sha256::of(text.as_bytes()))
}

fn describe(path: &Path, depth: usize, text: &mut String) -> io::Result<()> {
    // What is named is followed where it is a link; what lies in a folder is not, as it is not when it is read.
    let data = if depth == 0 { fs::metadata(path)? } else { fs::symlink_metadata(path)? };
    let changed = data.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    text.push_str(&format!("{path:?} {} {}\n", data.len(), changed.as_nanos()));
    if data.is_dir() && depth < MAX_DEPTH {
        let mut inside = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
        inside.sort();
        inside.iter().try_for_each(|path| describe(path, depth + 1, text))?;
    }
    Ok(())
}

// === impl Failure ===

impl Failure {
    /// The last one of this list, if nothing has gone well since.
    pub(super) fn read(downloads: &Path, list: &str) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(downloads, list)).ok()?).ok()
    }

    /// Remembers it. That it cannot be remembered (a full disk, which may be the failure itself) must not hide it: the caller tells
    /// of it in any case.
    pub(super) fn write(&self, downloads: &Path, list: &str) {
        if let Ok(text) = serde_json::to_vec_pretty(self) {
            drop(whole_file::write(&Self::path(downloads, list), &text));
        }
    }

    /// Forgets it.
    pub(super) fn clear(downloads: &Path, list: &str) {
        // There is none, as a rule.
        drop(fs::remove_file(Self::path(downloads, list)));
    }

    fn path(downloads: &Path, list: &str) -> PathBuf {
        downloads.join(format!("{list}.failure.json"))
    }
}
