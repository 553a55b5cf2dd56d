//! Reading a day back.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use event::Event;
use jiff::civil::Date;

use super::JournalError;
use super::files::{HEADER, MAX_LINE, path_of};
use super::line;

/// The events of one day, in the order in which they were written. After a line that cannot be read it goes on with the next.
#[derive(Debug)]
pub struct Lines {
    /// Nothing once the end is reached.
    reader: Option<BufReader<File>>,
    path: PathBuf,
    number: u64,
}

/// Why a line cannot be read. It never holds anything of the line itself.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The system refuses; no more lines follow.
    #[error("reading the journal at {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Not an event as this version writes it.
    #[error("reading the journal at {path}: line {number} is no event (column {column})")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        number: u64,
        /// Where in it the reader stopped, in bytes from 1.
        column: usize,
    },
}

/// Reads the events of `day` from the journal in `folder`; none where the day has no file. It may be written at the same time:
/// a last line that is not finished counts as not there yet.
///
/// # Errors
/// When the file cannot be opened, or is no journal of this version.
pub fn read(folder: &Path, day: Date) -> Result<Lines, JournalError> {
    let path = path_of(folder, day);
    let fail = |source| JournalError::Io { what: "opening", path: path.clone(), source };
    let mut reader = match File::open(&path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lines { reader: None, path, number: 1 }),
        Err(error) => return Err(fail(error)),
    };
    let mut head = Vec::with_capacity(HEADER.len());
    (&mut reader).take(HEADER.len() as u64).read_to_end(&mut head).map_err(fail)?;
    if HEADER.starts_with(&head) { Ok(Lines { reader: Some(reader), path, number: 1 }) } else { Err(JournalError::Foreign { path }) }
}

// === impl Lines ===

impl Iterator for Lines {
    type Item = Result<Event, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        let read = self.reader.as_mut()?.take(MAX_LINE).read_until(b'\n', &mut line);
        self.number += 1;
        if let Err(source) = read {
            self.reader = None;
            return Some(Err(LineError::Io { path: self.path.clone(), source }));
        }
        if line.last() != Some(&b'\n') && (line.len() as u64) < MAX_LINE {
            self.reader = None;
            return None;
        }
        Some(line::read(&line).map_err(|error| LineError::Malformed {
            path: self.path.clone(),
            number: self.number,
            column: error.column(),
        }))
    }
}
