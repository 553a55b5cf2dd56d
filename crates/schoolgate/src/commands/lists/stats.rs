//! `schoolgate lists stats`: what is in a pack.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use filter::Pack;
use filter::category::Category;
use filter::pack::EntryRef;
use filter::pack::format::Kind;
use lists::pack_file;
use serde::Serialize;

use super::{counted, grouped, print, size};

/// Arguments of `lists stats`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The pack
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What is in a pack.
#[derive(Debug, Default, Serialize)]
struct Stats {
    /// Names the content.
    checksum: String,
    bytes_on_disk: u64,
    /// Without what stays on disk until it is needed.
    bytes_in_memory: u64,
    entries: u64,
    kinds: Kinds,
    categories: Vec<CategoryCount>,
    lists: Vec<ListCount>,
}

/// Entries by what they cover.
#[derive(Debug, Default, Serialize)]
struct Kinds {
    hosts_with_all_below: u64,
    single_hosts: u64,
    pages: u64,
    pages_with_all_below: u64,
    expressions: u64,
}

/// Entries of one category. An entry of several counts in each.
#[derive(Debug, Serialize)]
struct CategoryCount {
    slug: &'static str,
    title: &'static str,
    entries: u64,
}

/// Entries of one list. An entry of several counts in each.
#[derive(Debug, Serialize)]
struct ListCount {
    name: String,
    entries: u64,
    files: Vec<FileCount>,
}

/// Entries of one file.
#[derive(Debug, Serialize)]
struct FileCount {
    name: String,
    label: String,
    entries: u64,
}

/// Runs it.
pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let pack = pack_file::open(&args.file)?;
    let bytes = std::fs::metadata(&args.file).with_context(|| format!("looking at {}", args.file.display()))?.len();
    let stats = Stats::of(&pack, bytes);
    if args.json {
        let text = serde_json::to_string_pretty(&stats).context("writing the statistics as JSON")?;
        print(&format!("{text}\n"))?;
    } else {
        print(&stats.text())?;
    }
    Ok(ExitCode::SUCCESS)
}

// === impl Stats ===

impl Stats {
    fn of(pack: &Pack, bytes_on_disk: u64) -> Self {
        let mut kinds = Kinds { expressions: pack.expressions().len() as u64, ..Kinds::default() };
        let mut categories: BTreeMap<Category, u64> = BTreeMap::new();
        let mut slots = 0;
        pack.each_entry(|kind, _, set| {
            slots += 1;
            match kind {
                Kind::Suffix => kinds.hosts_with_all_below += 1,
                Kind::Exact => kinds.single_hosts += 1,
                Kind::Url => kinds.pages += 1,
                Kind::UrlBelow => kinds.pages_with_all_below += 1,
                // A mark at a host that has pages, and no entry.
                Kind::HasUrls => return,
            }
            for category in set.iter() {
                *categories.entry(category).or_default() += 1;
            }
        });
        let expressions = (0..).map_while(|number| pack.entry(EntryRef::Expression(number)));
        for origin in expressions.flat_map(|entry| entry.origins) {
            *categories.entry(origin.category).or_default() += 1;
        }
        let count = |(category, entries): (Category, u64)| CategoryCount { slug: category.slug(), title: category.title(), entries };
        Self {
            checksum: format!("{:016x}", pack.checksum()),
            bytes_on_disk,
            bytes_in_memory: pack.resident_bytes() as u64,
            entries: pack.entries(),
            kinds,
            categories: categories.into_iter().map(count).collect(),
            lists: lists(pack, slots),
        }
    }

    fn text(&self) -> String {
        let kinds = [
            (self.kinds.hosts_with_all_below, "hosts with all below them"),
            (self.kinds.single_hosts, "hosts by themselves"),
            (self.kinds.pages, "pages of one host"),
            (self.kinds.pages_with_all_below, "pages of a host and all below it"),
            (self.kinds.expressions, "expressions"),
        ];
        // Writing to a String cannot fail.
        let mut text = format!("{}, checksum {}\n", counted(self.entries, "entry", "entries"), self.checksum);
        let _ = writeln!(text, "{} on disk, {} in memory", size(self.bytes_on_disk), size(self.bytes_in_memory));
        text.push_str("\nBy kind\n");
        for (entries, what) in kinds.into_iter().filter(|(entries, _)| *entries > 0) {
            let _ = writeln!(text, "{:>12}  {what}", grouped(entries));
        }
        text.push_str("\nBy category\n");
        for category in &self.categories {
            let _ = writeln!(text, "{:>12}  {} ({})", grouped(category.entries), category.title, category.slug);
        }
        text.push_str("\nBy list and file\n");
        for list in &self.lists {
            let _ = writeln!(text, "{:>12}  {}", grouped(list.entries), list.name);
            for file in &list.files {
                let _ = writeln!(text, "{:>14}  {} ({})", grouped(file.entries), file.name, file.label);
            }
        }
        text
    }
}

/// Entries by list and file. `slots` is the number of used places in the pack's table.
fn lists(pack: &Pack, slots: usize) -> Vec<ListCount> {
    let mut by_list: BTreeMap<String, u64> = BTreeMap::new();
    let mut by_file: BTreeMap<(String, String), u64> = BTreeMap::new();
    let table = (0..).map(EntryRef::Slot).filter_map(|place| pack.entry(place)).take(slots);
    let expressions = (0..).map_while(|number| pack.entry(EntryRef::Expression(number)));
    for entry in table.chain(expressions) {
        // One place may give an entry several categories.
        let mut files: Vec<_> = entry.origins.into_iter().map(|origin| (origin.list, origin.file)).collect();
        files.sort();
        files.dedup();
        let mut counted = None;
        for (list, file) in files {
            if counted.as_ref() != Some(&list) {
                *by_list.entry(list.clone()).or_default() += 1;
                counted = Some(list.clone());
            }
            *by_file.entry((list, file)).or_default() += 1;
        }
    }
    let sources = pack.sources();
    let of_list = |(number, list): (usize, &filter::pack::sources::ListSource)| {
        let files = sources.files.iter().filter(|file| file.list == number).map(|file| {
            let entries = by_file.get(&(list.name.clone(), file.name.clone())).copied().unwrap_or_default();
            FileCount { name: file.name.clone(), label: file.label.clone(), entries }
        });
        ListCount { name: list.name.clone(), entries: by_list.get(&list.name).copied().unwrap_or_default(), files: files.collect() }
    };
    sources.lists.iter().enumerate().map(of_list).collect()
}
