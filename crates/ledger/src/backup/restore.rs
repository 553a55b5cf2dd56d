//! Restoring a backup into an empty folder and an empty database, and looking through one without restoring it.
//!
//! Until all of a backup has been read and proved, and the trail in it walked, a mark lies in the folder, and nothing starts there.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use calendar::Instant;
use sea_orm::DatabaseConnection;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::archive::{self, Piece};
use super::form::{Closing, OPENING, Opening};
use super::kept::{Age, Kept};
use super::load::{self, Load};
use super::replay::replay;
use super::{BackupError, Identity, Step, Table, catalog, dump};
use crate::connect::{Use, connect};
use crate::{LedgerError, Place, audit, migrations};

/// Lies in a folder while a restore into it is under way. A folder with it is of no use to anybody.
const UNFINISHED: &str = "restore-unfinished";
/// Pieces that may wait between reading and the database.
const WAITING: usize = 4;

/// Where to restore to.
#[derive(Debug, Clone)]
pub struct Target {
    /// The data folder: empty, or not there yet.
    pub folder: PathBuf,
    /// The database: empty, or a file in that folder.
    pub place: Place,
}

/// What was found in a backup.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What it is a backup of.
    pub opening: Opening,
    /// How much is in it.
    pub closing: Closing,
    /// How it stands to what is kept beside it; nothing where nothing was given.
    pub age: Option<Age>,
    /// Records that a restore erased again.
    pub erased: u64,
    /// Messages that waited to be sent, which a restore holds until somebody releases them.
    pub held: u64,
}

enum Order {
    Opening(Box<Opening>),
    Rows { table: usize, bytes: Vec<u8> },
}

/// Whether a restore was begun in this folder and not finished.
#[must_use]
pub fn is_unfinished(folder: &Path) -> bool {
    folder.join(UNFINISHED).exists()
}

/// Reads a backup to its end and proves that it is whole and unchanged. Nothing is written anywhere.
///
/// # Errors
/// What is wrong with it.
pub fn verify(from: impl Read, identity: &Identity, kept: Option<&Kept>, step: &mut dyn FnMut(Step<'_>)) -> Result<Seen, BackupError> {
    let mut opened = None;
    let closing = archive::read(from, identity, &mut look(&mut opened, step))?;
    let opening = opened.ok_or(BackupError::Damaged)?;
    let age = kept.map(|kept| kept.age_of(&opening.heads, opening.made_at)).transpose()?;
    Ok(Seen { opening, closing, age, erased: 0, held: 0 })
}

/// The same of what is inside the encryption. For the fuzz target, which cannot guess a key.
///
/// # Errors
/// What is wrong with it.
pub fn verify_inside(from: impl Read) -> Result<Seen, BackupError> {
    let mut opened = None;
    let closing = archive::inside(from, &mut look(&mut opened, &mut |_| {}))?;
    let opening = opened.ok_or(BackupError::Damaged)?;
    Ok(Seen { opening, closing, age: None, erased: 0, held: 0 })
}

/// Takes each piece, keeps the opening and says where it is.
fn look<'a>(opened: &'a mut Option<Opening>, step: &'a mut dyn FnMut(Step<'_>)) -> impl FnMut(Piece<'_>) -> Result<(), BackupError> + 'a {
    let mut files = 0;
    move |piece| {
        match piece {
            Piece::Opening(opening) => *opened = Some(opening),
            Piece::Rows { table, .. } => {
                let table = opened.as_ref().and_then(|opening| opening.tables.get(table));
                step(Step::Checking { what: table.map_or("", |table| table.name.as_str()) });
            }
            Piece::File { .. } => {
                files += 1;
                step(Step::Files { done: files, all: files, bytes: 0 });
            }
        }
        Ok(())
    }
}

/// Restores a backup. Where it fails, what it wrote into the folder is removed again.
///
/// # Errors
/// What is wrong with the backup, or with the place to restore to.
pub async fn restore<R: Read + Send + 'static>(
    from: R,
    identity: Identity,
    target: &Target,
    kept: Option<Kept>,
    now: Instant,
    step: &mut (dyn FnMut(Step<'_>) + Send),
) -> Result<Seen, BackupError> {
    begin(&target.folder)?;
    let mut base = Base::default();
    let mut restored = fill(from, identity, target, kept.as_ref(), now, step, &mut base).await;
    // Closed in any case, since SQLite has files of its own in the folder until then.
    let closed = base.close().await;
    if let (Ok(seen), Ok(())) = (&mut restored, &closed) {
        match replay(target, kept.as_ref(), now).await {
            Ok(replayed) => (seen.erased, seen.held) = (replayed.erased, replayed.held),
            Err(error) => restored = Err(error),
        }
    }
    let restored = restored.and_then(|seen| closed.map(|()| seen).map_err(BackupError::from));
    match restored {
        Ok(seen) => finish(&target.folder).map(|()| seen),
        Err(error) => {
            base.empty(target).await;
            // The folder was empty: all in it is ours. The mark goes last, so that what cannot be removed stays of no use.
            clear(&target.folder);
            Err(error)
        }
    }
}

/// The database that is restored into.
#[derive(Default)]
struct Base {
    open: Option<DatabaseConnection>,
    /// Its tables, from when something was committed.
    filled: Option<Vec<Table>>,
}

// === impl Base ===

impl Base {
    async fn close(&mut self) -> Result<(), LedgerError> {
        match self.open.take() {
            Some(database) => database.close().await.map_err(LedgerError::database("closing the records")),
            None => Ok(()),
        }
    }

    /// Takes out again what was committed into PostgreSQL. A SQLite file goes with the folder.
    async fn empty(self, target: &Target) {
        let (Place::Postgres(_), Some(tables)) = (&target.place, self.filled) else { return };
        let empty = async {
            let database = connect(&target.place, Use::Write).await?;
            Load::begin(&database, tables).await?.commit().await?;
            database.close().await.map_err(LedgerError::database("closing the records"))?;
            Ok::<(), BackupError>(())
        };
        if let Err(error) = empty.await {
            // What failed before is told to the person; a restore into this database will be refused.
            tracing::warn!(%error, "the database still holds a restore that failed: drop it");
        }
    }
}

/// Lays the mark into an empty folder, which is made if it is not there.
fn begin(folder: &Path) -> Result<(), BackupError> {
    let failed = |what| BackupError::file(what, folder);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed("making"))?;
    if is_unfinished(folder) {
        return Err(BackupError::Unfinished { path: folder.to_owned() });
    }
    if fs::read_dir(folder).map_err(failed("looking into"))?.next().is_some() {
        return Err(BackupError::NotEmpty { path: folder.to_owned() });
    }
    let mark = OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(UNFINISHED));
    mark.and_then(|mark| mark.sync_all()).and_then(|()| File::open(folder)?.sync_all()).map_err(failed("writing into"))
}

