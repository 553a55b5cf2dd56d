//! Making a backup: one side reads the records as they were at one moment, the other encrypts and writes. Neither waits for a person
//! who is working, nor do they for it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use calendar::Instant;
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::archive::Writer;
use super::form::{Closing, FORMAT, MAGIC, Opening, Table, is_name};
use super::kept::Kept;
use super::{BackupError, Recipients, Step, VAULT, catalog, dump};
use crate::{Ledger, LedgerError, Place};

/// Parts that may wait between the two sides.
const WAITING: usize = 4;
/// Folders in folders of the vault that are looked into.
const DEPTH: usize = 4;

/// What a backup is made of.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where the records are. Another process may be at work on them.
    pub place: Place,
    /// The data folder, for the vault.
    pub folder: PathBuf,
    /// Files beside: the configuration, as `config/NAME`.
    pub files: Vec<(String, PathBuf)>,
    /// The version of the program.
    pub program: &'static str,
}

/// A backup that was made. It is one only when `to` is on the disk under its name.
#[derive(Debug)]
pub struct Made<W> {
    /// What it was written to.
    pub to: W,
    /// To be kept beside it, in place of the one from before.
    pub kept: Kept,
    /// How much is in it.
    pub closing: Closing,
}

enum Order {
    NextTable,
    Rows { table: usize, part: dump::Part },
    File { name: String, path: PathBuf, answer: tokio::sync::oneshot::Sender<u64> },
    End,
}

/// Makes a backup of the records as they are now.
///
/// # Errors
/// What refuses: the records, a file of the vault, or what is written to. What was written so far is then no backup.
pub async fn make<W: Write + Send + 'static>(
    source: &Source,
    recipients: &Recipients,
    to: W,
    now: Instant,
    step: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<Made<W>, BackupError> {
    // Of an earlier version too: before it is brought up to date it is copied.
    let database = Ledger::read_any(&source.place).await?;
    let made = from_database(&database, source, recipients, to, now, step).await?;
    database.close().await.map_err(LedgerError::database("closing the records"))?;
    Ok(made)
}

pub(super) async fn from_database<W: Write + Send + 'static>(
    database: &DatabaseConnection,
    source: &Source,
    recipients: &Recipients,
    to: W,
    now: Instant,
    step: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<Made<W>, BackupError> {
    let view = dump::begin(database).await?;
    let failed = || LedgerError::database("reading the records for a backup");
    let opening = Opening {
        magic: MAGIC.to_owned(),
        format: FORMAT,
        program: source.program.to_owned(),
        made_at: now,
        migrations: catalog::migrations(&view).await.map_err(failed())?,
        heads: dump::heads(&view).await.map_err(failed())?,
        tables: catalog::tables(&view).await.map_err(failed())?,
    };
    let kept = Kept::of(&view, now).await.map_err(failed())?;
    let (orders, inbox) = mpsc::channel(WAITING);
    let tables = opening.tables.clone();
    let recipients = recipients.clone();
    let writing = spawn_blocking(move || write(to, &recipients, &opening, inbox));
    let read = give(source, &view, &tables, &orders, step).await;
    drop(orders);
    let written = writing.await.map_err(|fault| BackupError::Write { source: io::Error::other(fault) })?;
    // Where the writing side gave up, the reading side only says that nobody listened: so its error comes second.
    let written = match (written, read) {
        (Err(Unwritten::Refused(error)), _) => return Err(error),
        (_, Err(error)) => return Err(error),
        (Err(Unwritten::Unfinished), Ok(())) => return Err(BackupError::Write { source: io::ErrorKind::Interrupted.into() }),
        (Ok(written), Ok(())) => written,
    };
    view.rollback().await.map_err(failed())?;
    Ok(Made { to: written.0, kept, closing: written.1 })
}

/// The reading side.
async fn give(
    source: &Source,
    view: &DatabaseTransaction,
    tables: &[Table],
    orders: &mpsc::Sender<Order>,
    step: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<(), BackupError> {
    for (number, table) in tables.iter().enumerate() {
        let mut rows = 0;
        if orders.send(Order::NextTable).await.is_err() {
            return Ok(());
        }
        let mut parts = dump::rows(view, table).await?;
        while let Some(part) = parts.next().await? {
            rows += part.rows;
            step(Step::Rows { table: &table.name, rows });
            if orders.send(Order::Rows { table: number, part }).await.is_err() {
                return Ok(());
            }
        }
    }
    let mut files = vault(&source.folder)?;
    files.extend(source.files.iter().cloned());
    let (all, mut bytes) = (files.len() as u64, 0);
    for (done, (name, path)) in files.into_iter().enumerate() {
        step(Step::Files { done: done as u64, all, bytes });
        let (answer, size) = tokio::sync::oneshot::channel();
        if orders.send(Order::File { name, path, answer }).await.is_err() {
            return Ok(());
        }
        bytes += size.await.unwrap_or(0);
    }
    // Nobody may listen any more: then the other side has an error to tell.
    let _ = orders.send(Order::End).await;
    Ok(())
}

/// Why the writing side has no backup.
enum Unwritten {
    Refused(BackupError),
    /// The other side broke off.
    Unfinished,
}

impl From<BackupError> for Unwritten {
    fn from(error: BackupError) -> Self {
        Self::Refused(error)
    }
}

/// The writing side.
fn write<W: Write>(to: W, recipients: &Recipients, opening: &Opening, mut inbox: mpsc::Receiver<Order>) -> Result<(W, Closing), Unwritten> {
    let mut writer = Writer::begin(to, recipients, opening)?;
    while let Some(order) = inbox.blocking_recv() {
        match order {
            Order::NextTable => writer.next_table(),
            Order::Rows { table, part } => {
                let name = opening.tables.get(table).map_or("", |table| table.name.as_str());
                writer.rows(table, name, part.rows, &part.bytes)?;
            }
            Order::File { name, path, answer } => {
                let size = writer.file(&name, &path)?;
                // It is for show only.
                let _ = answer.send(size.unwrap_or(0));
            }
            Order::End => return Ok(writer.finish()?),
        }
    }
    Err(Unwritten::Unfinished)
}

/// The files of the vault, each with its name in a backup. They are encrypted already; temporary ones begin with a dot.
fn vault(folder: &Path) -> Result<Vec<(String, PathBuf)>, BackupError> {
    let mut files = Vec::new();
    let root = folder.join(VAULT);
    if root.is_dir() {
        walk(&root, VAULT, DEPTH, &mut files)?;
    }
    Ok(files)
}

fn walk(folder: &Path, name: &str, depth: usize, files: &mut Vec<(String, PathBuf)>) -> Result<(), BackupError> {
    let failed = || BackupError::file("looking into", folder);
    let mut entries = std::fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(failed())?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let own = entry.file_name();
        let own = own.to_string_lossy();
        if own.starts_with('.') {
            continue;
        }
        let (name, path) = (format!("{name}/{own}"), entry.path());
        let kind = entry.file_type().map_err(failed())?;
        if kind.is_dir() && depth > 0 {
            walk(&path, &name, depth - 1, files)?;
        } else if kind.is_file() && is_name(&name) {
            files.push((name, path));
        } else {
            let source = io::Error::other("it is none of the vault's own; move it away");
            return Err(BackupError::File { what: "reading", path, source });
        }
    }
    Ok(())
}
