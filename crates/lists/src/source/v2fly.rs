//! v2fly data folders: from each root, every list that it includes, each file read by itself so that a line keeps its file.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::tree::{Entry, Place};
use super::walk::{Walk, split};
use super::{LeftOut, ListFile, Over, SourceError, Usage, Visitor};
use crate::parse::Skip;
use crate::parse::format::Format;
use crate::parse::v2fly::{self, Condition, Include};

/// Includes in includes. The real data has five.
const MAX_DEPTH: usize = 64;
/// Lists read for one root. The real data has two thousand lists.
const MAX_LISTS: usize = 100_000;

/// One list to read for a root.
struct Visit {
    list: String,
    conditions: BTreeSet<Condition>,
    /// Lists by which it was reached, to see circles.
    above: Vec<String>,
}

/// The files of one folder.
struct Data<'a> {
    /// By list name.
    files: BTreeMap<&'a str, &'a Place>,
    /// Which files have rules that belong to another list too.
    shared: BTreeMap<String, BTreeSet<&'a str>>,
}

/// Reads the roots of a folder; says how many files were read.
pub(super) fn read<'a>(walk: &Walk<'a>, folder: &'a str, visitor: &mut dyn Visitor) -> Result<usize, SourceError> {
    let data = Data::of(walk, folder, visitor)?;
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut count = 0;
    for root in data.roots(walk)? {
        let mut seen: BTreeSet<(String, BTreeSet<Condition>)> = BTreeSet::new();
        let mut waiting = VecDeque::from([Visit { list: root.clone(), conditions: BTreeSet::new(), above: Vec::new() }]);
        while let Some(visit) = waiting.pop_front() {
            if !seen.insert((visit.list.clone(), visit.conditions.clone())) {
                continue;
            }
            if seen.len() > MAX_LISTS {
                return Err(SourceError::Over { path: walk.tree.path.join(folder), over: Over::Files(MAX_LISTS) });
            }
            data.read_list(walk, folder, &root, &visit, &mut waiting, visitor)?;
            count += 1;
            reached.insert(visit.list);
        }
    }
    let others = data.files.keys().filter(|list| !reached.contains(**list)).count();
    if others > 0 {
        visitor.left_out(if folder.is_empty() { "." } else { folder.trim_end_matches('/') }, LeftOut::NotReached(others));
    }
    Ok(count)
}

// === impl Data ===

impl<'a> Data<'a> {
    fn of(walk: &Walk<'a>, folder: &'a str, visitor: &mut dyn Visitor) -> Result<Self, SourceError> {
        let mut data = Self { files: BTreeMap::new(), shared: BTreeMap::new() };
        for (name, entry) in &walk.tree.entries {
            match (split(name), entry) {
                ((at, list), Entry::File { place, .. }) if at == folder => {
                    let at = |source| SourceError::reading(&walk.tree.path_of(name), source);
                    let mut input = walk.open(place).map_err(at)?;
                    for other in v2fly::other_lists(&mut input).map_err(at)? {
                        data.shared.entry(other).or_default().insert(list);
                    }
                    data.files.insert(list, place);
                }
                ((at, _), Entry::Link { .. }) if at == folder => visitor.left_out(name, LeftOut::Link),
                ((at, _), Entry::Special(why)) if at == folder => visitor.left_out(name, LeftOut::Special(why)),
                _ => {}
            }
        }
        Ok(data)
    }

    fn roots(&self, walk: &Walk<'_>) -> Result<BTreeSet<String>, SourceError> {
        if walk.spec.roots.is_empty() {
            return Ok(self.files.keys().filter(|list| list.starts_with("category-")).map(|list| (*list).to_owned()).collect());
        }
        let missing = walk.spec.roots.iter().find(|root| !self.has(root));
        match missing {
            Some(root) => Err(SourceError::NoRoot { path: walk.tree.path.clone(), root: root.clone() }),
            None => Ok(walk.spec.roots.iter().cloned().collect()),
        }
    }

    fn has(&self, list: &str) -> bool {
        self.files.contains_key(list) || self.shared.contains_key(list)
    }

    /// Reads the file of a list and queues what it includes, and the files whose rules say that they belong to it.
    fn read_list(
        &self,
        walk: &Walk<'a>,
        folder: &str,
        root: &str,
        visit: &Visit,
        waiting: &mut VecDeque<Visit>,
        visitor: &mut dyn Visitor,
    ) -> Result<(), SourceError> {
        let above: Vec<String> = visit.above.iter().chain([&visit.list]).cloned().collect();
        let is_part = visit.conditions.iter().any(|condition| matches!(condition, Condition::BelongsTo(_)));
        if !is_part && let Some(files) = self.shared.get(&visit.list) {
            for file in files {
                let belongs = Condition::BelongsTo(visit.list.clone());
                let conditions = visit.conditions.iter().cloned().chain([belongs]).collect();
                waiting.push_back(Visit { list: (*file).to_owned(), conditions, above: above.clone() });
            }
        }
        let Some(place) = self.files.get(visit.list.as_str()) else { return Ok(()) };
        let label = walk.spec.label.clone().unwrap_or_else(|| root.to_owned());
        let file = ListFile { name: format!("{folder}{}", visit.list), label, format: Format::V2fly, usage: Usage::Black };
        let at = |source| SourceError::reading(&walk.tree.path_of(&file.name), source);
        let mut input = walk.open(place).map_err(at)?;
        visitor.begin_file(&file);
        let include = |include: Include| {
            if is_part {
                // Only this file's own rules were asked for.
                return Ok(());
            }
            if above.contains(&include.list) {
                return Err(Skip::Syntax("the list includes itself, if only by way of others"));
            }
            if !self.has(&include.list) {
                return Err(Skip::Syntax("includes a list that is not there"));
            }
            if above.len() >= MAX_DEPTH {
                return Err(Skip::Syntax("includes nested too deep"));
            }
            let conditions = visit.conditions.iter().cloned().chain(include.conditions).collect();
            waiting.push_back(Visit { list: include.list, conditions, above: above.clone() });
            Ok(())
        };
        v2fly::read_list(&mut input, &mut *visitor, &visit.conditions, include).map_err(at)?;
        visitor.end_file();
        Ok(())
    }
}