/// Forces all that was restored to the disk, then takes the mark away.
fn finish(folder: &Path) -> Result<(), BackupError> {
    let failed = || BackupError::file("forcing to the disk", folder);
    let root = File::open(folder).map_err(failed())?;
    rustix::fs::syncfs(&root).map_err(io::Error::from).map_err(failed())?;
    fs::remove_file(folder.join(UNFINISHED)).and_then(|()| root.sync_all()).map_err(failed())
}

fn clear(folder: &Path) {
    let mark = folder.join(UNFINISHED);
    let remove = |path: &Path| if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    let others = || fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| *path != mark);
    for path in others() {
        // What stays is seen below.
        let _ = remove(&path);
    }
    if others().next().is_none() {
        // If it stays, the folder is refused, which is right as well.
        let _ = fs::remove_file(mark);
    }
}

async fn fill<R: Read + Send + 'static>(
    from: R,
    identity: Identity,
    target: &Target,
    kept: Option<&Kept>,
    now: Instant,
    step: &mut (dyn FnMut(Step<'_>) + Send),
    base: &mut Base,
) -> Result<Seen, BackupError> {
    let (orders, mut inbox) = mpsc::channel(WAITING);
    let folder = target.folder.clone();
    let reading = spawn_blocking(move || read(from, &identity, &folder, &orders));
    let loaded = load_all(&mut inbox, target, kept, now, step, base).await;
    // The reading side sees that nobody listens and ends.
    drop(inbox);
    let read = reading.await.map_err(|fault| BackupError::Read { source: io::Error::other(fault) })?;
    // Where one side gave up, the other says no more than that: its own error comes first.
    let loaded = match (read, loaded) {
        (Err(Unread::Refused(error)), _) | (_, Err(Some(error))) => return Err(error),
        (Err(Unread::NobodyListens), _) | (_, Err(None)) => return Err(BackupError::Damaged),
        (Ok(closing), Ok(loaded)) => (closing, loaded),
    };
    let (closing, Loaded { opening, age, load }) = loaded;
    // Only now is it known that the backup is whole.
    if dump::heads(load.connection()).await.map_err(LedgerError::database("looking at the trail"))? != opening.heads {
        return Err(BackupError::malformed(OPENING, "the trail in the tables ends elsewhere than it says"));
    }
    if let Some(kept) = kept {
        kept.check(load.connection()).await?;
    }
    load.commit().await?;
    base.filled = Some(opening.tables.clone());
    if let Some(database) = &base.open {
        migrations::run(database, migrations::ALL, now).await?;
        base.filled = Some(catalog::tables(database).await.map_err(LedgerError::database("restoring the records"))?);
        step(Step::Checking { what: "audit trail" });
        let report = audit::verify(database, &[], now, &|_, _| {}).await?;
        if let Some(broken) = report.chains.into_iter().find_map(|chain| chain.broken) {
            return Err(BackupError::Trail { what: broken.to_string() });
        }
    }
    Ok(Seen { opening, closing, age, erased: 0, held: 0 })
}

struct Loaded {
    opening: Opening,
    age: Option<Age>,
    load: Load,
}

/// The side of the database. `None`: the reading side ended before it gave the first piece.
async fn load_all(
    inbox: &mut mpsc::Receiver<Order>,
    target: &Target,
    kept: Option<&Kept>,
    now: Instant,
    step: &mut (dyn FnMut(Step<'_>) + Send),
    base: &mut Base,
) -> Result<Loaded, Option<BackupError>> {
    let Some(Order::Opening(opening)) = inbox.recv().await else { return Err(None) };
    let age = kept.map(|kept| kept.age_of(&opening.heads, opening.made_at)).transpose()?;
    let known = known(&opening)?;
    let database = base.open.insert(connect(&target.place, Use::Write).await.map_err(BackupError::from)?);
    load::must_be_empty(database).await?;
    migrations::run(database, known, now).await.map_err(BackupError::from)?;
    let load = Load::begin(database, opening.tables.clone()).await?;
    while let Some(order) = inbox.recv().await {
        if let Order::Rows { table, bytes } = order {
            step(Step::Checking { what: opening.tables.get(table).map_or("", |table| table.name.as_str()) });
            load.rows(table, &bytes).await?;
        }
    }
    Ok(Loaded { opening: *opening, age, load })
}

/// The migrations that had been done when the backup was made: the first of ours.
fn known(opening: &Opening) -> Result<&'static [migrations::Migration], BackupError> {
    let names = || migrations::ALL.iter().map(|migration| migration.name);
    if let Some(later) = opening.migrations.iter().find(|name| names().all(|known| known != name.as_str())) {
        let later: String = later.chars().filter(|c| c.is_ascii_graphic()).take(60).collect();
        return Err(BackupError::Newer { what: format!("migration {later}") });
    }
    let first = migrations::ALL.get(..opening.migrations.len()).unwrap_or_default();
    if first.iter().map(|migration| migration.name).ne(opening.migrations.iter().map(String::as_str)) {
        return Err(BackupError::malformed(OPENING, "its migrations are not in our order"));
    }
    Ok(first)
}

/// Why the reading side did not come to the end.
enum Unread {
    Refused(BackupError),
    NobodyListens,
}

/// The side of the file.
fn read(from: impl Read, identity: &Identity, folder: &Path, orders: &mpsc::Sender<Order>) -> Result<Closing, Unread> {
    let mut nobody_listens = false;
    let read = archive::read(from, identity, &mut |piece| {
        let order = match piece {
            Piece::Opening(opening) => Order::Opening(Box::new(opening)),
            Piece::Rows { table, bytes } => Order::Rows { table, bytes },
            Piece::File { name, content } => return write_file(folder, name, content),
        };
        orders.blocking_send(order).map_err(|_| {
            nobody_listens = true;
            BackupError::Damaged
        })
    });
    match read {
        Err(_) if nobody_listens => Err(Unread::NobodyListens),
        read => read.map_err(Unread::Refused),
    }
}

fn write_file(folder: &Path, name: &str, content: &mut dyn Read) -> Result<(), BackupError> {
    let path = folder.join(name);
    let parent = path.parent().unwrap_or(folder);
    DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(BackupError::file("making", parent))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let mut file = file.map_err(BackupError::file("writing", &path))?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        // The two errors mean different things, so they are kept apart.
        let read = content.read(&mut buffer).map_err(BackupError::reading)?;
        if read == 0 {
            return Ok(());
        }
        io::Write::write_all(&mut file, buffer.get(..read).unwrap_or_default()).map_err(BackupError::file("writing", &path))?;
    }
}
