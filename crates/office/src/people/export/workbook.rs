//! The least that Excel opens: a zip of five small files, with one sheet whose cells are texts (ECMA-376, parts 1 and 2).
//!
//! A text is never a formula, whatever stands in it. It is written here, in a hundred lines, since the crate that does it brings eight others
//! and turns on features of half the graph.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Most rows of a sheet.
const ROWS: usize = 1_048_576;

/// More than a workbook holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is more than a workbook holds; take the table as CSV instead")]
pub struct TooManyRows;

/// The files that are the same each time: name and text.
const FIXED: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Table" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];
/// Before each of them.
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The rows as a workbook.
pub(super) fn write(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, TooManyRows> {
    let mut zip = Zip::default();
    for (name, text) in FIXED {
        zip.add(name, &format!("{XML}{text}"))?;
    }
    zip.add("xl/worksheets/sheet1.xml", &sheet(rows)?)?;
    zip.end()
}

fn sheet(rows: impl Iterator<Item = Vec<String>>) -> Result<String, TooManyRows> {
    let mut text = format!("{XML}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>");
    for (at, cells) in rows.enumerate() {
        if at >= ROWS {
            return Err(TooManyRows);
        }
        let _ = write!(text, "<row r=\"{}\">", at + 1);
        for (column, cell) in (0_u8..26).zip(cells) {
            let _ = write!(text, "<c r=\"{}{}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", char::from(b'A' + column), at + 1);
            for letter in cell.chars() {
                match letter {
                    '&' => text.push_str("&amp;"),
                    '<' => text.push_str("&lt;"),
                    '>' => text.push_str("&gt;"),
                    // XML has no way to write them.
                    other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => text.push(' '),
                    other => text.push(other),
                }
            }
            text.push_str("</t></is></c>");
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData></worksheet>");
    Ok(text)
}

/// A zip archive as it grows (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
#[derive(Default)]
struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

// === impl Zip ===

impl Zip {
    fn add(&mut self, name: &str, text: &str) -> Result<(), TooManyRows> {
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes()).map_err(|_| TooManyRows)?;
        let packed = packed.finish().map_err(|_| TooManyRows)?;
        let size = |bytes: usize| u32::try_from(bytes).map_err(|_| TooManyRows);
        let (start, name_length) = (size(self.bytes.len())?, u16::try_from(name.len()).map_err(|_| TooManyRows)?);
        // Version 2.0, names in UTF-8, deflated, 1 January 1980; then what both places say of a file alike.
        let mut said = Vec::new();
        for number in [20_u16, 0x0800, 8, 0, 0x21] {
            said.extend_from_slice(&number.to_le_bytes());
        }
        for number in [crc.sum(), size(packed.len())?, size(text.len())?] {
            said.extend_from_slice(&number.to_le_bytes());
        }
        said.extend_from_slice(&name_length.to_le_bytes());
        said.extend_from_slice(&0_u16.to_le_bytes());
        self.bytes.extend_from_slice(b"PK\x03\x04");
        self.bytes.extend_from_slice(&said);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(&packed);
        self.directory.extend_from_slice(b"PK\x01\x02");
        self.directory.extend_from_slice(&20_u16.to_le_bytes());
        self.directory.extend_from_slice(&said);
        // No comment, the first disk, no attributes.
        self.directory.extend_from_slice(&[0; 10]);
        self.directory.extend_from_slice(&start.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.files += 1;
        Ok(())
    }

    fn end(mut self) -> Result<Vec<u8>, TooManyRows> {
        let size = |bytes: usize| u32::try_from(bytes).map_err(|_| TooManyRows);
        let (start, length) = (size(self.bytes.len())?, size(self.directory.len())?);
        self.bytes.append(&mut self.directory);
        self.bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        for number in [self.files, self.files] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        for number in [length, start] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.bytes.extend_from_slice(&0_u16.to_le_bytes());
        Ok(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_is_text_and_none_breaks_out() {
        let rows = [vec!["=1+1".to_owned(), "</t><f>1</f>".to_owned(), "a\u{1}b & \"c\"".to_owned()]];
        let sheet = sheet(rows.into_iter()).expect("a sheet");
        assert!(sheet.contains(r#"<c r="A1" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>"#), "{sheet}");
        assert!(!sheet.contains("<f>") && sheet.contains("&lt;f&gt;") && sheet.contains("a b &amp; \"c\""), "{sheet}");
    }

    #[test]
    fn the_archive_lists_each_file_where_it_stands() {
        let book = write([vec!["x".to_owned()]].into_iter()).expect("a workbook");
        let number = |at: usize| u32::from_le_bytes(book[at..at + 4].try_into().expect("four bytes")) as usize;
        let end = book.len() - 22;
        assert_eq!(&book[end..end + 4], b"PK\x05\x06");
        let (length, mut at) = (number(end + 12), number(end + 16));
        assert_eq!(at + length, end);
        let mut files = 0;
        while at < end {
            assert_eq!(&book[at..at + 4], b"PK\x01\x02");
            let name = usize::from(u16::from_le_bytes([book[at + 28], book[at + 29]]));
            let local = number(at + 42);
            assert_eq!(&book[local..local + 4], b"PK\x03\x04");
            assert_eq!(book[local + 30..local + 30 + name], book[at + 46..at + 46 + name], "the same name in both places");
            (at, files) = (at + 46 + name, files + 1);
        }
        assert_eq!(files, 5);
    }
}
