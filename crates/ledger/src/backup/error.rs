//! Why a backup cannot be made, read or restored.

use std::io;
use std::path::PathBuf;

use super::row::RowError;
use crate::LedgerError;

/// What went wrong. Nothing half-made is ever taken for a backup, nor a half-restored folder for a school's records.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder refuses.
    #[error("{what} {path}{}", hint(source))]
    File {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The place where the backup is written refuses.
    #[error("writing the backup{}", hint(source))]
    Write {
        /// What the system says.
        source: io::Error,
    },
    /// The backup's file cannot be read.
    #[error("reading the backup{}", hint(source))]
    Read {
        /// What the system says.
        source: io::Error,
    },
    /// The records refuse.
    #[error(transparent)]
    Records(#[from] LedgerError),
    /// Nobody could ever read it.
    #[error("making a backup: no recipient is named, so nobody could restore it; name one with --recipient or in [backup] recipients")]
    NoRecipient,
    /// A text that is no recipient.
    #[error("{text:?} is no recipient: one begins with age1 and is printed by `schoolgate backup new-key`")]
    NotARecipient {
        /// The text. It is public.
        text: String,
    },
    /// A file without a private key.
    #[error("{path} holds no private key of a backup: a line in it begins with AGE-SECRET-KEY-1")]
    NotAnIdentity {
        /// The file.
        path: PathBuf,
    },
    /// Not a file of age.
    #[error("this is no backup of Schoolgate: it does not begin as one, or its first bytes were changed")]
    NotABackup,
    /// Another key is needed.
    #[error("this backup was made for another key: take the key file whose recipient stood in the configuration when it was made")]
    NotForThisKey,
    /// It ends too soon, or bytes were changed.
    #[error("this backup is damaged: it was cut short or changed after it was made; take another copy or another day's")]
    Damaged,
    /// It decrypts, and what is in it is none of ours.
    #[error("this backup is not as Schoolgate makes it: {member}: {why}")]
    Malformed {
        /// In which part of it.
        member: String,
        /// What is wrong.
        why: String,
    },
    /// A later Schoolgate made it.
    #[error("this backup was made by a later version of Schoolgate ({what}); install that version to restore it")]
    Newer {
        /// What is not known here.
        what: String,
    },
    /// The folder to restore into holds something.
    #[error("restoring into {path}: it is not empty, and a restore never mixes with what is there; name an empty or a new folder")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The folder to restore into holds an interrupted restore.
    #[error("restoring into {path}: a restore was interrupted there, and what it left is of no use; remove the folder, then start again")]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// The database to restore into holds something.
    #[error("restoring: the database holds records already (table {table}); name an empty database")]
    DatabaseNotEmpty {
        /// A table with rows.
        table: String,
    },
    /// What is kept beside the backups is missing.
    #[error(
        "restoring: {path}, which is kept beside the backups and says what was erased since, is not there; name it with --kept, or say \
         --no-kept if it is lost: then what was erased after the backup was made comes back"
    )]
    NothingKept {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// What is kept beside the backups cannot be understood.
    #[error("{path} is damaged, or of a later version")]
    Kept {
        /// The file.
        path: PathBuf,
    },
    /// The trail in the backup does not hold.
    #[error("the audit trail in this backup does not hold: {what}; the records were changed before it was made, so take an older backup")]
    Trail {
        /// The first thing that is not as it was written.
        what: String,
    },
    /// The history in the backup is another than the one known.
    #[error(
        "this backup does not belong to the history that is kept beside it: entry {seq} of organisation {organisation} has another hash; \
         one of the two was rewritten, or they are of different schools"
    )]
    OtherHistory {
        /// Whose.
        organisation: String,
        /// Which entry of its trail.
        seq: i64,
    },
}

// === impl BackupError ===

impl BackupError {
    pub(super) fn file(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { what, path, source }
    }

    pub(super) fn malformed(member: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Malformed { member: member.into(), why: why.into() }
    }

    pub(super) fn row(member: &str) -> impl FnOnce(RowError) -> Self {
        let member = member.to_owned();
        move |error| Self::Malformed { member, why: error.to_string() }
    }

    /// What an error means that came through decryption: it says by its kind whether the bytes or the disk are to blame.
    pub(super) fn reading(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Read { source },
        }
    }
}

fn hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ": the disk is full; make room, then try again",
        io::ErrorKind::PermissionDenied => ": this account may not; give it the right, or run as the account that may",
        io::ErrorKind::NotFound => ": it is not there",
        _ => "",
    }
}
