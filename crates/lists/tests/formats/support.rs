//! What the tests share: a visitor that writes down what it hears, and files to read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use lists::parse::{Pattern, Sink, Skip};
use lists::source::{self, LeftOut, Limits, ListFile, SourceError, SourceSpec, Visitor};

/// Writes down what it is told, one line a call.
#[derive(Default)]
pub(crate) struct Notes(pub(crate) Vec<String>);

impl Sink for Notes {
    fn entry(&mut self, line: u32, label: Option<&str>, pattern: Pattern) {
        self.0.push(format!("  {line} +{}{}", label.map(|label| format!("{label}: ")).unwrap_or_default(), show(&pattern)));
    }

    fn except(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        self.0.push(format!("  {line} -{}", show(&pattern)));
    }

    fn skip(&mut self, line: u32, why: Skip, text: &str) {
        self.0.push(format!("  {line} ?{why}: {text}"));
    }
}

impl Visitor for Notes {
    fn begin_file(&mut self, file: &ListFile) {
        self.0.push(format!("{} = {} {} {:?}", file.name, file.label, file.format, file.usage));
    }

    fn end_file(&mut self) {
        self.0.push("  end".to_owned());
    }

    fn alias(&mut self, name: &str, target: &str) {
        self.0.push(format!("{name} -> {target}"));
    }

    fn left_out(&mut self, name: &str, why: LeftOut) {
        self.0.push(format!("{name}: {why}"));
    }
}

pub(crate) fn show(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Exact(host) => format!("={host}"),
        Pattern::Suffix(host) => format!("*.{host}"),
        Pattern::Url(url) => format!("={}{}", url.host, url.path),
        Pattern::UrlBelow(url) => format!("*.{}{}", url.host, url.path),
        Pattern::HostExpression(text) => format!("host~{text}"),
        Pattern::UrlExpression(text) => format!("url~{text}"),
    }
}

pub(crate) fn spec(path: &Path) -> SourceSpec {
    SourceSpec { path: path.to_owned(), ..SourceSpec::default() }
}

pub(crate) fn read(spec: &SourceSpec) -> Vec<String> {
    let mut notes = Notes::default();
    source::read(spec, &Limits::default(), &mut notes).expect("a source that can be read");
    notes.0
}

pub(crate) fn refused(spec: &SourceSpec, limits: &Limits) -> SourceError {
    source::read(spec, limits, &mut Notes::default()).expect_err("a source that cannot be read")
}

/// Makes a folder of files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A tar of files, in the order given.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).expect("in memory");
    }
    builder.into_inner().expect("in memory")
}

pub(crate) fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = folder(&[(name, bytes)]);
    let path = folder.path().join(name);
    (folder, path)
}
