//! Sealed lists on disk: the key, the sealed file, and the feed from which it is made.
//!
//! What is on such a list is never printed, logged or kept, not even a line that is wrong: lines are named by their number.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use filter::sealed::{SealedEntry, SealedList};
use lists::whole_file::{self, WholeFile};

use crate::config::{Config, IllegalContent};
use crate::data::DataFolder;
use crate::secret_file::{self, Credentials};

/// Longest line of a feed, in bytes; a longer one is a wrong one.
const MAX_LINE: u64 = 16 * 1024;
/// Largest sealed file that is read, in bytes: over sixty million addresses.
const MAX_FILE: u64 = 1 << 30;
/// Bytes of a key.
const KEY: usize = 16;

/// A feed, sealed.
#[derive(Debug)]
pub struct Sealing {
    /// What was understood.
    pub list: SealedList,
    /// The lines that were not, from 1.
    pub wrong: Vec<usize>,
}

/// The sealed list that the configuration names; none where it names none.
///
/// # Errors
/// Where one is configured and it, or its key, cannot be read: nothing may start without it. The error names the file and what to
/// do.
pub fn load(config: &Config, data: &DataFolder) -> Result<Vec<SealedList>> {
    let IllegalContent::Sealed { file, .. } = &config.illegal_content else { return Ok(Vec::new()) };
    let list = open(file, &data.sealed_key(), data.credentials()).with_context(|| {
        format!(
            "the sealed list {} cannot be used, and Schoolgate does not filter without it; make it again with `schoolgate lists seal`, \
             with the key of this data folder",
            file.display()
        )
    })?;
    Ok(vec![list])
}

/// The key in `path`. Makes one of random bytes, for its owner only, where there is none.
///
/// # Errors
/// Where the file cannot be read or written, is no key, or others may read it.
pub fn key_or_new(path: &Path, credentials: &Credentials) -> Result<[u8; KEY]> {
    if !path.exists() {
        let doing = || format!("making the key {}", path.display());
        let mut key = [0; KEY];
        getrandom::fill(&mut key).map_err(io::Error::other).with_context(doing)?;
        let mut file = WholeFile::beside(path).with_context(doing)?;
        file.write(&key).with_context(doing)?;
        match file.keep_new() {
            // Another process was faster: its key is the one.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            done => done.with_context(doing)?,
        }
    }
    read_key(path, credentials)
}

/// Seals a feed: one host or address a line, `#` before a comment.
///
/// # Errors
/// Where the feed cannot be read, or is no feed: no line, or more wrong ones than right ones.
pub fn seal(feed: &Path, key: [u8; KEY]) -> Result<Sealing> {
    let doing = || format!("reading the feed {}", feed.display());
    let mut input = BufReader::new(File::open(feed).with_context(doing)?);
    let mut entries = Vec::new();
    let mut wrong = Vec::new();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        if (&mut input).take(MAX_LINE).read_until(b'\n', &mut bytes).with_context(doing)? == 0 {
            break;
        }
        let is_cut = bytes.len() as u64 == MAX_LINE && bytes.last() != Some(&b'\n');
        if is_cut {
            input.skip_until(b'\n').with_context(doing)?;
        }
        match line(&bytes).filter(|_| !is_cut) {
            Some(Line::Entry(entry)) => entries.push(entry),
            Some(Line::Nothing) => {}
            None => wrong.push(number),
        }
    }
    if entries.is_empty() || wrong.len() > entries.len() {
        bail!(
            "{}: it is no feed of hosts and addresses ({} lines are, {} are not), so nothing was sealed and the former file stays",
            doing(),
            entries.len(),
            wrong.len()
        );
    }
    Ok(Sealing { list: SealedList::seal(key, entries), wrong })
}

/// Writes a sealed list, for its owner only, whole or not at all.
///
/// # Errors
/// Where the disk refuses. The former file is then as it was.
pub fn write(list: &SealedList, to: &Path) -> Result<()> {
    whole_file::write(to, &list.to_bytes()).with_context(|| format!("writing the sealed list {}", to.display()))
}

/// What a line of a feed is.
enum Line {
    Nothing,
    Entry(SealedEntry),
}

/// Nothing where the line is wrong. A whole public suffix is wrong too: it would close a country.
fn line(bytes: &[u8]) -> Option<Line> {
    let text = str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim();
    if text.is_empty() || text.starts_with('#') {
        return Some(Line::Nothing);
    }
    let text = text.split_once(" #").map_or(text, |(text, _)| text);
    match SealedEntry::parse(text).ok()? {
        SealedEntry::Host(host) if host.is_public_suffix() => None,
        entry => Some(Line::Entry(entry)),
    }
}

fn open(file: &Path, key: &Path, credentials: &Credentials) -> Result<SealedList> {
    let key = read_key(key, credentials)?;
    let doing = || format!("reading {}", file.display());
    let bytes = read(file, MAX_FILE).with_context(doing)?;
    SealedList::parse(key, &bytes).with_context(doing)
}

fn read_key(path: &Path, credentials: &Credentials) -> Result<[u8; KEY]> {
    let doing = || format!("reading the key {}", path.display());
    let bytes = secret_file::read(path, KEY as u64 + 1, credentials).map_err(|refused| refused.while_doing(doing))?;
    bytes.as_slice().try_into().map_err(|_| anyhow::anyhow!("{}: it is no key, which has {KEY} bytes", doing()))
}

fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    fn config(folder: &Folder, file: &str) -> Config {
        let file = folder.join(file);
        Config { illegal_content: IllegalContent::Sealed { file, confirmed: None }, ..Config::default() }
    }

    #[test]
    fn a_list_that_is_named_is_there_or_nothing_starts() {
        let folder = Folder::new().expect("folder");
        let data = DataFolder::new(folder.path());
        assert_eq!(load(&Config::default(), &data).map(|lists| lists.len()).ok(), Some(0));

        let feed = folder.write("feed", "foul.example\nworse.example/page\n").expect("feed");
        let refused = || format!("{:#}", load(&config(&folder, "sealed"), &data).expect_err("refused"));
        assert!(refused().contains("cannot be used") && refused().contains("sealed.key"), "{}", refused());
        let key = key_or_new(&data.sealed_key(), data.credentials()).expect("key");
        assert!(refused().contains("lists seal"), "{}", refused());
        write(&seal(&feed, key).expect("sealed").list, &folder.join("sealed")).expect("written");
        assert_eq!(load(&config(&folder, "sealed"), &data).expect("list").iter().map(SealedList::len).sum::<usize>(), 2);

        write(&seal(&feed, [1; KEY]).expect("sealed").list, &folder.join("sealed")).expect("written");
        assert!(refused().contains("made with another key"), "{}", refused());
        folder.write("sealed", "<!DOCTYPE html>").expect("page");
        assert!(refused().contains("not a sealed list"), "{}", refused());
    }

    #[test]
    fn a_key_is_made_once() {
        let folder = Folder::new().expect("folder");
        let path = folder.join("sealed.key");
        let key = key_or_new(&path, &Credentials::default()).expect("key");
        assert_eq!(key_or_new(&path, &Credentials::default()).expect("key"), key);
        assert_ne!(key, [0; KEY]);
    }
}
