//! What the typesetter can see: one form, the paper, the fonts of the program, and nothing else.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart, dict};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::fonts::FONTS;
use crate::paper::Paper;
use crate::{ReportError, value};

/// Most bytes of text on one paper, and most pieces: paragraphs, items, names. What it takes to set one grows with both.
pub const LONGEST: usize = 1_000_000;
/// See [`LONGEST`].
pub const MOST: usize = 30_000;
/// The stack of the thread that sets: Typst calls itself for what stands in something else.
const STACK: usize = 16 * 1024 * 1024;

/// The form, read once.
static FORM: LazyLock<Source> = LazyLock::new(|| Source::detached(include_str!("paper.typ")));

/// Sets a paper. One thread does it, so that it never takes more than one core.
///
/// # Errors
/// Where a letter cannot be shown, or the paper is empty or too long.
pub fn pdf(paper: &Paper<'_>) -> Result<Vec<u8>, ReportError> {
    if paper.sheets.is_empty() {
        return Err(ReportError::Empty);
    }
    let (pieces, letters) = paper.texts().fold((0, 0), |(pieces, letters), text| (pieces + 1, letters + text.len()));
    if letters > LONGEST || pieces > MOST {
        return Err(ReportError::Long);
    }
    FONTS.have(paper.texts())?;
    let threads = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build();
    let threads = threads.map_err(|error| ReportError::Made { what: error.to_string() })?;
    let made = threads.install(|| write(&set(paper)?));
    // What it remembers in order to set the next paper faster would stay in memory for good, names of children with it.
    typst::comemo::evict(0);
    made
}

/// Lays it out.
pub(crate) fn set(paper: &Paper<'_>) -> Result<PagedDocument, ReportError> {
    let inputs = dict! { "paper" => value::of_paper(paper) };
    let desk = Desk { library: LazyHash::new(Library::builder().with_inputs(inputs).build()) };
    typst::compile(&desk).output.map_err(|errors| fault(&errors))
}

/// Writes it down, and looks whether it is what PDF/UA-1 asks for.
fn write(document: &PagedDocument) -> Result<Vec<u8>, ReportError> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| ReportError::Made { what: error.message().to_string() })?;
    let options = PdfOptions { creator: Smart::Custom(Some("Schoolgate".to_owned())), standards, ..PdfOptions::default() };
    typst_pdf::pdf(document, &options).map_err(|errors| fault(&errors))
}

fn fault(errors: &[SourceDiagnostic]) -> ReportError {
    ReportError::Made { what: errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ") }
}

/// What the typesetter works with.
struct Desk {
    library: LazyHash<Library>,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        FORM.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == FORM.id() { Ok(FORM.clone()) } else { Err(none()) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(none())
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// There are no files here.
fn none() -> FileError {
    FileError::Other(Some("there are no files".into()))
}
