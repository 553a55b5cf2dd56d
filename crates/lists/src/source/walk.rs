//! Goes through a source in the order of names and reads what is a list.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};

use super::meter::{Budget, Metered};
use super::tree::{Entry, Place, Tree, has_archive_name};
use super::{LeftOut, Limits, ListFile, SourceError, SourceSpec, Usage, Visitor, v2fly};
use crate::parse::detect::{self, HEAD};
use crate::parse::format::Format;
use crate::parse::squidguard;

/// Longest file that may be the alias of a category: it holds the name of a folder.
const MAX_ALIAS: u64 = 64;
/// Files of a squidGuard category that hold its list.
const SQUIDGUARD: [&str; 3] = ["domains", "expressions", "urls"];
/// Beginnings and endings of names that are never lists.
const NO_LIST_STARTS: [&str; 6] = ["readme", "license", "licence", "copying", "changelog", "global_usage"];
const NO_LIST_ENDS: [&str; 8] = [".md", ".tsv", ".pdf", ".html", ".sh", ".py", ".sha256", ".md5"];

/// Everything that reading needs to know.
pub(super) struct Walk<'a> {
    pub tree: &'a Tree,
    pub spec: &'a SourceSpec,
    pub budget: &'a Budget<'a>,
    /// Folders (with their last `/`) that are squidGuard categories.
    squidguard: BTreeSet<&'a str>,
}

pub(super) fn read(tree: &Tree, spec: &SourceSpec, limits: &Limits, visitor: &mut dyn Visitor) -> Result<(), SourceError> {
    let budget = Budget::new(limits);
    let squidguard = folders_with(tree, |base| SQUIDGUARD.contains(&base));
    let walk = Walk { tree, spec, budget: &budget, squidguard };
    let is_root = |base: &str| spec.roots.iter().any(|root| root == base);
    let of_v2fly =
        folders_with(tree, |base| is_root(base) || spec.roots.is_empty() && base.starts_with("category-") && !base.contains('.'));
    if let (Some(root), true) = (spec.roots.first(), of_v2fly.is_empty()) {
        return Err(SourceError::NoRoot { path: tree.path.clone(), root: root.clone() });
    }
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut count: usize = 0;
    for (name, entry) in &tree.entries {
        let folder = split(name).0;
        if tree.single.as_deref().is_some_and(|single| single != name) {
            continue;
        }
        if tree.single.is_none() && of_v2fly.contains(folder) && !walk.squidguard.contains(folder) {
            if done.insert(folder) {
                count += v2fly::read(&walk, folder, visitor)?;
            }
            continue;
        }
        count += usize::from(walk.visit(name, entry, visitor)?);
    }
    if count == 0 { Err(SourceError::NoLists { path: tree.path.clone() }) } else { Ok(()) }
}

// === impl Walk ===

impl<'a> Walk<'a> {
    /// Reads one name if it is a list.
    fn visit(&self, name: &str, entry: &Entry, visitor: &mut dyn Visitor) -> Result<bool, SourceError> {
        let (folder, base) = split(name);
        let (place, bytes) = match entry {
            Entry::File { place, bytes } => (place, *bytes),
            Entry::Link { target } => {
                match self.alias_target(folder, target) {
                    Some(target) => visitor.alias(name, &target),
                    None => visitor.left_out(name, LeftOut::Link),
                }
                return Ok(false);
            }
            Entry::Special(why) => {
                visitor.left_out(name, LeftOut::Special(why));
                return Ok(false);
            }
        };
        let in_category = self.squidguard.contains(folder);
        if in_category && base == "usage" && self.tree.single.is_none() {
            return Ok(false);
        }
        if let Some(target) = self.text_alias(name, place, bytes)? {
            visitor.alias(name, &target);
            return Ok(false);
        }
        match self.format_of(name, place) {
            Ok(Ok(format)) => {
                let usage = if in_category { self.usage(folder)? } else { Usage::Black };
                let file = ListFile { name: name.to_owned(), label: self.label(name), format, usage };
                self.read_file(&file, place, visitor)?;
                Ok(true)
            }
            Ok(Err(why)) if self.tree.single.is_some() => Err(SourceError::Refused { path: self.tree.path_of(name), why }),
            Ok(Err(why)) => {
                visitor.left_out(name, why);
                Ok(false)
            }
            Err(error) => Err(SourceError::reading(&self.tree.path_of(name), error)),
        }
    }

