//! The files of a journal: their names, their modes, their mending and their end.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde::de::IgnoredAny;

use super::JournalError;

/// The first line of each file: what it is, and its version.
pub(super) const HEADER: &[u8] = b"{\"format\":\"schoolgate-journal\",\"version\":1}\n";
/// Longest line, in bytes. None of ours comes near; what is longer is not ours.
pub(super) const MAX_LINE: u64 = 1 << 20;
/// Held locked while the journal is written.
const LOCK: &str = "lock";
const BLOCK: u64 = 64 * 1024;

/// The folder, locked for this process.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    lock: File,
}

/// The file of one day, open for appending. It always ends with a whole line, or is cut back to one before the next is written.
#[derive(Debug)]
pub(super) struct DayFile {
    pub(super) day: Date,
    file: Arc<File>,
    /// Where the last whole line ends.
    whole: u64,
    /// Whether something may stand behind that.
    is_torn: bool,
}

/// The days that have a file in `folder`, oldest first. None where the folder is not there yet.
///
/// # Errors
/// When the folder cannot be read.
pub fn days(folder: &Path) -> Result<Vec<Date>, JournalError> {
    let fail = |source| JournalError::Io { what: "listing", path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fail(error)),
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>().map_err(fail)?;
    let mut days: Vec<Date> = names.iter().filter_map(|name| day_of(name.to_str()?)).collect();
    days.sort_unstable();
    Ok(days)
}

/// The file of `day` in `folder`.
pub fn path_of(folder: &Path, day: Date) -> PathBuf {
    folder.join(format!("{day}.jsonl"))
}

/// The day in a name that is exactly the one we would give.
fn day_of(name: &str) -> Option<Date> {
    let stem = name.strip_suffix(".jsonl")?;
    stem.parse().ok().filter(|day: &Date| day.to_string() == stem)
}

// === impl Folder ===

impl Folder {
    /// Makes the folder where it is missing (mode 0700), and locks it.
    pub(super) fn open(path: &Path) -> Result<Self, JournalError> {
        let fail = |source| JournalError::Io { what: "opening", path: path.to_owned(), source };
        DirBuilder::new().mode(0o700).recursive(true).create(path).map_err(fail)?;
        fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(fail)?;
        let lock = private().write(true).create(true).truncate(false).open(path.join(LOCK)).map_err(fail)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => Err(fail(source)),
        }
    }

    /// Cuts torn lines at the ends of all files. Gives their number.
    pub(super) fn mend(&self) -> Result<u64, JournalError> {
        let mut torn = 0;
        for day in days(&self.path)? {
            let path = path_of(&self.path, day);
            let mended = private().read(true).write(true).open(&path).and_then(|file| mend(&file));
            match mended {
                Ok(Some(cut)) => torn += cut,
                Ok(None) => return Err(JournalError::Foreign { path }),
                Err(source) => return Err(JournalError::Io { what: "mending", path, source }),
            }
        }
        Ok(torn)
    }

    /// Opens the file of `day` for appending, and begins it where it is new.
    pub(super) fn open_day(&self, day: Date) -> io::Result<DayFile> {
        let file = private().read(true).append(true).create(true).open(path_of(&self.path, day))?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        if mend(&file)?.is_none() {
            return Err(io::Error::other(format!("the file of {day} is no journal of this version: move it elsewhere")));
        }
        let whole = file.metadata()?.len();
        let mut opened = DayFile { day, file: Arc::new(file), whole, is_torn: false };
        if whole == 0 {
            opened.append(HEADER)?;
            // The name too must survive a loss of power.
            File::open(&self.path)?.sync_all()?;
        }
        Ok(opened)
    }

    /// Deletes the files of all days before `first`.
    pub(super) fn delete_before(&self, first: Date) -> Result<(), JournalError> {
        for day in days(&self.path)?.into_iter().take_while(|day| *day < first) {
            let path = path_of(&self.path, day);
            fs::remove_file(&path).map_err(|source| JournalError::Io { what: "deleting", path, source })?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    /// Closing the file would not do: a process that is just being started may hold a copy of it for a moment.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Files of ours are private from their first moment.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

// === impl DayFile ===

impl DayFile {
    /// Appends whole lines in one write. When that fails, nothing of them stays behind.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_torn {
            self.file.set_len(self.whole)?;
            self.is_torn = false;
        }
        let written = (&*self.file).write_all(lines);
        match written {
            Ok(()) => self.whole += lines.len() as u64,
            // Where the cut fails too, it is tried again before the next write.
            Err(_) => self.is_torn = self.file.set_len(self.whole).is_err(),
        }
        written
    }

    /// Whether the file has been taken away from under us: what is written to it now, nobody would find.
    pub(super) fn is_deleted(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
    }

    /// A handle for forcing the file to the disk, for another thread.
    pub(super) fn handle(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }
}

/// Cuts the end of the file back to its last whole line of JSON, and gives the number of lines cut. Nothing where the file
/// does not begin as ours do: then it is left alone. A line that is JSON but not an event stays: a later version may know it.
fn mend(file: &File) -> io::Result<Option<u64>> {
    let len = file.metadata()?.len();
    let head = read_range(file, 0, len.min(HEADER.len() as u64))?;
    if !HEADER.starts_with(&head) {
        return Ok(None);
    }
    let (mut end, mut cut) = (len, 0);
    while end > 0 {
        let mut start = line_start(file, end)?;
        if start == end {
            // The last byte is a line break; the line before it must be whole.
            start = line_start(file, end - 1)?;
            if end - start <= MAX_LINE && serde_json::from_slice::<IgnoredAny>(&read_range(file, start, end - start)?).is_ok() {
                break;
            }
        }
        (end, cut) = (start, cut + 1);
    }
    if end < len {
        file.set_len(end)?;
        file.sync_all()?;
    }
    Ok(Some(cut))
}

/// Where the line begins that reaches up to `end`: behind the last line break before it, or at 0.
fn line_start(file: &File, end: u64) -> io::Result<u64> {
    let mut upto = end;
    while upto > 0 {
        let from = upto.saturating_sub(BLOCK);
        let block = read_range(file, from, upto - from)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        upto = from;
    }
    Ok(0)
}

fn read_range(file: &File, from: u64, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, from)?;
    Ok(bytes)
}
