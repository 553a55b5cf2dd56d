//! The one pack of all lists, and its way into force.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;
use lists::build::{Builder, Built};
use lists::import;
use lists::mapping::Mapping;
use lists::pack_file;
use lists::source::SourceSpec;

use super::fetching::{List, fault, limits, with_causes};
use super::record::{Inputs, ListRecord, Record};
use super::{Failure, FetchOutcome, ListOutcome, PackOutcome, Refreshed, Step};
use crate::config::{Config, ListSource};
use crate::data::DataFolder;

/// What every go has in common.
struct Build<'a> {
    config: &'a Config,
    data: &'a DataFolder,
    now: Timestamp,
    mapping: &'a Mapping,
    /// Of the pack in force.
    former: Option<Record>,
}

/// What came of one go.
enum Attempt {
    Done(Box<Record>, PackOutcome),
    /// This list cannot be read. A build that it has touched is thrown away.
    Unusable {
        name: String,
        why: String,
    },
}

/// Builds the pack of all lists that have a good file and puts it in force, unless it is in force already.
pub(super) fn build(
    config: &Config,
    data: &DataFolder,
    now: Timestamp,
    mapping: &Mapping,
    mut lists: Vec<List<'_>>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Refreshed> {
    let build = Build { config, data, now, mapping, former: in_force(data) };
    loop {
        for list in lists.iter().filter(|list| list.spec.is_none()) {
            keep_closed(list, build.former.as_ref())?;
        }
        match build.attempt(&lists, progress)? {
            Attempt::Done(record, pack) => {
                let lists = lists.into_iter().map(|list| outcome(list, &record)).collect();
                return Ok(Refreshed { lists, pack });
            }
            // Each turn takes one list away, so this ends.
            Attempt::Unusable { name, why } => drop_list(&mut lists, &name, &why, data, now),
        }
    }
}

// === impl Build ===

impl Build<'_> {
    fn attempt(&self, lists: &[List<'_>], progress: &mut dyn FnMut(Step<'_>)) -> Result<Attempt> {
        let usable: Vec<(&ListSource, &SourceSpec)> = lists.iter().filter_map(|list| Some((list.source, list.spec.as_ref()?))).collect();
        for (source, spec) in &usable {
            if let Err(error) = std::fs::metadata(&spec.path) {
                return Ok(Attempt::Unusable { name: source.name.clone(), why: format!("reading {}: {error}", spec.path.display()) });
            }
        }
        let paths: Vec<(&ListSource, &Path)> = usable.iter().map(|(source, spec)| (*source, spec.path.as_path())).collect();
        let inputs = Inputs::new(self.config, &paths).context("looking at the lists on this machine")?;
        if let Some(record) = self.former.as_ref().filter(|record| record.inputs == inputs) {
            return Ok(Attempt::Done(Box::new(record.clone()), PackOutcome::Unchanged));
        }
        let mut builder = Builder::new(self.mapping);
        if self.config.lists.starter {
            import::add_starter(&mut builder)?;
        }
        for (source, spec) in &usable {
            if let Some(why) = self.add(&mut builder, source, spec, progress) {
                return Ok(Attempt::Unusable { name: source.name.clone(), why });
            }
        }
        if builder.is_empty() {
            bail!("building the pack: no list could be had, and the starter list is switched off, so there is nothing to build");
        }
        let built = builder.finish(&mut |what, done| progress(Step::Building { what, done }))?;
        let record = self.put_in_force(inputs, &usable, built)?;
        let report = Box::new(record.report.clone());
        Ok(Attempt::Done(Box::new(record), PackOutcome::Replaced(report)))
    }

    /// Takes one list in; or why it is of no use.
    fn add(&self, builder: &mut Builder<'_>, source: &ListSource, spec: &SourceSpec, progress: &mut dyn FnMut(Step<'_>)) -> Option<String> {
        let downloads = self.data.downloads();
        let mut hear = |entries| progress(Step::Reading { list: &source.name, entries });
        hear(builder.len());
        match import::add(builder, &source.name, spec, &limits(&downloads), &mut hear) {
            Ok(0) => fault(self.mapping, &downloads, source, spec),
            Ok(_) => None,
            Err(error) => Some(with_causes(&error)),
        }
    }

    /// Writes pack and report. The report comes last: a run killed between the two leaves a report that is not of this pack, and
    /// the next builds again.
    fn put_in_force(&self, inputs: Inputs, lists: &[(&ListSource, &SourceSpec)], built: Built) -> Result<Record> {
        let lists = lists.iter().map(|(source, _)| self.list_record(&source.name, &inputs, &built)).collect();
        let stays = "the pack in force stays as it was; look for space and rights in the data folder";
        pack_file::write(&self.data.pack(), &built.bytes).context(stays)?;
        let checksum = checksum(self.data).context("reading the new pack back")?;
        let record = Record { built_at: self.now, checksum, inputs, lists, report: built.report };
        record.write(self.data)?;
        Ok(record)
    }

    fn list_record(&self, name: &str, inputs: &Inputs, built: &Built) -> ListRecord {
        let entries = built.report.lists.iter().rfind(|list| list.name == name).map_or(0, |list| list.taken());
        let former = self.former.as_ref();
        let shrunk_from = match former.and_then(|record| record.list(name)) {
            // A flag stays for as long as the file does that it speaks of.
            Some(before) if former.is_some_and(|record| record.has_same(name, inputs)) => before.shrunk_from,
            Some(before) => Some(before.entries).filter(|before| entries < before / 2),
            None => None,
        };
        ListRecord { name: name.to_owned(), entries, shrunk_from }
    }
}

/// The record of the pack in force, if it is of this very pack and the pack is whole.
fn in_force(data: &DataFolder) -> Option<Record> {
    let checksum = checksum(data).ok()?;
    Record::read(data).filter(|record| record.checksum == checksum)
}

fn checksum(data: &DataFolder) -> Result<String> {
    Ok(format!("{:016x}", pack_file::open(&data.pack())?.checksum()))
}

/// A list that the pack in force holds must not fall out of it because it cannot be read now: that would open what it closes.
fn keep_closed(list: &List<'_>, former: Option<&Record>) -> Result<()> {
    let why = match &list.outcome {
        FetchOutcome::Missing(why) | FetchOutcome::KeptLast(why) => why.as_str(),
        FetchOutcome::Local | FetchOutcome::NotAsked | FetchOutcome::Unchanged | FetchOutcome::Updated { .. } => "it cannot be read",
    };
    match former.and_then(|record| record.list(&list.source.name)) {
        Some(before) if before.entries > 0 => Err(anyhow!("{why}")).context(format!(
            "the list \"{}\" is in the pack in force and cannot be read now, so that pack stays; mend the list, or take it out of the \
             configuration",
            list.source.name
        )),
        Some(_) | None => Ok(()),
    }
}

fn drop_list(lists: &mut [List<'_>], name: &str, why: &str, data: &DataFolder, now: Timestamp) {
    Failure { at: now, text: why.to_owned() }.write(&data.downloads(), name);
    for list in lists.iter_mut().filter(|list| list.source.name == name) {
        list.spec = None;
        list.outcome = FetchOutcome::Missing(why.to_owned());
    }
}

fn outcome(list: List<'_>, record: &Record) -> ListOutcome {
    let known = list.spec.as_ref().and_then(|_| record.list(&list.source.name));
    ListOutcome {
        name: list.source.name.clone(),
        fetched: list.outcome,
        entries: known.map_or(0, |known| known.entries),
        shrunk_from: known.and_then(|known| known.shrunk_from),
    }
}
