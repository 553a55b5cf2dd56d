//! The fonts that are in the program: DejaVu Sans in four cuts. No font of the machine is used.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::ReportError;

/// How many letters that cannot be shown are named.
const NAMED: usize = 8;

/// The fonts with their book.
pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    use dejavu::sans::{bold, bold_oblique, oblique, regular};
    let files = [regular(), bold(), oblique(), bold_oblique()];
    let all: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

/// Fonts.
pub(crate) struct Fonts {
    pub(crate) all: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

// === impl Fonts ===

impl Fonts {
    /// Looks whether every letter can be shown.
    pub(crate) fn have<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Result<(), ReportError> {
        let mut letters: Vec<String> = Vec::new();
        for letter in texts.flat_map(str::chars).filter(|letter| !self.has(*letter)) {
            let named = format!("{letter} (U+{:04X})", u32::from(letter));
            if letters.len() < NAMED && !letters.contains(&named) {
                letters.push(named);
            }
        }
        if letters.is_empty() { Ok(()) } else { Err(ReportError::Letters { letters }) }
    }

    fn has(&self, letter: char) -> bool {
        letter.is_control() || self.all.iter().any(|font| font.info().coverage.contains(u32::from(letter)))
    }
}
