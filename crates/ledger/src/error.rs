//! Why the records cannot be opened, or something could not be recorded.

use std::io;
use std::path::PathBuf;

use sea_orm::{DbErr, RuntimeErr};

use crate::Place;
use crate::keys::KeyError;

/// What a database's refusal means for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Somebody else holds it: trying again helps.
    Busy,
    /// No room on the disk.
    Full,
    /// It cannot be reached: stopped, restarting, or the network is down.
    Gone,
    /// It is damaged, or no database of ours.
    Damaged,
    /// A rule of the database was broken: a double, a missing parent, an append-only table.
    Refused,
    /// Anything else.
    Other,
}

/// Why something about the records failed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The data folder refuses.
    #[error("{what} {path}; look at the disk and at who owns the folder")]
    Folder {
        /// What was tried.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process has the data folder.
    #[error("opening the records in {path}: another Schoolgate is running on this data folder; stop it, or choose another data folder")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// Another process tries an upgrade on the data folder.
    #[error(
        "trying out how the records in {path} are brought up to date: another Schoolgate is trying it out now; wait until it has ended"
    )]
    Rehearsing {
        /// The folder.
        path: PathBuf,
    },
    /// The database cannot be opened.
    #[error("opening the records in {place}: {}", hint(*fault))]
    Connect {
        /// Which.
        place: Place,
        /// What it means.
        fault: Fault,
        /// What the database says.
        source: DbErr,
    },
    /// The records were written by a later version.
    #[error(
        "opening the records: they were changed by a later version of Schoolgate (`{migration}`); install that version, or restore a backup made by this one"
    )]
    Newer {
        /// The first migration that this version does not know.
        migration: String,
    },
    /// There are none, and they were opened for reading only.
    #[error("opening the records: there are none yet; `schoolgate run` makes them")]
    NotMade,
    /// The records are of an earlier version, and were to be used as they are.
    #[error(
        "opening the records: they are of an earlier version; `schoolgate upgrade` or the next start of Schoolgate brings them up to date"
    )]
    Older,
    /// A migration failed. It left nothing behind; what was done before it holds.
    #[error("bringing the records up to date, at `{migration}`: {}; that step left nothing behind", hint(*fault))]
    Migration {
        /// Which.
        migration: &'static str,
        /// What it means.
        fault: Fault,
        /// What the database says.
        source: DbErr,
    },
    /// The database refuses. Nothing of the unit was kept.
    #[error("{what}: {}; nothing was changed", hint(*fault))]
    Database {
        /// What was tried.
        what: &'static str,
        /// What it means.
        fault: Fault,
        /// What the database says.
        source: DbErr,
    },
    /// The change was made, and the disk or the database cannot say that it is kept.
    #[error("recording: the change was made, but the disk does not confirm that it is kept; look before doing it again")]
    Unconfirmed {
        /// What the system says.
        source: io::Error,
    },
    /// A unit without an entry.
    #[error("recording: a change without an audit entry was refused; this is a fault of the program, and nothing was changed")]
    NoEntry,
    /// Somebody else changed the record meanwhile.
    #[error("recording: somebody else has changed this meanwhile; look at it again, then repeat your change")]
    Conflict,
    /// A text of the trail has not the form of one.
    #[error("reading a text of the audit trail; `schoolgate audit verify` says whether it was changed")]
    Text {
        /// What is wrong with it.
        source: KeyError,
    },
    /// No random numbers.
    #[error("recording: the system gives no random numbers; nothing was changed")]
    Random,
    /// The records are being closed.
    #[error("recording: Schoolgate is stopping; nothing was changed")]
    Closed,
}

// === impl LedgerError ===

impl LedgerError {
    /// A refusal of the database while doing `what`.
    pub fn database(what: &'static str) -> impl Fn(DbErr) -> Self {
        move |source| Self::Database { what, fault: Fault::of(&source), source }
    }

    /// What the database's refusal means, if it was one.
    pub const fn fault(&self) -> Option<Fault> {
        match self {
            Self::Connect { fault, .. } | Self::Migration { fault, .. } | Self::Database { fault, .. } => Some(*fault),
            _ => None,
        }
    }
}

/// For stores, which ask the database in the middle of a unit.
impl From<DbErr> for LedgerError {
    fn from(source: DbErr) -> Self {
        Self::database("asking the records")(source)
    }
}

// === impl Fault ===

impl Fault {
    /// Sorts what the database says.
    pub fn of(error: &DbErr) -> Self {
        let cause = match error {
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
            DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout) => return Self::Busy,
            DbErr::ConnectionAcquire(_) => return Self::Gone,
            _ => return Self::Other,
        };
        match &**cause {
            sqlx::Error::Database(error) => error.code().map_or(Self::Other, |code| Self::of_code(&code)),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Gone,
            _ => Self::Other,
        }
    }

    /// SQLite has numbers (<https://www.sqlite.org/rescode.html>, the extended code's low byte), PostgreSQL five characters
    /// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>, whose first two are the class).
    fn of_code(code: &str) -> Self {
        if code.len() == 5 && !code.starts_with("000") {
            return match code {
                "53100" => Self::Full,
                "40001" | "40P01" | "55P03" | "53300" => Self::Busy,
                "57P01" | "57P02" | "57P03" => Self::Gone,
                _ if code.starts_with("08") => Self::Gone,
                _ if code.starts_with("23") || code == "P0001" => Self::Refused,
                _ if code.starts_with("XX") || code.starts_with("58") => Self::Damaged,
                _ => Self::Other,
            };
        }
        match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => Self::Busy,
            Ok(13) => Self::Full,
            Ok(8 | 10 | 14) => Self::Gone,
            Ok(11 | 26) => Self::Damaged,
            Ok(19) => Self::Refused,
            _ => Self::Other,
        }
    }
}

const fn hint(fault: Fault) -> &'static str {
    match fault {
        Fault::Busy => "another change holds the database; try again in a moment",
        Fault::Full => "the disk is full; make room, then try again",
        Fault::Gone => "the database cannot be reached; look whether it runs and who may read its files",
        Fault::Damaged => "the database is damaged or is none of ours; restore a backup",
        Fault::Refused => "the database refused it by one of its rules",
        Fault::Other => "the database refused it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_sorted() {
        let cases = [
            ("5", Fault::Busy),
            ("517", Fault::Busy),
            ("13", Fault::Full),
            ("11", Fault::Damaged),
            ("1811", Fault::Refused),
            ("53100", Fault::Full),
            ("57P01", Fault::Gone),
            ("08006", Fault::Gone),
            ("40001", Fault::Busy),
            ("23505", Fault::Refused),
            ("42P01", Fault::Other),
        ];
        for (code, fault) in cases {
            assert_eq!(Fault::of_code(code), fault, "{code}");
        }
    }
}
