//! What is wrong with a configuration, all of it at once.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

/// Why there is no configuration.
#[derive(Debug)]
pub enum ConfigErrors {
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is larger than any configuration.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What is allowed, in bytes.
        limit: u64,
    },
    /// The text has mistakes.
    Mistakes {
        /// The file, as it was named.
        file: String,
        /// At least one, in the order of the lines.
        mistakes: Vec<Mistake>,
    },
}

/// One mistake. Names of people are never part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Section and key, such as `[lists] refresh_at`; empty where the text is not TOML.
    pub key: String,
    /// What is wrong and what is allowed.
    pub what: String,
}

// === impl ConfigErrors ===

impl ConfigErrors {
    pub(super) fn not_utf8(path: &Path, error: &FromUtf8Error) -> Self {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let (line, column) = place(&String::from_utf8_lossy(good), usize::MAX);
        let what = "this is not UTF-8 text; save the file as UTF-8".to_owned();
        Self::Mistakes { file: path.display().to_string(), mistakes: vec![Mistake { line, column, key: String::new(), what }] }
    }
}

/// Line and column of the byte at `offset`, both from 1; of the end of the text where the offset lies behind it.
pub(super) fn place(text: &str, offset: usize) -> (usize, usize) {
    let mut before = offset.min(text.len());
    while !text.is_char_boundary(before) {
        before -= 1;
    }
    let before = text.get(..before).unwrap_or_default();
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, .. } => {
                write!(formatter, "read the configuration {}: check that it is there and may be read", path.display())
            }
            Self::TooLarge { path, limit } => {
                write!(formatter, "read the configuration {}: it is larger than {limit} bytes", path.display())
            }
            Self::Mistakes { file, mistakes } => {
                for (number, mistake) in mistakes.iter().enumerate() {
                    let newline = if number == 0 { "" } else { "\n" };
                    write!(formatter, "{newline}{file}:{mistake}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ConfigErrors {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::TooLarge { .. } | Self::Mistakes { .. } => None,
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, key, what } = self;
        let colon = if key.is_empty() { "" } else { ": " };
        write!(formatter, "{line}:{column}: {key}{colon}{what}")
    }
}
