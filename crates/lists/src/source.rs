//! Sources of lists: a file, a folder or an archive in, its list files in a fixed order out.
//!
//! What lies there decides how it is read: a folder with `domains`, `urls` or `expressions` is a category of a squidGuard tree,
//! a folder with `category-*` files is a v2fly data folder, every other file is a list of its own. What is no list is named with
//! the reason, never silently passed over (hidden files and folders excepted).

mod archive;
mod meter;
mod tree;
mod v2fly;
mod walk;

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::parse::detect::Refusal;
use crate::parse::format::{Format, UnknownFormat};
pub use crate::parse::squidguard::Usage;
use crate::parse::{Pattern, Sink, Skip};

/// What to read and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSpec {
    /// A file, a folder, or an archive (`.tar`, `.tar.gz`, `.tgz`, `.gz`; known by its content).
    pub path: PathBuf,
    /// What the file was called where it came from, when it lies here under another name: its ending and its stem are then told
    /// from this. Default: the name in `path`. Of no use for a folder.
    pub name: Option<String>,
    /// How to read it. Default: found out for each file. Has no say over the files of a squidGuard tree,
    /// but for one that is itself the source.
    pub format: Option<Format>,
    /// The category of all of it, in the source's own words; what the files themselves say is then not given out.
    /// Default: what the files or their names say.
    pub label: Option<String>,
    /// The lists of a v2fly folder from which to start. Default: all named `category-*`.
    pub roots: Vec<String>,
}

/// Bounds, so that no source can take a machine down. Every one is an error when it is passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, unpacked. Default 2 GiB.
    pub file_bytes: u64,
    /// Bytes of the whole source, unpacked; lists that are included several times count each time. Default 2 GiB.
    pub source_bytes: u64,
    /// Lines of the whole source. Default 50 million.
    pub lines: u64,
    /// Files and folders. Default 100,000.
    pub files: usize,
    /// Where an archive is unpacked, into one file without a name that vanishes with the process. Default: the system's folder
    /// for temporary files.
    pub scratch: Option<PathBuf>,
}

/// One file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    /// Its path inside the source, with `/`; the file's own name where the source is a single file.
    pub name: String,
    /// Its category as the source calls it: the squidGuard folder, the v2fly list from which it was reached, else the name of
    /// the file without its ending; or [`SourceSpec::label`].
    pub label: String,
    /// How it is read.
    pub format: Format,
    /// What its makers mean it for. [`Usage::Black`] outside squidGuard trees.
    pub usage: Usage,
}

/// Why something in a source is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeftOut {
    /// A description, a table of counts and the like, or a file that squidGuard does not know either.
    #[error("not a list")]
    NotAList,
    /// A symbolic link that is no alias of a category.
    #[error("a link; name the file itself as a source")]
    Link,
    /// An archive in a folder.
    #[error("an archive; name it as a source of its own")]
    Archive,
    /// A device, a pipe, or something else that is no file.
    #[error("{0}")]
    Special(&'static str),
    /// No format fits.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// Lists of a v2fly folder that no root includes.
    #[error("{0} lists that are not asked for")]
    NotReached(usize),
}

/// Why a source cannot be read. What was given to the visitor until then is not the whole of it and must be thrown away.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file system says no, the file is cut off or damaged, or the disk is full.
    #[error("reading {}: {}", path.display(), trouble(source))]
    Read {
        /// The source, and the file in it.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Unpacking an archive failed at the temporary file.
    #[error("unpacking {} into a temporary file; look for space on that disk", path.display())]
    Unpack {
        /// The archive.
        path: PathBuf,
        /// The cause; a full disk among others.
        source: io::Error,
    },
    /// A limit was passed.
    #[error("reading {}: {over}", path.display())]
    Over {
        /// The source, and the file in it.
        path: PathBuf,
        /// Which.
        over: Over,
    },
    /// The single file that was named is no list.
    #[error("reading {}: {why}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: LeftOut,
    },
    /// A folder or archive without any list.
    #[error("reading {}: no list was found in it", path.display())]
    NoLists {
        /// The source.
        path: PathBuf,
    },
    /// A v2fly list that was asked for does not exist.
    #[error("reading {}: there is no v2fly list \"{root}\" in it", path.display())]
    NoRoot {
        /// The source.
        path: PathBuf,
        /// The list.
        root: String,
    },
}

/// The limit that was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Over {
    /// [`Limits::file_bytes`].
    #[error("the file has over {0} bytes")]
    FileBytes(u64),
    /// [`Limits::source_bytes`].
    #[error("the source has over {0} bytes when unpacked")]
    SourceBytes(u64),
    /// [`Limits::lines`].
    #[error("the source has over {0} lines")]
    Lines(u64),
    /// [`Limits::files`].
    #[error("the source has over {0} files")]
    Files(usize),
    /// Folders in folders.
    #[error("the folders are nested over {0} deep")]
    Depth(usize),
}

