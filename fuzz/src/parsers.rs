//! Any bytes as a list or a mapping: readers end, and what they give out is in normal form and can be built.

use std::io::Write as _;

use filter::Host;
use filter::category::CategorySet;
use flate2::Compression;
use flate2::write::GzEncoder;
use lists::build::{BuildError, Builder};
use lists::fetch::Sha256;
use lists::mapping::{Mapped, Mapping};
use lists::parse::format::Format;
use lists::parse::{Pattern, Sink, Skip, detect};
use lists::source::{self, LeftOut, Limits, ListFile, SourceSpec, Visitor};

/// The first byte picks the format, the rest is a file of it. What the reader finds is checked and built into a pack.
pub fn readers(bytes: &[u8]) {
    let Some((first, file)) = bytes.split_first() else { return };
    let Some(format) = Format::ALL.get(usize::from(*first) % Format::ALL.len()) else { return };
    let mut findings = Findings::default();
    assert!(format.read(&mut &*file, &mut findings).is_ok(), "memory cannot fail");
    // A finding is written with at least one byte, so that memory is bounded by the size of the file.
    assert!(findings.told <= file.len() + 1, "{} findings in {} bytes", findings.told, file.len());
    build(&findings);
}

/// The first byte is the length of the file's name, then come name and file.
pub fn detect(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first() else { return };
    let (name, file) = rest.split_at(usize::from(*length).min(rest.len()));
    let name = String::from_utf8_lossy(name);
    let found = detect::detect(&name, file);
    assert_eq!(found, detect::detect(&name, file), "the same again");
}

/// A mapping is taken or refused with the lines of its mistakes. Looking up any of its words ends.
pub fn mapping(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Mapping::parse(text) {
        Ok(mapping) => {
            for word in text.split(['\n', ',', '=', ' ']) {
                match mapping.lookup(word) {
                    Mapped::To(categories) => assert!(categories != CategorySet::EMPTY, "{word}"),
                    Mapped::Ignore(reason) => assert!(!reason.is_empty(), "{word}"),
                    Mapped::Unknown => {}
                }
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The first byte says what the rest is: an archive as it is (0 `.tar`, 1 `.tar.gz`, 2 `.gz`), or what an archive holds (3, 4),
/// since hardly a change to a packed file leaves it one that can be unpacked. Reading ends within its bounds, and every file that
/// is begun is ended where there is no error.
pub fn archive(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let (name, content) = match first % 5 {
        0 => ("list.tar", rest.to_vec()),
        1 => ("list.tar.gz", rest.to_vec()),
        2 => ("list.gz", rest.to_vec()),
        3 => ("list.tar.gz", packed(rest)),
        _ => ("list.txt.gz", packed(rest)),
    };
    let Ok(mut file) = tempfile::NamedTempFile::new() else { panic!("no temporary file") };
    assert!(file.write_all(&content).is_ok());
    let spec = SourceSpec { path: file.path().to_owned(), name: Some(name.to_owned()), ..SourceSpec::default() };
    let limits = Limits { file_bytes: 1 << 16, source_bytes: 1 << 18, lines: 4_000, files: 50, scratch: None };
    let mut findings = Findings::default();
    let done = source::read(&spec, &limits, &mut findings);
    assert!(done.is_err() || findings.open == 0, "{} files have no end", findings.open);
    assert!(done.err().is_none_or(|error| !error.to_string().is_empty()));
    build(&findings);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    let done = packer.write_all(bytes).and_then(|()| packer.finish());
    done.unwrap_or_default()
}

/// The first byte is the length of a file's name, then come the name and a checksum file. What is found stands in it.
pub fn checksum(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first() else { return };
    let (name, text) = rest.split_at(usize::from(*length).min(rest.len()));
    let (name, text) = (String::from_utf8_lossy(name), String::from_utf8_lossy(text));
    match Sha256::in_checksum_file(&text, &name) {
        Ok(sum) => assert!(text.to_ascii_lowercase().contains(&sum.to_string()), "{sum} stands nowhere"),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[derive(Default)]
struct Findings {
    /// Files that were begun and not ended.
    open: usize,
    entries: Vec<Pattern>,
    exceptions: Vec<Pattern>,
    told: usize,
}

impl Sink for Findings {
    fn entry(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        self.tell(line);
        check(&pattern);
        self.entries.push(pattern);
    }

    fn except(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        self.tell(line);
        check(&pattern);
        self.exceptions.push(pattern);
    }

    fn skip(&mut self, line: u32, why: Skip, _: &str) {
        self.tell(line);
        assert!(!why.to_string().is_empty());
    }
}

impl Visitor for Findings {
    fn begin_file(&mut self, file: &ListFile) {
        assert!(!file.name.is_empty());
        self.open += 1;
    }

    fn end_file(&mut self) {
        self.open -= 1;
    }

    fn alias(&mut self, _: &str, _: &str) {}

    fn left_out(&mut self, _: &str, _: LeftOut) {}
}

impl Findings {
    fn tell(&mut self, line: u32) {
        assert!(line > 0, "lines count from 1");
        self.told += 1;
    }
}

fn check(pattern: &Pattern) {
    let host = match pattern {
        Pattern::Exact(host) | Pattern::Suffix(host) => host,
        Pattern::Url(url) | Pattern::UrlBelow(url) => {
            assert!(url.path.starts_with('/') && url.path.len() > 1, "{pattern:?}");
            &url.host
        }
        Pattern::HostExpression(text) | Pattern::UrlExpression(text) => {
            assert!(regex::Regex::new(text).is_ok() && !text.contains('\n'), "{text}");
            return;
        }
    };
    assert_eq!(Host::parse(host.as_str()).as_ref(), Ok(host));
    let below = matches!(pattern, Pattern::Suffix(_) | Pattern::UrlBelow(_));
    assert!(!(below && host.is_address()), "nothing is below an address: {pattern:?}");
}

fn build(findings: &Findings) {
    let Ok(mapping) = Mapping::shipped() else { return };
    let mut builder = Builder::new(&mapping);
    builder.begin_list("a list");
    builder.begin_file("a file", "news", "any", false);
    for pattern in &findings.entries {
        assert_eq!(builder.entry(1, &["news"], pattern), Ok(()));
    }
    findings.exceptions.iter().for_each(|pattern| builder.except(pattern));
    builder.end_list();
    match builder.finish(&mut |_, _| {}) {
        Ok(built) => assert!(filter::Pack::parse(&built.bytes.into()).is_ok()),
        Err(error) => assert!(matches!(error, BuildError::Empty | BuildError::Expressions), "{error}"),
    }
}
