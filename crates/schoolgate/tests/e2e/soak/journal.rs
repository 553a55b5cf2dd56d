//! The journal, read while it is written, in the form that `docs/journal.md` promises to others.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// An event, as far as it is compared.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) via: String,
    pub(super) source: IpAddr,
    pub(super) person: Option<String>,
    pub(super) profile: String,
    pub(super) listener: String,
    pub(super) method: String,
    pub(super) address: Place,
    pub(super) action: String,
    pub(super) seen: String,
}

/// What was asked for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    Shown { host: String, port: u16, path: Option<String> },
    Sealed,
}

/// Where reading had come to.
#[derive(Debug)]
pub(super) struct Tail {
    folder: PathBuf,
    /// The day that is read, and the bytes of it that were.
    day: Option<(PathBuf, u64)>,
}

// === impl Tail ===

impl Tail {
    pub(super) fn of(folder: PathBuf) -> Self {
        Self { folder, day: None }
    }

    /// The lines since the last time. A last one that is not finished comes the next time.
    pub(super) fn new_lines(&mut self) -> Vec<Line> {
        let mut days: Vec<PathBuf> = std::fs::read_dir(&self.folder).expect("journal").flatten().map(|entry| entry.path()).collect();
        days.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        days.sort();
        let mut lines = Vec::new();
        for path in days {
            let from = match &self.day {
                Some((read, _)) if path < *read => continue,
                Some((read, from)) if path == *read => *from,
                _ => 0,
            };
            let mut text = Vec::new();
            let mut file = File::open(&path).expect("a day of the journal");
            file.seek(SeekFrom::Start(from)).expect("seek");
            file.read_to_end(&mut text).expect("read");
            let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let texts = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            lines.extend(
                texts
                    .filter(|line| !line.starts_with(b"{\"format\""))
                    .map(|line| serde_json::from_slice::<Line>(line).unwrap_or_else(|error| panic!("a line is no event: {error}"))),
            );
            self.day = Some((path, from + whole as u64));
        }
        lines
    }
}
