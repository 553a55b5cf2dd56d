//! Why there is no paper.

/// Why there is no paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// It would have letters that the fonts at hand do not have; they would be printed as empty boxes.
    #[error("a PDF cannot show these letters: {}; Latin, Greek, Cyrillic, Hebrew and Arabic script can be shown", letters.join(" "))]
    Letters {
        /// The first few of them.
        letters: Vec<String>,
    },
    /// More than is set in one go: [`LONGEST`](super::LONGEST), [`MOST`](super::MOST).
    #[error("this is too much for one PDF; print it in parts")]
    Long,
    /// Nothing to print.
    #[error("there is nothing to print")]
    Empty,
    /// A fault of our own.
    #[error("the PDF cannot be made: {what}")]
    Made {
        /// What the typesetter says.
        what: String,
    },
}
