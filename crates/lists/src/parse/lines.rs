//! Lines of a list, whatever the file holds: bounded memory, any bytes, any line ending.

use std::borrow::Cow;
use std::io::{self, BufRead, ErrorKind};

use super::{MAX_LINE, Sink, Skip};

/// How much of a line that is too long is shown in the report, in bytes.
const SHOWN: usize = 80;

/// Calls `line` with the number (from 1) and text of each line, without its ending and without a byte-order mark.
///
/// A line that is not UTF-8 is read as Latin-1, as old lists are written. A line over [`MAX_LINE`] bytes is reported to `sink` and
/// passed over without being held in memory.
///
/// # Errors
/// Only what `input` itself returns.
pub fn each(input: &mut dyn BufRead, sink: &mut dyn Sink, mut line: impl FnMut(&mut dyn Sink, u32, &str)) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut number: u32 = 0;
    while let Some(whole) = next_line(input, &mut bytes)? {
        number = number.saturating_add(1);
        if number == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        if whole {
            line(sink, number, &decode(bytes.strip_suffix(b"\r").unwrap_or(&bytes)));
        } else {
            bytes.truncate(SHOWN);
            sink.skip(number, Skip::TooLong, &String::from_utf8_lossy(&bytes));
        }
    }
    Ok(())
}

/// UTF-8, or else Latin-1, whose bytes are the first 256 characters.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// Reads up to the next newline into `bytes`. `Some(false)` when the line was too long and only its beginning was kept.
fn next_line(input: &mut dyn BufRead, bytes: &mut Vec<u8>) -> io::Result<Option<bool>> {
    bytes.clear();
    let mut whole = true;
    let mut begun = false;
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(begun.then_some(whole));
        }
        begun = true;
        let newline = buffer.iter().position(|byte| *byte == b'\n');
        let part = buffer.get(..newline.unwrap_or(buffer.len())).unwrap_or_default();
        let room = MAX_LINE - bytes.len();
        whole &= part.len() <= room;
        bytes.extend_from_slice(part.get(..room).unwrap_or(part));
        let used = part.len() + usize::from(newline.is_some());
        input.consume(used);
        if newline.is_some() {
            return Ok(Some(whole));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    fn lines(bytes: &[u8]) -> (Vec<(u32, String)>, Found) {
        let (mut all, mut found) = (Vec::new(), Found::default());
        // A tiny buffer, so that lines span reads.
        let mut input = io::BufReader::with_capacity(3, bytes);
        each(&mut input, &mut found, |_, number, text| all.push((number, text.to_owned()))).expect("reading from memory");
        (all, found)
    }

    fn check(bytes: &[u8], expected: &[&str]) {
        let numbered: Vec<_> = (1..).zip(expected.iter().map(|text| (*text).to_owned())).collect();
        assert_eq!(lines(bytes).0, numbered, "{bytes:?}");
    }

    #[test]
    fn endings_marks_and_encodings() {
        check(b"", &[]);
        check(b"a\n\nb", &["a", "", "b"]);
        check(b"a\r\nb\r\n", &["a", "b"]);
        check(b"\xef\xbb\xbfa\n\xef\xbb\xbfb", &["a", "\u{feff}b"]);
        check(b"caf\xe9\ncaf\xc3\xa9", &["café", "café"]);
        check(b"a\0b\n", &["a\0b"]);
    }

    #[test]
    fn a_long_line_is_passed_over_and_reported() {
        let mut bytes = b"first\n".to_vec();
        bytes.extend(vec![b'x'; 3 * MAX_LINE]);
        bytes.extend(b"\nlast");
        let (all, found) = lines(&bytes);
        assert_eq!(all, [(1, "first".to_owned()), (3, "last".to_owned())]);
        assert_eq!(found.skips(), [format!("2 the line is too long: {}", "x".repeat(SHOWN))]);
        check(&vec![b'y'; MAX_LINE], &["y".repeat(MAX_LINE).as_str()]);
    }

    #[test]
    fn a_file_without_newline_takes_constant_memory() {
        struct Endless(u64);
        impl io::Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let length = usize::try_from(self.0).unwrap_or(usize::MAX).min(buffer.len());
                buffer[..length].fill(b'z');
                self.0 -= length as u64;
                Ok(length)
            }
        }
        let mut bytes = Vec::new();
        let mut input = io::BufReader::new(Endless(64 << 20));
        assert_eq!(next_line(&mut input, &mut bytes).expect("reading"), Some(false));
        assert!(bytes.capacity() <= 2 * MAX_LINE);
    }
}
