//! A picture that a telephone reads (QR code, ISO/IEC 18004), as a drawing.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Blank squares round it, as the standard asks.
const QUIET: usize = 4;

/// The picture of a text; nothing where the text is too long for one.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, size) = (code.width(), code.width() + 2 * QUIET);
    // One path for all, so that no seam shows between its squares.
    let mut path = String::new();
    for (row, line) in code.to_colors().chunks(width.max(1)).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len());
            }
            column += run.len();
        }
    }
    Some(format!(r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path fill="#000000" d="{path}"/></svg>"##))
}