/// Why a text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// No path.
    #[error("\"{0}\" names no file or folder; write [FORMAT:]PATH[#CATEGORY]")]
    NoPath(String),
    /// Nothing after `#`.
    #[error("\"{0}\" has nothing after \"#\"; write [FORMAT:]PATH[#CATEGORY]")]
    NoLabel(String),
    /// What stands before `:` looks like a format, but is none.
    #[error(transparent)]
    Format(#[from] UnknownFormat),
}

/// Takes what is found. Between [`Visitor::begin_file`] and [`Visitor::end_file`] the calls of [`Sink`] are about that file.
pub trait Visitor: Sink {
    /// A list file begins. The same file may come again under another label.
    fn begin_file(&mut self, file: &ListFile);
    /// It was read to its end.
    fn end_file(&mut self);
    /// A category that is only another name of one that is read as well.
    fn alias(&mut self, name: &str, target: &str);
    /// Something that is not read.
    fn left_out(&mut self, name: &str, why: LeftOut);
}

/// Reads a source to its end, its files in the order of their names, so that builds can be repeated.
///
/// # Errors
/// [`SourceError`], which names the file. A line or file that is not understood is no error.
pub fn read(spec: &SourceSpec, limits: &Limits, visitor: &mut dyn Visitor) -> Result<(), SourceError> {
    let tree = tree::Tree::open(&spec.path, spec.name.as_deref(), limits)?;
    match &spec.label {
        Some(_) => walk::read(&tree, spec, limits, &mut Unlabelled(visitor)),
        None => walk::read(&tree, spec, limits, visitor),
    }
}

// === impl SourceSpec ===

impl FromStr for SourceSpec {
    type Err = SpecError;

    /// Reads `[FORMAT:]PATH[#CATEGORY]`. After a `v2fly:` path, `#` names the lists to start from, parted by commas. A path with
    /// `:` or `#` of its own is given by the fields instead.
    fn from_str(text: &str) -> Result<Self, SpecError> {
        let (format, rest) = match text.split_once(':') {
            Some((name, rest)) if !name.contains(['/', '.']) && name.len() > 1 => (Some(name.parse::<Format>()?), rest),
            _ => (None, text),
        };
        let (path, label) = match rest.rsplit_once('#') {
            Some((_, label)) if label.trim().is_empty() => return Err(SpecError::NoLabel(text.to_owned())),
            Some((path, label)) if !label.contains('/') => (path, Some(label.trim().to_owned())),
            _ => (rest, None),
        };
        if path.is_empty() {
            return Err(SpecError::NoPath(text.to_owned()));
        }
        let spec = Self { path: PathBuf::from(path), format, ..Self::default() };
        Ok(match (format, label) {
            (Some(Format::V2fly), Some(roots)) => Self { roots: roots.split(',').map(|root| root.trim().to_owned()).collect(), ..spec },
            (_, label) => Self { label, ..spec },
        })
    }
}

// === impl Limits ===

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 2 << 30, source_bytes: 2 << 30, lines: 50_000_000, files: 100_000, scratch: None }
    }
}

// === impl SourceError ===

impl SourceError {
    /// An error while reading, told apart from a limit that the meter reports through the reader.
    fn reading(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.get_ref().and_then(|inner| inner.downcast_ref::<Over>()).copied() {
            Some(over) => Self::Over { path, over },
            None => Self::Read { path, source },
        }
    }
}

/// What a person can look for, before the system's own words.
fn trouble(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::NotFound => "it is not there",
        io::ErrorKind::PermissionDenied => "this account may not read it",
        _ => "it cannot be read to its end",
    }
}

/// Keeps back the labels of the files: the person has said what all of it is.
struct Unlabelled<'a>(&'a mut dyn Visitor);

impl Sink for Unlabelled<'_> {
    fn entry(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        self.0.entry(line, None, pattern);
    }

    fn except(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        self.0.except(line, None, pattern);
    }

    fn skip(&mut self, line: u32, why: Skip, text: &str) {
        self.0.skip(line, why, text);
    }
}

impl Visitor for Unlabelled<'_> {
    fn begin_file(&mut self, file: &ListFile) {
        self.0.begin_file(file);
    }

    fn end_file(&mut self) {
        self.0.end_file();
    }

    fn alias(&mut self, name: &str, target: &str) {
        self.0.alias(name, target);
    }

    fn left_out(&mut self, name: &str, why: LeftOut) {
        self.0.left_out(name, why);
    }
}
