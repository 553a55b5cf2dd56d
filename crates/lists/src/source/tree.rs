//! What lies in a source: names and how to open them, the same for a folder, an archive and a single file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::{Limits, Over, SourceError, archive};

/// Folders in folders.
const MAX_DEPTH: usize = 32;

/// A source, listed.
pub(super) struct Tree {
    /// For messages.
    pub path: PathBuf,
    /// By path inside the source, with `/`.
    pub entries: BTreeMap<String, Entry>,
    /// The one file that the person named, where the source is no folder or archive.
    pub single: Option<String>,
    /// What the entries of an archive were unpacked into.
    scratch: Option<File>,
}

/// One name in a source.
pub(super) enum Entry {
    File { place: Place, bytes: u64 },
    Link { target: String },
    Special(&'static str),
}

/// Where the bytes of a file are.
pub(super) enum Place {
    Disk(PathBuf),
    /// Compressed on disk.
    Gzip(PathBuf),
    /// These bytes of the scratch file.
    Scratch(Range<u64>),
}

/// Reads a part of the scratch file, wherever others have read in it meanwhile.
struct Part<'a> {
    file: &'a File,
    rest: Range<u64>,
}

// === impl Tree ===

impl Tree {
    pub(super) fn open(path: &Path, name: Option<&str>, limits: &Limits) -> Result<Self, SourceError> {
        let at = |source| SourceError::reading(path, source);
        let data = fs::metadata(path).map_err(at)?;
        let mut tree = Self { path: path.to_owned(), entries: BTreeMap::new(), single: None, scratch: None };
        if data.is_dir() {
            tree.list_folder(path, "", 0, limits)?;
            return Ok(tree);
        }
        if !data.is_file() {
            return Err(SourceError::Refused { path: path.to_owned(), why: super::LeftOut::Special("neither a file nor a folder") });
        }
        let own_name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.map_or_else(own_name, str::to_owned);
        let is_gzip = is_gzip(path).map_err(at)?;
        if is_archive(path, &name, is_gzip).map_err(at)? {
            let (entries, scratch) = archive::unpack(path, is_gzip, limits)?;
            return Ok(Self { entries, scratch: Some(scratch), ..tree });
        }
        let place = if is_gzip { Place::Gzip(path.to_owned()) } else { Place::Disk(path.to_owned()) };
        tree.entries.insert(name.clone(), Entry::File { place, bytes: data.len() });
        tree.add_usage(path);
        tree.single = Some(name);
        Ok(tree)
    }

    pub(super) fn open_entry<'a>(&'a self, place: &'a Place) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match place {
            Place::Disk(path) => Box::new(File::open(path)?),
            Place::Gzip(path) => Box::new(MultiGzDecoder::new(BufReader::new(File::open(path)?))),
            Place::Scratch(range) => {
                let file = self.scratch.as_ref().ok_or_else(|| io::Error::other("nothing was unpacked"))?;
                Box::new(Part { file, rest: range.clone() })
            }
        })
    }

    /// The path of an entry as messages name it.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        if self.single.is_some() { self.path.clone() } else { self.path.join(name) }
    }

    /// A single file of a squidGuard category brings its `usage`, so that a white list stays one.
    fn add_usage(&mut self, path: &Path) {
        let place = path.with_file_name("usage");
        if let Ok(data) = fs::metadata(&place)
            && data.is_file()
            && place != path
        {
            self.entries.insert("usage".to_owned(), Entry::File { place: Place::Disk(place), bytes: data.len() });
        }
    }

    fn list_folder(&mut self, folder: &Path, prefix: &str, depth: usize, limits: &Limits) -> Result<(), SourceError> {
        let at = |source| SourceError::reading(folder, source);
        if depth > MAX_DEPTH {
            return Err(SourceError::Over { path: folder.to_owned(), over: Over::Depth(MAX_DEPTH) });
        }
        for found in fs::read_dir(folder).map_err(at)? {
            let found = found.map_err(at)?;
            let base = found.file_name().to_string_lossy().into_owned();
            if base.starts_with('.') {
                continue;
            }
            let name = format!("{prefix}{base}");
            // Of the entry itself: a link is never followed.
            let data = found.metadata().map_err(at)?;
            if data.is_dir() {
                self.list_folder(&found.path(), &format!("{name}/"), depth + 1, limits)?;
                continue;
            }
            let entry = if data.is_symlink() {
                let target = fs::read_link(found.path()).map_err(at)?;
                Entry::Link { target: target.to_string_lossy().into_owned() }
            } else if data.is_file() {
                let place = if base.ends_with(".gz") { Place::Gzip(found.path()) } else { Place::Disk(found.path()) };
                Entry::File { place, bytes: data.len() }
            } else {
                Entry::Special("neither a file nor a folder")
            };
            self.entries.insert(name, entry);
            if self.entries.len() > limits.files {
                return Err(SourceError::Over { path: self.path.clone(), over: Over::Files(limits.files) });
            }
        }
        Ok(())
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.rest.start))?;
        let count = self.file.take(self.rest.end - self.rest.start).read(buffer)?;
        self.rest.start += count as u64;
        Ok(count)
    }
}

fn is_gzip(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(2).read_to_end(&mut start)?;
    Ok(start == [0x1f, 0x8b])
}

/// A tar file shows at byte 257; one of before 1988 only by its name.
fn is_archive(path: &Path, name: &str, is_gzip: bool) -> io::Result<bool> {
    if has_archive_name(name) {
        return Ok(true);
    }
    let file = BufReader::new(File::open(path)?);
    let mut start = Vec::new();
    let read = if is_gzip { MultiGzDecoder::new(file).take(512).read_to_end(&mut start) } else { file.take(512).read_to_end(&mut start) };
    // A damaged file is told of when it is read.
    Ok(read.is_ok() && start.get(257..262) == Some(b"ustar"))
}

/// Whether a name says that it holds other files.
pub(super) fn has_archive_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".tar", ".tar.gz", ".tgz"].iter().any(|ending| name.ends_with(ending))
}
