//! From sources to a build: what a reader finds is handed to the builder under its source's own words for categories.

use std::io::Cursor;

use crate::build::{BuildError, Builder};
use crate::parse::format::Format;
use crate::parse::{Pattern, Sink, Skip};
use crate::source::{self, LeftOut, Limits, ListFile, SourceError, SourceSpec, Usage, Visitor};
use crate::starter;

/// Name of the list that comes with the program, in reports and reasons.
pub const STARTER: &str = "starter";

/// Why a list could not be taken in. The build must be thrown away.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be read.
    #[error("taking in the list \"{list}\"")]
    Source {
        /// The list.
        list: String,
        /// Why.
        source: SourceError,
    },
    /// The build has no room for it.
    #[error("taking in the list \"{list}\"")]
    Build {
        /// The list.
        list: String,
        /// Why.
        source: BuildError,
    },
}

/// Takes a whole source in as one list and says how many entries it gave. `progress` hears that number now and then.
pub fn add(
    builder: &mut Builder<'_>,
    list: &str,
    spec: &SourceSpec,
    limits: &Limits,
    progress: &mut dyn FnMut(usize),
) -> Result<usize, ImportError> {
    let before = builder.len();
    builder.begin_list(list);
    let mut importer = Importer { builder, label: String::new(), refused: None, progress };
    let read = source::read(spec, limits, &mut importer);
    let refused = importer.refused;
    if let Some(source) = refused {
        return Err(ImportError::Build { list: list.to_owned(), source });
    }
    read.map_err(|source| ImportError::Source { list: list.to_owned(), source })?;
    let taken = builder.len() - before;
    builder.end_list();
    Ok(taken)
}

/// Takes in the starter list.
pub fn add_starter(builder: &mut Builder<'_>) -> Result<(), ImportError> {
    add_texts(builder, STARTER, starter::files())
}

/// Takes in a list of the program's own: for each category, by its slug, a text with one host a line.
pub fn add_texts(builder: &mut Builder<'_>, list: &str, files: &[(&str, &str)]) -> Result<(), ImportError> {
    builder.begin_list(list);
    let mut importer = Importer { builder, label: String::new(), refused: None, progress: &mut |_| {} };
    for (slug, text) in files {
        let name = format!("{slug}.txt");
        importer.begin_file(&ListFile { name, label: (*slug).to_owned(), format: Format::Domains, usage: Usage::Black });
        // Reading from memory cannot fail.
        drop(Format::Domains.read(&mut Cursor::new(text.as_bytes()), &mut importer));
        importer.end_file();
    }
    if let Some(source) = importer.refused {
        return Err(ImportError::Build { list: list.to_owned(), source });
    }
    builder.end_list();
    Ok(())
}

/// Entries between two words of progress.
const STRIDE: usize = 50_000;

struct Importer<'a, 'm> {
    builder: &'a mut Builder<'m>,
    label: String,
    /// The first refusal of the builder; what comes after it is passed over.
    refused: Option<BuildError>,
    progress: &'a mut dyn FnMut(usize),
}

impl Sink for Importer<'_, '_> {
    fn entry(&mut self, line: u32, label: Option<&str>, pattern: Pattern) {
        if self.refused.is_some() {
            return;
        }
        // A service is called `group/id`: the id says more, and where it is not known the group will do.
        let mut labels = Vec::with_capacity(3);
        if let Some(label) = label {
            labels.push(label);
            if let Some((group, id)) = label.split_once('/') {
                labels.splice(.., [id, group]);
            }
        } else {
            labels.push(self.label.as_str());
        }
        self.refused = self.builder.entry(line, &labels, &pattern).err();
        if self.builder.len().is_multiple_of(STRIDE) {
            (self.progress)(self.builder.len());
        }
    }

    fn except(&mut self, _line: u32, _label: Option<&str>, pattern: Pattern) {
        self.builder.except(&pattern);
    }

    fn skip(&mut self, line: u32, why: Skip, text: &str) {
        self.builder.skip(line, why, text);
    }
}

impl Visitor for Importer<'_, '_> {
    fn begin_file(&mut self, file: &ListFile) {
        self.label.clone_from(&file.label);
        self.builder.begin_file(&file.name, &file.label, file.format.name(), file.usage == Usage::White);
    }

    fn end_file(&mut self) {}

    fn alias(&mut self, name: &str, target: &str) {
        self.builder.note(name, format!("another name of {target}, which is read"));
    }

    fn left_out(&mut self, name: &str, why: LeftOut) {
        self.builder.note(name, why.to_string());
    }
}
