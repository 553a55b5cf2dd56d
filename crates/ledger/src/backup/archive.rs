//! The file of a backup: members go in one after the other, and come out again checked. Nothing but the sums is kept in memory.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use age::stream::{StreamReader, StreamWriter};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::form::{CLOSING, Closing, FORMAT, MAGIC, MAX_TEXT, Named, OPENING, Opening, SUMS, part_name, sum_line};
use super::row::MAX_ROW;
use super::{BackupError, Identity, Recipients, form};

/// Bytes before the disk, more than the header has, since age hides what a disk says while that is written.
const BUFFER: usize = 256 << 10;

/// A backup being written.
pub(super) struct Writer<W: Write> {
    tar: tar::Builder<StreamWriter<BufWriter<W>>>,
    sums: String,
    closing: Closing,
    made_at: u64,
    part: u32,
}

/// What comes out of a backup, in its order.
pub(super) enum Piece<'a> {
    /// First.
    Opening(Opening),
    /// Rows of the table with this number.
    Rows { table: usize, bytes: Vec<u8> },
    /// A file. What is not read of it is read all the same, for its sum.
    File { name: &'a str, content: &'a mut dyn Read },
}

// === impl Writer ===

impl<W: Write> Writer<W> {
    pub(super) fn begin(to: W, recipients: &Recipients, opening: &Opening) -> Result<Self, BackupError> {
        let stream =
            recipients.encryptor()?.wrap_output(BufWriter::with_capacity(BUFFER, to)).map_err(|source| BackupError::Write { source })?;
        let tar = tar::Builder::new(stream);
        let made_at = u64::try_from(opening.made_at.micros() / 1_000_000).unwrap_or(0);
        let closing = Closing { rows: vec![0; opening.tables.len()], ..Closing::default() };
        let mut writer = Self { tar, sums: String::new(), closing, made_at, part: 0 };
        writer.member(OPENING, &json(opening)?)?;
        Ok(writer)
    }

    /// Begins the next table.
    pub(super) fn next_table(&mut self) {
        self.part = 0;
    }

    /// Appends a part of the rows of the present table, the one with this number.
    pub(super) fn rows(&mut self, number: usize, table: &str, rows: u64, bytes: &[u8]) -> Result<(), BackupError> {
        let name = part_name(table, self.part);
        self.part += 1;
        if let Some(count) = self.closing.rows.get_mut(number) {
            *count += rows;
        }
        self.member(&name, bytes)
    }

    /// Appends a file, and gives its size; nothing if it has gone meanwhile, which is no mistake: what is erased while a backup runs
    /// need not be in it.
    pub(super) fn file(&mut self, name: &str, path: &Path) -> Result<Option<u64>, BackupError> {
        let failed = || BackupError::file("reading", path);
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed())?,
        };
        let size = file.metadata().map_err(failed())?.len();
        let mut content = Summed { inner: file.take(size), sum: Sha256::new(), bytes: 0 };
        self.append(name, size, &mut content)?;
        if content.bytes != size {
            // The name and size stand in the backup already, so it is spoilt; the next one will see the file as it is then.
            return Err(failed()(io::Error::other("it became shorter while it was read")));
        }
        self.closing.files += 1;
        self.closing.bytes += size;
        self.sums.push_str(&sum_line(content.sum, name));
        Ok(Some(size))
    }

    /// Ends it. What was written may be forced to the disk after that, and is a backup then.
    pub(super) fn finish(mut self) -> Result<(W, Closing), BackupError> {
        let closing = self.closing.clone();
        self.member(CLOSING, &json(&closing)?)?;
        let sums = std::mem::take(&mut self.sums);
        self.append(SUMS, sums.len() as u64, &mut sums.as_bytes())?;
        let ended =
            self.tar.into_inner().and_then(StreamWriter::finish).and_then(|to| to.into_inner().map_err(io::IntoInnerError::into_error));
        let ended = ended.and_then(|mut to| to.flush().map(|()| to));
        ended.map(|to| (to, closing)).map_err(|source| BackupError::Write { source })
    }

    fn member(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        self.append(name, bytes.len() as u64, &mut &*bytes)?;
        self.closing.bytes += bytes.len() as u64;
        self.sums.push_str(&sum_line(Sha256::new_with_prefix(bytes), name));
        Ok(())
    }

    fn append(&mut self, name: &str, size: u64, content: &mut dyn Read) -> Result<(), BackupError> {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.made_at);
        self.tar.append_data(&mut header, name, content).map_err(|source| BackupError::Write { source })
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, BackupError> {
    serde_json::to_vec_pretty(value).map_err(|error| BackupError::Write { source: error.into() })
}

