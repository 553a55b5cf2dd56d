//! Papers: plain values in, the bytes of a PDF out.
//!
//! A paper is tagged (PDF/UA-1), says its language and title, and has bookmarks, so that it can be read aloud and enlarged. It is set with
//! Typst from a form of our own (`paper.typ`); what people wrote is never read as Typst's language. Nothing is fetched, no font of the
//! machine is used, and no clock is read, so the same values give the same bytes. It takes processor time: call it where that is not in the way.

mod error;
mod fonts;
mod mark;
mod paper;
mod value;
mod world;

#[cfg(test)]
mod tests;

pub use error::ReportError;
pub use paper::{Block, Document, Fact, Item, Language, Paper, Part, Picture, Sheet, Size, Span, Style, Whom};
pub use world::{LONGEST, MOST, pdf};
