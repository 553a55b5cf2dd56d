//! Rows as bytes: the one form in which a table leaves either database and enters either.
//!
//! A row is its length in bytes (u32, little-endian), then its cells in the order of the columns. A cell is a byte that says what it
//! is, then a number (i64, little-endian), or a length (u32, little-endian) and so many bytes.

/// Longest row, in bytes. What is larger belongs into the vault.
pub(crate) const MAX_ROW: usize = 16 << 20;

const NULL: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What is wrong with the bytes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowError {
    /// They end too soon.
    #[error("it ends in the middle of a row")]
    Cut,
    /// A row is longer than [`MAX_ROW`].
    #[error("a row is longer than 16 MiB")]
    Long,
    /// A row has fewer or more cells than the table has columns, or cells of an unknown kind.
    #[error("a row does not fit the table")]
    Shape,
    /// A text is not UTF-8, or holds a zero, which PostgreSQL does not take.
    #[error("a text is not text")]
    Text,
}

/// Appends a row.
pub(crate) fn encode(cells: &[Cell], to: &mut Vec<u8>) -> Result<(), RowError> {
    let start = to.len();
    to.extend([0; 4]);
    for cell in cells {
        match cell {
            Cell::Null => to.push(NULL),
            Cell::Number(number) => {
                to.push(NUMBER);
                to.extend(number.to_le_bytes());
            }
            Cell::Text(text) => put(to, TEXT, text.as_bytes())?,
            Cell::Bytes(bytes) => put(to, BYTES, bytes)?,
        }
    }
    let length = to.len() - start - 4;
    if length > MAX_ROW {
        return Err(RowError::Long);
    }
    let length = u32::try_from(length).map_err(|_| RowError::Long)?.to_le_bytes();
    to.splice(start..start + 4, length);
    Ok(())
}

fn put(to: &mut Vec<u8>, kind: u8, bytes: &[u8]) -> Result<(), RowError> {
    to.push(kind);
    to.extend(u32::try_from(bytes.len()).map_err(|_| RowError::Long)?.to_le_bytes());
    to.extend(bytes);
    Ok(())
}

/// Takes the next row of `columns` cells off the front; none at the end.
pub(crate) fn decode(from: &mut &[u8], columns: usize) -> Result<Option<Vec<Cell>>, RowError> {
    if from.is_empty() {
        return Ok(None);
    }
    let length = length(from)?;
    if length > MAX_ROW {
        return Err(RowError::Long);
    }
    let mut row = take(from, length)?;
    let cells = (0..columns).map(|_| cell(&mut row)).collect::<Result<Vec<_>, _>>()?;
    if row.is_empty() { Ok(Some(cells)) } else { Err(RowError::Shape) }
}

fn cell(from: &mut &[u8]) -> Result<Cell, RowError> {
    let (kind, rest) = from.split_first().ok_or(RowError::Shape)?;
    *from = rest;
    match *kind {
        NULL => Ok(Cell::Null),
        NUMBER => Ok(Cell::Number(i64::from_le_bytes(array(from)?))),
        TEXT => {
            let length = length(from)?;
            let text = std::str::from_utf8(take(from, length)?).map_err(|_| RowError::Text)?;
            if text.contains('\0') { Err(RowError::Text) } else { Ok(Cell::Text(text.to_owned())) }
        }
        BYTES => {
            let length = length(from)?;
            Ok(Cell::Bytes(take(from, length)?.to_vec()))
        }
        _ => Err(RowError::Shape),
    }
}

fn length(from: &mut &[u8]) -> Result<usize, RowError> {
    usize::try_from(u32::from_le_bytes(array(from)?)).map_err(|_| RowError::Long)
}

fn array<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], RowError> {
    let (bytes, rest) = from.split_first_chunk().ok_or(RowError::Cut)?;
    *from = rest;
    Ok(*bytes)
}

fn take<'a>(from: &mut &'a [u8], length: usize) -> Result<&'a [u8], RowError> {
    let (bytes, rest) = from.split_at_checked(length).ok_or(RowError::Cut)?;
    *from = rest;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells() -> impl Strategy<Value = Vec<Cell>> {
        let one = prop_oneof![
            Just(Cell::Null),
            any::<i64>().prop_map(Cell::Number),
            "[^\0]*".prop_map(Cell::Text),
            any::<Vec<u8>>().prop_map(Cell::Bytes),
        ];
        prop::collection::vec(one, 0..6)
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(rows in prop::collection::vec(cells(), 0..6)) {
            let mut bytes = Vec::new();
            for row in &rows {
                encode(row, &mut bytes).expect("short");
            }
            let mut rest = bytes.as_slice();
            for row in rows.iter() {
                let again = decode(&mut rest, row.len()).expect("whole");
                prop_assert_eq!(again.as_ref(), Some(row));
            }
            prop_assert_eq!(decode(&mut rest, 1).expect("end"), None);
        }

        #[test]
        fn anything_else_is_refused_or_read(bytes in any::<Vec<u8>>(), columns in 0_usize..4) {
            let mut rest = bytes.as_slice();
            while let Ok(Some(row)) = decode(&mut rest, columns) {
                prop_assert_eq!(row.len(), columns);
            }
        }
    }

    #[test]
    fn each_defect_has_its_own_error() {
        let mut row = Vec::new();
        encode(&[Cell::Number(1), Cell::Text("a".into())], &mut row).expect("short");
        let check = |bytes: &[u8], columns, expected| assert_eq!(decode(&mut &bytes[..], columns), Err(expected), "{bytes:?}");
        check(&row[..row.len() - 1], 2, RowError::Cut);
        check(&row, 1, RowError::Shape);
        check(&row, 3, RowError::Shape);
        check(&[255, 255, 255, 255], 1, RowError::Long);
        check(&[6, 0, 0, 0, TEXT, 1, 0, 0, 0, 255], 1, RowError::Text);
        check(&[6, 0, 0, 0, TEXT, 1, 0, 0, 0, 0], 1, RowError::Text);
        check(&[1, 0, 0, 0, 9], 1, RowError::Shape);
    }
}