/// Reads a backup from its beginning to its end and gives `take` each piece. That it returns is the proof that the backup is whole and
/// unchanged; before, nothing that was taken may be relied on.
pub(super) fn read(
    from: impl Read,
    identity: &Identity,
    take: &mut dyn FnMut(Piece<'_>) -> Result<(), BackupError>,
) -> Result<Closing, BackupError> {
    inside(decrypt(from, identity)?, take)
}

/// The same of what is inside the encryption.
pub(super) fn inside(from: impl Read, take: &mut dyn FnMut(Piece<'_>) -> Result<(), BackupError>) -> Result<Closing, BackupError> {
    let mut tar = tar::Archive::new(from);
    let mut reading = Reading::default();
    for entry in tar.entries().map_err(BackupError::reading)? {
        let mut entry = entry.map_err(BackupError::reading)?;
        let name = entry.path_bytes().into_owned();
        let name = String::from_utf8(name).map_err(|_| BackupError::malformed("a member", "its name is not text"))?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(BackupError::malformed(name, "it is no file"));
        }
        let size = entry.size();
        reading.member(&name, size, &mut entry, take)?;
    }
    // The last piece of the ciphertext, which proves that nothing was cut off, lies behind the end of the tar.
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(BackupError::reading)?;
    reading.finish()
}

fn decrypt<R: Read>(from: R, identity: &Identity) -> Result<StreamReader<R>, BackupError> {
    let failed = |error| match error {
        age::DecryptError::Io(source) => match source.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => BackupError::NotABackup,
            _ => BackupError::Read { source },
        },
        age::DecryptError::NoMatchingKeys => BackupError::NotForThisKey,
        age::DecryptError::DecryptionFailed | age::DecryptError::InvalidMac | age::DecryptError::KeyDecryptionFailed => {
            BackupError::Damaged
        }
        _ => BackupError::NotABackup,
    };
    age::Decryptor::new(from).and_then(|file| file.decrypt(std::iter::once(identity.key()))).map_err(failed)
}

/// How far the reading of a backup has come.
#[derive(Default)]
struct Reading {
    opening: Option<Opening>,
    /// The table and the part that come next.
    next: (usize, u32),
    seen: Closing,
    closing: Option<Closing>,
    sums: String,
    checked: bool,
}

// === impl Reading ===

