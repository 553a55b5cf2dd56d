//! The log: to standard error, or into a file that begins anew when it is full. What may stand in it: docs/logging.md.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::{LogConfig, LogForm};
use crate::world::World;

/// A file of the log, with those from before beside it: `NAME.1` is the one before, `NAME.2` the one before that.
#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    file: File,
    written: u64,
    rotate_at: u64,
    keep: u32,
}

/// Sends the log where the configuration says.
///
/// # Errors
/// Where `SCHOOLGATE_LOG` cannot be understood, or the file cannot be written.
pub fn start(world: &World, config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::try_new(world.log.as_deref().unwrap_or("info"))
        .context("reading SCHOOLGATE_LOG: write a level (error, warn, info, debug), or leave it out")?;
    let (writer, ansi) = match &config.file {
        Some(path) => (BoxMakeWriter::new(Mutex::new(LogFile::open(path, config)?)), false),
        None => (BoxMakeWriter::new(io::stderr), world.is_terminal && config.form == LogForm::Text),
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(ansi).with_target(false);
    let started = match config.form {
        LogForm::Text => log.try_init(),
        LogForm::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("starting the log: {error}"))
}

/// `schoolgate.log.3` of `schoolgate.log`.
fn older(path: &Path, number: u32) -> PathBuf {
    beside(path, &number.to_string())
}

/// `schoolgate.log.END` of `schoolgate.log`.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{end}"));
    PathBuf::from(name)
}

// === impl LogFile ===

impl LogFile {
    fn open(path: &Path, config: &LogConfig) -> Result<Self> {
        let doing =
            || format!("opening the log {}: choose another under [log], or give this account the right to write there", path.display());
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(doing)?;
        }
        let file = append_to(path).with_context(doing)?;
        let written = file.metadata().with_context(doing)?.len();
        Ok(Self { path: path.to_owned(), file, written, rotate_at: config.rotate_at, keep: config.keep })
    }

    /// Begins another file, and moves each of those before one further, which overwrites the oldest. Tried again at each line where it
    /// fails, so nothing is moved twice: the next file is opened first, and files move up only as far as the first place that is free.
    fn rotate(&mut self) -> io::Result<()> {
        let next = beside(&self.path, "next");
        let file = append_to(&next)?;
        // Where somebody has taken the file away there is nothing to move.
        if self.path.try_exists()? {
            let free = (1..self.keep).find(|number| !matches!(older(&self.path, *number).try_exists(), Ok(true)));
            for number in (1..free.unwrap_or(self.keep)).rev() {
                fs::rename(older(&self.path, number), older(&self.path, number + 1))?;
            }
            fs::rename(&self.path, older(&self.path, 1))?;
        }
        fs::rename(&next, &self.path)?;
        self.file = file;
        self.written = 0;
        Ok(())
    }
}

/// Lines come whole, one call each, so none is cut in two.
impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.written > 0 && self.written.saturating_add(length) > self.rotate_at {
            // Where no other can be begun, the old one grows on: better long than silent.
            let _ = self.rotate();
        }
        match self.file.write_all(bytes) {
            Ok(()) => self.written = self.written.saturating_add(length),
            // A full disk must not take what is said about it.
            Err(_) => io::stderr().write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o640).open(path)
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    #[test]
    fn a_full_file_begins_anew_and_so_many_are_kept() {
        let folder = Folder::new().expect("folder");
        let path = folder.join("logs/schoolgate.log");
        let config = LogConfig { rotate_at: 100, keep: 2, ..LogConfig::default() };
        let mut log = LogFile::open(&path, &config).expect("open");
        for number in 0..20 {
            log.write_all(format!("{number:02} of a line with forty letters and a bit\n").as_bytes()).expect("line");
        }
        drop(log);
        let read = |path: PathBuf| fs::read_to_string(path).expect("a file of the log");
        let (newest, before, oldest) = (read(path.clone()), read(older(&path, 1)), read(older(&path, 2)));
        assert!(newest.starts_with("18 ") && before.starts_with("16 ") && oldest.starts_with("14 "), "{newest}{before}{oldest}");
        assert!([&newest, &before, &oldest].iter().all(|text| text.len() <= 100 && text.ends_with('\n')));
        assert!(!older(&path, 3).exists(), "more are kept than were asked for");
        // The next start goes on where the last one ended, and counts what is there.
        let mut log = LogFile::open(&path, &config).expect("open");
        log.write_all(b"20 of a line with forty letters and a bit\n").expect("line");
        assert_eq!(read(older(&path, 1)), newest);
    }

    #[test]
    fn where_no_other_can_be_begun_the_old_one_grows() {
        let folder = Folder::new().expect("folder");
        let path = folder.join("schoolgate.log");
        let mut log = LogFile::open(&path, &LogConfig { rotate_at: 10, keep: 1, ..LogConfig::default() }).expect("open");
        fs::create_dir(older(&path, 1)).expect("in the way");
        log.write_all(b"first line\n").and_then(|()| log.write_all(b"second line\n")).expect("lines");
        assert_eq!(fs::read_to_string(&path).expect("log"), "first line\nsecond line\n");
    }

    /// A log of one line each, with three from before, of which the last to be written is `before 3`.
    fn filled(folder: &Folder) -> (PathBuf, LogFile) {
        let path = folder.join("schoolgate.log");
        let mut log = LogFile::open(&path, &LogConfig { rotate_at: 10, keep: 3, ..LogConfig::default() }).expect("open");
        for line in ["before 1\n", "before 2\n", "before 3\n", "newest\n"] {
            log.write_all(line.as_bytes()).expect("a line");
        }
        assert_eq!(kept(&path), ["before 3\n", "before 2\n", "before 1\n"]);
        (path, log)
    }

    fn kept(path: &Path) -> Vec<String> {
        (1..=4).filter_map(|number| fs::read_to_string(older(path, number)).ok()).collect()
    }

    #[test]
    fn a_log_that_somebody_takes_away_begins_anew_and_takes_none_of_those_before_along() {
        let folder = Folder::new().expect("folder");
        let (path, mut log) = filled(&folder);
        fs::remove_file(&path).expect("taken away");
        log.write_all(b"after it was taken away\n").expect("a line");
        assert_eq!(fs::read_to_string(&path).expect("the log"), "after it was taken away\n");
        assert_eq!(kept(&path), ["before 3\n", "before 2\n", "before 1\n"]);
        log.write_all(b"the next\n").expect("a line");
        assert_eq!(kept(&path), ["after it was taken away\n", "before 3\n", "before 2\n"], "it is no log any more");
    }

    #[test]
    fn where_no_file_can_be_opened_for_a_while_those_before_stay() {
        let folder = Folder::new().expect("folder");
        let (path, mut log) = filled(&folder);
        // As where every file that this process may open is open, but for this file alone: the other tests go on.
        fs::create_dir(beside(&path, "next")).expect("in the way");
        for line in ["first\n", "second\n", "third\n", "fourth\n"] {
            log.write_all(line.as_bytes()).expect("a line");
        }
        fs::remove_dir(beside(&path, "next")).expect("out of the way");
        assert_eq!(kept(&path), ["before 3\n", "before 2\n", "before 1\n"]);
        assert_eq!(fs::read_to_string(&path).expect("the log"), "newest\nfirst\nsecond\nthird\nfourth\n");
        log.write_all(b"after\n").expect("a line");
        assert_eq!(kept(&path), ["newest\nfirst\nsecond\nthird\nfourth\n", "before 3\n", "before 2\n"]);
    }
}
