//! What is kept beside the backups: how far the trail had come, and what was erased. No text, only ids.
//!
//! A backup cannot know what happened after it. This small file does: it is written anew with every backup, and a restore of an older
//! one erases again what was erased since, and says how much is missing.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

use calendar::Instant;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use serde::{Deserialize, Serialize};

use super::form::{Head, hex, unhex};
use super::{BackupError, dump};

/// This form of the file. A higher one is refused.
const FORMAT: u32 = 1;
/// Largest file that is read, in bytes: a million erasures.
const MAX_FILE: u64 = 256 << 20;

/// What is kept beside the backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    format: u32,
    /// When this was so.
    #[serde(with = "super::form::moment")]
    pub at: Instant,
    /// Where the trail of each organisation ended.
    pub heads: Vec<Head>,
    /// All that was ever erased.
    pub erasures: Vec<Erased>,
}

/// A record that was erased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Erased {
    /// Whose, as hexadecimal digits.
    pub organisation: String,
    /// Which, as hexadecimal digits.
    pub record: String,
    /// What kind of record it was.
    pub kind: String,
    /// On what ground.
    pub reason: String,
    /// When, in microseconds since 1970, UTC.
    pub at: i64,
    /// Who ordered it, as hexadecimal digits; nobody where a rule did.
    pub actor: Option<String>,
}

/// How a backup stands to what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Age {
    /// It holds everything that is known.
    Newest,
    /// It is older: so many entries of the trail are not in it, over all organisations.
    Older {
        /// Entries.
        entries: i64,
        /// Time between the two.
        by: jiff::SignedDuration,
    },
}

// === impl Kept ===

impl Kept {
    /// As things are in the records now. A view of one moment is best.
    pub(super) async fn of(view: &impl ConnectionTrait, at: Instant) -> Result<Self, DbErr> {
        Ok(Self { format: FORMAT, at, heads: dump::heads(view).await?, erasures: erasures(view).await? })
    }

    /// Reads the file at `path`; none where there is none.
    ///
    /// # Errors
    /// Where it cannot be read or understood.
    pub fn read(path: &Path) -> Result<Option<Self>, BackupError> {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        match std::fs::File::open(path).and_then(|file| file.take(MAX_FILE).read_to_end(&mut bytes)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(BackupError::file("reading", path))?,
        };
        Self::parse(&bytes).map(Some).ok_or_else(|| BackupError::Kept { path: path.to_owned() })
    }

    /// Reads its text; nothing where it is none of ours.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let kept: Self = serde_json::from_slice(bytes).ok()?;
        let is_id = |text: &str| unhex(text).is_some_and(|bytes| bytes.len() == 16);
        let heads = kept.heads.iter().all(|head| is_id(&head.organisation) && unhex(&head.hash).is_some());
        let is_erased = |one: &Erased| is_id(&one.organisation) && is_id(&one.record) && one.actor.as_deref().is_none_or(is_id);
        (kept.format <= FORMAT && heads && kept.erasures.iter().all(is_erased)).then_some(kept)
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        // Numbers and texts: nothing that JSON could refuse.
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// How old a backup is that was made at `made_at` and ends at `heads`.
    ///
    /// # Errors
    /// Where they end at the same entry with different hashes: then they are not of one history.
    pub fn age_of(&self, heads: &[Head], made_at: Instant) -> Result<Age, BackupError> {
        let theirs: BTreeMap<&str, &Head> = heads.iter().map(|head| (head.organisation.as_str(), head)).collect();
        let mut entries = 0;
        for known in &self.heads {
            let Some(head) = theirs.get(known.organisation.as_str()) else {
                entries += known.seq;
                continue;
            };
            match head.seq.cmp(&known.seq) {
                Ordering::Less => entries += known.seq - head.seq,
                Ordering::Equal if head.hash != known.hash => return Err(other_history(known)),
                Ordering::Equal | Ordering::Greater => {}
            }
        }
        Ok(if entries == 0 { Age::Newest } else { Age::Older { entries, by: self.at.since(made_at) } })
    }

