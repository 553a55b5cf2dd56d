//! A picture that a telephone reads (QR code, ISO/IEC 18004). What is in it stands beside it as text too, for those without a camera.

use maud::{Markup, Render, html};
use qrcode::{Color, EcLevel, QrCode};

use super::Example;

/// Blank squares round it, as the standard asks.
const QUIET: usize = 4;

/// A picture that a telephone reads.
#[derive(Debug, Clone, Copy)]
pub struct Qr<'a> {
    /// What is in it. Up to some 2,000 letters; longer texts give no picture.
    pub text: &'a str,
    /// What it is, for those who cannot see it.
    pub label: &'a str,
}

impl Render for Qr<'_> {
    fn render(&self) -> Markup {
        let Ok(code) = QrCode::with_error_correction_level(self.text, EcLevel::M) else { return html! {} };
        let width = code.width();
        let size = width + 2 * QUIET;
        html! {
            svg.sg-qr role="img" aria-label=(self.label) viewBox={ "0 0 " (size) " " (size) } shape-rendering="crispEdges" {
                rect width=(size) height=(size) fill="#ffffff" {}
                path fill="#000000" d=(squares(&code.to_colors(), width)) {}
            }
        }
    }
}

/// The dark squares as one path, a run at a time.
fn squares(colours: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (row, line) in colours.chunks(width.max(1)).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len()));
            }
            column += run.len();
        }
    }
    path
}

pub(super) fn examples() -> Vec<Example> {
    vec![Example::new("An address", &Qr { text: "https://museum.example/rooms", label: "Picture of the address" })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_three_corners_by_which_it_is_found() {
        let markup = Qr { text: "https://museum.example/", label: "Address" }.render().into_string();
        assert!(markup.contains(r#"role="img" aria-label="Address" viewBox="0 0 33 33""#), "{markup}");
        // The upper edge of the corner at the left, and of the one at the right.
        assert!(markup.contains("M4 4h7v1h-7z") && markup.contains("M22 4h7v1h-7z") && markup.contains("M4 22h7v1h-7z"), "{markup}");
    }

    #[test]
    fn what_does_not_fit_gives_no_picture() {
        assert_eq!(Qr { text: &"x".repeat(4000), label: "Address" }.render().into_string(), "");
    }
}
