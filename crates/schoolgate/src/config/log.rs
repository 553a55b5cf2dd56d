//! `[log]`: where the log goes.

use std::path::PathBuf;

use super::reader::Section;
use super::values;

/// A file of the log is at least this long, in bytes, so that one start fits into it.
const LEAST: u64 = 64 << 10;

/// `[log]`: where the log goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// The file. Default none: standard error, which the system's own log takes.
    pub file: Option<PathBuf>,
    /// How a line is written. Default text.
    pub form: LogForm,
    /// How long the file may become before another is begun, in bytes. Default 10 MiB, at least 64 KiB.
    pub rotate_at: u64,
    /// Files that are kept beside the newest, from 1 to 100. Default 5.
    pub keep: u32,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogForm {
    /// For people.
    Text,
    /// A JSON object, for programs.
    Json,
}

// === impl LogConfig ===

impl LogConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let (section, default) = (root.table("log"), Self::default());
        let log = Self {
            file: section.optional("file", |value| values::path(value, root.base())),
            form: section.or("form", default.form, |value| values::choice(value, &[("text", LogForm::Text), ("json", LogForm::Json)])),
            rotate_at: section.or("rotate_at", default.rotate_at, |value| match values::bytes(value)? {
                few if few < LEAST => Err("must be at least 64 KiB".to_owned()),
                bytes => Ok(bytes),
            }),
            keep: section.or("keep", default.keep, |value| values::whole(value, 1..=100)),
        };
        section.finish();
        log
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { file: None, form: LogForm::Text, rotate_at: 10 << 20, keep: 5 }
    }
}