    /// Whether the trail that was restored goes through every entry that is known, as far as it goes.
    pub(super) async fn check(&self, database: &impl ConnectionTrait) -> Result<(), BackupError> {
        let failed = || crate::LedgerError::database("looking at the trail");
        for known in &self.heads {
            let organisation = unhex(&known.organisation).unwrap_or_default();
            let query = "SELECT hash FROM audit_link WHERE organisation_id = $1 AND seq = $2";
            let query = Statement::from_sql_and_values(database.get_database_backend(), query, [organisation.into(), known.seq.into()]);
            let Some(row) = database.query_one_raw(query).await.map_err(failed())? else { continue };
            let hash: Vec<u8> = row.try_get_by_index(0).map_err(failed())?;
            if hex(&hash) != known.hash {
                return Err(other_history(known));
            }
        }
        Ok(())
    }
}

fn other_history(known: &Head) -> BackupError {
    BackupError::OtherHistory { organisation: known.organisation.clone(), seq: known.seq }
}

async fn erasures(view: &impl ConnectionTrait) -> Result<Vec<Erased>, DbErr> {
    let sql = "SELECT organisation_id, record_id, record_kind, reason, at, actor_id FROM erasure ORDER BY organisation_id, record_id";
    let rows = view.query_all_raw(Statement::from_string(view.get_database_backend(), sql)).await?;
    let erased = |row: &QueryResult| {
        let id = |at| row.try_get_by_index::<Vec<u8>>(at).map(|bytes| hex(&bytes));
        Ok(Erased {
            organisation: id(0)?,
            record: id(1)?,
            kind: row.try_get_by_index(2)?,
            reason: row.try_get_by_index(3)?,
            at: row.try_get_by_index(4)?,
            actor: row.try_get_by_index::<Option<Vec<u8>>>(5)?.map(|bytes| hex(&bytes)),
        })
    };
    rows.iter().map(erased).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(organisation: u8, seq: i64, hash: u8) -> Head {
        Head { organisation: hex(&[organisation; 16]), seq, hash: hex(&[hash; 32]) }
    }

    fn second(second: i64) -> Instant {
        Instant::from_micros(second * 1_000_000).expect("in range")
    }

    fn kept(heads: Vec<Head>) -> Kept {
        Kept { format: FORMAT, at: second(10), heads, erasures: Vec::new() }
    }

    #[test]
    fn an_old_backup_is_known_by_what_is_missing() {
        let kept = kept(vec![head(1, 10, 1), head(2, 5, 2)]);
        let six = jiff::SignedDuration::from_secs(6);
        let age = |heads: &[Head]| kept.age_of(heads, second(4)).expect("one history");
        assert_eq!(age(&[head(1, 10, 1), head(2, 5, 2)]), Age::Newest);
        assert_eq!(age(&[head(1, 12, 9), head(2, 5, 2), head(3, 1, 1)]), Age::Newest, "newer than what is kept");
        assert_eq!(age(&[head(1, 7, 9), head(2, 5, 2)]), Age::Older { entries: 3, by: six });
        assert_eq!(age(&[head(1, 10, 1)]), Age::Older { entries: 5, by: six }, "a whole organisation is missing");
    }

    #[test]
    fn a_rewritten_history_is_refused() {
        let error = kept(vec![head(1, 10, 1)]).age_of(&[head(1, 10, 2)], second(4)).expect_err("another hash");
        assert!(matches!(error, BackupError::OtherHistory { seq: 10, .. }));
    }

    #[test]
    fn its_text_is_read_back_and_nothing_else_is() {
        let one = kept(vec![head(1, 10, 1)]);
        assert_eq!(Kept::parse(&one.text()), Some(one.clone()));
        assert_eq!(Kept::parse(b"{}"), None);
        assert_eq!(Kept::parse(&Kept { format: 2, ..one.clone() }.text()), None);
        let wrong = Head { organisation: "ab".to_owned(), ..head(1, 1, 1) };
        assert_eq!(Kept::parse(&Kept { heads: vec![wrong], ..one }.text()), None);
    }
}