    fn format_of(&self, name: &str, place: &Place) -> io::Result<Result<Format, LeftOut>> {
        let (folder, base) = split(name);
        let is_single = self.tree.single.is_some();
        if is_single && let Some(format) = self.spec.format {
            return Ok(Ok(format));
        }
        if let Some(format) = squidguard_format(base).filter(|_| self.squidguard.contains(folder)) {
            return Ok(Ok(format));
        }
        let lower = base.to_ascii_lowercase();
        let is_no_list = NO_LIST_STARTS.iter().any(|start| lower.starts_with(start)) || NO_LIST_ENDS.iter().any(|end| lower.ends_with(end));
        // Beside the categories of a squidGuard tree, and in them, lies much that is neither list nor alias.
        let beside = self.squidguard.contains(folder) || self.squidguard.iter().any(|category| parent(category) == folder);
        if !is_single && (is_no_list || beside && !base.contains('.')) {
            return Ok(Err(LeftOut::NotAList));
        }
        if !is_single && has_archive_name(base) {
            return Ok(Err(LeftOut::Archive));
        }
        if let Some(format) = self.spec.format {
            return Ok(Ok(format));
        }
        let mut head = Vec::new();
        self.tree.open_entry(place)?.take(HEAD as u64).read_to_end(&mut head)?;
        Ok(detect::detect(base, &head).map_err(LeftOut::from))
    }

    /// Reads one list file.
    pub(super) fn read_file(&self, file: &ListFile, place: &Place, visitor: &mut dyn Visitor) -> Result<(), SourceError> {
        let at = |source| SourceError::reading(&self.tree.path_of(&file.name), source);
        let mut input = self.open(place).map_err(at)?;
        visitor.begin_file(file);
        file.format.read(&mut input, &mut *visitor).map_err(at)?;
        visitor.end_file();
        Ok(())
    }

    /// Opens a file that counts against the limits.
    pub(super) fn open(&self, place: &'a Place) -> io::Result<BufReader<Metered<'a, Box<dyn Read + 'a>>>> {
        Ok(BufReader::with_capacity(HEAD, self.budget.file(self.tree.open_entry(place)?)))
    }

    fn label(&self, name: &str) -> String {
        if let Some(label) = &self.spec.label {
            return label.clone();
        }
        let (folder, base) = split(name);
        if squidguard_format(base).is_some() {
            // A source that is itself a category has its name from where it lies.
            let own = || self.tree.path.file_name().map(|name| name.to_string_lossy().into_owned());
            let above = || self.tree.path.parent().and_then(|parent| parent.file_name()).map(|name| name.to_string_lossy().into_owned());
            let outer = if self.tree.single.is_some() { above() } else { own() };
            return folder
                .trim_end_matches('/')
                .rsplit('/')
                .next()
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .or(outer)
                .unwrap_or_default();
        }
        let base = base.strip_suffix(".gz").unwrap_or(base);
        base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned()
    }

    fn usage(&self, folder: &str) -> Result<Usage, SourceError> {
        let name = format!("{folder}usage");
        let Some(Entry::File { place, .. }) = self.tree.entries.get(&name) else { return Ok(Usage::Unstated) };
        let at = |source| SourceError::reading(&self.tree.path.join(&name), source);
        let mut input = BufReader::new(self.budget.file(self.tree.open_entry(place).map_err(at)?));
        squidguard::read_usage(&mut input).map_err(at)
    }

    /// The category beside `folder`'s entries that a link or text names.
    fn alias_target(&self, folder: &str, text: &str) -> Option<String> {
        let name = text.trim().trim_start_matches("./").trim_end_matches('/');
        let is_name = !name.is_empty() && !name.contains('/');
        let category = format!("{folder}{name}");
        (is_name && self.squidguard.contains(format!("{category}/").as_str())).then_some(category)
    }

    /// Where symbolic links were lost on the way, a tiny file holds the name of the category.
    fn text_alias(&self, name: &str, place: &Place, bytes: u64) -> Result<Option<String>, SourceError> {
        let (folder, base) = split(name);
        if bytes > MAX_ALIAS || base.contains('.') || SQUIDGUARD.contains(&base) || self.squidguard.is_empty() {
            return Ok(None);
        }
        let mut text = Vec::new();
        let read = self.tree.open_entry(place).and_then(|input| input.take(MAX_ALIAS).read_to_end(&mut text));
        read.map_err(|source| SourceError::reading(&self.tree.path_of(name), source))?;
        Ok(str::from_utf8(&text).ok().and_then(|text| self.alias_target(folder, text)))
    }
}

fn squidguard_format(base: &str) -> Option<Format> {
    match base {
        "domains" => Some(Format::SquidGuardDomains),
        "urls" => Some(Format::SquidGuardUrls),
        "expressions" => Some(Format::SquidGuardExpressions),
        _ => None,
    }
}

/// The folders that hold a file with such a name.
fn folders_with(tree: &Tree, is_wanted: impl Fn(&str) -> bool) -> BTreeSet<&str> {
    let files = tree.entries.iter().filter(|(_, entry)| matches!(entry, Entry::File { .. }));
    files.map(|(name, _)| split(name)).filter(|(_, base)| is_wanted(base)).map(|(folder, _)| folder).collect()
}

/// Folder (with its last `/`, empty at the top) and file name.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.rfind('/').and_then(|at| name.split_at_checked(at + 1)).unwrap_or(("", name))
}

/// The folder in which a folder lies.
fn parent(folder: &str) -> &str {
    split(folder.trim_end_matches('/')).0
}
