//! The bytes of a file as text, and which character parts its columns.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Most bytes of a file: some 300,000 rows.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// Most columns of a file. An export of a management system has a few dozen, one with everything in it some 150; each stands on a page with a
/// choice of what it means.
pub(super) const MOST_COLUMNS: usize = 250;

/// Why nothing of a file can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Too much in it.
    #[error("the file is larger than 64 MiB; give people in several files")]
    TooLarge,
    /// Too wide.
    #[error("the file has {has} columns, and at most {MOST_COLUMNS} can be read; export only those that are needed")]
    TooManyColumns {
        /// How many.
        has: usize,
    },
    /// A workbook, not a table.
    #[error("this is a spreadsheet's own file; open it and save it as CSV (UTF-8)")]
    Workbook,
    /// No text.
    #[error("this is not a text file; export the table as CSV (UTF-8)")]
    NotText,
    /// No column with a key.
    #[error(
        "no column tells which person is which (--columns id=HEADING): say which one holds a value of their own that stays the same, such as UPN, admission number or staff code"
    )]
    NoKey,
    /// No column with a name.
    #[error("no columns hold a first and a family name (--columns given=HEADING --columns family=HEADING): say which do")]
    NoName,
    /// The mapping names what is not there.
    #[error(transparent)]
    Mapping(#[from] super::MappingError),
}

/// The text, and whether it was in an encoding that had to be guessed.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>), FileError> {
    if bytes.len() > MOST_BYTES {
        return Err(FileError::TooLarge);
    }
    // A zip archive (xlsx, ods) and the older workbook.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(FileError::Workbook);
    }
    let (encoding, guessed) = match Encoding::for_bom(bytes) {
        Some((marked, _)) => (marked, None),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, None),
        // What Excel writes as "CSV" on an English Windows. Every byte is a letter in it, so it is a guess, and said.
        None => (WINDOWS_1252, Some("Windows-1252")),
    };
    let (text, _, _) = encoding.decode(bytes);
    if text.contains('\0') {
        return Err(FileError::NotText);
    }
    if text.trim().is_empty() { Err(FileError::Empty) } else { Ok((text.into_owned(), guessed)) }
}

/// What parts the columns: whichever of comma, semicolon and tab stands most often in the first line, outside quotes.
pub(super) fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: char| {
        let mut quoted = false;
        first
            .chars()
            .filter(|letter| {
                quoted ^= *letter == '"';
                !quoted && *letter == delimiter
            })
            .count()
    };
    [(b',', count(',')), (b';', count(';')), (b'\t', count('\t'))]
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(byte, _)| byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_schools_are_read() {
        let zoe = |bytes: &[u8]| decode(bytes).map(|(text, guessed)| (text, guessed.is_some()));
        assert_eq!(zoe("id\nZoë".as_bytes()), Ok(("id\nZoë".to_owned(), false)));
        assert_eq!(zoe(b"\xef\xbb\xbfid"), Ok(("id".to_owned(), false)));
        assert_eq!(zoe(b"Zo\xeb O\x92Neill"), Ok(("Zoë O’Neill".to_owned(), true)));
        assert_eq!(zoe(b"\xff\xfei\0d\0"), Ok(("id".to_owned(), false)));
        for (bytes, error) in [
            (&b"PK\x03\x04..."[..], FileError::Workbook),
            (b"a\0b", FileError::NotText),
            (b" \n", FileError::Empty),
            (b"", FileError::Empty),
        ] {
            assert_eq!(decode(bytes), Err(error));
        }
    }

    #[test]
    fn the_delimiter_is_seen() {
        for (text, delimiter_is) in [("a,b;c,d", b','), ("a;b", b';'), ("a\tb", b'\t'), ("\"a;b;c\",d", b','), ("a", b',')] {
            assert_eq!(delimiter(text), delimiter_is, "{text}");
        }
    }
}
