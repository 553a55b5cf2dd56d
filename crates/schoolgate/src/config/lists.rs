//! `[lists]` and `[[list]]`: which category lists, and how they are kept up to date.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::{Time, time};
use lists::fetch::{Address, Checksum};
use lists::parse::format::Format;

use super::reader::Section;
use super::values;

/// `[lists]`: how lists are kept up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListsConfig {
    /// When the lists are fetched each day, in the school's time. Default 03:15, when nobody is at school.
    pub refresh_at: Time,
    /// Largest single download, in bytes. Default 512 MiB.
    pub max_download_bytes: u64,
    /// Longest single download. Default 1800 s.
    pub download_timeout: Duration,
    /// Days without news from a list's publisher after which it counts as stale. Default 7.
    pub stale_after_days: u32,
    /// The school's own mapping of source categories, added to the shipped one. Default none.
    pub mapping: Option<PathBuf>,
    /// Whether the shipped starter list is used beside the others. Default true.
    pub starter: bool,
}

/// `[[list]]`: one category list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSource {
    /// The name in reports and reasons; a file name too.
    pub name: String,
    /// Where it is.
    pub place: ListPlace,
    /// How its files are to be read; found out from the content where nothing is set.
    pub format: Option<Format>,
    /// What the list is about, in the source's own words, where the list itself does not say.
    pub category: Option<String>,
    /// The lists of a v2fly folder from which to start.
    pub roots: Vec<String>,
}

/// Where a list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListPlace {
    /// On the web: fetched every day.
    Web {
        /// The address.
        url: Address,
        /// What it must be, where its publisher says so.
        checksum: Option<Checksum>,
    },
    /// A file or folder on this machine.
    Path(PathBuf),
}

/// All `[[list]]` sections.
pub(super) fn sources(root: &Section<'_>) -> Vec<ListSource> {
    let mut names: Vec<(String, usize)> = Vec::new();
    root.tables("list").iter().filter_map(|section| source(section, &mut names)).collect()
}

fn source(section: &Section<'_>, names: &mut Vec<(String, usize)>) -> Option<ListSource> {
    let name = section.required("name", |value| {
        let name = values::slug(value)?;
        values::claim(names, name, section.line(value))
    });
    let format = section.optional("format", |value| values::choice(value, &Format::ALL.map(|format| (format.name(), format))));
    let category = section.optional("category", values::line);
    let roots = section.each("roots", values::line);
    let place = place(section);
    section.finish();
    Some(ListSource { name: name?, place: place?, format, category, roots })
}

fn place(section: &Section<'_>) -> Option<ListPlace> {
    let url = section.optional("url", values::address);
    let path = section.optional("path", |value| values::path(value, section.base()));
    let sum = section.optional("sha256", values::digest).map(Checksum::Sha256);
    let sum_url = section.optional("sha256_url", values::address).map(Checksum::Url);
    match (section.has("url"), section.has("path")) {
        (true, true) => section.mistake("path", "a list has either an url or a path, not both"),
        (false, false) => section.mistake("url", "is missing: a list needs an url, or the path of a file or folder on this machine"),
        (true, false) | (false, true) => {}
    }
    if section.has("sha256") && section.has("sha256_url") {
        section.mistake("sha256_url", "a list has either sha256 or sha256_url, not both");
    }
    for key in ["sha256", "sha256_url"] {
        if section.has(key) && !section.has("url") {
            section.mistake(key, "only a list with an url is checked against a checksum");
        }
    }
    match (url, path) {
        (Some(url), _) => Some(ListPlace::Web { url, checksum: sum.or(sum_url) }),
        (None, path) => path.map(ListPlace::Path),
    }
}

// === impl ListsConfig ===

impl ListsConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let section = root.table("lists");
        let default = Self::default();
        let lists = Self {
            refresh_at: section.or("refresh_at", default.refresh_at, values::time),
            max_download_bytes: section.or("max_download_bytes", default.max_download_bytes, values::bytes),
            download_timeout: section.or("download_timeout_s", default.download_timeout, values::seconds),
            stale_after_days: section.or("stale_after_days", default.stale_after_days, |value| values::whole(value, 1..=365)),
            mapping: section.optional("mapping", |value| values::path(value, section.base())),
            starter: section.or("starter", default.starter, values::flag),
        };
        section.finish();
        lists
    }
}

impl Default for ListsConfig {
    fn default() -> Self {
        Self {
            refresh_at: time(3, 15, 0, 0),
            max_download_bytes: 512 << 20,
            download_timeout: Duration::from_secs(1800),
            stale_after_days: 7,
            mapping: None,
            starter: true,
        }
    }
}
