//! Heads: the last link of a chain, written down outside the database.
//!
//! Whoever rewrites a whole database can make a chain that holds in itself. It cannot have the head that was kept elsewhere: in a
//! file, an e-mail, on a printed page. A head is one line, short enough to be read aloud:
//! `2026-11-24T02:00:00Z 0199... 48213 9f86d081...`: when it was taken, whose, how many links, and the last of them.

use std::fmt;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::str::FromStr;

use calendar::Instant;
use ids::OrganisationId;
use sea_orm::{ConnectionTrait, Statement};

use super::chain::Hash;
use crate::{Id, LedgerError};

/// The last link of an organisation's chain at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// When it was taken.
    pub at: Instant,
    /// Whose chain.
    pub organisation: OrganisationId,
    /// How many links the chain had, from 1.
    pub seq: i64,
    /// The last one.
    pub hash: Hash,
}

/// A line that is no head.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is no head: a time, the id of an organisation, a number and 64 hexadecimal digits are expected")]
pub struct HeadError {
    /// From 1.
    pub line: usize,
}

/// The heads of all organisations that have a link, as they are now.
///
/// # Errors
/// Where the database refuses.
pub async fn heads(database: &impl ConnectionTrait, now: Instant) -> Result<Vec<Head>, LedgerError> {
    let failed = LedgerError::database("reading the heads of the audit trail");
    // The end of an index, twice for each organisation: whatever asks for the greatest place among all links walks them all.
    let last = |column| format!("(SELECT {column} FROM audit_link WHERE organisation_id = o.id ORDER BY seq DESC LIMIT 1)");
    let sql = format!("SELECT o.id, {}, {} FROM organisation o ORDER BY o.id", last("seq"), last("hash"));
    let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), sql)).await.map_err(&failed)?;
    let mut heads = Vec::with_capacity(rows.len());
    for row in rows {
        let organisation: Id = row.try_get_by_index(0).map_err(&failed)?;
        let seq: Option<i64> = row.try_get_by_index(1).map_err(&failed)?;
        let hash: Option<Vec<u8>> = row.try_get_by_index(2).map_err(&failed)?;
        // One of another length is no head; `verify` names it.
        let (Some(seq), Some(Ok(hash))) = (seq, hash.map(Hash::try_from)) else { continue };
        heads.push(Head { at: now, organisation: organisation.into(), seq, hash });
    }
    Ok(heads)
}

/// Adds heads to the file at `path`, which is made if it is not there, and returns when they are on the disk.
///
/// # Errors
/// What the system says.
pub fn append(path: &Path, heads: &[Head]) -> io::Result<()> {
    let mut file = File::options().create(true).append(true).open(path)?;
    let lines: String = heads.iter().map(|head| format!("{head}\n")).collect();
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

/// Reads heads, a line each. Empty lines and such as begin with `#` are skipped.
///
/// # Errors
/// Each line that is no head.
pub fn parse(text: &str) -> (Vec<Head>, Vec<HeadError>) {
    let (mut heads, mut errors) = (Vec::new(), Vec::new());
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    for (number, line) in lines {
        match line.parse() {
            Ok(head) => heads.push(head),
            Err(HeadError { .. }) => errors.push(HeadError { line: number }),
        }
    }
    (heads, errors)
}

// === impl Head ===

impl fmt::Display for Head {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {} ", self.at, self.organisation, self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl FromStr for Head {
    type Err = HeadError;

    fn from_str(line: &str) -> Result<Self, HeadError> {
        head(line).ok_or(HeadError { line: 1 })
    }
}

fn head(line: &str) -> Option<Head> {
    let mut words = line.split_ascii_whitespace();
    let at = words.next()?.parse().ok()?;
    let organisation = words.next()?.parse().ok()?;
    let seq = words.next()?.parse().ok().filter(|seq| *seq > 0)?;
    let hash = hash(words.next()?)?;
    words.next().is_none().then_some(Head { at, organisation, seq, hash })
}

fn hash(digits: &str) -> Option<Hash> {
    let digits = digits.as_bytes();
    let mut hash = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(high)? * 16 + digit(low)?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "2026-11-24T02:00:00Z 01980000-0000-7000-8000-000000000001 48213 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn a_head_is_written_and_read_back() {
        let head: Head = LINE.parse().unwrap();
        assert_eq!((head.seq, head.hash[0], head.hash[31]), (48213, 0x9f, 0x08));
        assert_eq!(head.to_string(), LINE);
        assert_eq!(LINE.to_uppercase().parse(), Ok(head), "typed from paper");
    }

    #[test]
    fn lines_that_are_no_heads_are_named() {
        let text = format!("# printed on Monday\n\n{LINE}\n{}\n{LINE} more\nnot a head\n", &LINE[..LINE.len() - 1]);
        let (heads, errors) = parse(&text);
        assert_eq!(heads.len(), 1);
        assert_eq!(errors, [4, 5, 6].map(|line| HeadError { line }));
        assert!(errors[0].to_string().contains("line 4"));
    }
}
