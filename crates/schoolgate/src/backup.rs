//! Backups of this installation: what goes in, where they lie, which are kept, and how the last one went.
//!
//! What is in the file and how it is written is the ledger's matter (`crates/ledger/src/backup`); `docs/backup.md` is for schools.

pub mod contents;
mod folder;
mod record;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use ledger::backup::{self, Made, Recipients, Step};
use lists::whole_file::{self, WholeFile};

pub use folder::{KEPT, name, newest};
pub use record::Record;

use crate::config::Config;
use crate::data::DataFolder;
use crate::live::Origin;
use crate::records;

/// A backup that was made and is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its file.
    pub path: PathBuf,
    /// Its size, in bytes.
    pub size: u64,
    /// Rows in it.
    pub rows: u64,
    /// Files in it.
    pub files: u64,
    /// Older ones that were removed, since their time is over.
    pub removed: u64,
}

/// Makes a backup in the folder `to`, which is made if it is not there, and notes how it went. Only after it is on the disk are those
/// removed whose time is over.
///
/// # Errors
/// What refuses; every backup from before is then as it was.
pub async fn make(
    config: &Config,
    origin: &Origin,
    data: &DataFolder,
    recipients: &Recipients,
    to: &Path,
    now: Timestamp,
    step: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<Done> {
    let done = write(config, origin, data, recipients, to, now, step).await;
    let before = Record::read(data);
    match &done {
        Ok(done) => before.succeeded(now, done),
        Err(error) => before.failed(now, format!("{error:#}")),
    }
    .write(data);
    done
}

async fn write(
    config: &Config,
    origin: &Origin,
    data: &DataFolder,
    recipients: &Recipients,
    to: &Path,
    now: Timestamp,
    step: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<Done> {
    folder::prepare(to)?;
    let path = to.join(name(now));
    let doing = || format!("writing the backup {}", path.display());
    let source = backup::Source {
        place: records::place(config, data),
        folder: data.root().to_owned(),
        files: contents::configuration(config, origin),
        program: env!("CARGO_PKG_VERSION"),
    };
    let file = Writing(WholeFile::beside(&path).with_context(doing)?);
    let made: Made<Writing> = backup::make(&source, recipients, file, now.into(), step).await?;
    let Made { to: Writing(file), kept, closing } = made;
    let size = file.path().metadata().with_context(doing)?.len();
    file.keep_new().with_context(doing)?;
    let kept_file = to.join(KEPT);
    whole_file::write(&kept_file, &kept.text()).with_context(|| format!("writing {}", kept_file.display()))?;
    let removed = folder::remove_old(to, now, config.backup.keep_days)?;
    Ok(Done { path, size, rows: closing.rows.iter().sum(), files: closing.files, removed })
}

/// The recipients that the configuration names, or those given instead.
///
/// # Errors
/// Where there is none.
pub fn recipients(config: &Config, given: &[String]) -> Result<Recipients> {
    let texts = if given.is_empty() { &config.backup.recipients } else { given };
    Ok(Recipients::parse(texts.iter().map(String::as_str))?)
}

/// A step in words, for whoever watches.
pub fn words(step: Step<'_>) -> String {
    match step {
        Step::Rows { table, rows } => format!("reading {}: {rows} rows", table.replace('_', " ")),
        Step::Files { done, all, .. } => format!("files: {done} of {all}"),
        Step::Checking { what } => format!("checking {}", what.replace('_', " ")),
    }
}

/// A file being written, as a stream.
#[derive(Debug)]
struct Writing(WholeFile);

impl std::io::Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
