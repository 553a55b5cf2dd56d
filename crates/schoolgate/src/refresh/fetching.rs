//! One list: fetched if it is on the web and has changed, and never replaced by something without an entry.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use lists::build::{Builder, Report};
use lists::fetch::{self, Address, Checksum, Download, Fetched, State};
use lists::import;
use lists::mapping::Mapping;
use lists::source::{Limits, SourceSpec};

use super::{Failure, FetchOutcome, Options, Step};
use crate::config::{Config, ListPlace, ListSource};

/// Longest time without a single byte from a server.
const IDLE: Duration = Duration::from_secs(60);

/// Fetches lists.
pub(super) struct Fetcher<'a> {
    pub config: &'a Config,
    pub downloads: &'a Path,
    pub mapping: &'a Mapping,
    pub now: Timestamp,
    pub options: Options,
}

/// A list after it was asked for.
pub(super) struct List<'a> {
    pub source: &'a ListSource,
    pub outcome: FetchOutcome,
    /// What to read; nothing where there is no good file.
    pub spec: Option<SourceSpec>,
}

// === impl Fetcher ===

impl<'a> Fetcher<'a> {
    /// Gets the list, or says why not. What failed is remembered until it goes well.
    pub(super) fn list(&self, source: &'a ListSource, progress: &mut dyn FnMut(Step<'_>)) -> List<'a> {
        let (file, name) = match &source.place {
            ListPlace::Path(path) => {
                Failure::clear(self.downloads, &source.name);
                return List { source, outcome: FetchOutcome::Local, spec: Some(spec(source, path.clone(), None)) };
            }
            ListPlace::Web { url, .. } => (self.downloads.join(&source.name), url.file_name()),
        };
        let spec = spec(source, file.clone(), (!name.is_empty()).then(|| name.to_owned()));
        let outcome = match &source.place {
            ListPlace::Web { url, checksum } if self.options == Options::FetchAndBuild => {
                let outcome = self.fetch(source, url, checksum.clone(), &spec, progress);
                match &outcome {
                    FetchOutcome::KeptLast(text) | FetchOutcome::Missing(text) => {
                        Failure { at: self.now, text: text.clone() }.write(self.downloads, &source.name);
                    }
                    FetchOutcome::Local | FetchOutcome::NotAsked | FetchOutcome::Unchanged | FetchOutcome::Updated { .. } => {
                        Failure::clear(self.downloads, &source.name);
                    }
                }
                outcome
            }
            ListPlace::Web { .. } | ListPlace::Path(_) if file.exists() => FetchOutcome::NotAsked,
            ListPlace::Web { .. } | ListPlace::Path(_) => FetchOutcome::Missing("it has not been downloaded yet".to_owned()),
        };
        List { source, outcome, spec: file.exists().then_some(spec) }
    }

    fn fetch(
        &self,
        source: &ListSource,
        url: &Address,
        checksum: Option<Checksum>,
        spec: &SourceSpec,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> FetchOutcome {
        let timeout = self.config.lists.download_timeout;
        let download = Download {
            url,
            to: &spec.path,
            max_bytes: self.config.lists.max_download_bytes,
            timeout,
            idle: IDLE.min(timeout),
            // A checksum is of the file as it is published, and an archive stays one.
            gzip: checksum.is_none() && ![".gz", ".tgz"].iter().any(|ending| url.file_name().ends_with(ending)),
            checksum,
            now: self.now,
        };
        let before = State::read(&spec.path).filter(|_| spec.path.exists()).map(|state| state.sha256);
        let accept = &mut |path: &Path| {
            let fault = fault(self.mapping, self.downloads, source, &SourceSpec { path: path.to_owned(), ..spec.clone() });
            // The temporary name says nothing to the person, who has the address at the head of the message.
            fault.map_or(Ok(()), |why| Err(why.replace(&*path.to_string_lossy(), "what came")))
        };
        let fetched = fetch::fetch_if(&download, accept, &mut |bytes, total| progress(Step::Fetching { list: &source.name, bytes, total }));
        match fetched {
            Ok(Fetched::Unchanged) => FetchOutcome::Unchanged,
            // A server without validators sends the same file each day.
            Ok(Fetched::Replaced { sha256, .. }) if before == Some(sha256) => FetchOutcome::Unchanged,
            Ok(Fetched::Replaced { bytes, .. }) => FetchOutcome::Updated { bytes },
            Err(error) => {
                let why = with_causes(&error);
                if spec.path.exists() { FetchOutcome::KeptLast(why) } else { FetchOutcome::Missing(why) }
            }
        }
    }
}

/// Why a list is of no use by itself: it cannot be read, or gives no entry, as a sign-in page in place of a list does not.
pub(super) fn fault(mapping: &Mapping, downloads: &Path, source: &ListSource, spec: &SourceSpec) -> Option<String> {
    let mut builder = Builder::new(mapping);
    match import::add(&mut builder, &source.name, spec, &limits(downloads), &mut |_| {}) {
        Ok(0) => Some(format!("it gives no entry: {}", why_empty(builder.report()))),
        Ok(_) => None,
        Err(error) => Some(with_causes(&error)),
    }
}

/// Limits for reading a list; archives are unpacked in the data folder, whose disk has room for lists.
pub(super) fn limits(downloads: &Path) -> Limits {
    Limits { scratch: Some(downloads.to_owned()), ..Limits::default() }
}

/// Why a list gave no entry, and what to do.
pub(crate) fn why_empty(report: &Report) -> String {
    let quoted = |label: &String| format!("\"{label}\"");
    if !report.unknown_labels.is_empty() {
        let labels: Vec<_> = report.unknown_labels.keys().take(3).map(quoted).collect();
        return format!(
            "the mapping does not know its category ({}); say what the list is about (PATH#gambling, or category = \"gambling\" in the \
             configuration), or add its word to a mapping",
            labels.join(", ")
        );
    }
    if !report.ignored_labels.is_empty() {
        let labels: Vec<_> = report.ignored_labels.keys().take(3).map(quoted).collect();
        return format!("the mapping leaves its categories out ({})", labels.join(", "));
    }
    match report.skipped() {
        0 => "there is no line in it that names a site".to_owned(),
        lines => format!("none of its {lines} lines was understood; look at the file, it may be a web page or of another format"),
    }
}

/// An error with what caused it, on one line.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn spec(source: &ListSource, path: PathBuf, name: Option<String>) -> SourceSpec {
    SourceSpec { path, name, format: source.format, label: source.category.clone(), roots: source.roots.clone() }
}
