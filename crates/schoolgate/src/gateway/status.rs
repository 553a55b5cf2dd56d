//! How the proxy stands, for the console and for who starts it. Counts only, never what was asked for.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use activity::journal::{Health, path_of};
use jiff::civil::Date;
use proxy::root::Root;
use tokio::sync::watch;

/// How the proxy stands.
#[derive(Debug)]
pub struct Status {
    listeners: Vec<OpenListener>,
    root: Option<Arc<Root>>,
    health: watch::Receiver<Health>,
    journal: PathBuf,
    /// The day that was counted last, how far in bytes, and what was counted.
    counted: Mutex<Option<(Date, u64, u64)>>,
}

/// Where browsers reach the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenListener {
    /// The listener's name.
    pub name: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether people sign in there.
    pub sign_in: bool,
}

impl Status {
    pub(super) fn new(listeners: Vec<OpenListener>, root: Option<Arc<Root>>, health: watch::Receiver<Health>, journal: PathBuf) -> Self {
        Self { listeners, root, health, journal, counted: Mutex::default() }
    }

    /// Every listener; none where there is no proxy.
    pub fn listeners(&self) -> &[OpenListener] {
        &self.listeners
    }

    /// The page root, where pages are shown over HTTPS.
    pub fn root(&self) -> Option<&Root> {
        self.root.as_deref()
    }

    /// Whether events can be written.
    pub fn journal(&self) -> Health {
        self.health.borrow().clone()
    }

    /// Number of events of `day`. What was counted before is not read again.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn events(&self, day: Date) -> io::Result<u64> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, upto, before) = counted.filter(|(of, ..)| *of == day).unwrap_or((day, 0, 0));
        let (upto, more) = line_breaks(&path_of(&self.journal, day), upto)?;
        *counted = Some((day, upto, before + more));
        // The first line says what the file is.
        Ok((before + more).saturating_sub(1))
    }
}

/// Number of events of `day` in the journal at `folder`.
///
/// # Errors
/// Where it cannot be read.
pub fn events_of(folder: &Path, day: Date) -> io::Result<u64> {
    line_breaks(&path_of(folder, day), 0).map(|(_, lines)| lines.saturating_sub(1))
}

/// Counts line breaks from `from` to the end; gives where that is, and how many. None where there is no file.
fn line_breaks(path: &Path, from: u64) -> io::Result<(u64, u64)> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((0, 0)),
        Err(error) => return Err(error),
    };
    file.seek(SeekFrom::Start(from))?;
    let (mut upto, mut lines, mut block) = (from, 0, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok((upto, lines));
        }
        upto += read as u64;
        lines += block.iter().take(read).filter(|byte| **byte == b'\n').count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_as_they_come() {
        let folder = tempfile::tempdir().expect("folder");
        let day = jiff::civil::date(2026, 11, 23);
        let (_, health) = watch::channel(Health::Healthy);
        let status = Status::new(Vec::new(), None, health, folder.path().to_owned());
        assert_eq!(status.events(day).expect("none"), 0);
        std::fs::write(path_of(folder.path(), day), "head\none\ntwo\n").expect("file");
        assert_eq!(status.events(day).expect("two"), 2);
        std::fs::write(path_of(folder.path(), day), "head\none\ntwo\nthree\n").expect("file");
        assert_eq!(status.events(day).expect("three"), 3);
        assert_eq!(status.events(day.tomorrow().expect("day")).expect("another day"), 0);
        assert_eq!(status.events(day).expect("back again"), events_of(folder.path(), day).expect("at once"));
    }
}
