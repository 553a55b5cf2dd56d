//! How the last backup went, for `schoolgate doctor` and for the next night.

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use lists::whole_file;
use serde::{Deserialize, Serialize};

use super::Done;
use crate::data::DataFolder;

/// How the last backups of a data folder went.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// The last that was made whole.
    pub good: Option<Good>,
    /// What went wrong since.
    pub failure: Option<Failure>,
    /// When one was last read from end to end with its private key.
    #[serde(default)]
    pub read: Option<Timestamp>,
}

/// A backup that was made whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    /// When.
    pub at: Timestamp,
    /// Its file.
    pub path: PathBuf,
    /// Its size, in bytes.
    pub size: u64,
}

/// One that was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// Why, in words for a person, with what to do.
    pub text: String,
}

// === impl Record ===

impl Record {
    /// Reads it. One that is missing or not understood says that no backup is known of.
    pub fn read(data: &DataFolder) -> Self {
        fs::read(data.backup_record()).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// Notes that a backup was read from end to end with its private key, where there is such a data folder.
    pub fn note_read(data: &DataFolder, at: Timestamp) {
        if data.root().is_dir() {
            Self { read: Some(at), ..Self::read(data) }.write(data);
        }
    }

    pub(super) fn succeeded(self, at: Timestamp, done: &Done) -> Self {
        Self { good: Some(Good { at, path: done.path.clone(), size: done.size }), failure: None, read: self.read }
    }

    pub(super) fn failed(self, at: Timestamp, text: String) -> Self {
        Self { failure: Some(Failure { at, text }), ..self }
    }

    /// Writes it. That it cannot be written (a full disk, which may be the failure itself) must not hide what it is about: the caller
    /// tells of that in any case.
    pub(super) fn write(&self, data: &DataFolder) {
        if let Ok(text) = serde_json::to_vec_pretty(self) {
            drop(whole_file::write(&data.backup_record(), &text));
        }
    }
}