impl Reading {
    fn member(
        &mut self,
        name: &str,
        size: u64,
        content: &mut dyn Read,
        take: &mut dyn FnMut(Piece<'_>) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let wrong = |why: &str| BackupError::malformed(name, why);
        let named = Named::parse(name)?;
        if self.checked || (self.opening.is_none() != (named == Named::Opening)) || (self.closing.is_some() && named != Named::Sums) {
            return Err(wrong("it stands in the wrong place"));
        }
        let mut content = Summed { inner: content, sum: Sha256::new(), bytes: 0 };
        match named {
            Named::Opening => {
                let opening = opening(&whole(name, &mut content, size, MAX_TEXT)?)?;
                self.seen.rows = vec![0; opening.tables.len()];
                self.opening = Some(opening.clone());
                take(Piece::Opening(opening))?;
            }
            Named::Part { table, part } => {
                let table = self.part(name, table, part)?;
                let bytes = whole(name, &mut content, size, (form::PART + MAX_ROW + 4) as u64)?;
                self.count(name, table, &bytes)?;
                take(Piece::Rows { table, bytes })?;
            }
            Named::File(name) => {
                take(Piece::File { name, content: &mut content })?;
                io::copy(&mut content, &mut io::sink()).map_err(BackupError::reading)?;
                self.seen.files += 1;
            }
            Named::Closing => {
                let bytes = whole(name, &mut content, size, MAX_TEXT)?;
                self.closing = Some(serde_json::from_slice(&bytes).map_err(|error| wrong(&error.to_string()))?);
                self.sums.push_str(&sum_line(content.sum, name));
                return Ok(());
            }
            Named::Sums => return self.check_sums(&whole(name, &mut content, size, MAX_TEXT)?),
        }
        self.seen.bytes += size;
        self.sums.push_str(&sum_line(content.sum, name));
        Ok(())
    }

    /// The number of the table that a part belongs to: tables and parts come in their order, and none is left out.
    fn part(&mut self, name: &str, table: &str, part: u32) -> Result<usize, BackupError> {
        let (present, next) = self.next;
        let tables = self.opening.iter().flat_map(|opening| &opening.tables).enumerate();
        let later = tables.skip(present).find(|(_, known)| known.name == table).map(|(number, _)| number);
        let expected = if later == Some(present) { next } else { 0 };
        match later.filter(|_| part == expected) {
            Some(number) => {
                self.next = (number, part + 1);
                Ok(number)
            }
            None => Err(BackupError::malformed(name, "it stands in the wrong place")),
        }
    }

    /// Counts the rows of a part; each must fit its table.
    fn count(&mut self, name: &str, table: usize, bytes: &[u8]) -> Result<(), BackupError> {
        let columns = self.opening.as_ref().and_then(|opening| opening.tables.get(table)).map_or(0, |table| table.columns.len());
        let mut rest = bytes;
        while super::row::decode(&mut rest, columns).map_err(BackupError::row(name))?.is_some() {
            if let Some(rows) = self.seen.rows.get_mut(table) {
                *rows += 1;
            }
        }
        Ok(())
    }

    /// Compares the sums with those of what was read, and names the first member that differs.
    fn check_sums(&mut self, text: &[u8]) -> Result<(), BackupError> {
        self.checked = true;
        if text == self.sums.as_bytes() {
            return Ok(());
        }
        let told = String::from_utf8_lossy(text);
        let differing = self.sums.lines().zip(told.lines().chain(std::iter::repeat(""))).find(|(found, told)| found != told);
        let name = differing.and_then(|(found, _)| found.split_whitespace().nth(1)).unwrap_or(SUMS);
        Err(BackupError::malformed(name, "its checksum is another than the one that was written down"))
    }

    fn finish(self) -> Result<Closing, BackupError> {
        let closing = self.closing.filter(|_| self.checked).ok_or(BackupError::Damaged)?;
        if closing == self.seen {
            Ok(closing)
        } else {
            Err(BackupError::malformed(CLOSING, "it counts other rows, files or bytes than there are"))
        }
    }
}

/// The whole content of a member that may have `most` bytes.
fn whole(name: &str, content: &mut dyn Read, size: u64, most: u64) -> Result<Vec<u8>, BackupError> {
    if size > most {
        return Err(BackupError::malformed(name, "it is larger than it can be"));
    }
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes).map_err(BackupError::reading)?;
    Ok(bytes)
}

fn opening(bytes: &[u8]) -> Result<Opening, BackupError> {
    /// The part by which any version is known.
    #[derive(serde::Deserialize)]
    struct First {
        magic: String,
        format: u32,
        program: String,
    }
    let wrong = |why: String| BackupError::malformed(OPENING, why);
    let first: First = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    if first.magic != MAGIC {
        return Err(wrong("it is not ours".to_owned()));
    }
    if first.format > FORMAT {
        let program: String = first.program.chars().filter(|c| c.is_ascii_graphic()).take(20).collect();
        return Err(BackupError::Newer { what: format!("version {program}, form {}", first.format) });
    }
    serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))
}

/// Sums what is read through it.
struct Summed<R> {
    inner: R,
    sum: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sum.update(buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}
