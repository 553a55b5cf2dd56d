//! Archives: every entry is copied into one temporary file, under no name of the archive's choosing.
//!
//! A tar gives its entries in any order and a category's `usage` after its `domains`, while reading needs a fixed order. So it is
//! unpacked first, to disk and not to memory, in one file that has no name and vanishes with the process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::meter::Budget;
use super::tree::{Entry, Place};
use super::{Limits, Over, SourceError};

/// Longest name of an entry, in bytes; extended headers over it are not held.
const MAX_NAME: u64 = 64 * 1024;

/// Unpacks a tar file, compressed or not: its entries by name, and the file that their places are in.
pub(super) fn unpack(path: &Path, is_gzip: bool, limits: &Limits) -> Result<(BTreeMap<String, Entry>, File), SourceError> {
    let reading = |source| SourceError::reading(path, source);
    let unpacking = |source| SourceError::Unpack { path: path.to_owned(), source };
    let file = BufReader::new(File::open(path).map_err(reading)?);
    let packed: Box<dyn Read> = if is_gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let budget = Budget::new(limits);
    let mut archive = tar::Archive::new(budget.archive(packed));
    let mut scratch = match &limits.scratch {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile(),
    }
    .map_err(unpacking)?;

    let mut entries = BTreeMap::new();
    let mut end: u64 = 0;
    let mut long_name: Option<String> = None;
    // Raw: the crate would hold the extended headers of a hostile archive whole.
    for entry in archive.entries().map_err(reading)?.raw(true) {
        let mut entry = entry.map_err(reading)?;
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::GNULongName | EntryType::XHeader) {
            long_name = read_long_name(&mut entry, kind).map_err(reading)?.or(long_name);
            continue;
        }
        let name = long_name.take().unwrap_or_else(|| String::from_utf8_lossy(&entry.path_bytes()).into_owned());
        let Some((name, is_inside)) = clean(&name) else { continue };
        let size = entry.size();
        let found = match kind {
            EntryType::Directory | EntryType::XGlobalHeader | EntryType::GNULongLink => continue,
            _ if !is_inside => Entry::Special("a path that leads out of the archive"),
            EntryType::Regular | EntryType::Continuous => {
                let copied = copy(&mut entry, &mut scratch, size).map_err(|error| match error {
                    Copy::Read(error) => reading(error),
                    Copy::Write(error) => unpacking(error),
                })?;
                end += copied;
                Entry::File { place: Place::Scratch(end - copied..end), bytes: copied }
            }
            EntryType::Symlink => {
                let target = entry.link_name_bytes().map(|target| String::from_utf8_lossy(&target).into_owned());
                Entry::Link { target: target.unwrap_or_default() }
            }
            EntryType::Link => Entry::Special("a hard link"),
            _ => Entry::Special("neither a file nor a folder"),
        };
        entries.insert(name, found);
        if entries.len() > limits.files {
            return Err(SourceError::Over { path: path.to_owned(), over: Over::Files(limits.files) });
        }
    }
    // What follows the last entry holds the checksum of the compressed data.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(reading)?;
    Ok((entries, scratch))
}

/// Which side failed.
enum Copy {
    Read(io::Error),
    Write(io::Error),
}

/// Copies exactly `size` bytes.
fn copy(from: &mut impl Read, to: &mut File, size: u64) -> Result<u64, Copy> {
    let mut buffer = [0; 16 * 1024];
    let mut copied: u64 = 0;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) if copied == size => return Ok(copied),
            Ok(0) => return Err(Copy::Read(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut off"))),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Copy::Read(error)),
        };
        io::Write::write_all(to, buffer.get(..count).unwrap_or_default()).map_err(Copy::Write)?;
        copied += count as u64;
    }
}

/// The name for the next entry that an extended header holds.
fn read_long_name(entry: &mut impl Read, kind: EntryType) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    entry.take(MAX_NAME).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    if kind == EntryType::GNULongName {
        return Ok(Some(text.trim_end_matches('\0').to_owned()));
    }
    // POSIX: records of `length key=value`.
    Ok(text.lines().find_map(|record| record.split_once(' ')?.1.strip_prefix("path=").map(str::to_owned)))
}

/// The name without `./`, and whether it stays inside the archive; nothing for the root and hidden names.
fn clean(name: &str) -> Option<(String, bool)> {
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let is_hidden = parts.iter().any(|part| part.starts_with('.') && *part != "..");
    let is_inside = !name.starts_with('/') && !parts.contains(&"..");
    (!parts.is_empty() && !is_hidden).then(|| (parts.join("/"), is_inside))
}
