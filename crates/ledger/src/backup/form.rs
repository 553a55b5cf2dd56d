//! What is in a backup: the names of its members, and the two that describe it.
//!
//! A backup is a tar inside an encrypted file of age. Its members, in this order: `backup.json` ([`Opening`]), the rows of each table
//! in parts (`tables/NAME/000000`), files (`vault/..`, `config/..`), `closing.json` ([`Closing`]), and `SHA256SUMS`, a line for each
//! member before it, as sha256sum(1) writes and checks them.

use std::fmt::Write as _;

use calendar::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::BackupError;

/// This form of a backup. A higher one is refused.
pub(crate) const FORMAT: u32 = 1;
/// What `backup.json` begins with.
pub(crate) const MAGIC: &str = "schoolgate-backup";

pub(crate) const OPENING: &str = "backup.json";
pub(crate) const CLOSING: &str = "closing.json";
pub(crate) const SUMS: &str = "SHA256SUMS";
/// Members under it hold rows.
pub(crate) const TABLES: &str = "tables/";
/// The folders whose files are taken along.
pub(crate) const FOLDERS: &[&str] = &["vault/", "config/"];

/// Rows are cut into parts of about this many bytes, so that neither side holds more of a table than one part and one row.
pub(crate) const PART: usize = 1 << 20;
/// Largest describing member that is read, in bytes: sums of ten million files.
pub(crate) const MAX_TEXT: u64 = 1 << 30;
/// Longest name of a member, in bytes, and most folders in it: a name of tar's own header.
const MAX_NAME: usize = 99;
const MAX_FOLDERS: usize = 6;

/// The first member: what this is a backup of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// `MAGIC`.
    pub magic: String,
    /// `FORMAT`.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// When its content was true.
    #[serde(with = "moment")]
    pub made_at: Instant,
    /// The shape of the records: the migrations that had been done, in order.
    pub migrations: Vec<String>,
    /// Where the trail of each organisation ended.
    pub heads: Vec<Head>,
    /// The tables, those that others refer to first.
    pub tables: Vec<Table>,
}

/// Where the trail of an organisation ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its id, as hexadecimal digits.
    pub organisation: String,
    /// The number of the last link, from 1.
    pub seq: i64,
    /// That link's hash, as hexadecimal digits.
    pub hash: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the cells.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Whole numbers of up to 64 bits.
    Number,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// The last member but one: what must have been there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Closing {
    /// Rows of each table, in the order of [`Opening::tables`].
    pub rows: Vec<u64>,
    /// Files.
    pub files: u64,
    /// Bytes of all members before this one.
    pub bytes: u64,
}

/// A moment as text, such as `2026-11-24T02:15:00Z`.
pub(super) mod moment {
    use calendar::Instant;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(in crate::backup) fn serialize<S: Serializer>(moment: &Instant, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(moment)
    }

    pub(in crate::backup) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named<'a> {
    Opening,
    Closing,
    Sums,
    /// A part of a table's rows, from 0.
    Part {
        table: &'a str,
        part: u32,
    },
    /// A file, under its path in the data folder.
    File(&'a str),
}

// === impl Named ===

impl<'a> Named<'a> {
    /// Reads the name of a member. One that could lead out of a folder is none.
    pub(crate) fn parse(name: &'a str) -> Result<Self, BackupError> {
        let wrong = || BackupError::malformed(name.chars().take(MAX_NAME).collect::<String>(), "there is no member of this name");
        match name {
            OPENING => return Ok(Self::Opening),
            CLOSING => return Ok(Self::Closing),
            SUMS => return Ok(Self::Sums),
            _ => {}
        }
        if !is_name(name) {
            return Err(wrong());
        }
        if FOLDERS.iter().any(|folder| name.starts_with(folder)) {
            return Ok(Self::File(name));
        }
        let (table, part) = name.strip_prefix(TABLES).and_then(|rest| rest.split_once('/')).ok_or_else(wrong)?;
        let part = part.parse().map_err(|_| wrong())?;
        if name == part_name(table, part) { Ok(Self::Part { table, part }) } else { Err(wrong()) }
    }
}

/// Whether a path is made of plain names only: letters, digits, `.`, `_` and `-`, and none of them begins with a dot.
pub(crate) fn is_name(name: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    name.len() <= MAX_NAME && name.split('/').count() <= MAX_FOLDERS && name.split('/').all(is_plain)
}

/// The name of a part of a table.
pub(crate) fn part_name(table: &str, part: u32) -> String {
    format!("{TABLES}{table}/{part:06}")
}

/// The line of a member in [`SUMS`].
pub(crate) fn sum_line(hash: Sha256, name: &str) -> String {
    format!("{}  {name}\n", hex(&hash.finalize()))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Hexadecimal digits as bytes; nothing for anything else.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { text.as_bytes().chunks(2).map(digits).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_member_is() {
        let check = |name, expected| assert_eq!(Named::parse(name).ok(), expected, "{name}");
        check("backup.json", Some(Named::Opening));
        check("SHA256SUMS", Some(Named::Sums));
        check("tables/audit_entry/000012", Some(Named::Part { table: "audit_entry", part: 12 }));
        check("tables/audit_entry/1000000", Some(Named::Part { table: "audit_entry", part: 1_000_000 }));
        check("vault/ab/abcd.age", Some(Named::File("vault/ab/abcd.age")));
        check("config/config.toml", Some(Named::File("config/config.toml")));
    }

    #[test]
    fn a_name_cannot_lead_out_of_its_folder() {
        let long = format!("vault/{}", "a".repeat(100));
        for name in [
            "vault/../records.sqlite",
            "/vault/a",
            "vault//a",
            "vault/",
            "vault/.hidden",
            "vault/a\0b",
            "vault/a b",
            "records.sqlite",
            "master.key",
            "tables/a/12",
            "tables/a/000001/b",
            "tables/000001",
            "vault/a/b/c/d/e/f/g",
            "vault/ä",
            &long,
            "",
        ] {
            assert!(Named::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn hexadecimal_digits_go_both_ways() {
        assert_eq!(hex(&[0, 171, 255]), "00abff");
        assert_eq!(unhex("00abff"), Some(vec![0, 171, 255]));
        assert_eq!(unhex("0"), None);
        assert_eq!(unhex("+1"), None);
        assert_eq!(unhex("äb"), None);
    }
}
