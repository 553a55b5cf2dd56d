//! The report of the build, as a table.

use std::collections::BTreeMap;

use lists::build::FileReport;

use crate::school::School;

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn nearly_every_line_is_understood_and_the_rest_has_its_reason() {
    let report = &School::open().report;
    for list in &report.lists {
        println!("== {}: {} excepted, {} exceptions not applied", list.name, list.excepted, list.exceptions_unapplied);
        list.files.iter().for_each(print);
        list.notes.iter().for_each(|(name, why)| println!("         {name}: {why}"));
    }
    println!("== unknown categories: {:?}", report.unknown_labels);
    println!("== categories left out: {:#?}", report.ignored_labels);
    println!("== {} entries of {} lines, {} lines left out", report.entries, report.taken(), report.skipped());
    assert!(report.unknown_labels.is_empty(), "every category of these lists has a meaning: {:?}", report.unknown_labels);
    let unbound = report.lists.iter().find(|list| list.name == "rpz-unbound").expect("the list");
    let refused: BTreeMap<_, _> = unbound.notes.iter().map(|(name, why)| (name.as_str(), why.as_str())).collect();
    assert!(refused.len() >= 8 && refused.values().all(|why| why.contains("Unbound")), "{refused:?}");
    for list in report.lists.iter().filter(|list| list.name != "adblock") {
        let (taken, skipped) = list.files.iter().fold((0, 0), |(taken, skipped), file| {
            (taken + file.taken + file.ignored, skipped + file.skipped.values().map(|count| count.lines).sum::<u64>())
        });
        assert!(skipped * 50 < taken, "{}: {skipped} of {taken} lines are left out", list.name);
    }
}

fn print(file: &FileReport) {
    let white = if file.white { " white" } else { "" };
    let FileReport { name, label, format, taken, exceptions, ignored, unmapped, .. } = file;
    println!("{taken:>8} taken {exceptions:>4} exceptions {ignored:>6} ignored {unmapped:>4} unmapped  {name} [{label}] {format}{white}");
    for (why, count) in &file.skipped {
        println!("{:>8} {why}", count.lines);
    }
}
