//! The folder of the vault: a file for each object, written whole or not at all, for its owner only.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use ids::RecordId;

use super::{VaultError, stream};
use crate::keys::{RecordOpener, RecordSealer};

const ENDING: &str = ".vault";
/// The names of temporary files, as everywhere in the data folder, so that one sweep at the start finds all of them.
const TEMPORARY: (&str, &str) = (".schoolgate-", ".tmp");
/// Buffer before the disk, in bytes: a piece and more.
const BUFFER: usize = 128 * 1024;

/// The folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Bytes of the object itself.
    pub plain: u64,
    /// Bytes of its file.
    pub size: u64,
    /// SHA-256 of its file, so of ciphertext.
    pub hash: [u8; 32],
}

/// Rows and files beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Rows whose file is missing: lost, unless a backup has it.
    pub without_file: Vec<RecordId>,
    /// Files without a row: left by a power cut, or by an erasure that broke off. Nothing can open them.
    pub without_row: Vec<RecordId>,
    /// Names in the folder that are no object's.
    pub strange: Vec<String>,
}

// === impl Folder ===

impl Folder {
    /// Opens the folder, and makes it where there is none.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn open(root: &Path) -> Result<Self, VaultError> {
        DirBuilder::new().recursive(true).mode(0o700).create(root).map_err(disk("make the vault", root))?;
        Ok(Self { root: root.to_owned() })
    }

    /// Stores an object, encrypted on the way: no plain byte reaches the disk. Returns when the file is there for good; its row is to
    /// be committed after. `limit` is the most that is taken, in bytes.
    ///
    /// # Errors
    /// Where the object is too large, the disk refuses or the other side breaks off. Nothing is left then.
    pub fn write(&self, sealer: &RecordSealer, from: &mut dyn Read, limit: u64) -> Result<Stored, VaultError> {
        let path = self.path(sealer.record());
        let doing = disk("store in the vault", &path);
        let mut temporary = tempfile::Builder::new();
        temporary.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
        let file = temporary.tempfile_in(&self.root).map_err(&doing)?;
        // Held while it is written, so that the sweep at a start leaves it alone.
        file.as_file().lock().map_err(&doing)?;
        let mut buffered = BufWriter::with_capacity(BUFFER, file);
        let written = stream::seal(sealer, from, &mut buffered, limit)?;
        let file = buffered.into_inner().map_err(|error| doing(error.into_error()))?;
        file.as_file().sync_all().map_err(&doing)?;
        file.persist_noclobber(&path).map_err(|error| doing(error.error))?;
        self.sync().map_err(doing)?;
        Ok(Stored { plain: written.plain, size: written.size, hash: written.hash })
    }

    /// Reads an object to `to`, and says how many bytes. Each piece of 64 KiB is given out only when it was found whole; whoever must
    /// not begin before all of it is known to be whole reads into memory first.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn read(&self, opener: &RecordOpener, to: &mut dyn Write) -> Result<u64, VaultError> {
        stream::open(opener, &mut self.file(opener.record())?, to)
    }

    pub(super) fn file(&self, object: RecordId) -> Result<File, VaultError> {
        let path = self.path(object);
        match File::open(&path) {
            Ok(file) => Ok(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(VaultError::Missing),
            Err(error) => Err(disk("read from the vault", &path)(error)),
        }
    }

    /// Removes the file of an object whose key has been deleted. That there is none is in order.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn remove(&self, object: RecordId) -> Result<(), VaultError> {
        let path = self.path(object);
        let doing = disk("remove from the vault", &path);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(doing(error)),
            _ => self.sync().map_err(doing),
        }
    }

    /// Compares the files with the objects that have a row. To be called while nothing is stored, since a file comes before its row.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn compare(&self, rows: &BTreeSet<RecordId>) -> Result<Compared, VaultError> {
        let doing = disk("look through the vault", &self.root);
        let (mut files, mut compared) = (BTreeSet::new(), Compared::default());
        for entry in fs::read_dir(&self.root).map_err(&doing)? {
            let name = entry.map_err(&doing)?.file_name();
            let object = name.to_str().and_then(|name| name.strip_suffix(ENDING)).and_then(|id| id.parse::<RecordId>().ok());
            match object {
                Some(object) => drop(files.insert(object)),
                None => compared.strange.push(name.to_string_lossy().into_owned()),
            }
        }
        compared.without_file = rows.difference(&files).copied().collect();
        compared.without_row = files.difference(rows).copied().collect();
        compared.strange.sort();
        Ok(compared)
    }

    /// The file of an object.
    pub fn path(&self, object: RecordId) -> PathBuf {
        self.root.join(format!("{object}{ENDING}"))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.root)?.sync_all()
    }
}

fn disk(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::Disk { doing, path: path.clone(), source }
}
