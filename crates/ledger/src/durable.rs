//! What is acknowledged is on the disk: many commits share one wait.
//!
//! Forcing a commit to the disk takes milliseconds, and a database that does so for each commit makes a few hundred a second.
//! So commits do not wait; whoever committed then waits here, and one `fdatasync` (SQLite) or one waiting commit (PostgreSQL)
//! confirms all that were made before it began. `docs/adr/0009` has why that is enough, and the figures.

use std::io;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use tokio::sync::{mpsc, oneshot};

type Waiting = oneshot::Sender<Result<(), io::ErrorKind>>;

/// Where one waits for the disk. Clones share the wait.
#[derive(Debug, Clone)]
pub(crate) struct Durable(mpsc::UnboundedSender<Waiting>);

/// How a database is told to put on the disk what was committed.
#[derive(Debug)]
pub(crate) enum Disk {
    /// The write-ahead log of this SQLite file.
    Log(PathBuf),
    /// A connection whose commits wait; PostgreSQL then has written everything committed before.
    Commit(DatabaseConnection),
}

// === impl Durable ===

impl Durable {
    /// Starts the task that waits for the disk. It ends when the last clone is dropped.
    pub(crate) fn start(disk: Disk) -> Self {
        let (sender, mut inbox) = mpsc::unbounded_channel::<Waiting>();
        tokio::spawn(async move {
            while let Some(first) = inbox.recv().await {
                let mut waiting = vec![first];
                while let Ok(next) = inbox.try_recv() {
                    waiting.push(next);
                }
                let outcome = disk.force().await.map_err(|error| error.kind());
                for one in waiting {
                    // Whoever no longer waits was cancelled and acknowledges nothing.
                    let _ = one.send(outcome);
                }
            }
        });
        Self(sender)
    }

    /// Returns when all that was committed before the call is on the disk.
    pub(crate) async fn confirm(&self) -> io::Result<()> {
        let (sender, answer) = oneshot::channel();
        let stopped = || io::Error::other("the task that waits for the disk has ended");
        self.0.send(sender).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?.map_err(io::Error::from)
    }
}

// === impl Disk ===

impl Disk {
    /// For the SQLite file at `path`, whose connections are open.
    pub(crate) fn of_sqlite(path: &Path) -> io::Result<Self> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        // The names of the database and its log are in the folder, which is forced once.
        if let Some(folder) = path.parent() {
            std::fs::File::open(folder)?.sync_all()?;
        }
        Ok(Self::Log(log.into()))
    }

    async fn force(&self) -> io::Result<()> {
        match self {
            // Opened each time, so that it is the log in use. Only ever the log: closing the database file or its index would
            // drop the locks that SQLite has on them (POSIX, fcntl: any close releases all).
            Self::Log(path) => {
                let path = path.clone();
                let forced = tokio::task::spawn_blocking(move || std::fs::File::open(path)?.sync_data());
                forced.await.map_err(io::Error::other)?
            }
            Self::Commit(connection) => {
                // A commit that changes nothing waits for nothing.
                let sql = "UPDATE confirmation SET number = number + 1";
                connection.execute_unprepared(sql).await.map(|_| ()).map_err(io::Error::other)
            }
        }
    }
}
