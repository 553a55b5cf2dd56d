//! The corpus of the fuzz target `ical`, run as an ordinary test: what fuzzing once found stays found.

#[path = "../../../fuzz/src/calendar.rs"]
pub mod check;

use std::path::Path;

#[test]
fn everything_in_the_corpus_passes() {
    // Tests start in the folder of their crate.
    let folder = Path::new("../../fuzz/corpus/ical");
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    names.sort();
    assert!(!names.is_empty(), "there is no corpus");
    for name in names {
        // The name comes first, so that a panic says which file it was.
        println!("{}", name.display());
        check::ical(&std::fs::read(&name).expect("a readable file"));
    }
}

/// Lines of calendar files in any order, cut anywhere.
#[test]
fn files_of_any_lines_pass() {
    const LINES: [&str; 24] = [
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "SUMMARY:Half term",
        "SUMMARY:Term starts",
        "SUMMARY:End of term",
        "SUMMARY:INSET",
        "SUMMARY:Spring term",
        "DTSTART:20260902",
        "DTEND:20261219",
        "DTSTART:20261026",
        "DTEND:20261031",
        "DTSTART:20260902T000000Z",
        "DTEND;TZID=Europe/London:20261219T000000",
        "DTSTART:00000101",
        "DTSTART:22001231T235960",
        "RRULE:FREQ=DAILY",
        " ",
        "\r",
        ":",
        "A;B=\"C:D\";E:F",
    ];
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |most: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % 1_000_003).expect("small") % most
    };
    for _ in 0..5_000 {
        let lines: Vec<_> = (0..below(24)).map(|_| LINES[below(LINES.len())]).collect();
        let event = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}", lines.join("\n"));
        let cut = event.len() - below(4).min(event.len());
        check::ical(&event.as_bytes()[..cut]);
    }
}
