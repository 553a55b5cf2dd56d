//! The real lists, which lie outside the project: what of them is understood.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lists::parse::{Pattern, Sink, Skip};
use lists::source::{self, LeftOut, Limits, ListFile, Usage, Visitor};

use crate::any_input::Normal;
use crate::support::spec;

/// Counts for the table.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    other: Vec<String>,
}

#[derive(Default)]
struct Row {
    title: String,
    taken: usize,
    excepted: usize,
    skipped: BTreeMap<String, (usize, String)>,
}

impl Table {
    fn row(&mut self) -> &mut Row {
        if self.rows.is_empty() {
            self.rows.push(Row::default());
        }
        self.rows.last_mut().expect("a row")
    }
}

impl Sink for Table {
    fn entry(&mut self, _: u32, _: Option<&str>, pattern: Pattern) {
        Normal::check(&pattern);
        self.row().taken += 1;
    }

    fn except(&mut self, _: u32, _: Option<&str>, _: Pattern) {
        self.row().excepted += 1;
    }

    fn skip(&mut self, line: u32, why: Skip, text: &str) {
        let example = format!("{line}: {}", text.chars().take(70).collect::<String>());
        self.row().skipped.entry(why.to_string()).or_insert((0, example)).0 += 1;
    }
}

impl Visitor for Table {
    fn begin_file(&mut self, file: &ListFile) {
        let usage = if file.usage == Usage::Black { String::new() } else { format!(" {:?}", file.usage) };
        self.rows.push(Row { title: format!("{} [{}] {}{usage}", file.name, file.label, file.format), ..Row::default() });
    }

    fn end_file(&mut self) {}

    fn alias(&mut self, name: &str, target: &str) {
        self.other.push(format!("alias {name} -> {target}"));
    }

    fn left_out(&mut self, name: &str, why: LeftOut) {
        self.other.push(format!("left out {name}: {why}"));
    }
}

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
#[expect(clippy::disallowed_methods, reason = "the data lies wherever the person keeps it")]
fn real_lists_are_understood() {
    let data = PathBuf::from(std::env::var_os("SCHOOLGATE_DATA").expect("SCHOOLGATE_DATA names the folder")).join("1-blocklists");
    let sources = ["", "ut1/blacklists.tar.gz", "v2fly/domain-list-community.tar.gz"];
    for path in sources {
        let mut table = Table::default();
        source::read(&spec(&data.join(path)), &Limits::default(), &mut table).expect("a source that can be read");
        println!("== {path}: {} entries", table.rows.iter().map(|row| row.taken).sum::<usize>());
        for row in &table.rows {
            println!("{:>7} taken {:>5} excepted  {}", row.taken, row.excepted, row.title);
            for (why, (count, example)) in &row.skipped {
                println!("{count:>14} {why}  ({example})");
            }
        }
        table.other.iter().for_each(|line| println!("        {line}"));
        let (taken, skipped) = table.rows.iter().filter(|row| !row.title.starts_with("adblock/")).fold((0, 0), |(taken, skipped), row| {
            (taken + row.taken, skipped + row.skipped.values().map(|(count, _)| count).sum::<usize>())
        });
        assert!(skipped * 100 < taken, "outside browser lists hardly a line is left out: {skipped} of {taken}");
    }
}
