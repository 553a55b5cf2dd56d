//! `[backup]`: the copy of the records that outlives this machine.

use std::path::PathBuf;

use jiff::civil::{Time, time};
use ledger::backup::Recipients;
use toml_span::value::Value;

use super::reader::Section;
use super::values;

/// `[backup]`: the copy of the records that outlives this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupConfig {
    /// Whose private keys open it, `age1...` each. Default none.
    pub recipients: Vec<String>,
    /// The folder that it is written into each night. Default none: it is made by hand only.
    pub to: Option<PathBuf>,
    /// When, in the school's time. Default 02:15.
    pub at: Time,
    /// Days that one is kept. The newest is always kept. Default 30.
    pub keep_days: u32,
}

// === impl BackupConfig ===

impl BackupConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("backup"), Self::default());
        let backup = Self {
            recipients: section.each("recipients", recipient),
            to: section.optional("to", |value| values::path(value, section.base())),
            at: section.or("at", default.at, values::time),
            keep_days: section.or("keep_days", default.keep_days, |value| values::whole(value, 1..=3660)),
        };
        if section.has("to") && backup.recipients.is_empty() {
            section.mistake("recipients", "is missing: whose key opens the backup; `schoolgate backup new-key` makes one");
        }
        section.finish();
        backup
    }
}

impl Default for BackupConfig {
    fn default() -> Self {
        Self { recipients: Vec::new(), to: None, at: time(2, 15, 0, 0), keep_days: 30 }
    }
}

fn recipient(value: &Value<'_>) -> Result<String, String> {
    let text = values::text(value)?;
    // A private key pasted here by mistake must not be shown again.
    if text.to_ascii_uppercase().contains("SECRET-KEY") {
        return Err("this is a private key, which belongs into a safe and never here; the public one begins with age1".to_owned());
    }
    Recipients::parse([text]).map(|_| text.to_owned()).map_err(|_| "must be a public key that begins with age1".to_owned())
}
